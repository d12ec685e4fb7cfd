/**
 * The scanning core: everything that runs without Node, so also in a browser page over a `Blob`.
 * Readers, codecs and spools come in through interfaces.
 */
export { scanTarget, type ScanSetup, type Target } from "./engine/scan.js";
export { drive } from "./engine/drive.js";
export { child, read, readUpTo, wait, type ChildResult, type Work } from "./engine/work.js";
export type { Confidence, Format, Glimpse, Scanner } from "./engine/format.js";
export type { ChildEvent, IncompleteEvent, MetadataEvent, ScanEvent } from "./engine/events.js";
export type { Artifact, Neighbour, Surroundings } from "./engine/artifact.js";
export { type ArtifactRecord, type Gap, type Outcome, outcomeOf } from "./engine/record.js";
export { Budget, DEFAULT_LIMITS, type Limits } from "./engine/budget.js";
export { DEFAULT_POLICY, type Policy, type ScanContext } from "./engine/context.js";
export { LimitExceeded, Malformed, SourceError, Unsupported, UsageError } from "./engine/errors.js";
export { type Later, type Reader, bytesReader, joinReaders, sliceReader } from "./io/reader.js";
export { windowReader } from "./io/window-reader.js";
export { Cursor } from "./io/cursor.js";
export { type Spool, memorySpool } from "./io/spool.js";
export type { CodecId, Codecs, Decoder } from "./io/codec.js";
export { portableDecoder } from "./io/codecs/index.js";
export { type Args, type Rule, sentence } from "./findings/rule.js";
export type { Finding, FindingEvent, Place } from "./findings/finding.js";
export { SEVERITIES, type Severity } from "./findings/severity.js";
export { FORMATS } from "./formats/registry.generated.js";
