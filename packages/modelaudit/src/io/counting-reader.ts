import type { Reader } from "./reader.js";

/** A reader over another one that counts the bytes asked of it so far. */
export function countingReader(inner: Reader): Reader & { readonly count: number } {
  let count = 0;
  return {
    size: inner.size,
    read(offset, length) {
      count += length;
      return inner.read(offset, length);
    },
    close: () => inner.close?.(),
    get count() {
      return count;
    },
  };
}
