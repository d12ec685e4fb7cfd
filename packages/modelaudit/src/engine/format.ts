import type { Rule } from "../findings/rule.js";
import type { Reader } from "../io/reader.js";
import type { Artifact } from "./artifact.js";
import type { ScanContext } from "./context.js";
import type { Work } from "./work.js";

/** What the first look at an artifact sees. `head` holds up to 4 KiB from the start, all of a shorter file. */
export interface Glimpse {
  readonly name: string;
  /** Lower-case, with the dot, of the last suffix; empty without one. */
  readonly extension: string;
  readonly size: number;
  readonly head: Uint8Array;
  readonly hints: Readonly<Record<string, unknown>>;
}

/**
 * How sure a format is. `certain`: validated magic or structure. `likely`: looks like it, and no one else may be surer.
 * `possible`: only tried when nothing is certain or likely.
 */
export type Confidence = "certain" | "likely" | "possible";

/** A format folder's `index.ts` exports one of these. It is loaded at start, so it stays small and imports nothing heavy. */
export interface Format {
  /** Scanner id as in `--scanners`, and the format's name in reports: `pickle`. */
  readonly id: string;
  /** Scanner class name that ModelAudit documents and `--include-scanner` accepts: `PickleScanner`. */
  readonly className: string;
  /** One line for `--list-scanners`. */
  readonly description: string;
  /** Usual extensions with the dot. A hint and a check, never the decision. */
  readonly extensions: readonly string[];
  /** For profiles: `serialization`, `archive`, `graph`, `weights`, `config`, `text`, `template`, `secrets`... */
  readonly tags: readonly string[];
  /** Well-known whole file names, lower case: `config.json`. */
  readonly names?: readonly string[];
  /** Judges the first 4 KiB. Cheap, synchronous, no allocation to speak of. */
  sniff(glimpse: Glimpse): Confidence | undefined;
  /** The surest that `sniff` answers, where that is not `certain`: the format is not asked when another one is certain. */
  readonly surest?: "likely" | "possible";
  /** For what the head cannot tell (a directory at the end of the file). Only called when `sniff` answers undefined or possible. */
  probe?(reader: Reader, glimpse: Glimpse, context: ScanContext): Work<Confidence | undefined>;
  /**
   * Containers of which this format is a special case, by id (`["zip"]`). `probe` is asked whenever one of them was
   * recognised; where it answers, this format owns the file and the container's own scanner stays out.
   */
  readonly refines?: readonly string[];
  /** Its magic is at the end of the file, so that bytes which begin with anything else may still be one: `probe` is asked for tails and gaps too. */
  readonly readFromEnd?: true;
  /** The scanner itself, imported on first use. */
  load(): Promise<{ scanner: Scanner }>;
  /** The rules, imported when a finding is printed or the catalogue is asked for. */
  rules?(): Promise<{ rules: readonly Rule[] }>;
}

export interface Scanner {
  /** Raised when its answers change; part of every cache key. */
  readonly version: number;
  scan(artifact: Artifact, context: ScanContext): Work<void>;
}
