import type { ChildEvent, ScanEvent } from "./events.js";
import type { Later, Reader } from "../io/reader.js";

/**
 * A computation that may wait for bytes and report events; the engine drives it.
 *
 * It is a generator, not an async function, so that a file already in memory is scanned from start to end without
 * leaving the call: that call can then be ended from outside when it does not return (see docs/architecture.md).
 * Call other work with `yield*`. Decoding itself is plain synchronous code.
 */
export type Work<T> = Generator<Promise<unknown> | Loading | ScanEvent, T, unknown>;

/** Waits for a scanner's code. Our own comes or fails; of other promises nobody knows whether they ever settle. */
export interface Loading {
  kind: "loading";
  module: Promise<unknown>;
}

/** Waits for a value that may come later. */
export function* wait<T>(value: Later<T>): Work<T> {
  return value instanceof Promise ? ((yield value) as T) : value;
}

/** Exactly `length` bytes at `offset`. */
export function* read(reader: Reader, offset: number, length: number): Work<Uint8Array> {
  const bytes = reader.read(offset, length);
  return bytes instanceof Promise ? ((yield bytes) as Uint8Array) : bytes;
}

/** Up to `length` bytes at `offset`: fewer at the end of the file, none past it. */
export function* readUpTo(reader: Reader, offset: number, length: number): Work<Uint8Array> {
  const left = Math.max(0, Math.min(length, reader.size - offset));
  return left === 0 ? new Uint8Array(0) : yield* read(reader, offset, left);
}

/** Hands a child artifact to the engine, which scans it before this call returns. */
export function* child(event: Omit<ChildEvent, "kind">): Work<ChildResult> {
  return (yield { kind: "child", ...event }) as ChildResult;
}

/** What became of a child: enough to decide what the parent says, never a reason to scan by itself. */
export interface ChildResult {
  /** Formats recognised in it; empty when nothing was. */
  formats: readonly string[];
  /** Findings of warning or critical in it and below. */
  alarms: number;
  /** Those of them that are critical. */
  criticals: number;
  inconclusive: boolean;
}
