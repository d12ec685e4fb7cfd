import type { Reader } from "../src/io/reader.js";

/** A file of `size` bytes that is all zeros but for `pieces`, each at its offset: for models too large to hold. */
export function sparseReader(size: number, pieces: readonly (readonly [offset: number, bytes: Uint8Array])[]): Reader {
  return {
    size,
    read(offset, length) {
      const bytes = new Uint8Array(length);
      for (const [start, piece] of pieces) {
        const [from, to] = [Math.max(offset, start), Math.min(offset + length, start + piece.length)];
        if (from < to) bytes.set(piece.subarray(from - start, to - start), from - offset);
      }
      return bytes;
    },
  };
}
