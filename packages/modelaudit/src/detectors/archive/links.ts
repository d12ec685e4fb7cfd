/** Links followed on one path before it counts as a loop: Windows gives up after 63, Linux after 40. */
const MOST_STEPS = 64;
/** Longest target of a link. No system makes one above 4,096 bytes; a longer one leads nowhere. */
export const LONGEST_TARGET = 4096;

/** Whether a Unix file mode is that of a symbolic link. */
export function isLinkMode(mode: number): boolean {
  return (mode & 0o170000) === 0o120000;
}

/** A name in the tree of links, with those below it. Only what leads to a link is in the tree. */
interface Place {
  below: Map<string, Place>;
  target?: string;
}

/** The symbolic links an archive has made so far, and where paths lead through them: as a file system would, not by text. */
export class LinkTree {
  private readonly root: Place = { below: new Map() };
  private count = 0;
  /** An absolute target, or `..` at the root, stays inside: true for an image, whose root is the only one there is. */
  private readonly rooted: boolean;

  constructor(rooted: boolean) {
    this.rooted = rooted;
  }

  /** Notes a link at `path`. Names that leave the root are not noted. */
  add(path: string, target: string): void {
    const names = this.resolve(path, false);
    if (!names?.length || target.length > LONGEST_TARGET) return;
    let place = this.root;
    for (const name of names) {
      const next = place.below.get(name) ?? { below: new Map() };
      place.below.set(name, next);
      place = next;
    }
    if (place.target === undefined) this.count++;
    place.target = target;
  }

  /** A file or folder replaces what was there before. */
  remove(path: string): void {
    if (this.empty) return;
    let place: Place | undefined = this.root;
    for (const name of this.resolve(path, false) ?? []) place = place?.below.get(name);
    if (place?.target === undefined) return;
    delete place.target;
    this.count--;
  }

  get empty(): boolean {
    return this.count === 0;
  }

  /**
   * Where `path` (relative to the root) leads: the names on the way there, or undefined when it leaves the root.
   * `last` says whether a link at the very end is followed too.
   */
  resolve(path: string, last: boolean): string[] | undefined {
    const todo = path.split("/").reverse();
    const names: string[] = [];
    const places: (Place | undefined)[] = [this.root];
    let steps = 0;
    while (todo.length) {
      const part = todo.pop() as string;
      if (part === "" || part === ".") continue;
      if (part === "..") {
        if (!names.length && !this.rooted) return undefined;
        if (names.pop() !== undefined) places.pop();
        continue;
      }
      const place = places.at(-1)?.below.get(part);
      const target = todo.length || last ? place?.target : undefined;
      if (target === undefined || ++steps > MOST_STEPS) {
        names.push(part);
        places.push(place);
        if (steps > MOST_STEPS) return names;
        continue;
      }
      if (isAbsolute(target)) {
        if (!this.rooted) return undefined;
        names.length = 0;
        places.length = 1;
      }
      todo.push(...target.split("/").reverse());
    }
    return names;
  }

  /** Where a link at `path` with `target` leads; undefined when that is outside of the root. */
  follow(path: string, target: string): string[] | undefined {
    if (isAbsolute(target) && !this.rooted) return undefined;
    const folder = isAbsolute(target) ? "" : path.replace(/\/+$/, "").replace(/[^/]*$/, "");
    return this.resolve(`${folder}/${target}`, true);
  }
}

function isAbsolute(path: string): boolean {
  return path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path) || path.startsWith("\\");
}
