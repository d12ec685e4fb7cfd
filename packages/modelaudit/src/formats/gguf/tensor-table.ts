import type { Cursor } from "../../io/cursor.js";
import { Malformed } from "../../engine/errors.js";
import { Hostile } from "./hostile.js";

/** Loaders keep room for this many sides. */
const MOST_DIMENSIONS = 4;
/** Names are below 64 bytes by specification; readers accept more. */
export const LONGEST_NAME = 64 * 1024;
/** The longest entry: name, sides, type and offset. */
export const ENTRY_BYTES = LONGEST_NAME + 128;
/** Elements of all dimensions beyond which numbers are no longer exact, and no file reaches. */
export const MOST = Number.MAX_SAFE_INTEGER;

/** The tensor entries as columns of numbers: 100,000 cost a few megabytes and no object each. Names stay in the file. */
export class TensorTable {
  /** Entries read so far. */
  count = 0;
  /** Where each entry stands in the file. */
  readonly at: Float64Array;
  readonly type: Uint32Array;
  /** The first side, in elements, and the product of all; above 2^53 where they are beyond any file. */
  readonly row: Float64Array;
  readonly elements: Float64Array;
  /** Relative to the start of the data; inexact above 2^53. */
  readonly offset: Float64Array;
  /** 53 bits made of each name. */
  private readonly names: Float64Array;

  constructor(most: number) {
    this.at = new Float64Array(most);
    this.type = new Uint32Array(most);
    this.row = new Float64Array(most);
    this.elements = new Float64Array(most);
    this.offset = new Float64Array(most);
    this.names = new Float64Array(most);
  }

  /** Layout of an entry: name, u32 sides, one u64 for each (u32 in version 1), u32 type, u64 offset. */
  readEntry(cursor: Cursor, wide: boolean, little: boolean): void {
    const index = this.count;
    const at = cursor.offset;
    const length = wide ? wholeNumber(cursor, little) : cursor.u32(little);
    if (length > LONGEST_NAME) throw new Hostile(at, `a tensor name declares ${length} bytes`);
    if (length > cursor.left) throw new Malformed(cursor.offset, `${length} bytes`, `${cursor.left} bytes left`);
    this.names[index] = hash(cursor.bytes, cursor.position, length);
    cursor.skip(length);
    const sides = cursor.u32(little);
    if (sides > MOST_DIMENSIONS) {
      throw new Hostile(cursor.offset - 4, `a tensor declares ${sides} dimensions; loaders keep room for ${MOST_DIMENSIONS}`);
    }
    let [row, elements, widest] = [1, 1, 1];
    for (let i = 0; i < sides; i++) {
      const side = wide ? wholeNumber(cursor, little) : cursor.u32(little);
      if (i === 0) row = side;
      if (side > widest) widest = side;
      elements *= side;
    }
    this.at[index] = at;
    this.row[index] = row;
    this.elements[index] = widest > MOST ? widest : elements;
    this.type[index] = cursor.u32(little);
    this.offset[index] = wholeNumber(cursor, little);
    this.count++;
  }

  /** The first few entries whose name one before them has, as far as 53 bits of it tell. */
  repeated(most: number): number[] {
    const { names, count } = this;
    const found: number[] = [];
    // Open addressing: each slot holds an entry plus one.
    const mask = 2 ** Math.ceil(Math.log2(count + 1) + 1) - 1;
    const slots = new Uint32Array(mask + 1);
    for (let i = 0; i < count && found.length < most; i++) {
      const name = names[i] as number;
      let slot = name & mask;
      while (slots[slot] && names[(slots[slot] as number) - 1] !== name) slot = (slot + 1) & mask;
      if (slots[slot]) found.push(i);
      else slots[slot] = i + 1;
    }
    return found;
  }
}

/** An unsigned 64-bit number. Above 2^53 it is no longer exact, which is far beyond any file and judged as such. */
export function wholeNumber(cursor: Cursor, littleEndian: boolean): number {
  const first = cursor.u32(littleEndian);
  const second = cursor.u32(littleEndian);
  return littleEndian ? second * 2 ** 32 + first : first * 2 ** 32 + second;
}

/** Two FNV-1a hashes with different primes, as one exact number. */
function hash(bytes: Uint8Array, start: number, length: number): number {
  let [low, high] = [0x811c9dc5, length];
  for (let at = start; at < start + length; at++) {
    low = Math.imul(low ^ (bytes[at] as number), 0x01000193);
    high = Math.imul(high ^ (bytes[at] as number), 0x85ebca6b);
  }
  return (high >>> 11) * 2 ** 32 + (low >>> 0);
}
