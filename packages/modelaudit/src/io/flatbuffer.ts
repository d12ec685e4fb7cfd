import { LimitExceeded, Malformed } from "../engine/errors.js";
import type { Reader } from "./reader.js";
import { type Range, type Waiting, fetch } from "./waiting.js";

/**
 * FlatBuffers, read in place: nothing but the asked-for bytes is touched.
 *
 *     file    u32 offset of the root table, then optionally 4 bytes of file identifier
 *     table   i32 distance back to its vtable, then its fields
 *     vtable  u16 vtable bytes, u16 table bytes, then one u16 per slot: the field's place in the table, 0 = absent
 *     vector  u32 count, then the items; text is a vector of bytes with a 0 behind it
 *
 * References between tables, vectors and text are unsigned and relative to where they stand, so they only point
 * forward: no chain of them can come back. A table may still be reached many times over, hence the cap on visits.
 * https://flatbuffers.dev/internals/
 */
export class FlatBuffer {
  readonly reader: Reader;
  /** References are checked against it. */
  readonly end: number;
  private readonly limit: number;
  /** End of the furthest bytes that a table, vector or text was seen to take: what follows belongs to nobody. */
  reach = 0;
  private visits = 0;
  private readonly vtables = new Map<number, Layout>();

  constructor(reader: Reader, options: { end?: number; visits?: number } = {}) {
    this.reader = reader;
    this.end = Math.min(options.end ?? reader.size, reader.size);
    this.limit = options.visits ?? MAX_VISITS;
  }

  /** The root table. */
  *root(): Waiting<Table> {
    return yield* this.table(yield* this.follow(0));
  }

  /** The four identifier bytes as Latin-1 text. */
  *identifier(): Waiting<string> {
    return String.fromCharCode(...(yield* this.bytes(4, 4)));
  }

  /** The table that stands at `position`. */
  *table(position: number): Waiting<Table> {
    this.visit(1);
    const vtable = position - (yield* this.scalar(position, "i32"));
    let layout = this.vtables.get(vtable);
    if (!layout) {
      layout = yield* this.vtable(vtable);
      if (this.vtables.size < MAX_VTABLES_KEPT) this.vtables.set(vtable, layout);
    }
    this.reach = Math.max(this.reach, position + layout.tableBytes);
    return new Table(this, position, layout.fields);
  }

  private *vtable(position: number): Waiting<Layout> {
    const size = yield* this.scalar(position, "u16");
    if (size < 4 || size % 2) throw new Malformed(position, "a vtable of an even size of at least 4", String(size));
    const bytes = yield* this.bytes(position, size);
    const shorts: number[] = [];
    for (let at = 2; at < size; at += 2) shorts.push((bytes[at] as number) | ((bytes[at + 1] as number) << 8));
    const [tableBytes = 0, ...fields] = shorts;
    this.reach = Math.max(this.reach, position + size);
    return { tableBytes, fields };
  }

  /** The place a reference at `position` points to. A reference to itself is {@link Malformed}. */
  *follow(position: number): Waiting<number> {
    return this.target(position, yield* this.scalar(position, "u32"));
  }

  /** The place `offset` behind `position`, where a reference stands that says so. */
  target(position: number, offset: number): number {
    const target = position + offset;
    if (offset < 4 || target + 4 > this.end) throw new Malformed(position, "a reference forward inside the buffer", `offset ${offset}`);
    return target;
  }

  /** A vector whose count stands at `position`; the items are checked to lie inside the buffer. */
  *vector(position: number, itemBytes: number): Waiting<Vector> {
    const count = yield* this.scalar(position, "u32");
    const start = position + 4;
    if (count * itemBytes > this.end - start) throw new Malformed(position, `at most ${this.end - start} bytes of items`, `${count} x ${itemBytes}`);
    const end = start + count * itemBytes;
    this.reach = Math.max(this.reach, end);
    return { start, end, count };
  }

  /** One number. 64-bit ones lose precision above 2^53, which no real offset or size reaches. */
  *scalar(position: number, type: Scalar): Waiting<number> {
    const bytes = yield* this.bytes(position, WIDTH[type]);
    return DECODE[type](new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0);
  }

  *bytes(position: number, length: number): Waiting<Uint8Array> {
    if (position < 0 || position + length > this.end) {
      throw new Malformed(position, `${length} bytes inside the buffer`, `a buffer of ${this.end} bytes`);
    }
    return yield* fetch(this.reader, position, length);
  }

  /** Counts tables and vector items looked at. Throws `LimitExceeded` past the cap. */
  visit(count: number): void {
    this.visits += count;
    if (this.visits > this.limit) throw new LimitExceeded("flatbufferVisits", this.visits);
  }
}

/**
 * Whether a reference was forged: it points before the buffer, to itself, or further than any FlatBuffer is long. A file
 * that was cut short has none of these, its references only reach past the new end.
 */
export function* isForged(reader: Reader, { offset }: Malformed): Waiting<boolean> {
  if (offset < 0 || offset >= MAX_BUFFER) return true;
  if (offset + 4 > reader.size) return false;
  const bytes = yield* fetch(reader, offset, 4);
  const value = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  return value >= MAX_BUFFER || value === 0;
}

/** References are 32 bits wide and writers stop at 2 GB, so that differences stay positive. */
const MAX_BUFFER = 2 ** 31;

/** A graph of 100,000 tensors with shapes and names stays below this; a buffer that points to itself over and over does not. */
const MAX_VISITS = 5_000_000;
/** Tables share their vtables, so a schema has a few hundred at most. */
const MAX_VTABLES_KEPT = 4096;
/** Names and descriptions are short; longer text is cut, not refused. */
const MAX_TEXT = 64 * 1024;

interface Layout {
  tableBytes: number;
  fields: readonly number[];
}

export interface Vector extends Range {
  count: number;
}

type Scalar = "u8" | "i8" | "u16" | "u32" | "i32" | "u64" | "i64";

const WIDTH: Readonly<Record<Scalar, number>> = { u8: 1, i8: 1, u16: 2, u32: 4, i32: 4, u64: 8, i64: 8 };
const DECODE: Readonly<Record<Scalar, (view: DataView, at: number) => number>> = {
  u8: (view, at) => view.getUint8(at),
  i8: (view, at) => view.getInt8(at),
  u16: (view, at) => view.getUint16(at, true),
  u32: (view, at) => view.getUint32(at, true),
  i32: (view, at) => view.getInt32(at, true),
  u64: (view, at) => Number(view.getBigUint64(at, true)),
  i64: (view, at) => Number(view.getBigInt64(at, true)),
};

/** One table. `slot` is the field's index in the schema, from 0; an absent field gives its default or undefined. */
export class Table {
  private readonly buffer: FlatBuffer;
  /** Absolute offset of the table. */
  readonly position: number;
  private readonly fields: readonly number[];

  constructor(buffer: FlatBuffer, position: number, fields: readonly number[]) {
    this.buffer = buffer;
    this.position = position;
    this.fields = fields;
  }

  /** Absolute offset of a field's value, or undefined when absent. */
  at(slot: number): number | undefined {
    const offset = this.fields[slot];
    return offset ? this.position + offset : undefined;
  }

  *number(slot: number, type: Scalar, otherwise = 0): Waiting<number> {
    const at = this.at(slot);
    return at === undefined ? otherwise : yield* this.buffer.scalar(at, type);
  }

  /** Also for a union's value, whose kind stands in the slot before. */
  *table(slot: number): Waiting<Table | undefined> {
    const at = this.at(slot);
    return at === undefined ? undefined : yield* this.buffer.table(yield* this.buffer.follow(at));
  }

  /** Where the items of a vector stand, without reading them. */
  *vector(slot: number, itemBytes = 1): Waiting<Vector | undefined> {
    const at = this.at(slot);
    return at === undefined ? undefined : yield* this.buffer.vector(yield* this.buffer.follow(at), itemBytes);
  }

  /** The numbers of a vector; throws `LimitExceeded` for more than the visits left. Empty when absent. */
  *numbers(slot: number, type: Scalar): Waiting<number[]> {
    const vector = yield* this.vector(slot, WIDTH[type]);
    if (!vector) return [];
    this.buffer.visit(vector.count);
    const bytes = yield* this.buffer.bytes(vector.start, vector.end - vector.start);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    return Array.from({ length: vector.count }, (_, index) => DECODE[type](view, index * WIDTH[type]));
  }

  /** The places of the tables in a vector; open each with {@link FlatBuffer.table}. Empty when absent. */
  *references(slot: number): Waiting<number[]> {
    const vector = yield* this.vector(slot, 4);
    if (!vector) return [];
    const offsets = yield* this.numbers(slot, "u32");
    return offsets.map((offset, index) => this.buffer.target(vector.start + 4 * index, offset));
  }

  /** All tables of a vector. Empty when absent. */
  *tables(slot: number): Waiting<Table[]> {
    const tables: Table[] = [];
    for (const position of yield* this.references(slot)) tables.push(yield* this.buffer.table(position));
    return tables;
  }

  /** What `read` makes of each table of a vector. */
  *map<T>(slot: number, read: (table: Table) => Waiting<T>): Waiting<T[]> {
    const made: T[] = [];
    for (const table of yield* this.tables(slot)) made.push(yield* read(table));
    return made;
  }

  /** Text, cut at 64 KiB; empty when absent. Bytes that are no UTF-8 show as U+FFFD. */
  *text(slot: number): Waiting<string> {
    const vector = yield* this.vector(slot);
    return vector ? yield* textAt(this.buffer, vector) : "";
  }

  /** The texts of a vector of strings. Empty when absent. */
  *texts(slot: number): Waiting<string[]> {
    const texts: string[] = [];
    for (const position of yield* this.references(slot)) texts.push(yield* textAt(this.buffer, yield* this.buffer.vector(position, 1)));
    return texts;
  }
}

const utf8 = new TextDecoder();

function* textAt(buffer: FlatBuffer, { start, count }: Vector): Waiting<string> {
  return utf8.decode(yield* buffer.bytes(start, Math.min(count, MAX_TEXT)));
}
