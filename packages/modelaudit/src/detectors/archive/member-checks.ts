import type { ScanEvent } from "../../engine/events.js";
import { pathFault } from "./member-path.js";
import { LinkTree } from "./links.js";

/** What a member of an archive is to whoever unpacks it. */
export interface CheckedMember {
  name: string;
  offset: number;
  isFolder: boolean;
  /** A link in place of a file: `link` is resolved from its own folder, `hard link` from the root of the archive. */
  link?: { kind: "link" | "hard link"; target: string };
}

/** Findings of one kind in one archive. */
const MOST_ALIKE = 20;

/** Checks the members of one archive in their order: names that escape, links that lead out, files that come twice. */
export class MemberChecks {
  private readonly seen = new Set<string>();
  private readonly links = new LinkTree(false);
  private repeated = 0;

  /** What is wrong with the next member. */
  *check({ name, offset, isFolder, link }: CheckedMember): Generator<ScanEvent, void> {
    const path = name.replaceAll("\\", "/").replace(/^(?:\.?\/)+/, "");
    const fault = pathFault(name);
    if (fault) yield { kind: "finding", rule: "S405", args: { what: "The member", path: name }, offset, details: { why: fault.detail } };
    else if (!this.links.empty && this.links.resolve(path, false) === undefined) {
      yield { kind: "finding", rule: "S405", args: { what: "Through a link, the member", path: name }, offset };
    }
    if (isFolder) return;
    if (this.seen.has(path) && ++this.repeated <= MOST_ALIKE) yield { kind: "finding", rule: "S1301", args: { name }, offset };
    this.seen.add(path);
    if (!link) {
      this.links.remove(path);
      return;
    }
    const target = link.target.replaceAll("\\", "/");
    const outside =
      link.kind === "link"
        ? this.links.follow(path, target) === undefined
        : pathFault(target) !== undefined || this.links.resolve(target, true) === undefined;
    if (outside) yield { kind: "finding", rule: "S406", args: { kind: link.kind, path: name, target: link.target }, offset };
    if (link.kind === "link") this.links.add(path, target);
  }
}
