import type { Args } from "./rule.js";
import type { Severity } from "./severity.js";

/** Where in an artifact: absolute byte offset, length in bytes, 1-based line, or a name inside (tensor, node, key). */
export interface Place {
  offset?: number;
  length?: number;
  line?: number;
  column?: number;
  /** A structural path inside the artifact: `layers[3].config`, a tensor or node name. */
  at?: string;
}

/** What a scanner reports. No prose: the sentence is made from the rule at the end. Plain data, crosses threads. */
export interface FindingEvent extends Place {
  kind: "finding";
  rule: string;
  args: Args;
  /** Only when the context makes the rule's own severity wrong. */
  severity?: Severity;
  /** Further facts for machines (JSON details); redacted like args. */
  details?: Readonly<Record<string, unknown>>;
}

/** A finding with all that a report needs to know. */
export interface Finding extends Omit<FindingEvent, "kind" | "severity"> {
  severity: Severity;
  /** Path of the artifact for people, `a.zip!/b.pkl`. */
  path: string;
  /** Scanner that reported it. */
  scanner: string;
  /** Stable across runs and machines: made of rule, place inside the file and args, not of the absolute path. */
  fingerprint: string;
}
