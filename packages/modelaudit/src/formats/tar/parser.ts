import type { ScanContext } from "../../engine/context.js";
import { Malformed } from "../../engine/errors.js";
import { type Work, read } from "../../engine/work.js";
import { Noted } from "../../io/noted.js";
import { type Reader, sliceReader } from "../../io/reader.js";
import { type Extended, isZero, joinHeaders, readExtended } from "./extended.js";
import { BLOCK, tarHeader } from "./header.js";
import { firstNonzero } from "../../detectors/trailing/first-nonzero.js";
import { PAYLOAD_START_BYTES, mayBePayload } from "../../detectors/payload-start/payload-start.js";
import type { Range } from "../../io/waiting.js";
import { type SparseMap, sparseReader } from "./sparse.js";

/** One member with all that its extended headers say. Offsets are in the reader. */
export interface TarEntry {
  /** The name an unpacker uses, as stored. */
  name: string;
  linkName: string;
  /** Type character of the header; see header.ts. */
  type: string;
  mode: number;
  /** Stored bytes. */
  stored: number;
  /** Plain bytes: more than stored for a sparse file. */
  size: number;
  headerOffset: number;
  dataOffset: number;
  sparse?: SparseMap;
  /** Where an extended header contradicts the plain one: `size 10 and 0`. */
  conflict?: string;
  /** Behind the end mark of the archive, where only some readers go on. */
  afterEnd?: boolean;
}

export interface TarArchive {
  reader: Reader;
  entries: TarEntry[];
  /** Non-zero ranges that are no member. */
  strays: { offset: number; length: number }[];
  /** Bytes that readers skip: the rest of a member's last block, values of pax records. */
  asides: Range[];
  /** Blocks where a header should be but its checksum is wrong. */
  badHeaders: number[];
  /** Sizes that no file can have: negative, or far beyond any disk. */
  badSizes: { name: string; offset: number; size: number }[];
  /** The file ends inside of a member or without an end mark. */
  cutShort: boolean;
}

/** Names and pax headers are read up to this; longer ones do not exist on any system. */
const LONGEST_EXTENDED = 2 ** 20;
/** Members behind one another that are small are read in one go, as much as this. */
const RUN = 64 * 1024;
/** Blocks searched for the next header behind a damaged one. */
const RESYNC_LIMIT = 64 * 2 ** 20;

const KNOWN = new Noted<TarArchive>();

/** Names of all members; what a special format's `probe` asks. Reads every header (not the data). */
export function* tarNames(reader: Reader, context: ScanContext): Work<readonly string[]> {
  const archive = yield* readTar(reader, context);
  return archive.entries.map((entry) => entry.name);
}

/** Reads all headers of the TAR in `reader`. Remembered for as long as the reader lives. */
export function* readTar(reader: Reader, context: ScanContext): Work<TarArchive> {
  const known = KNOWN.get(reader);
  if (known) return known;
  const archive: TarArchive = { reader, entries: [], strays: [], asides: [], badHeaders: [], badSizes: [], cutShort: false };
  yield* walk(archive, context);
  KNOWN.set(reader, archive);
  return archive;
}

/** The plain bytes of a member: a slice, or one with zeros in between when it is sparse. */
export function openTarMember(archive: TarArchive, entry: TarEntry): Reader {
  const end = entry.dataOffset + entry.stored;
  if (!entry.sparse) return sliceReader(archive.reader, Math.min(entry.dataOffset, archive.reader.size), Math.min(end, archive.reader.size));
  const reader = sparseReader(archive.reader, entry.sparse, end);
  if (!reader) throw new Malformed(entry.headerOffset, "a map of a sparse file", "one that contradicts itself");
  return reader;
}

/** The stored bytes that a sparse map does not use, and the rest of the last block where that begins like a payload. */
function* noteRest(archive: TarArchive, entry: TarEntry, end: number, next: number, blocks: (at: number) => Work<Uint8Array>): Work<void> {
  const used = entry.sparse ? entry.sparse.dataOffset + entry.sparse.extents.reduce((sum, extent) => sum + extent.length, 0) : end;
  if (used < end) {
    const first = yield* firstNonzero(archive.reader, used, end);
    if (first !== undefined) archive.strays.push({ offset: first, length: end - first });
  } else if (next - end >= PAYLOAD_START_BYTES && next % BLOCK === 0) {
    const rest = (yield* blocks(next - BLOCK)).subarray(BLOCK - (next - end));
    if (mayBePayload(rest)) archive.asides.push({ start: end, end: next });
  }
}

function* walk(archive: TarArchive, context: ScanContext): Work<void> {
  const { reader } = archive;
  const blocks = blockReader(reader);
  const global = new Map<string, string>();
  let extended: Extended = { local: new Map(), global };
  let at = 0;
  let afterEnd = false;
  let ended = false;
  while (at + BLOCK <= reader.size) {
    if (archive.entries.length % 4096 === 0) context.budget.checkTime();
    const block = yield* blocks(at);
    if (isZero(block)) {
      ended = true;
      const next = yield* firstNonzero(reader, at + BLOCK, reader.size);
      if (next === undefined) return;
      at = next - (next % BLOCK);
      afterEnd = true;
      const header = at + BLOCK <= reader.size ? tarHeader(yield* blocks(at)) : undefined;
      if (!header) {
        archive.strays.push({ offset: at, length: reader.size - at });
        return;
      }
      continue;
    }
    const header = tarHeader(block);
    if (!header) {
      if (at === 0) throw new Malformed(0, "a TAR header", "a block whose checksum does not fit");
      archive.badHeaders.push(at);
      const next = yield* resync(reader, at + BLOCK);
      archive.strays.push({ offset: at, length: (next ?? reader.size) - at });
      if (next === undefined) return;
      at = next;
      continue;
    }
    if (!(header.size >= 0) || !Number.isSafeInteger(header.size)) {
      archive.badSizes.push({ name: header.name, offset: at, size: header.size });
      header.size = 0;
    }
    const dataOffset = at + BLOCK;
    if ("LKxgXN".includes(header.type)) {
      const end = dataOffset + header.size;
      if (end > reader.size || header.size > LONGEST_EXTENDED) {
        archive.cutShort = end > reader.size;
        archive.badHeaders.push(at);
        archive.strays.push({ offset: dataOffset, length: reader.size - dataOffset });
        return;
      }
      const data = yield* read(reader, dataOffset, header.size);
      for (const { start, end } of readExtended(header, data, extended)) archive.asides.push({ start: dataOffset + start, end: dataOffset + end });
      at = dataOffset + padded(header.size);
      continue;
    }
    const entry = yield* joinHeaders(archive, header, at, extended);
    if (afterEnd) entry.afterEnd = true;
    extended = { local: new Map(), global };
    archive.entries.push(entry);
    const end = entry.headerOffset + BLOCK + entry.stored;
    at = entry.headerOffset + BLOCK + padded(entry.stored);
    if (end > reader.size) archive.cutShort = true;
    else yield* noteRest(archive, entry, end, Math.min(at, reader.size), blocks);
  }
  if (at < reader.size) archive.strays.push({ offset: at, length: reader.size - at });
  // Readers accept a missing end mark; only a cut inside a member loses something.
  if (!ended && archive.entries.length === 0) archive.cutShort = true;
}

function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}

/** Offset of the next block that is a header, as readers find it that go on behind damage. */
function* resync(reader: Reader, from: number): Work<number | undefined> {
  const end = Math.min(reader.size, from + RESYNC_LIMIT);
  for (let at = from; at + BLOCK <= end; at += RUN) {
    const bytes = yield* read(reader, at, Math.min(RUN, end - at));
    for (let block = 0; block + BLOCK <= bytes.length; block += BLOCK) if (tarHeader(bytes.subarray(block, block + BLOCK))) return at + block;
  }
  return undefined;
}

/** Reads blocks in file order: after a small step a run of them at once, after a large one only the block. */
function blockReader(reader: Reader): (at: number) => Work<Uint8Array> {
  let held: Uint8Array = new Uint8Array(0);
  let base = Number.NEGATIVE_INFINITY;
  return function* (at) {
    if (at < base || at + BLOCK > base + held.length) {
      const near = at >= base && at - (base + held.length) < RUN / 4;
      held = yield* read(reader, at, Math.min(near ? RUN : 4 * BLOCK, reader.size - at));
      base = at;
    }
    return held.subarray(at - base, at - base + BLOCK);
  };
}
