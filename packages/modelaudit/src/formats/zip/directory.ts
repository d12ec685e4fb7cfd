import type { ScanContext } from "../../engine/context.js";
import { type Work, read } from "../../engine/work.js";
import { Noted } from "../../io/noted.js";
import type { Reader } from "../../io/reader.js";
import { u16, u32, u64 } from "../../io/little-endian.js";
import {
  DIRECTORY_ENTRY,
  type DirectoryEntry,
  END_RECORD,
  LONGEST_COMMENT,
  SIGNATURE,
  ZIP64_END,
  ZIP64_LOCATOR,
  directoryEntry,
  entryHeaderOffset,
  entryLength,
  entryName,
} from "./records.js";

/** 256 MiB: a directory of some three million members. Larger ones are refused before anything is allocated. */
const LARGEST_DIRECTORY = 256 * 2 ** 20;

/** Where the end record of an archive is, and the directory it names. */
export interface ZipDirectory {
  /** Names in the directory's order. */
  names: string[];
  /** The records themselves, still packed, until `readZip` has joined them with their local headers. */
  packed: PackedEntries;
  /** Where the directory's bytes lie in the reader. */
  start: number;
  end: number;
  /** Bytes between the directory and the end record that are zip64 records. */
  zip64?: { start: number; end: number };
  /** Offset of the end record, and of the first byte after its comment. */
  endRecord: number;
  endsAt: number;
  comment: Uint8Array;
  /** What must be added to the offsets the archive states: not 0 when something was put in front of it, or cut off. */
  shift: number;
  /** Number of this file among those of a split archive; 0 for a whole one. */
  disk: number;
  /** What in the end records is not what a writer makes. */
  problems: string[];
}

/** Directory records as they are in the file: as objects, those of 100,000 members take tens of megabytes. */
export interface PackedEntries {
  bytes: Uint8Array;
  /** Where each record begins in `bytes`. */
  starts: number[];
}

const KNOWN = new Noted<ZipDirectory | null>();

/**
 * The directory of the ZIP in `reader`, or undefined when there is no end record with a directory that fits it.
 * Reads the end of the file and the directory, and is remembered for as long as the reader lives.
 */
export function* readDirectory(reader: Reader, context: ScanContext): Work<ZipDirectory | undefined> {
  const known = KNOWN.get(reader);
  if (known !== undefined) return known ?? undefined;
  const directory = yield* find(reader, END_RECORD + LONGEST_COMMENT, context);
  KNOWN.set(reader, directory ?? null);
  return directory;
}

/**
 * True when `reader`, whatever it begins with, ends like a ZIP. Looks at its last `tail` bytes and what they point to. The
 * end record of an empty archive must end the file: programs that read ZIP files hold its signature among other constants.
 */
export function* endsLikeZip(reader: Reader, tail: number, context: ScanContext): Work<boolean> {
  const known = KNOWN.get(reader);
  if (known !== undefined) return known !== null;
  const directory = yield* find(reader, tail, context);
  if (!directory || (!directory.names.length && directory.endsAt !== reader.size)) return false;
  KNOWN.set(reader, directory);
  return true;
}

/** Names of the members in the directory, in its order; empty when this is no ZIP. What a special format's `probe` asks. */
export function* zipNames(reader: Reader, context: ScanContext): Work<readonly string[]> {
  const directory = yield* readDirectory(reader, context);
  return directory?.names ?? [];
}

function* find(reader: Reader, most: number, context: ScanContext): Work<ZipDirectory | undefined> {
  if (reader.size < END_RECORD) return undefined;
  // Most archives have no comment: one read of 22 bytes finds the record then.
  const last = yield* read(reader, reader.size - END_RECORD, END_RECORD);
  if (u32(last, 0) === SIGNATURE.end && u16(last, 20) === 0) {
    const directory = yield* openEnd(reader, last, reader.size - END_RECORD, context);
    if (directory) return directory;
  }
  const length = Math.min(reader.size, most);
  const base = reader.size - length;
  const tail = yield* read(reader, base, length);
  // Every loader looks backwards; a record whose comment ends with the file is surer than one with bytes behind it.
  const fitting: number[] = [];
  const others: number[] = [];
  for (let at = tail.lastIndexOf(0x50, length - END_RECORD); at >= 0; at = at > 0 ? tail.lastIndexOf(0x50, at - 1) : -1) {
    if (u32(tail, at) !== SIGNATURE.end) continue;
    (at + END_RECORD + u16(tail, at + 20) === length ? fitting : others).push(at);
  }
  for (const at of [...fitting, ...others].slice(0, 64)) {
    const directory = yield* openEnd(reader, tail.subarray(at), base + at, context);
    if (directory) return directory;
  }
  return undefined;
}

/** Reads what one end record points to; undefined when no directory is there. */
function* openEnd(reader: Reader, record: Uint8Array, at: number, context: ScanContext): Work<ZipDirectory | undefined> {
  let count = u16(record, 10);
  let size = u32(record, 12);
  let offset = u32(record, 16);
  const commentLength = Math.min(u16(record, 20), record.length - END_RECORD);
  const problems: string[] = [];
  let zip64: ZipDirectory["zip64"];
  let directoryEnd = at;
  const wide = yield* readZip64(reader, at);
  if (wide) {
    const stated = { count, size, offset };
    if (
      (stated.count !== 0xffff && stated.count !== wide.count) ||
      (stated.size !== 0xffffffff && stated.size !== wide.size) ||
      (stated.offset !== 0xffffffff && stated.offset !== wide.offset)
    ) {
      problems.push("the zip64 end record contradicts the plain one");
    }
    ({ count, size, offset } = wide);
    zip64 = { start: wide.start, end: at };
    directoryEnd = wide.start;
  }
  if (size > directoryEnd) return undefined;
  context.budget.foresee("members", Math.min(count, size / DIRECTORY_ENTRY));
  // Stated offset first; then directly in front of the end record, as readers do for archives with something in front.
  const places = [...new Set([offset, directoryEnd - size])].filter((start) => start >= 0 && start + size <= directoryEnd);
  for (const start of places) {
    if (size > LARGEST_DIRECTORY) context.budget.hold(size);
    if (size > 2 * LARGEST_DIRECTORY) return undefined;
    const bytes = yield* read(reader, start, size);
    const shift = start - offset;
    const { names, packed, used } = decode(bytes);
    if (size > 0 && !names.length) continue;
    if (size === 0 && count > 0) continue;
    if ((names.length & 0xffff) !== (count & 0xffff)) problems.push(`the end record counts ${count} members, the directory holds ${names.length}`);
    if (used !== size) problems.push("the directory ends in bytes that are no entry");
    if (places.length > 1 && places[0] === start && looksLikeDirectory(yield* read(reader, places[1] as number, Math.min(4, size)))) {
      problems.push("two directories fit the end record");
    }
    return {
      names,
      packed,
      start,
      end: start + used,
      ...(zip64 ? { zip64 } : {}),
      endRecord: at,
      endsAt: at + END_RECORD + commentLength,
      comment: record.slice(END_RECORD, END_RECORD + commentLength),
      shift,
      disk: u16(record, 4),
      problems,
    };
  }
  return undefined;
}

function looksLikeDirectory(bytes: Uint8Array): boolean {
  return bytes.length === 4 && u32(bytes, 0) === SIGNATURE.entry;
}

function decode(bytes: Uint8Array): { names: string[]; packed: PackedEntries; used: number } {
  const names: string[] = [];
  const starts: number[] = [];
  let used = 0;
  for (let length = entryLength(bytes, used); length > 0; length = entryLength(bytes, used)) {
    names.push(entryName(bytes, used));
    starts.push(used);
    used += length;
  }
  return { names, packed: { bytes, starts }, used };
}

/** The listed members in the order of their local headers: each is decoded when it is asked for. */
export interface Listing {
  count: number;
  name(index: number): string;
  headerOffset(index: number): number;
  entry(index: number): DirectoryEntry;
}

export function listing({ names, shift, packed: { bytes, starts } }: ZipDirectory): Listing {
  const count = names.length;
  const offsets = new Float64Array(count);
  const order = new Uint32Array(count);
  let ordered = true;
  for (let number = 0; number < count; number++) {
    order[number] = number;
    offsets[number] = entryHeaderOffset(bytes, starts[number] as number) + shift;
    ordered &&= number === 0 || (offsets[number - 1] as number) <= (offsets[number] as number);
  }
  if (!ordered) order.sort((a, b) => (offsets[a] as number) - (offsets[b] as number));
  return {
    count,
    name: (index) => names[order[index] as number] as string,
    headerOffset: (index) => offsets[order[index] as number] as number,
    entry(index) {
      const number = order[index] as number;
      const entry = directoryEntry(bytes, starts[number] as number, names[number] as string);
      entry.headerOffset = offsets[number] as number;
      return entry;
    },
  };
}

/** The zip64 end record in front of the end record at `at`: at the place its locator names, or directly in front of that. */
function* readZip64(reader: Reader, at: number): Work<{ start: number; count: number; size: number; offset: number } | undefined> {
  if (at < ZIP64_LOCATOR + ZIP64_END) return undefined;
  const around = yield* read(reader, at - ZIP64_LOCATOR - ZIP64_END, ZIP64_END + ZIP64_LOCATOR);
  if (u32(around, ZIP64_END) !== SIGNATURE.zip64Locator) return undefined;
  const near = at - ZIP64_LOCATOR - ZIP64_END;
  if (u32(around, 0) === SIGNATURE.zip64End) return fields(around, near);
  const named = u64(around, ZIP64_END + 8);
  if (named + ZIP64_END > at - ZIP64_LOCATOR) return undefined;
  const record = yield* read(reader, named, ZIP64_END);
  return u32(record, 0) === SIGNATURE.zip64End ? fields(record, named) : undefined;
}

function fields(record: Uint8Array, start: number): { start: number; count: number; size: number; offset: number } {
  return { start, count: u64(record, 32), size: u64(record, 40), offset: u64(record, 48) };
}
