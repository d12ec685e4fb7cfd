import type { ScanContext } from "../../engine/context.js";
import { LimitExceeded, Malformed } from "../../engine/errors.js";
import { type Work, read } from "../../engine/work.js";
import { crc32 } from "../../io/crc32.js";
import { Cursor } from "../../io/cursor.js";
import { type Reader, concatBytes, sliceReader } from "../../io/reader.js";
import type { Range } from "../../io/waiting.js";
import { openBlock } from "./coders.js";
import { type Block, type Entry, type Streams, noStreams, plainSize, readHeader, readStreams } from "./structure.js";

/** Magic, version, checksum, then offset, size and checksum of the header at the end. */
export const START_HEADER = 32;
const ENCODED = 0x17;
const PLAIN = 1;
/** Headers inside of packed headers; 7-Zip packs once. */
const MOST_PACKED = 4;
/** A header this large lists a million files. */
const LARGEST_HEADER = 64 * 2 ** 20;

/** A 7z archive: what its header lists, and which bytes of the file it explains. */
export interface SevenZipArchive {
  reader: Reader;
  entries: Entry[];
  streams: Streams;
  explained: Range[];
  /** The header, or a packed stream, lies beyond the end of the file. */
  cutShort: boolean;
  /** Which checksum is wrong. */
  badChecksum?: string;
}

/** Reads the header. Throws `Unsupported` when it is encrypted or packed with an unknown coder, `Malformed` when it makes no sense. */
export function* readSevenZip(reader: Reader, context: ScanContext): Work<SevenZipArchive> {
  const start = new Cursor(yield* read(reader, 0, Math.min(START_HEADER, reader.size)));
  start.skip(8);
  const startCrc = start.u32();
  const offset = START_HEADER + start.count();
  const size = start.count();
  const headerCrc = start.u32();
  const explained = [{ start: 0, end: START_HEADER }];
  const archive: SevenZipArchive = { reader, entries: [], streams: noStreams(), explained, cutShort: false };
  if (crc32(start.bytes.subarray(12, START_HEADER)) !== startCrc) archive.badChecksum = "the start header";
  if (offset + size > reader.size) {
    archive.cutShort = true;
    archive.explained = [{ start: 0, end: reader.size }];
    return archive;
  }
  if (size === 0) return archive;
  if (size > LARGEST_HEADER) throw new LimitExceeded("7z-header", size);
  context.budget.hold(size);
  let header = yield* read(reader, offset, size);
  if (crc32(header) !== headerCrc) archive.badChecksum = "the header";
  archive.explained.push({ start: offset, end: offset + size });
  for (let packed = 0; header[0] === ENCODED; packed++) {
    if (packed >= MOST_PACKED) throw new Malformed(offset, "a header", "one packed again and again");
    const streams = readStreams(new Cursor(header.subarray(1), offset + 1));
    explain(archive, streams);
    header = yield* unpackHeader(reader, streams, context);
  }
  if (header[0] !== PLAIN) throw new Malformed(offset, "a header", `part ${header[0]}`);
  Object.assign(archive, readHeader(new Cursor(header.subarray(1), offset + 1)));
  explain(archive, archive.streams);
  return archive;
}

function explain(archive: SevenZipArchive, streams: Streams): void {
  let at = START_HEADER + streams.packPosition;
  for (const size of streams.packSizes) {
    archive.explained.push({ start: at, end: at + size });
    at += size;
  }
  if (at > archive.reader.size) archive.cutShort = true;
}

function* unpackHeader(reader: Reader, streams: Streams, context: ScanContext): Work<Uint8Array> {
  const block = streams.blocks[0];
  if (!block) throw new Malformed(START_HEADER, "a packed header", "nothing packed");
  const size = plainSize(block);
  if (size > LARGEST_HEADER) throw new LimitExceeded("7z-header", size);
  const blocks = yield* openBlock(block, packedReader(reader, streams, 0), context);
  const pieces: Uint8Array[] = [];
  let made = 0;
  try {
    for (let piece = yield* blocks.next(); piece && made < size; piece = yield* blocks.next()) {
      context.budget.spend("expandedBytes", piece.length);
      made += piece.length;
      pieces.push(piece);
    }
  } finally {
    blocks.close();
  }
  if (made < size) throw new Malformed(START_HEADER, `${size} bytes of header`, String(made));
  return concatBytes(pieces).subarray(0, size);
}

/** The packed bytes of block `index`: as far as the file has them. Blocks of a chain have one packed stream each. */
export function packedReader(reader: Reader, streams: Streams, index: number): Reader {
  const first = streams.blocks.slice(0, index).reduce((sum: number, block: Block) => sum + block.packedInputs.length, 0);
  const at = START_HEADER + streams.packPosition + streams.packSizes.slice(0, first).reduce((sum, size) => sum + size, 0);
  const size = streams.packSizes[first] ?? 0;
  return sliceReader(reader, Math.min(at, reader.size), Math.min(at + size, reader.size));
}
