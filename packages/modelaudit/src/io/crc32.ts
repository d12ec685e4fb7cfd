/**
 * Four tables: number `n` of table `k` is the CRC of byte `n` followed by `k` zero bytes. Four bytes are then folded per
 * step. Signed, since JavaScript engines keep those in a word and others on the heap.
 */
let made: Int32Array[] | undefined;

function tables(): Int32Array[] {
  const all = Array.from({ length: 4 }, () => new Int32Array(256));
  const first = all[0]!;
  // The CRC of a sum is the sum of the CRCs: those of single bits make all others.
  for (let bit = 128, value = 1; bit > 0; bit >>= 1) {
    value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    for (let n = 0; n < 256; n += 2 * bit) first[n + bit] = value ^ first[n]!;
  }
  for (let k = 1; k < 4; k++) {
    const [before, own] = [all[k - 1]!, all[k]!];
    for (let n = 0; n < 256; n++) own[n] = (before[n]! >>> 8) ^ first[before[n]! & 0xff]!;
  }
  return all;
}

/** CRC-32 as in ZIP, gzip and PNG. `before` is the CRC of the bytes in front, 0 at the start. */
export function crc32(bytes: Uint8Array, before = 0): number {
  made ??= tables();
  const [a, b, c, d] = made as [Int32Array, Int32Array, Int32Array, Int32Array];
  let crc = ~before;
  let at = 0;
  for (const end = bytes.length - 3; at < end; at += 4) {
    crc ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    crc = d[crc & 0xff]! ^ c[(crc >>> 8) & 0xff]! ^ b[(crc >>> 16) & 0xff]! ^ a[crc >>> 24]!;
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ a[(crc ^ bytes[at]!) & 0xff]!;
  return ~crc >>> 0;
}
