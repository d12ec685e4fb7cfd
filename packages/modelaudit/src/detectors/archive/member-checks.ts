import type { ScanEvent } from "../../engine/events.js";
import { isPlainPath, pathFault, plainPath } from "./member-path.js";
import { LinkTree } from "./links.js";

/** What a member of an archive is to whoever unpacks it. */
export interface CheckedMember {
  name: string;
  /** Further names that some readers take. */
  otherNames?: readonly string[];
  offset: number;
  isFolder: boolean;
  /** The name is a key that nobody unpacks to: an absolute one is fine. */
  nameIsKey?: boolean;
  link?: Link;
}

/** A link in place of a file: `link` is resolved from its own folder, `hard link` from the root of the archive. */
export interface Link {
  kind: "link" | "hard link";
  target: string;
}

/** Findings of one kind in one archive. */
const MOST_ALIKE = 20;

/** Checks the members of one archive in their order: names that escape, links that lead out, files that come twice. */
export class MemberChecks {
  /** The first name of each path. */
  private readonly seen = new Map<string, string>();
  /** Names that differ from the first one of their path in case only. */
  private readonly alike = new Set<string>();
  private readonly links: LinkTree;
  private readonly image: boolean;
  private readonly foldCase: boolean;
  private repeated = 0;

  /**
   * `image`: the archive's root is that of a file system, so absolute paths and links stay inside. `foldCase`: the loaders
   * of the archive take names that differ in case only for one.
   */
  constructor({ image = false, foldCase = false }: { image?: boolean; foldCase?: boolean } = {}) {
    this.image = image;
    this.foldCase = foldCase;
    this.links = new LinkTree(image);
  }

  /**
   * Whether there is nothing to say of the next member, a file or folder, as of nearly every one: a plain path that did
   * not come before, in an archive without links. What this takes is not to be checked again.
   */
  passes(name: string, isFolder: boolean): boolean {
    if (!this.links.empty || !isPlainPath(name)) return false;
    if (isFolder) return true;
    const folded = this.foldCase ? name.toLowerCase() : name;
    if (this.seen.has(folded)) return false;
    this.seen.set(folded, name);
    return true;
  }

  /** What is wrong with the next member. */
  *check(member: CheckedMember): Generator<ScanEvent, void> {
    yield* this.checkName(member);
    if (member.link) yield* this.checkLink(member, member.link);
  }

  /** The name alone; of a link {@link checkLink} follows. */
  *checkName({ name, otherNames = [], offset, isFolder, nameIsKey }: CheckedMember): Generator<ScanEvent, void> {
    let faulty = false;
    for (const one of [name, ...otherNames]) {
      const fault = pathFault(one);
      if (!fault || (fault.kind === "absolute" && (nameIsKey || this.image))) continue;
      faulty = true;
      yield { kind: "finding", rule: "S405", args: { what: "The member", path: one }, offset, details: { why: fault.detail } };
    }
    const path = plainPath(name);
    if (!faulty && !this.links.empty && this.links.resolve(unixPath(name), false) === undefined) {
      yield { kind: "finding", rule: "S405", args: { what: "Through a link, the member", path: name }, offset };
    }
    if (isFolder) return;
    yield* this.repetition(name, path, offset);
    this.links.remove(path);
  }

  *checkLink({ name, offset }: CheckedMember, { kind, target }: Link): Generator<ScanEvent, void> {
    const to = unixPath(target);
    const fault = kind === "hard link" ? pathFault(target) : undefined;
    const outside =
      kind === "link"
        ? this.links.follow(unixPath(name), to) === undefined
        : (fault !== undefined && !this.image) || this.links.resolve(to, true) === undefined;
    if (outside) yield { kind: "finding", rule: "S406", args: { kind, path: name, target }, offset };
    if (kind === "link") this.links.add(unixPath(name), to);
  }

  private *repetition(name: string, path: string, offset: number): Generator<ScanEvent, void> {
    const folded = this.foldCase ? path.toLowerCase() : path;
    const first = this.seen.get(folded);
    if (first === undefined) {
      this.seen.set(folded, name);
      return;
    }
    const same = plainPath(first) === path || this.alike.has(path);
    this.alike.add(path);
    if (++this.repeated > MOST_ALIKE) return;
    if (same) yield { kind: "finding", rule: "S1301", args: { name }, offset };
    else yield { kind: "finding", rule: "S1311", args: { name, other: first }, offset };
  }
}

function unixPath(name: string): string {
  return name.replaceAll("\\", "/");
}
