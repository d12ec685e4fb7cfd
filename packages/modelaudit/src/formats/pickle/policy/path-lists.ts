import { packageOf } from "./names.js";
import type { Capability } from "./stdlib.js";

/** Questions answered by a search of the texts. Files with more names are worth a table, whose making takes as long. */
const FEW = 40;

/** Dotted paths in texts, with blanks or line ends between them, by what they do. Takes no time to define. */
export class PathLists {
  /** The last one first: of a path that stands in two, it counts. */
  private readonly lists: readonly [Capability, string][];
  private asked = 0;
  private table: { paths: Map<string, Capability>; packages: Set<string> } | undefined;

  constructor(lists: Partial<Record<Capability, string>>) {
    this.lists = (Object.entries(lists) as [Capability, string][]).reverse();
  }

  /** What this very path does. */
  get(path: string): Capability | undefined {
    if (this.asked++ >= FEW) return this.whole().paths.get(path);
    return this.lists.find(([, text]) => stands(text, path, false))?.[0];
  }

  /** Whether a path begins with this package. */
  hasPackage(top: string): boolean {
    if (this.asked++ >= FEW) return this.whole().packages.has(top);
    return this.lists.some(([, text]) => stands(text, top, true));
  }

  private whole() {
    if (!this.table) {
      const paths = this.lists.toReversed().flatMap(([capability, text]) => (text.match(/\S+/g) ?? []).map((path) => [path, capability] as const));
      this.table = { paths: new Map(paths), packages: new Set(paths.map(([path]) => packageOf(path))) };
    }
    return this.table;
  }
}

/** Whether a text has a path, or with `below` one that begins with these parts. */
function stands(text: string, path: string, below: boolean): boolean {
  if (!path) return false;
  for (let at = text.indexOf(path); at >= 0; at = text.indexOf(path, at + 1)) {
    const next = text[at + path.length];
    if (isGap(text[at - 1]) && (isGap(next) || (below && next === "."))) return true;
  }
  return false;
}

function isGap(letter: string | undefined): boolean {
  return letter === undefined || letter <= " ";
}
