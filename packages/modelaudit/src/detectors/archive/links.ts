/** Steps through links before a path counts as a loop; Linux gives up after 40. */
const MOST_STEPS = 256;

/** The symbolic links an archive has made so far, and where paths lead through them: as a file system would, not by text. */
export class LinkTree {
  private readonly links = new Map<string, string>();
  /** An absolute target, or `..` at the root, stays inside: true for an image, whose root is the only one there is. */
  private readonly rooted: boolean;

  constructor(rooted: boolean) {
    this.rooted = rooted;
  }

  /** Notes a link at `path`. Names that leave the root are not noted. */
  add(path: string, target: string): void {
    const at = this.resolve(path, false);
    if (at !== undefined) this.links.set(at, target);
  }

  /** A file or folder replaces what was there before. */
  remove(path: string): void {
    const at = this.resolve(path, false);
    if (at !== undefined) this.links.delete(at);
  }

  get empty(): boolean {
    return this.links.size === 0;
  }

  /**
   * Where `path` (relative to the root) leads: the resolved path, or undefined when it leaves the root on the way.
   * `last` says whether a link at the very end is followed too.
   */
  resolve(path: string, last: boolean): string | undefined {
    const todo = path.split("/").reverse();
    const done: string[] = [];
    let steps = 0;
    while (todo.length) {
      const part = todo.pop() as string;
      if (part === "" || part === ".") continue;
      if (part === "..") {
        if (!done.length && !this.rooted) return undefined;
        done.pop();
        continue;
      }
      done.push(part);
      const target = todo.length || last ? this.links.get(done.join("/")) : undefined;
      if (target === undefined) continue;
      if (++steps > MOST_STEPS) return done.join("/");
      if (isAbsolute(target)) {
        if (!this.rooted) return undefined;
        done.length = 0;
      } else done.pop();
      todo.push(...target.split("/").reverse());
    }
    return done.join("/");
  }

  /** Where a link at `path` with `target` leads; undefined when that is outside of the root. */
  follow(path: string, target: string): string | undefined {
    if (isAbsolute(target) && !this.rooted) return undefined;
    const folder = isAbsolute(target) ? "" : path.replace(/\/+$/, "").replace(/[^/]*$/, "");
    return this.resolve(`${folder}/${target}`, true);
  }
}

function isAbsolute(path: string): boolean {
  return path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path) || path.startsWith("\\");
}
