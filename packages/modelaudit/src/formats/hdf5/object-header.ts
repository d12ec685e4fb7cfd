import { beginsWith } from "../../detectors/bytes/begins-with.js";
import { Malformed } from "../../engine/errors.js";
import { type Work, read, readUpTo } from "../../engine/work.js";
import { Cursor } from "../../io/cursor.js";
import { number } from "./decode.js";
import { readFractalHeap, readHeapObject } from "./fractal-heap.js";
import { type Hdf5File, type Message, MessageType, SHARED } from "./types.js";

/** Messages that are read, and that the library may keep elsewhere. */
const RESOLVED: ReadonlySet<number> = new Set([MessageType.dataspace, MessageType.datatype, MessageType.filters, MessageType.attribute]);
/** Blocks an object header may be continued in; the library makes a handful. */
const MOST_BLOCKS = 4096;

/** How an object header begins: what its messages look like, and where the first block of them is. */
interface Opening {
  version: 1 | 2;
  /** Messages hold the order they were made in. */
  ordered: boolean;
  first: Block;
}

interface Block {
  offset: number;
  length: number;
}

/** All messages of an object header, continuation blocks included. Those kept elsewhere are fetched where they matter here. */
export function* readMessages(file: Hdf5File, at: number): Work<Message[]> {
  const messages = yield* ownMessages(file, at);
  for (const [index, message] of messages.entries()) if (RESOLVED.has(message.type)) messages[index] = yield* resolveMessage(file, message);
  return messages;
}

function* ownMessages({ reader, widths }: Hdf5File, at: number): Work<Message[]> {
  const head = yield* readUpTo(reader, at, 24);
  const opening = beginsWith(head, "OHDR") ? openVersion2(head, at) : openVersion1(head, at);
  const messages: Message[] = [];
  const blocks = [opening.first];
  for (let i = 0; i < blocks.length; i++) {
    if (i > MOST_BLOCKS) throw new Malformed(at, `at most ${MOST_BLOCKS} header blocks`, "more");
    const { offset, length } = blocks[i] as Block;
    for (const message of cutMessages(yield* read(reader, offset, length), offset, opening)) {
      if (message.type !== MessageType.continuation) {
        messages.push(message);
        continue;
      }
      const cursor = new Cursor(message.data, message.offset);
      const next = { offset: number(cursor, widths.offset), length: number(cursor, widths.length) };
      // A later block of version 2 begins with OCHK and ends with a checksum.
      blocks.push(opening.version === 1 ? next : { offset: next.offset + 4, length: next.length - 8 });
    }
  }
  return messages;
}

function openVersion1(head: Uint8Array, at: number): Opening {
  const cursor = new Cursor(head, at);
  const version = cursor.u8();
  if (version !== 1) throw new Malformed(at, "an object header", `version ${version}`);
  cursor.skip(7);
  return { version, ordered: false, first: { offset: at + 16, length: cursor.u32() } };
}

function openVersion2(head: Uint8Array, at: number): Opening {
  const cursor = new Cursor(head, at);
  cursor.skip(5);
  const flags = cursor.u8();
  if (flags & 0x20) cursor.skip(16);
  if (flags & 0x10) cursor.skip(4);
  const length = number(cursor, 1 << (flags & 3));
  return { version: 2, ordered: (flags & 4) !== 0, first: { offset: cursor.offset, length } };
}

/**
 * Version 1: u16 type, u16 size, u8 flags, 3 reserved, data. Version 2: u8 type, u16 size, u8 flags, [u16 order], data.
 * A short rest is a gap.
 */
function cutMessages(bytes: Uint8Array, base: number, { version, ordered }: Opening): Message[] {
  const cursor = new Cursor(bytes, base);
  const messages: Message[] = [];
  const behindFlags = version === 1 ? 3 : ordered ? 2 : 0;
  while (cursor.left >= (version === 1 ? 5 : 4) + behindFlags) {
    const type = version === 1 ? cursor.u16() : cursor.u8();
    const size = cursor.u16();
    const flags = cursor.u8();
    cursor.skip(behindFlags);
    messages.push({ type, flags, offset: cursor.offset, data: cursor.raw(size) });
  }
  return messages;
}

/** What a shared message stands for: one in the header of a committed type, or in the heap of messages that objects share. */
export function* resolveMessage(file: Hdf5File, message: Message): Work<Message> {
  if (!(message.flags & SHARED)) return message;
  const cursor = new Cursor(message.data, message.offset);
  const version = cursor.u8();
  const kind = cursor.u8();
  // Version 1: six reserved bytes, then a symbol table entry.
  if (version === 1) cursor.skip(6 + file.widths.length);
  if (version > 2 && kind === 1) return yield* sharedMessage(file, message.type, cursor.raw(8));
  const at = number(cursor, file.widths.offset);
  const found = (yield* ownMessages(file, at)).find(({ type, flags }) => type === message.type && !(flags & SHARED));
  if (!found) throw new Malformed(at, `a message of type ${message.type}`, "none");
  return found;
}

/**
 * A message by its id in the heap for its type. The superblock extension has the place of the table of heaps:
 * SMTB, then per index version, kind, u16 types, u32, 3 × u16, address of the index, address of the heap.
 */
export function* sharedMessage(file: Hdf5File, type: number, id: Uint8Array): Work<Message> {
  const { extension } = file;
  const { offset: O } = file.widths;
  const place = extension === undefined ? undefined : (yield* ownMessages(file, extension)).find((one) => one.type === MessageType.sharedTable);
  if (!place) throw new Malformed(extension ?? 0, "a table of shared messages", "none");
  const header = new Cursor(place.data, place.offset);
  header.skip(1);
  const at = number(header, O);
  const count = header.u8();
  const cursor = new Cursor(yield* read(file.reader, at, 4 + count * (14 + 2 * O)), at);
  if (cursor.text(4) !== "SMTB") throw new Malformed(at, "a table of shared messages", "other bytes");
  for (let i = 0; i < count; i++) {
    cursor.skip(2);
    const types = cursor.u16();
    cursor.skip(10 + O);
    const heapAt = number(cursor, O);
    if (!(types & (1 << type))) continue;
    const object = yield* readHeapObject(file, yield* readFractalHeap(file, heapAt), id);
    if (object) return { type, flags: 0, ...object };
  }
  throw new Malformed(at, `shared messages of type ${type}`, "none");
}
