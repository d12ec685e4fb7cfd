import { Malformed } from "../../engine/errors.js";
import type { Cursor } from "../../io/cursor.js";

/** Members and blocks of one archive. Counts are not backed by bytes where sizes are all alike, so they need a cap. */
export const MOST_ITEMS = 1_000_000;

/** A number whose first byte says, by its leading ones, how many more follow. */
export function number(cursor: Cursor): number {
  const at = cursor.offset;
  const first = cursor.u8();
  let value = 0;
  let mask = 0x80;
  for (let i = 0; i < 8; i++, mask >>= 1) {
    if (!(first & mask)) return checked(at, value + (first & (mask - 1)) * 2 ** (8 * i));
    value += cursor.u8() * 2 ** (8 * i);
  }
  return checked(at, value);
}

function checked(at: number, value: number): number {
  if (value > Number.MAX_SAFE_INTEGER) throw new Malformed(at, "a number below 2^53", "a larger one");
  return value;
}

/** A count of things that take at least `bytes` each in what is left. */
export function count(cursor: Cursor, bytes: number): number {
  const at = cursor.offset;
  const value = number(cursor);
  if (value > MOST_ITEMS || value * bytes > cursor.left) throw new Malformed(at, "a count that fits the header", String(value));
  return value;
}

export function bits(cursor: Cursor, size: number): boolean[] {
  const bytes = cursor.raw(Math.ceil(size / 8));
  return Array.from({ length: size }, (_, i) => ((bytes[i >> 3]! >> (7 - (i & 7))) & 1) === 1);
}

export function optionalBits(cursor: Cursor, size: number): boolean[] {
  return cursor.u8() ? new Array(size).fill(true) : bits(cursor, size);
}

export function digests(cursor: Cursor, size: number): (number | undefined)[] {
  return optionalBits(cursor, size).map((defined) => (defined ? cursor.u32() : undefined));
}
