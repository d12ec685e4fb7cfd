import { type Later, type Reader, checkRange, concatBytes } from "./reader.js";

/** 4 KiB, a page of the disk: headers of members and tensors lie far apart, and more would read what nobody looks at. */
const BLOCK = 4 * 1024;
/** 1,024 blocks (4 MiB) in memory per file: enough for a directory at the end beside members being walked. */
const BLOCKS_KEPT = 1024;

/**
 * A cache of aligned blocks over a slower reader, so that parsers may ask for a few bytes at a time.
 * Ranges above a block are read straight through and not kept. Least recently used blocks go first.
 */
export function windowReader(source: Reader, block: number = BLOCK, kept: number = BLOCKS_KEPT): Reader {
  const cache = new Map<number, Uint8Array>();

  function load(index: number): Later<Uint8Array> {
    const hit = cache.get(index);
    if (hit) {
      cache.delete(index);
      cache.set(index, hit);
      return hit;
    }
    const start = index * block;
    const bytes = source.read(start, Math.min(block, source.size - start));
    return bytes instanceof Promise ? bytes.then((b) => keep(index, b)) : keep(index, bytes);
  }

  function keep(index: number, bytes: Uint8Array): Uint8Array {
    cache.set(index, bytes);
    if (cache.size > kept) cache.delete(cache.keys().next().value as number);
    return bytes;
  }

  return {
    size: source.size,
    read(offset, length) {
      checkRange(source.size, offset, length);
      if (length === 0) return new Uint8Array(0);
      if (length > block) return source.read(offset, length);
      const first = Math.floor(offset / block);
      const last = Math.floor((offset + length - 1) / block);
      const from = offset - first * block;
      if (first === last) {
        const bytes = load(first);
        return bytes instanceof Promise ? bytes.then((b) => b.subarray(from, from + length)) : bytes.subarray(from, from + length);
      }
      const head = load(first);
      const tail = load(last);
      const cut = (a: Uint8Array, b: Uint8Array) => concatBytes([a.subarray(from), b.subarray(0, length - (a.length - from))]);
      if (head instanceof Promise || tail instanceof Promise) return Promise.all([head, tail]).then(([a, b]) => cut(a, b));
      return cut(head, tail);
    },
    close() {
      cache.clear();
      source.close?.();
    },
  };
}
