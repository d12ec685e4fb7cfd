import { Malformed } from "../../engine/errors.js";
import { type Work, read } from "../../engine/work.js";
import { Cursor } from "../../io/cursor.js";
import { address, number } from "./decode.js";
import { readTreeRecords } from "./trees.js";
import type { Hdf5File } from "./types.js";

/** Where large groups and large attributes are kept: objects in blocks of a doubling table. */
export interface FractalHeap {
  filtered: boolean;
  tableWidth: number;
  startSize: number;
  maxDirectSize: number;
  offsetBytes: number;
  lengthBytes: number;
  rootAddress: number | undefined;
  rootRows: number;
  hugeTree: number | undefined;
}

export interface HeapObject {
  data: Uint8Array;
  offset: number;
}

/** Indirect blocks inside one another; a heap of 2^64 bytes needs fewer. */
const DEEPEST = 8;

export function* readFractalHeap({ reader, widths }: Hdf5File, at: number): Work<FractalHeap> {
  const { offset: O, length: L } = widths;
  const cursor = new Cursor(yield* read(reader, at, 4 + 1 + 2 + 2 + 1 + 4 + 12 * L + 3 * O + 2 + 2 + 2 + 2), at);
  if (cursor.text(4) !== "FRHP") throw new Malformed(at, "a fractal heap", "other bytes");
  cursor.skip(1 + 2);
  const filtered = cursor.u16() > 0;
  cursor.skip(1);
  const maxManaged = cursor.u32();
  cursor.skip(L);
  const hugeTree = address(cursor, O);
  cursor.skip(L + O + 8 * L);
  const tableWidth = cursor.u16();
  const startSize = number(cursor, L);
  const maxDirectSize = number(cursor, L);
  const maxBits = cursor.u16();
  cursor.skip(2);
  const rootAddress = address(cursor, O);
  const rootRows = cursor.u16();
  const lengthBytes = Math.ceil(Math.log2(Math.min(maxDirectSize, maxManaged) + 1) / 8);
  return {
    filtered,
    tableWidth,
    startSize,
    maxDirectSize,
    offsetBytes: Math.ceil(maxBits / 8),
    lengthBytes,
    rootAddress,
    rootRows,
    hugeTree,
  };
}

/** The object that a heap id names, or undefined for a kind that is not read (huge ones behind a tree, filtered blocks). */
export function* readHeapObject(file: Hdf5File, heap: FractalHeap, id: Uint8Array): Work<HeapObject | undefined> {
  const { reader, widths } = file;
  const cursor = new Cursor(id);
  const kind = (cursor.u8() >> 4) & 3;
  if (kind === 2) return { data: id.subarray(1, 2 + ((id[0] as number) & 15)), offset: 0 };
  if (kind === 1) {
    if (heap.filtered) return undefined;
    // A huge object is named directly when its address and length fit into the id; else a tree has them.
    if (id.length < 1 + widths.offset + widths.length) return yield* readHuge(file, heap, id.subarray(1));
    const at = number(cursor, widths.offset);
    const length = number(cursor, widths.length);
    return { data: yield* read(reader, at, length), offset: at };
  }
  if (heap.filtered || heap.rootAddress === undefined) return undefined;
  const offset = number(cursor, heap.offsetBytes);
  const length = number(cursor, heap.lengthBytes);
  const at = yield* locate(file, heap, offset);
  return at === undefined ? undefined : { data: yield* read(reader, at, length), offset: at };
}

/** A huge object by its number. Records: address, length, number. */
function* readHuge(file: Hdf5File, heap: FractalHeap, id: Uint8Array): Work<HeapObject | undefined> {
  if (heap.hugeTree === undefined) return undefined;
  const { offset: O, length: L } = file.widths;
  const wanted = number(new Cursor(id), Math.min(L, id.length));
  for (const record of yield* readTreeRecords(file, heap.hugeTree)) {
    const cursor = new Cursor(record);
    const at = number(cursor, O);
    const length = number(cursor, L);
    if (number(cursor, L) === wanted) return { data: yield* read(file.reader, at, length), offset: at };
  }
  return undefined;
}

/** Absolute position of a heap offset, found through the doubling table. */
function* locate({ reader, widths }: Hdf5File, heap: FractalHeap, wanted: number): Work<number | undefined> {
  const { tableWidth, startSize, maxDirectSize, offsetBytes } = heap;
  let block = heap.rootAddress as number;
  let rows = heap.rootRows;
  let start = 0;
  for (let depth = 0; depth < DEEPEST; depth++) {
    if (rows === 0) return block + (wanted - start);
    const header = 4 + 1 + widths.offset + offsetBytes;
    let rowStart = start;
    let next: { address: number; start: number; size: number } | undefined;
    for (let row = 0; row < rows && !next; row++) {
      const size = startSize * 2 ** Math.max(0, row - 1);
      if (wanted < rowStart + size * tableWidth) {
        const column = Math.floor((wanted - rowStart) / size);
        const entry = block + header + (row * tableWidth + column) * widths.offset;
        const child = address(new Cursor(yield* read(reader, entry, widths.offset), entry), widths.offset);
        if (child === undefined) return undefined;
        next = { address: child, start: rowStart + column * size, size };
      }
      rowStart += size * tableWidth;
    }
    if (!next) return undefined;
    block = next.address;
    start = next.start;
    rows = next.size <= maxDirectSize ? 0 : Math.log2(next.size) - Math.log2(startSize * tableWidth) + 1;
  }
  return undefined;
}
