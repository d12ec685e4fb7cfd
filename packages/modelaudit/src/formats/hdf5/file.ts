import { Malformed, Unsupported } from "../../engine/errors.js";
import { type Work, read, readUpTo } from "../../engine/work.js";
import { Cursor } from "../../io/cursor.js";
import { type Reader, sliceReader } from "../../io/reader.js";
import type { Range } from "../../io/waiting.js";
import {
  address,
  decodeAttribute,
  decodeDataspace,
  decodeDatatype,
  decodeFilters,
  decodeLayout,
  decodeLink,
  number,
  textOf,
  type Widths,
} from "./decode.js";
import { readFractalHeap, readHeapObject } from "./fractal-heap.js";
import { readSymbolTable, readTreeRecords } from "./trees.js";
import { type Attribute, type Dataset, type Link, type Message, MessageType, SHARED } from "./types.js";

/** Messages that are read, and that the library may keep elsewhere. */
const RESOLVED: ReadonlySet<number> = new Set([MessageType.dataspace, MessageType.datatype, MessageType.filters, MessageType.attribute]);

/** Blocks an object header may be continued in; the library makes a handful. */
const MOST_BLOCKS = 4096;
/** Text of one attribute that is kept; Keras configs reach some tens of MB. */
const LONGEST_TEXT = 64 * 2 ** 20;
/** Levels of a tree of chunks; each holds some hundred times as many as the one below. */
const DEEPEST_TREE = 16;
/** Bytes searched at a time. */
const WINDOW = 2 ** 20;
/** Elements of an array of texts that are read. */
const MOST_TEXTS = 1_000_000;

interface Facts {
  start: number;
  version: number;
  end: number;
  root: number;
  /** Object header of facts about the whole file. */
  extension: number | undefined;
  widths: Widths;
}

/** The metadata of one HDF5 file. Datasets are described, never read; links and outside files are named, never followed. */
export class Hdf5File {
  /** All addresses in the file count from here. */
  readonly start: number;
  readonly superblockVersion: number;
  /** Where the file says it ends, absolute. */
  readonly end: number;
  readonly root: number;
  /** The file from its superblock on. */
  readonly reader: Reader;
  readonly widths: Widths;
  private readonly extension: number | undefined;
  private readonly heaps = new Map<number, Map<number, { start: number; size: number }>>();

  private constructor(reader: Reader, facts: Facts) {
    this.reader = reader;
    this.start = facts.start;
    this.superblockVersion = facts.version;
    this.end = facts.end;
    this.root = facts.root;
    this.widths = facts.widths;
    this.extension = facts.extension;
  }

  /** Reads the superblock at `start`, versions 0 to 3. */
  static *open(whole: Reader, start: number): Work<Hdf5File> {
    const cursor = new Cursor(yield* readUpTo(whole, start, 128), start);
    cursor.skip(8);
    const version = cursor.u8();
    if (version > 3) throw new Unsupported(`HDF5 superblock version ${version}`);
    if (version < 2) cursor.skip(4);
    const widths = { offset: cursor.u8(), length: cursor.u8() };
    if (![2, 4, 8].includes(widths.offset) || ![2, 4, 8].includes(widths.length))
      throw new Malformed(cursor.offset - 2, "address and length widths of 2, 4 or 8", `${widths.offset} and ${widths.length}`);
    if (version < 2) cursor.skip(1 + 4 + 4 + (version === 1 ? 4 : 0));
    else cursor.skip(1);
    const base = number(cursor, widths.offset);
    const second = address(cursor, widths.offset);
    const end = number(cursor, widths.offset);
    if (version < 2) cursor.skip(2 * widths.offset);
    const root = number(cursor, widths.offset);
    return new Hdf5File(start ? sliceReader(whole, start) : whole, {
      start,
      version,
      // Whatever the base address says, the library counts from the superblock, and moves the end as far as that is off.
      end: end + start - base,
      root,
      // Before version 2 the second address is that of the free space, which nothing writes.
      extension: version < 2 ? undefined : second,
      widths,
    });
  }

  /** All messages of an object header, continuation blocks included. Those kept elsewhere are fetched where they matter here. */
  *messages(at: number): Work<Message[]> {
    const messages = yield* this.ownMessages(at);
    for (const [index, message] of messages.entries()) if (RESOLVED.has(message.type)) messages[index] = yield* this.resolve(message);
    return messages;
  }

  private *ownMessages(at: number): Work<Message[]> {
    const head = yield* readUpTo(this.reader, at, 24);
    const messages: Message[] = [];
    const blocks = String.fromCharCode(...head.subarray(0, 4)) === "OHDR" ? this.openHeader2(head, at) : this.openHeader1(head, at);
    for (let i = 0; i < blocks.pending.length; i++) {
      if (i > MOST_BLOCKS) throw new Malformed(at, `at most ${MOST_BLOCKS} header blocks`, "more");
      const { offset, length } = blocks.pending[i] as { offset: number; length: number };
      const bytes = yield* read(this.reader, offset, length);
      for (const message of blocks.version === 1 ? cutMessages1(bytes, offset) : cutMessages2(bytes, offset, blocks.order)) {
        if (message.type !== MessageType.continuation) {
          messages.push(message);
          continue;
        }
        const cursor = new Cursor(message.data, message.offset);
        const next = { offset: number(cursor, this.widths.offset), length: number(cursor, this.widths.length) };
        // A later block of version 2 begins with OCHK and ends with a checksum.
        blocks.pending.push(blocks.version === 1 ? next : { offset: next.offset + 4, length: next.length - 8 });
      }
    }
    return messages;
  }

  /** What a shared message stands for: one in the header of a committed type, or in the heap of messages that objects share. */
  private *resolve(message: Message): Work<Message> {
    if (!(message.flags & SHARED)) return message;
    const cursor = new Cursor(message.data, message.offset);
    const version = cursor.u8();
    const kind = cursor.u8();
    // Version 1: six reserved bytes, then a symbol table entry.
    if (version === 1) cursor.skip(6 + this.widths.length);
    if (version > 2 && kind === 1) return yield* this.sharedMessage(message.type, cursor.raw(8));
    const at = number(cursor, this.widths.offset);
    const found = (yield* this.ownMessages(at)).find(({ type, flags }) => type === message.type && !(flags & SHARED));
    if (!found) throw new Malformed(at, `a message of type ${message.type}`, "none");
    return found;
  }

  /**
   * A message by its id in the heap for its type. The superblock extension has the place of the table of heaps:
   * SMTB, then per index version, kind, u16 types, u32, 3 × u16, address of the index, address of the heap.
   */
  private *sharedMessage(type: number, id: Uint8Array): Work<Message> {
    const { offset: O } = this.widths;
    const place =
      this.extension === undefined ? undefined : (yield* this.ownMessages(this.extension)).find((one) => one.type === MessageType.sharedTable);
    if (!place) throw new Malformed(this.extension ?? 0, "a table of shared messages", "none");
    const header = new Cursor(place.data, place.offset);
    header.skip(1);
    const at = number(header, O);
    const count = header.u8();
    const cursor = new Cursor(yield* read(this.reader, at, 4 + count * (14 + 2 * O)), at);
    if (cursor.text(4) !== "SMTB") throw new Malformed(at, "a table of shared messages", "other bytes");
    for (let i = 0; i < count; i++) {
      cursor.skip(2);
      const types = cursor.u16();
      cursor.skip(10 + O);
      const heapAt = number(cursor, O);
      if (!(types & (1 << type))) continue;
      const object = yield* readHeapObject(this.reader, yield* readFractalHeap(this.reader, heapAt, this.widths), id);
      if (object) return { type, flags: 0, offset: object.offset, data: object.bytes };
    }
    throw new Malformed(at, `shared messages of type ${type}`, "none");
  }

  private openHeader1(head: Uint8Array, at: number) {
    const cursor = new Cursor(head, at);
    const version = cursor.u8();
    if (version !== 1) throw new Malformed(at, "an object header", `version ${version}`);
    cursor.skip(7);
    return { version: 1, order: false, pending: [{ offset: at + 16, length: cursor.u32() }] };
  }

  private openHeader2(head: Uint8Array, at: number) {
    const cursor = new Cursor(head, at);
    cursor.skip(5);
    const flags = cursor.u8();
    if (flags & 0x20) cursor.skip(16);
    if (flags & 0x10) cursor.skip(4);
    const length = number(cursor, 1 << (flags & 3));
    return { version: 2, order: (flags & 4) !== 0, pending: [{ offset: cursor.offset, length }] };
  }

  /** The links of a group: old symbol tables, link messages and dense groups alike. */
  *links(messages: readonly Message[]): Work<Link[]> {
    const links: Link[] = [];
    for (const { type, data, offset } of messages) {
      const cursor = new Cursor(data, offset);
      if (type === MessageType.symbolTable)
        links.push(...(yield* readSymbolTable(this.reader, number(cursor, this.widths.offset), number(cursor, this.widths.offset), this.widths)));
      else if (type === MessageType.link) links.push(decodeLink(data, offset, this.widths));
      else if (type === MessageType.linkInfo) {
        cursor.u8();
        if (cursor.u8() & 1) cursor.skip(8);
        const objects = yield* this.dense(address(cursor, this.widths.offset), address(cursor, this.widths.offset), 4);
        for (const { bytes, offset: where } of objects) links.push(decodeLink(bytes, where, this.widths));
      }
    }
    return links;
  }

  /** The attributes of an object, dense ones included. */
  *attributes(messages: readonly Message[]): Work<Attribute[]> {
    const attributes: Attribute[] = [];
    for (const message of messages) {
      if (message.type === MessageType.attribute) attributes.push(yield* this.attribute(message));
      else if (message.type === MessageType.attributeInfo) {
        const cursor = new Cursor(message.data, message.offset);
        cursor.u8();
        if (cursor.u8() & 1) cursor.skip(2);
        const objects = yield* this.dense(address(cursor, this.widths.offset), address(cursor, this.widths.offset), 0);
        for (const { bytes, offset } of objects) attributes.push(yield* this.attribute({ type: 12, flags: 0, data: bytes, offset }));
      }
    }
    return attributes;
  }

  private *attribute(message: Message): Work<Attribute> {
    const { name, datatype, dataspace, data, offset } = decodeAttribute(message);
    const type = yield* this.resolve(datatype);
    const space = yield* this.resolve(dataspace);
    return { name, datatype: decodeDatatype(type.data, type.offset), shape: decodeDataspace(space.data, space.offset, this.widths), data, offset };
  }

  /** Objects of a fractal heap in the order of a name index, whose records hold the heap id behind `skip` bytes. */
  private *dense(heapAt: number | undefined, treeAt: number | undefined, skip: number): Work<{ bytes: Uint8Array; offset: number }[]> {
    if (heapAt === undefined || treeAt === undefined) return [];
    const heap = yield* readFractalHeap(this.reader, heapAt, this.widths);
    const objects: { bytes: Uint8Array; offset: number }[] = [];
    for (const record of yield* readTreeRecords(this.reader, treeAt, this.widths)) {
      // A link record is hash then id (7 bytes); an attribute record is id (8 bytes), flags, order, hash.
      const id = record.subarray(skip, skip + (skip ? 7 : 8));
      if (!skip && (record[8] as number) & SHARED) {
        const { data, offset } = yield* this.sharedMessage(MessageType.attribute, id);
        objects.push({ bytes: data, offset });
        continue;
      }
      const object = yield* readHeapObject(this.reader, heap, id);
      if (!object) throw new Unsupported("an HDF5 heap object of a kind no model has");
      objects.push(object);
    }
    return objects;
  }

  /** What is known of a dataset; undefined for a group. */
  dataset(messages: readonly Message[]): { facts: Dataset; externalHeap: number | undefined } | undefined {
    if (!messages.some(({ type }) => type === MessageType.layout)) return undefined;
    const facts: Dataset = { shape: undefined, datatype: undefined, layout: undefined, filters: [], externalFiles: [] };
    let externalHeap: number | undefined;
    for (const message of messages) {
      const { type, data, offset } = message;
      if (type === MessageType.dataspace) facts.shape = decodeDataspace(data, offset, this.widths);
      else if (type === MessageType.datatype) facts.datatype = decodeDatatype(data, offset);
      else if (type === MessageType.layout) facts.layout = decodeLayout(message, this.widths);
      else if (type === MessageType.filters) facts.filters = decodeFilters(message);
      else if (type === MessageType.externalFiles) externalHeap = offset;
    }
    return { facts, externalHeap };
  }

  /** Where the data of a dataset begins, as far as it stands in the file as it is: `bytes` of it, or its first chunk. */
  *dataStart({ layout, filters }: Dataset, bytes: number): Work<Range | undefined> {
    if (layout?.kind === "compact") return { start: layout.offset, end: layout.offset + layout.size };
    if (layout?.kind === "contiguous") return layout.address === undefined ? undefined : { start: layout.address, end: layout.address + bytes };
    if (layout?.kind !== "chunked" || layout.tree === undefined || filters.length) return undefined;
    const { offset: O } = this.widths;
    // Key: u32 size, u32 filters left out, u64 per side; then the address of what is below.
    const key = 8 + 8 * (layout.sides ?? 0);
    for (let at: number | undefined = layout.tree, depth = 0; at !== undefined && depth < DEEPEST_TREE; depth++) {
      const node = new Cursor(yield* read(this.reader, at, 8 + 2 * O + key + O), at);
      if (node.text(4) !== "TREE") return undefined;
      node.skip(1);
      const level = node.u8();
      node.skip(2 + 2 * O);
      const size = node.u32();
      node.skip(key - 4);
      at = address(node, O);
      if (level === 0) return at === undefined ? undefined : { start: at, end: at + size };
    }
    return undefined;
  }

  /** Names of the outside files that hold a dataset's data. */
  *externalFiles(messages: readonly Message[]): Work<string[]> {
    const files: string[] = [];
    for (const { type, data, offset } of messages) {
      if (type !== MessageType.externalFiles) continue;
      const cursor = new Cursor(data, offset);
      cursor.skip(6);
      const used = cursor.u16();
      const heap = number(cursor, this.widths.offset);
      const header = new Cursor(yield* read(this.reader, heap, 8 + 2 * this.widths.length + this.widths.offset), heap);
      header.skip(8);
      const size = number(header, this.widths.length);
      header.skip(this.widths.length);
      const names = yield* read(this.reader, number(header, this.widths.offset), size);
      for (let i = 0; i < used; i++) {
        files.push(textOf(names.subarray(Math.min(names.length, number(cursor, this.widths.length)))));
        cursor.skip(2 * this.widths.length);
      }
    }
    return files;
  }

  /** An object of the global heap: variable-length text, the sources of a virtual dataset. */
  *globalObject(heap: number, index: number): Work<Uint8Array> {
    const objects = this.heaps.get(heap) ?? (yield* this.globalHeap(heap));
    this.heaps.set(heap, objects);
    const found = objects.get(index);
    if (!found) throw new Malformed(heap, `object ${index} in the global heap`, "none");
    return yield* read(this.reader, found.start, found.size);
  }

  /** Objects of the global heap at `heap` by their index: signature, version, size, then u16 index, u16 count, u32, size and data of each. */
  private *globalHeap(heap: number): Work<Map<number, { start: number; size: number }>> {
    const objects = new Map<number, { start: number; size: number }>();
    const head = new Cursor(yield* read(this.reader, heap, 8 + this.widths.length), heap);
    if (head.text(4) !== "GCOL") throw new Malformed(heap, "a global heap", "other bytes");
    head.skip(4);
    const size = number(head, this.widths.length);
    const step = 8 + this.widths.length;
    for (let at = heap + step; at + step <= heap + size; ) {
      const entry = new Cursor(yield* read(this.reader, at, step), at);
      const id = entry.u16();
      entry.skip(6);
      const length = number(entry, this.widths.length);
      if (id === 0) break;
      objects.set(id, { start: at + step, size: length });
      at += step + Math.ceil(length / 8) * 8;
    }
    return objects;
  }

  /** Every object of every global heap: values of variable length, whatever index and filters lead to them. Reads all of the file. */
  *eachHeapObject(use: (offset: number, reader: Reader) => Work<void>): Work<void> {
    for (let at = 0; at < this.reader.size; at += WINDOW) {
      const bytes = yield* readUpTo(this.reader, at, WINDOW + 3);
      for (let i = bytes.indexOf(0x47); i >= 0; i = bytes.indexOf(0x47, i + 1)) {
        if (bytes[i + 1] !== 0x43 || bytes[i + 2] !== 0x4f || bytes[i + 3] !== 0x4c) continue;
        for (const { start, size } of yield* this.heapIfAny(at + i)) {
          if (size > 0 && start + size <= this.reader.size) yield* use(this.start + start, sliceReader(this.reader, start, start + size));
        }
      }
    }
  }

  /** The objects of what may be a global heap, or four letters in other data. */
  private *heapIfAny(at: number): Work<Iterable<{ start: number; size: number }>> {
    try {
      return (yield* this.globalHeap(at)).values();
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      return [];
    }
  }

  /** The texts of an attribute: one for a scalar, several for an array; undefined when it holds no text. */
  *texts({ datatype, shape, data, offset }: Attribute): Work<string[] | undefined> {
    if (shape === undefined) return undefined;
    const count = shape.reduce((product, side) => product * side, 1);
    if (count > MOST_TEXTS) throw new Malformed(offset, `at most ${MOST_TEXTS} texts`, `${count}`);
    const cursor = new Cursor(data, offset);
    const texts: string[] = [];
    if (datatype.class === 3) {
      for (let i = 0; i < count; i++) texts.push(textOf(cursor.raw(datatype.size)));
      return texts;
    }
    if (!datatype.variableText) return undefined;
    for (let i = 0; i < count; i++) {
      const length = cursor.u32();
      const heap = address(cursor, this.widths.offset);
      const index = cursor.u32();
      if (length > LONGEST_TEXT) throw new Malformed(offset, `at most ${LONGEST_TEXT} bytes of text`, `${length}`);
      texts.push(length === 0 || !heap ? "" : new TextDecoder().decode((yield* this.globalObject(heap, index)).subarray(0, length)));
    }
    return texts;
  }
}

/** Messages of version 1: u16 type, u16 size, u8 flags, 3 reserved, data. */
function cutMessages1(bytes: Uint8Array, base: number): Message[] {
  const cursor = new Cursor(bytes, base);
  const messages: Message[] = [];
  while (cursor.left >= 8) {
    const type = cursor.u16();
    const size = cursor.u16();
    const flags = cursor.u8();
    cursor.skip(3);
    messages.push({ type, flags, offset: cursor.offset, data: cursor.raw(size) });
  }
  return messages;
}

/** Messages of version 2: u8 type, u16 size, u8 flags, [u16 order], data. A short rest is a gap. */
function cutMessages2(bytes: Uint8Array, base: number, ordered: boolean): Message[] {
  const cursor = new Cursor(bytes, base);
  const messages: Message[] = [];
  while (cursor.left >= (ordered ? 6 : 4)) {
    const type = cursor.u8();
    const size = cursor.u16();
    const flags = cursor.u8();
    if (ordered) cursor.skip(2);
    messages.push({ type, flags, offset: cursor.offset, data: cursor.raw(size) });
  }
  return messages;
}
