import { Unsupported } from "../../engine/errors.js";
import type { Work } from "../../engine/work.js";
import { Cursor } from "../../io/cursor.js";
import { address, decodeAttribute, decodeDataspace, decodeDatatype, decodeLink, number } from "./decode.js";
import { readFractalHeap, readHeapObject } from "./fractal-heap.js";
import { resolveMessage, sharedMessage } from "./object-header.js";
import { readSymbolTable, readTreeRecords } from "./trees.js";
import { type Attribute, type Hdf5File, type Link, type Message, MessageType, SHARED } from "./types.js";

/** The links of a group: old symbol tables, link messages and dense groups alike. */
export function* readLinks(file: Hdf5File, messages: readonly Message[]): Work<Link[]> {
  const links: Link[] = [];
  for (const message of messages) {
    if (message.type === MessageType.link) links.push(decodeLink(message, file.widths));
    else if (message.type === MessageType.linkInfo) {
      for (const dense of yield* denseMessages(file, message, MessageType.link)) links.push(decodeLink(dense, file.widths));
    } else if (message.type === MessageType.symbolTable) {
      const cursor = new Cursor(message.data, message.offset);
      links.push(...(yield* readSymbolTable(file, number(cursor, file.widths.offset), number(cursor, file.widths.offset))));
    }
  }
  return links;
}

/** The attributes of an object, dense ones included. */
export function* readAttributes(file: Hdf5File, messages: readonly Message[]): Work<Attribute[]> {
  const attributes: Attribute[] = [];
  for (const message of messages) {
    if (message.type === MessageType.attribute) attributes.push(yield* readAttribute(file, message));
    else if (message.type === MessageType.attributeInfo) {
      for (const dense of yield* denseMessages(file, message, MessageType.attribute)) attributes.push(yield* readAttribute(file, dense));
    }
  }
  return attributes;
}

function* readAttribute(file: Hdf5File, message: Message): Work<Attribute> {
  const { datatype, dataspace, ...attribute } = decodeAttribute(message);
  const type = yield* resolveMessage(file, datatype);
  const space = yield* resolveMessage(file, dataspace);
  return { ...attribute, datatype: decodeDatatype(type), shape: decodeDataspace(space, file.widths) };
}

/**
 * The links or attributes that are kept in a fractal heap, in the order of the name index, as messages of their own.
 * `info`: version, flags, [the largest creation order], address of the heap, address of the index.
 */
function* denseMessages(file: Hdf5File, info: Message, type: number): Work<Message[]> {
  const isLink = type === MessageType.link;
  const cursor = new Cursor(info.data, info.offset);
  cursor.u8();
  if (cursor.u8() & 1) cursor.skip(isLink ? 8 : 2);
  const heapAt = address(cursor, file.widths.offset);
  const treeAt = address(cursor, file.widths.offset);
  if (heapAt === undefined || treeAt === undefined) return [];
  const heap = yield* readFractalHeap(file, heapAt);
  const messages: Message[] = [];
  for (const record of yield* readTreeRecords(file, treeAt)) {
    // A link record is hash (4 bytes) then id (7 bytes); an attribute record is id (8 bytes), flags, order, hash.
    const id = isLink ? record.subarray(4, 11) : record.subarray(0, 8);
    if (!isLink && (record[8] as number) & SHARED) {
      messages.push(yield* sharedMessage(file, type, id));
      continue;
    }
    const object = yield* readHeapObject(file, heap, id);
    if (!object) throw new Unsupported("an HDF5 heap object of a kind no model has");
    messages.push({ type, flags: 0, ...object });
  }
  return messages;
}
