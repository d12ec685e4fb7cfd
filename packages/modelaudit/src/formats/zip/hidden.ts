import { firstNonzero } from "../../detectors/trailing/first-nonzero.js";
import type { ScanContext } from "../../engine/context.js";
import { type Work, read } from "../../engine/work.js";
import type { Reader } from "../../io/reader.js";
import type { Stray, ZipEntry } from "./parser.js";
import { u16, u32 } from "../../io/little-endian.js";
import { END_RECORD, FLAG, LOCAL_HEADER, SIGNATURE, descriptorLength, localHeader } from "./records.js";

/** Bytes searched at a time. */
const PIECE = 256 * 1024;
/** Longest local header: fixed part, a name and an extra field of 16-bit length each. */
const LONGEST_HEADER = LOCAL_HEADER + 2 * 0xffff;
/** More hidden members than this in one archive prove the point; the rest stays a stray range. */
const MOST_HIDDEN = 10_000;

/** What is in a range that the directory does not explain. */
export interface HiddenFinds {
  entries: ZipEntry[];
  /** Parts that are not even a local header, without those of zeros only. */
  strays: Stray[];
  /** End records seen. */
  ends: number;
}

/** Looks through `range` for local headers that no directory lists. A loader that walks the file from its start finds those. */
export function* findHidden(reader: Reader, range: Stray, context: ScanContext): Work<HiddenFinds> {
  const finds: HiddenFinds = { entries: [], strays: [], ends: 0 };
  const end = range.offset + range.length;
  let position = range.offset;
  let from = position;
  while (position < end && finds.entries.length < MOST_HIDDEN) {
    context.budget.checkTime();
    const found = yield* nextSignature(reader, position, end);
    finds.ends += found.ends;
    if (found.at === undefined) break;
    const member = yield* hiddenMember(reader, found.at, end);
    if (!member) {
      position = found.at + 4;
      continue;
    }
    yield* addStray(finds, reader, range, from, found.at);
    finds.entries.push(member.entry);
    from = position = member.end;
  }
  yield* addStray(finds, reader, range, from, end);
  return finds;
}

/** Offset of the next `PK 3 4` in `[from, end)`, and how many end records were passed on the way. */
function* nextSignature(reader: Reader, from: number, end: number): Work<{ at?: number; ends: number }> {
  let ends = 0;
  for (let start = from; start < end; start += PIECE) {
    // Three bytes more, so that a signature over the border of two pieces is seen.
    const bytes = yield* read(reader, start, Math.min(PIECE + 3, end - start));
    for (let at = bytes.indexOf(0x50); at >= 0 && at + 4 <= bytes.length; at = bytes.indexOf(0x50, at + 1)) {
      if (bytes[at + 1] !== 0x4b) continue;
      const signature = u32(bytes, at);
      if (signature === SIGNATURE.local) return { at: start + at, ends };
      if (signature === SIGNATURE.end && start + at + END_RECORD <= end) ends++;
    }
  }
  return { ends };
}

/** The member whose local header is at `at`, or undefined when what is there cannot be one. */
function* hiddenMember(reader: Reader, at: number, end: number): Work<{ entry: ZipEntry; end: number } | undefined> {
  const bytes = yield* read(reader, at, Math.min(LONGEST_HEADER, end - at));
  const header = localHeader(bytes, 0);
  // Methods go up to 99; versions are 10 to 63 or left 0. Four equal bytes by chance fail here.
  if (!header || header.method > 99 || u16(bytes, 4) % 256 > 99 || !header.name) return undefined;
  const dataOffset = at + header.length;
  const unknown = (header.flags & FLAG.descriptor) !== 0 && header.packed === 0;
  if (!unknown && dataOffset + header.packed > end) {
    // Cut short, or a false size: what there is of it is still looked at, without a checksum to hold it against.
    header.packed = end - dataOffset;
    header.crc = 0;
  }
  const measured = unknown ? yield* measure(reader, dataOffset, end) : { packed: header.packed, size: header.size, descriptor: 0 };
  const entry: ZipEntry = {
    name: header.name,
    listed: false,
    flags: header.flags,
    method: header.method,
    crc: header.crc,
    packed: measured.packed,
    size: header.method === 0 ? measured.packed : measured.size,
    headerOffset: at,
    dataOffset,
    mode: 0,
  };
  let after = dataOffset + measured.packed + measured.descriptor;
  if (!unknown && header.flags & FLAG.descriptor && after < end) {
    const next = yield* read(reader, after, Math.min(24, end - after));
    after += descriptorLength(next, 0, header.packed, header.size);
  }
  return { entry, end: after };
}

/** Length of a member whose sizes come after it: up to the next descriptor that says so, or the next record. */
function* measure(reader: Reader, dataOffset: number, end: number): Work<{ packed: number; size: number; descriptor: number }> {
  for (let start = dataOffset; start < end; start += PIECE) {
    const bytes = yield* read(reader, start, Math.min(PIECE + 23, end - start));
    for (let at = bytes.indexOf(0x50); at >= 0 && at + 4 <= bytes.length; at = bytes.indexOf(0x50, at + 1)) {
      if (bytes[at + 1] !== 0x4b || at >= PIECE) continue;
      const signature = u32(bytes, at);
      const packed = start + at - dataOffset;
      if (signature === SIGNATURE.descriptor && at + 16 <= bytes.length && u32(bytes, at + 8) === packed % 2 ** 32) {
        const size = u32(bytes, at + 12);
        return { packed, size, descriptor: descriptorLength(bytes, at, packed, size) || 16 };
      }
      if (signature === SIGNATURE.local || signature === SIGNATURE.entry) return { packed, size: 0, descriptor: 0 };
    }
  }
  return { packed: end - dataOffset, size: 0, descriptor: 0 };
}

/** Notes `[from, to)` unless it is all zeros; zeros in front are left out. */
function* addStray(finds: HiddenFinds, reader: Reader, range: Stray, from: number, to: number): Work<void> {
  const first = yield* firstNonzero(reader, from, to);
  if (first !== undefined) finds.strays.push({ place: range.place, offset: first, length: to - first });
}
