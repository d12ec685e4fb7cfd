import type { FindingEvent } from "../findings/finding.js";
import type { Args } from "../findings/rule.js";
import type { Surroundings } from "./artifact.js";
import type { Reader } from "../io/reader.js";

/** What a scanner may report while it works. */
export type ScanEvent = FindingEvent | ChildEvent | PartEvent | MetadataEvent | IncompleteEvent;

/** Something inside that must be scanned by itself: an archive member, an embedded pickle, a config. */
export interface ChildEvent {
  kind: "child";
  /** Name inside the parent, `data.pkl`; shown after `!/`. */
  name: string;
  /** Closed by the engine after the scan unless `keepOpen`. */
  reader: Reader;
  /** Formats known from the parent's structure, in place of identification. Content is still identified beside them when `alsoIdentify`. */
  formats?: readonly string[];
  alsoIdentify?: boolean;
  /**
   * `member`: counted and reported by itself. `probe`: bytes that may be nothing (a tail, a gap, the start of a
   * tensor): only formats whose magic is validated are tried, and nothing is said when none matches.
   */
  role?: "member" | "probe";
  around?: Surroundings;
  hints?: Readonly<Record<string, unknown>>;
  /** Offset in the parent where the child's bytes (or their compressed form) begin. */
  offset?: number;
}

/** Something inside that needs no scan, such as a tensor's numbers: for listings (`ScanContext.listing`) alone. */
export interface PartEvent {
  kind: "part";
  name: string;
  /** Bytes, unpacked. */
  size: number;
}

/** A fact for `metadata`, JSON and the SBOM: format version, producer, tensor count. Plain data. */
export interface MetadataEvent {
  kind: "metadata";
  key: string;
  value: unknown;
}

/** Part of the artifact was not understood or not read. It then is inconclusive unless there are findings. */
export interface IncompleteEvent {
  kind: "incomplete";
  /** Stable code in kebab case: `encrypted-member`, `unknown-opcode`, `limit-members`. */
  reason: string;
  /** Sentence for people, with what to try. */
  message: string;
  offset?: number;
  args?: Args;
}
