import type { ScanContext } from "../../engine/context.js";
import type { Work } from "../../engine/work.js";
import { Noted } from "../../io/noted.js";
import type { Reader } from "../../io/reader.js";
import { windowReader } from "../../io/window-reader.js";
import { type ZipDirectory, listing, readDirectory } from "./directory.js";
import { type HiddenFinds, findHidden } from "./hidden.js";
import { type DirectoryEntry, FLAG, LOCAL_HEADER, type LocalHeader, descriptorLength, nameOf } from "./records.js";
import { aheadReader } from "./ahead-reader.js";

export { zipNames } from "./directory.js";

/** One member, as the directory and its local header describe it together. */
export interface ZipEntry {
  /** Name as stored, decoded; `/` and `\` as they are. */
  name: string;
  /** A name some loaders prefer: the local header's where it differs, or a Unicode Path field. */
  otherNames?: string[];
  /** False for a member that has a local header but is in no directory. */
  listed: boolean;
  flags: number;
  method: number;
  crc: number;
  /** Stored bytes, and plain bytes as declared. */
  packed: number;
  size: number;
  headerOffset: number;
  /** Where the stored bytes begin; undefined when no local header is where the directory says. */
  dataOffset: number | undefined;
  /** Unix mode with its file type, 0 when the archive was not made on Unix. */
  mode: number;
  /** In what the local header differs; sizes and CRC left for the data descriptor do not count. */
  differences?: Difference[];
  /** What a reader of local headers alone takes for the member, where that is other bytes. */
  asLocal?: { method: number; packed: number; size: number; crc: number; flags: number };
}

interface Difference {
  field: "name" | "flags" | "method" | "crc" | "size" | "packed size";
  directory: string;
  local: string;
}

/** Bytes that no record of the archive explains. */
export interface Stray {
  place: "prefix" | "gap" | "tail" | "comment" | "extra field";
  offset: number;
  length: number;
}

/** A whole archive: both views of it, and what neither explains. Offsets are in the reader. */
export interface ZipArchive {
  reader: Reader;
  /** The same through a small cache, for members of up to a block: thousands of neighbours are then a few reads. */
  near: Reader;
  /** In file order. Listed members and hidden ones, duplicates included. */
  entries: ZipEntry[];
  /** Undefined when no end record was found: the entries are what a walk over local headers gives. */
  directory: ZipDirectory | undefined;
  /** Non-zero bytes that nothing explains. */
  strays: Stray[];
  /** Entries whose stored bytes overlap those of another one, except when they share all of them. */
  overlaps: ZipEntry[];
  /** Further end records outside of all members. */
  extraEnds: number;
  /** The end record counts further files, in which the members lie. */
  split: boolean;
  problems: string[];
}

/** Members up to this size are read by aligned blocks of it; a page, so that a lone one costs no more than its own read. */
export const NEAR_BLOCK = 4096;
/** Blocks kept: one for what is read now and its neighbours. */
const NEAR_BLOCKS = 8;

const KNOWN = new Noted<ZipArchive>();

/**
 * Reads the directory and the local headers of the ZIP in `reader`, and finds what lies between them.
 * Costs one small read per run of neighbouring members; is remembered for as long as the reader lives.
 */
export function* readZip(reader: Reader, context: ScanContext): Work<ZipArchive> {
  const known = KNOWN.get(reader);
  if (known) return known;
  const directory = yield* readDirectory(reader, context);
  const archive: ZipArchive = {
    reader,
    near: reader.size <= NEAR_BLOCKS * NEAR_BLOCK ? reader : windowReader(reader, NEAR_BLOCK, NEAR_BLOCKS),
    entries: [],
    directory,
    strays: [],
    overlaps: [],
    extraEnds: 0,
    split: false,
    problems: [...(directory?.problems ?? [])],
  };
  const finds = directory
    ? yield* walkListed(archive, directory, context)
    : yield* findHidden(reader, { place: "prefix", offset: 0, length: reader.size }, context);
  archive.strays.push(...finds.strays);
  archive.entries.push(...finds.entries);
  archive.extraEnds = finds.ends;
  if (finds.entries.length) archive.entries.sort((a, b) => a.headerOffset - b.headerOffset);
  // A number alone hides nothing: only where members are missing it says why.
  archive.split = directory !== undefined && directory.disk > 0 && archive.entries.some((entry) => entry.dataOffset === undefined);
  // The members hold all that the directory's records did; of 100,000 one copy is enough.
  if (directory) directory.packed = { bytes: new Uint8Array(0), starts: [] };
  KNOWN.set(reader, archive);
  return archive;
}

/** Local headers of all listed members in file order, and the ranges between them. */
function* walkListed(archive: ZipArchive, directory: ZipDirectory, context: ScanContext): Work<HiddenFinds> {
  const { reader } = archive;
  const listed = listing(directory);
  const ahead = aheadReader(reader, listed, directory.start);
  const gaps: Stray[] = [];
  let explained = 0;
  let owner: ZipEntry | undefined;
  for (let index = 0; index < listed.count; index++) {
    const entry = listed.entry(index);
    const at = entry.headerOffset;
    const inside = at >= 0 && at + LOCAL_HEADER <= reader.size;
    const header = inside ? (ahead.headerAtHand(index, explained) ?? (yield* ahead.header(index, explained))) : undefined;
    const member = join(entry, header);
    archive.entries.push(member);
    if (index % 4096 === 0) context.budget.checkTime();
    if (entry.asides) for (const aside of entry.asides) archive.strays.push({ ...aside, offset: directory.start + aside.offset });
    if (header?.asides) for (const aside of header.asides) archive.strays.push({ ...aside, offset: at + aside.offset });
    if (member.dataOffset === undefined || !header) continue;
    const end = member.dataOffset + member.packed;
    if (at > explained) explained = addGap(gaps, explained, at, owner, ahead);
    if (owner && at < explained && !(owner.headerOffset === at && owner.packed === member.packed)) archive.overlaps.push(member);
    if (end > reader.size) archive.problems.push(`member ${member.name} runs over the end of the file`);
    else if (end > explained) {
      explained = end;
      owner = member;
    }
  }
  const { start, end, zip64, endRecord, endsAt, comment } = directory;
  if (owner && explained > start) archive.overlaps.push(owner);
  if (start > explained) {
    yield* ahead.load(explained, Math.min(24, start - explained));
    addGap(gaps, explained, start, owner, ahead);
  }
  const recordsStart = zip64?.start ?? endRecord;
  if (recordsStart > end) gaps.push({ place: "gap", offset: end, length: recordsStart - end });
  // The zip64 records fill the space up to the end record: 56 and 20 bytes, unless the first was put elsewhere.
  if (zip64 && zip64.end - zip64.start > 76) gaps.push({ place: "gap", offset: zip64.start + 56, length: zip64.end - zip64.start - 76 });
  if (comment.length) gaps.push({ place: "comment", offset: endsAt - comment.length, length: comment.length });
  if (reader.size > endsAt) gaps.push({ place: "tail", offset: endsAt, length: reader.size - endsAt });
  const finds: HiddenFinds = { entries: [], strays: [], ends: 0 };
  for (const gap of gaps) {
    const inside = yield* findHidden(reader, gap, context);
    finds.entries.push(...inside.entries);
    finds.strays.push(...inside.strays);
    finds.ends += inside.ends;
  }
  return finds;
}

/** Notes `[from, to)` as unexplained unless it is the data descriptor of the member before it. Gives the new explained end. */
function addGap(gaps: Stray[], from: number, to: number, owner: ZipEntry | undefined, ahead: ReturnType<typeof aheadReader>): number {
  const length = to - from;
  if (!owner) {
    gaps.push({ place: "prefix", offset: from, length });
    return to;
  }
  const near = ahead.held(from, Math.min(length, 24));
  const descriptor = near ? descriptorLength(near, 0, owner.packed, owner.size) : 0;
  if (descriptor < length) gaps.push({ place: "gap", offset: from + descriptor, length: length - descriptor });
  return to;
}

function join(entry: DirectoryEntry, local: LocalHeader | undefined): ZipEntry {
  const { name } = entry;
  const member: ZipEntry = {
    name,
    listed: true,
    flags: entry.flags,
    method: entry.method,
    crc: entry.crc,
    packed: entry.packed,
    size: entry.size,
    headerOffset: entry.headerOffset,
    // Set here and not later: an object of one shape from the start takes a third less, of which 100,000 are held.
    dataOffset: local && entry.headerOffset + local.length,
    mode: entry.system === 3 || entry.system === 19 ? entry.attributes >>> 16 : 0,
  };
  if (entry.unicodePath) addName(member, nameOf(entry.unicodePath));
  if (!local) return member;
  if (local.unicodePath) addName(member, nameOf(local.unicodePath));
  if (local.name !== name) {
    addName(member, local.name);
    differ(member, "name", name, local.name);
  }
  const flags = FLAG.encrypted | FLAG.patched | FLAG.strong | FLAG.masked;
  if ((entry.flags & flags) !== (local.flags & flags)) differ(member, "flags", hex(entry.flags), hex(local.flags));
  if (entry.method !== local.method) differ(member, "method", String(entry.method), String(local.method));
  // A streaming writer leaves these 0 and puts them behind the data; one that does not check leaves the CRC 0 for good.
  const later = (local.flags & FLAG.descriptor) !== 0;
  if (local.crc !== entry.crc && !(later && local.crc === 0)) differ(member, "crc", hex(entry.crc), hex(local.crc));
  if (local.size !== entry.size && !(later && (local.size === 0 || local.size === 0xffffffff)))
    differ(member, "size", String(entry.size), String(local.size));
  if (local.packed !== entry.packed && !(later && (local.packed === 0 || local.packed === 0xffffffff)))
    differ(member, "packed size", String(entry.packed), String(local.packed));
  if (member.differences?.some(({ field }) => field === "method" || field === "packed size")) {
    const { method, packed, size, crc, flags } = local;
    member.asLocal = { method, packed, size, crc, flags };
  }
  return member;
}

function addName(member: ZipEntry, name: string): void {
  if (name !== member.name && !member.otherNames?.includes(name)) member.otherNames = [...(member.otherNames ?? []), name];
}

function differ(member: ZipEntry, field: Difference["field"], directory: string, local: string): void {
  member.differences = [...(member.differences ?? []), { field, directory, local }];
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
