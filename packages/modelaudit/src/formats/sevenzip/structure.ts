import { Malformed } from "../../engine/errors.js";
import { Cursor } from "../../io/cursor.js";
import { textOfUnits } from "../../io/text-of-units.js";
import { MOST_ITEMS, bits, count, digests, number, optionalBits } from "./numbers.js";

/** One step of unpacking. */
export interface Coder {
  /** Identifier as hexadecimal: `21` is LZMA2, `030101` LZMA. */
  id: string;
  properties: Uint8Array;
  inputs: number;
  outputs: number;
}

/** Bytes packed together: one or more members, run through the same coders. (7z calls it a folder.) */
export interface Block {
  coders: Coder[];
  /** [input, output]: the input takes what the output gives. */
  binds: [number, number][];
  /** Inputs that take packed streams, in order. */
  packedInputs: number[];
  /** Plain size of each output. */
  sizes: number[];
  /** Sizes and checksums of the members in it, in order. */
  members: { size: number; crc: number | undefined }[];
}

/** Where packed streams lie and how they are unpacked. */
export interface Streams {
  /** Offset of the first packed stream behind the start header. */
  packPosition: number;
  packSizes: number[];
  blocks: Block[];
}

/** A file, folder or link as the header lists it. */
export interface Entry {
  name: string;
  hasStream: boolean;
  isFolder: boolean;
  /** Windows attributes; the upper half is a Unix mode when bit 15 is set. */
  attributes: number;
}

const ID = {
  end: 0,
  header: 1,
  archiveProperties: 2,
  additionalStreams: 3,
  mainStreams: 4,
  files: 5,
  packInfo: 6,
  unpackInfo: 7,
  subStreams: 8,
  size: 9,
  crc: 10,
  folder: 11,
  unpackSize: 12,
  unpackStreams: 13,
  emptyStream: 14,
  emptyFile: 15,
  names: 17,
  attributes: 21,
} as const;

/** 7-Zip itself stops at 32 coders and streams per block. */
const MOST_CODERS = 32;
export function noStreams(): Streams {
  return { packPosition: 0, packSizes: [], blocks: [] };
}

/** Reads a header (past its first byte): its streams and its entries. */
export function readHeader(cursor: Cursor): { streams: Streams; entries: Entry[] } {
  let streams = noStreams();
  let entries: Entry[] = [];
  for (let id = cursor.u8(); id !== ID.end; id = cursor.u8()) {
    if (id === ID.archiveProperties) skipProperties(cursor);
    else if (id === ID.additionalStreams) readStreams(cursor);
    else if (id === ID.mainStreams) streams = readStreams(cursor);
    else if (id === ID.files) entries = readFiles(cursor);
    else throw new Malformed(cursor.offset - 1, "a part of a 7z header", `part ${id}`);
  }
  return { streams, entries };
}

function skipProperties(cursor: Cursor): void {
  while (cursor.u8() !== ID.end) cursor.skip(number(cursor));
}

/** Reads a streams part: of a header, or of an encoded header, which is nothing else. */
export function readStreams(cursor: Cursor): Streams {
  const streams = noStreams();
  let crcs: (number | undefined)[] = [];
  let split = false;
  for (let id = cursor.u8(); id !== ID.end; id = cursor.u8()) {
    if (id === ID.packInfo) readPackInfo(cursor, streams);
    else if (id === ID.unpackInfo) crcs = readUnpackInfo(cursor, streams);
    else if (id === ID.subStreams) {
      readSubStreams(cursor, streams.blocks, crcs);
      split = true;
    } else throw new Malformed(cursor.offset - 1, "a part of the streams", `part ${id}`);
  }
  if (!split) for (const [i, block] of streams.blocks.entries()) block.members = [{ size: plainSize(block), crc: crcs[i] }];
  return streams;
}

function readPackInfo(cursor: Cursor, streams: Streams): void {
  streams.packPosition = number(cursor);
  const size = count(cursor, 0);
  for (let id = cursor.u8(); id !== ID.end; id = cursor.u8()) {
    if (id === ID.size) for (let i = 0; i < size; i++) streams.packSizes.push(number(cursor));
    else if (id === ID.crc) digests(cursor, size);
    else throw new Malformed(cursor.offset - 1, "sizes or checksums", `part ${id}`);
  }
}

function readUnpackInfo(cursor: Cursor, streams: Streams): (number | undefined)[] {
  let crcs: (number | undefined)[] = [];
  expect(cursor, ID.folder);
  const size = count(cursor, 2);
  if (cursor.u8() !== 0) throw new Malformed(cursor.offset - 1, "blocks in the header", "blocks elsewhere");
  for (let i = 0; i < size; i++) streams.blocks.push(readBlock(cursor));
  expect(cursor, ID.unpackSize);
  for (const block of streams.blocks) {
    const outputs = block.coders.reduce((sum, coder) => sum + coder.outputs, 0);
    for (let i = 0; i < outputs; i++) block.sizes.push(number(cursor));
  }
  for (let id = cursor.u8(); id !== ID.end; id = cursor.u8()) {
    if (id !== ID.crc) throw new Malformed(cursor.offset - 1, "checksums", `part ${id}`);
    crcs = digests(cursor, size);
  }
  return crcs;
}

function expect(cursor: Cursor, id: number): void {
  const found = cursor.u8();
  if (found !== id) throw new Malformed(cursor.offset - 1, `part ${id}`, `part ${found}`);
}

function readBlock(cursor: Cursor): Block {
  const at = cursor.offset;
  const coders: Coder[] = [];
  const size = number(cursor);
  if (size < 1 || size > MOST_CODERS) throw new Malformed(at, "1 to 32 coders", String(size));
  for (let i = 0; i < size; i++) {
    const flags = cursor.u8();
    const id = [...cursor.raw(flags & 15)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const inputs = flags & 0x10 ? number(cursor) : 1;
    const outputs = flags & 0x10 ? number(cursor) : 1;
    if (flags & 0x80 || inputs > MOST_CODERS || outputs > MOST_CODERS) throw new Malformed(at, "a coder", "an impossible one");
    const properties = flags & 0x20 ? cursor.raw(number(cursor)) : new Uint8Array(0);
    coders.push({ id, properties, inputs, outputs });
  }
  const inputs = coders.reduce((sum, coder) => sum + coder.inputs, 0);
  const outputs = coders.reduce((sum, coder) => sum + coder.outputs, 0);
  const binds: [number, number][] = [];
  for (let i = 0; i < outputs - 1; i++) binds.push([number(cursor), number(cursor)]);
  const packed = inputs - binds.length;
  if (packed < 1) throw new Malformed(at, "a packed stream", "none");
  const free = Array.from({ length: inputs }, (_, i) => i).filter((input) => !binds.some(([bound]) => bound === input));
  const packedInputs = packed === 1 ? free.slice(0, 1) : Array.from({ length: packed }, () => number(cursor));
  return { coders, binds, packedInputs, sizes: [], members: [] };
}

/** Size of what comes out of the last coder: the output that no input takes. */
export function plainSize(block: Block): number {
  const last = block.sizes.findIndex((_, output) => !block.binds.some(([, bound]) => bound === output));
  return block.sizes[last] ?? 0;
}

function readSubStreams(cursor: Cursor, blocks: Block[], crcs: (number | undefined)[]): void {
  const counts = blocks.map(() => 1);
  let id = cursor.u8();
  if (id === ID.unpackStreams) {
    let all = 0;
    for (let i = 0; i < counts.length; i++) all += counts[i] = number(cursor);
    if (all > MOST_ITEMS) throw new Malformed(cursor.offset, "a count of members", String(all));
    id = cursor.u8();
  }
  for (const [i, block] of blocks.entries()) {
    let left = plainSize(block);
    for (let j = 1; j < counts[i]!; j++) {
      // Without sizes there is one member per block, so these come only behind the mark for sizes.
      const size = id === ID.size ? number(cursor) : 0;
      left -= size;
      if (left < 0) throw new Malformed(cursor.offset, "members that fit their block", "larger ones");
      block.members.push({ size, crc: undefined });
    }
    if (counts[i]! > 0) block.members.push({ size: left, crc: undefined });
  }
  if (id === ID.size) id = cursor.u8();
  const open = blocks.flatMap((block, i) => {
    if (block.members.length !== 1 || crcs[i] === undefined) return block.members;
    block.members[0]!.crc = crcs[i];
    return [];
  });
  for (; id !== ID.end; id = cursor.u8()) {
    if (id !== ID.crc) throw new Malformed(cursor.offset - 1, "checksums", `part ${id}`);
    const found = digests(cursor, open.length);
    for (const [i, member] of open.entries()) member.crc = found[i];
  }
}

function readFiles(cursor: Cursor): Entry[] {
  const size = count(cursor, 0);
  const entries: Entry[] = Array.from({ length: size }, () => ({ name: "", hasStream: true, isFolder: false, attributes: 0 }));
  let empty: Entry[] = [];
  for (let id = cursor.u8(); id !== ID.end; id = cursor.u8()) {
    const length = number(cursor);
    const part = new Cursor(cursor.raw(length), cursor.offset - length);
    if (id === ID.emptyStream) {
      const flags = bits(part, size);
      empty = entries.filter((_, i) => flags[i]);
      for (const entry of empty) {
        entry.hasStream = false;
        entry.isFolder = true;
      }
    } else if (id === ID.emptyFile) {
      const flags = bits(part, empty.length);
      for (const [i, entry] of empty.entries()) entry.isFolder = !flags[i];
    } else if (id === ID.names) readNames(part, entries);
    else if (id === ID.attributes) {
      const defined = optionalBits(part, size);
      if (part.u8() !== 0) continue;
      for (const [i, entry] of entries.entries()) if (defined[i]) entry.attributes = part.u32();
    }
  }
  return entries;
}

function readNames(cursor: Cursor, entries: Entry[]): void {
  if (cursor.u8() !== 0) throw new Malformed(cursor.offset - 1, "names in the header", "names elsewhere");
  for (const entry of entries) {
    const units: number[] = [];
    for (let unit = cursor.u16(); unit !== 0; unit = cursor.u16()) units.push(unit);
    entry.name = textOfUnits(units);
  }
}
