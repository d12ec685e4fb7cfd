/** What a reader of HDF5 metadata gives. https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html */
import type { Reader } from "../../io/reader.js";
import type { Range } from "../../io/waiting.js";

/** An open file: where its parts begin, and how they are written. Addresses count from `start`, and `reader` begins there. */
export interface Hdf5File {
  reader: Reader;
  start: number;
  superblockVersion: number;
  /** Where the file says it ends, absolute. */
  end: number;
  /** Object header of the root group. */
  root: number;
  /** Object header of facts about the whole file. */
  extension: number | undefined;
  widths: Widths;
  /** Global heaps met so far. */
  heaps: Map<number, GlobalHeap>;
}

/** Width of addresses and lengths in this file, from its superblock. */
export interface Widths {
  offset: number;
  length: number;
}

/** Places of the objects in one global heap, by their index. */
export type GlobalHeap = ReadonlyMap<number, Range>;

/** A message of an object header: one fact about the object. */
export interface Message {
  type: number;
  flags: number;
  /** Absolute offset of `data`. */
  offset: number;
  data: Uint8Array;
}

export type Link =
  | { kind: "hard"; name: string; address: number }
  | { kind: "soft"; name: string }
  | { kind: "external"; name: string; file: string }
  | { kind: "user"; name: string; type: number };

/** Type of the elements of a dataset or attribute, as far as sizes and texts need it. */
export interface Datatype {
  /** 0 integer, 1 float, 2 time, 3 text, 4 bits, 5 opaque, 6 compound, 7 reference, 8 enumeration, 9 variable length, 10 array. */
  class: number;
  /** For people: `float32`, `string`. */
  name: string;
  /** Bytes per element; for variable length, of its heap reference. */
  size: number;
  /** What fills up a text of fixed length: 0 a NUL and anything, 1 NULs, 2 spaces. */
  padding: number;
  /** Variable length and text. */
  variableText: boolean;
}

export interface Attribute {
  name: string;
  datatype: Datatype;
  /** Sides; empty for a scalar, undefined for a null dataspace. */
  shape: number[] | undefined;
  /** Raw element bytes. */
  data: Uint8Array;
  offset: number;
}

export type Layout =
  /** `offset` is where the data stands in the message. */
  | { kind: "compact"; size: number; offset: number }
  | { kind: "contiguous"; address: number | undefined; size: number }
  /** `tree` and `sides` (of the chunks, and the element's size) as the older index has them. */
  | { kind: "chunked"; tree?: number; sides?: number }
  | { kind: "virtual"; heap: number; index: number }
  | { kind: "unknown" };

export interface Dataset {
  shape: number[] | undefined;
  datatype: Datatype | undefined;
  layout: Layout | undefined;
  filters: number[];
  /** Files that hold the raw data instead of this one. */
  externalFiles: string[];
}

/** Flag of a message whose data says where the message itself stands. */
export const SHARED = 2;

/** Message types of object headers. */
export const MessageType = {
  dataspace: 1,
  linkInfo: 2,
  datatype: 3,
  link: 6,
  externalFiles: 7,
  layout: 8,
  filters: 11,
  attribute: 12,
  sharedTable: 15,
  continuation: 16,
  symbolTable: 17,
  attributeInfo: 21,
} as const;
