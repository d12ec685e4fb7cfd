import type { Reader } from "./reader.js";

/**
 * A computation that may wait for bytes but reports nothing: what the decoders of this layer are. The engine's `Work`
 * can `yield*` it. It stays synchronous as long as the reader does.
 */
export type Waiting<T> = Generator<Promise<unknown>, T, unknown>;

/** Exactly `length` bytes at `offset`; throws `Malformed` past the end. */
export function* fetch(reader: Reader, offset: number, length: number): Waiting<Uint8Array> {
  const bytes = reader.read(offset, length);
  return bytes instanceof Promise ? ((yield bytes) as Uint8Array) : bytes;
}

/** Gives the result of `work` to `use`. */
export function* keep<T>(work: Waiting<T>, use: (value: T) => void): Waiting<void> {
  use(yield* work);
}

/** Part of an artifact by absolute offsets, `end` exclusive. */
export interface Range {
  start: number;
  end: number;
}
