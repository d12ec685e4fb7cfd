import { type Later, type Reader, bytesReader, concatBytes } from "./reader.js";

/** Takes bytes in order, then gives a reader over all of them. Memory when small, private storage when large. */
export interface Spool {
  write(bytes: Uint8Array): Later<void>;
  /** Ends writing. The reader's `close` gives the storage back. */
  finish(): Later<Reader>;
  /** Gives up: the storage is returned at once. */
  discard(): void;
}

/** A spool that stays in memory; what a browser page uses, and what the small ones use everywhere. */
export function memorySpool(): Spool {
  let parts: Uint8Array[] = [];
  return {
    write(bytes) {
      parts.push(bytes);
    },
    finish() {
      const whole = parts.length ? concatBytes(parts) : new Uint8Array(0);
      parts = [];
      return bytesReader(whole);
    },
    discard() {
      parts = [];
    },
  };
}
