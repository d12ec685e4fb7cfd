import { type Work, read } from "../../engine/work.js";
import { type Reader, joinReaders, sliceReader } from "../../io/reader.js";
import { BLOCK, number } from "./header.js";

/** A stretch of a sparse file that is stored; all else is zeros. */
interface Extent {
  offset: number;
  length: number;
}

/** The plain bytes of a sparse member: where each stored stretch belongs, one behind the other from `dataOffset` on. */
export interface SparseMap {
  extents: Extent[];
  size: number;
  dataOffset: number;
}

/** Stretches of one file. GNU tar writes some ten thousand for a badly broken up disk image. */
const MOST_EXTENTS = 1_000_000;

/** The map in a GNU `S` header at `headerOffset`, continued in blocks of 21 entries behind it. Undefined when it is none. */
export function* gnuSparse(reader: Reader, headerOffset: number): Work<SparseMap | undefined> {
  const header = yield* read(reader, headerOffset, BLOCK);
  const extents: Extent[] = [];
  take(extents, header, 386, 4);
  let next = headerOffset + BLOCK;
  for (let more = header[482]; more; ) {
    if (next + BLOCK > reader.size || extents.length > MOST_EXTENTS) return undefined;
    const block = yield* read(reader, next, BLOCK);
    take(extents, block, 0, 21);
    more = block[504];
    next += BLOCK;
  }
  return { extents, size: number(header, 483, 12), dataOffset: next };
}

function take(extents: Extent[], block: Uint8Array, at: number, count: number): void {
  for (let i = 0; i < count; i++) {
    const offset = number(block, at + 24 * i, 12);
    const length = number(block, at + 24 * i + 12, 12);
    if (length > 0) extents.push({ offset, length });
  }
}

/** The map of a pax sparse member: in the records (0.0 and 0.1) or in front of the data (1.0). */
export function* paxSparse(reader: Reader, records: Map<string, string>, dataOffset: number, stored: number): Work<SparseMap | undefined> {
  const size = Number(records.get("GNU.sparse.realsize") ?? records.get("GNU.sparse.size"));
  const map = records.get("GNU.sparse.map");
  if (map !== undefined) return pairs(map.split(",").map(Number), size, dataOffset);
  if (records.get("GNU.sparse.major") !== "1") return undefined;
  // Decimal numbers, one a line: how many extents, then offset and length of each; padded to a whole block.
  let text = "";
  for (let at = dataOffset; at + BLOCK <= dataOffset + stored && at + BLOCK <= reader.size; at += BLOCK) {
    text += String.fromCharCode(...(yield* read(reader, at, BLOCK)));
    const lines = text.split("\n");
    const count = Number(lines[0]);
    if (!(count >= 0 && count <= MOST_EXTENTS)) return undefined;
    if (lines.length > 1 + 2 * count) return pairs(lines.slice(1, 1 + 2 * count).map(Number), size, at + BLOCK);
    if (text.length > 32 * (count + 1) + 2 * BLOCK) return undefined;
  }
  return undefined;
}

function pairs(numbers: number[], size: number, dataOffset: number): SparseMap {
  const extents: Extent[] = [];
  for (let i = 0; i + 1 < numbers.length; i += 2) extents.push({ offset: numbers[i] as number, length: numbers[i + 1] as number });
  return { extents: extents.filter((one) => one.length > 0), size, dataOffset };
}

/** The whole file with its holes as zeros, or undefined when the map overlaps itself or asks for more than is stored. */
export function sparseReader(reader: Reader, map: SparseMap, storedEnd: number): Reader | undefined {
  const parts: Reader[] = [];
  let at = 0;
  let from = map.dataOffset;
  for (const { offset, length } of map.extents) {
    if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < at || from + length > Math.min(storedEnd, reader.size))
      return undefined;
    if (offset > at) parts.push(zeroReader(offset - at));
    parts.push(sliceReader(reader, from, from + length));
    from += length;
    at = offset + length;
  }
  if (!Number.isSafeInteger(map.size) || map.size < at) return undefined;
  if (map.size > at) parts.push(zeroReader(map.size - at));
  return joinReaders(parts);
}

function zeroReader(size: number): Reader {
  return { size, read: (_, length) => new Uint8Array(length) };
}
