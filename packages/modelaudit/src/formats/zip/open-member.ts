import type { ScanContext } from "../../engine/context.js";
import { drive } from "../../engine/drive.js";
import { Malformed, Unsupported } from "../../engine/errors.js";
import { type Expanded, expand } from "../../engine/expand.js";
import { type Work, read } from "../../engine/work.js";
import type { CodecId } from "../../io/codec.js";
import { crc32 } from "../../io/crc32.js";
import { type Reader, bytesReader, checkRange, joinReaders, sliceReader } from "../../io/reader.js";
import { NEAR_BLOCK, type ZipArchive, type ZipEntry } from "./parser.js";
import { u16 } from "../../io/little-endian.js";
import { FLAG } from "./records.js";

/** Members up to this are inflated at once; of larger ones only the start, and the rest when somebody reads it. */
const AT_ONCE = 8 * 2 ** 20;
/** How much of a large member is inflated to see what it is: some headers, far more than a first look. */
const HEAD = 64 * 1024;
/** Bytes beyond the declared size that are still taken, to show that there are some: no loader reads them. */
const BEYOND = 64 * 1024;
/** Plain members up to this are read whole to see whether an encryption flag is false. */
const CHECKED_PLAIN = 16 * 2 ** 20;

const CODECS: Readonly<Record<number, CodecId>> = { 8: "deflate", 9: "deflate64", 12: "bzip2", 14: "lzma", 20: "zstd", 93: "zstd", 95: "xz" };

/** A member's plain bytes, and what was odd on the way to them. */
export interface OpenedMember {
  reader: Reader;
  /** The stream is damaged, too long or too short; `reader` holds what came of it. */
  problem?: string;
  /** The flags say encrypted, but the bytes are plain. */
  falselyEncrypted?: boolean;
  /** Only the start was expanded; reading further expands everything. */
  lazy?: boolean;
  /** Offset in the archive of stored bytes behind the end of the compressed stream, where there are some. */
  leftover?: number;
}

/**
 * The plain bytes of a member: a slice when stored, expanded within the budget else (to disk when large, and only as far
 * as they are read). Throws `Unsupported` for encryption and unknown methods, `Malformed` when it has no local header.
 */
export function* openMember(archive: ZipArchive, entry: ZipEntry, context: ScanContext): Work<Reader> {
  return (yield* openWithNotes(archive, entry, context)).reader;
}

/** All plain bytes of a small member (a config, a manifest). Throws `LimitExceeded` above `limit` bytes. */
export function* readMember(archive: ZipArchive, entry: ZipEntry, context: ScanContext, limit: number = 64 * 2 ** 20): Work<Uint8Array> {
  if (entry.method === 0 && !isEncrypted(entry) && entry.packed <= Math.min(NEAR_BLOCK, limit)) {
    const stored = storedBytes(archive, entry);
    return yield* read(stored, 0, stored.size);
  }
  const reader = yield* openMember(archive, entry, context);
  try {
    if (reader.size > limit) context.budget.hold(Number.POSITIVE_INFINITY);
    context.budget.hold(reader.size);
    return yield* read(reader, 0, reader.size);
  } finally {
    reader.close?.();
  }
}

/** {@link openMember}, with what a scanner has to report. */
export function* openWithNotes(archive: ZipArchive, entry: ZipEntry, context: ScanContext): Work<OpenedMember> {
  const stored = storedBytes(archive, entry);
  if (!isEncrypted(entry)) {
    if (entry.method === 0) return { reader: stored };
    return yield* unpack(entry, stored, context);
  }
  // The flag alone stops some readers and not others: bytes that fit their checksum as they are were never encrypted.
  if (entry.method === 0) {
    if (stored.size <= CHECKED_PLAIN && entry.crc === crc32(yield* read(stored, 0, stored.size))) return { reader: stored, falselyEncrypted: true };
  } else if (entry.size <= CHECKED_PLAIN) {
    const opened = yield* unpack(entry, stored, context);
    const { size } = opened.reader;
    const whole = !opened.problem || (size > 0 && size <= CHECKED_PLAIN && entry.crc === crc32(yield* read(opened.reader, 0, size)));
    if (whole) return { ...opened, falselyEncrypted: true };
    opened.reader.close?.();
  }
  throw new Unsupported(`the encryption of the member ${entry.name}`);
}

/** The bytes as they are in the archive. Throws `Malformed` when the directory points to no local header, or past the end. */
export function storedBytes(archive: ZipArchive, entry: ZipEntry): Reader {
  if (entry.dataOffset === undefined) throw new Malformed(Math.max(0, entry.headerOffset), `the local header of ${entry.name}`, "something else");
  const end = Math.min(entry.dataOffset + entry.packed, archive.reader.size);
  const reader = entry.packed <= NEAR_BLOCK ? archive.near : archive.reader;
  return sliceReader(reader, Math.min(entry.dataOffset, end), end);
}

export function isEncrypted(entry: ZipEntry): boolean {
  return (entry.flags & (FLAG.encrypted | FLAG.masked)) !== 0;
}

function* unpack(entry: ZipEntry, stored: Reader, context: ScanContext): Work<OpenedMember> {
  const codec = CODECS[entry.method];
  if (!codec) throw new Unsupported(`compression method ${entry.method} of the member ${entry.name}`);
  const source = codec === "lzma" ? yield* lzmaAlone(entry, stored) : stored;
  // Hidden members may leave their size open; then everything there is counts, within the budget.
  const sized = entry.listed || entry.size > 0;
  const most = sized ? entry.size + BEYOND : Number.POSITIVE_INFINITY;
  if (!sized || entry.size <= AT_ONCE) {
    const expanded = yield* expand(context, codec, source, sized ? entry.size : undefined, most);
    const used = expanded.consumed - (source.size - stored.size);
    const rest = entry.listed && expanded.complete && used < stored.size;
    return { ...opened(entry, expanded, sized), ...(rest ? { leftover: (entry.dataOffset as number) + used } : {}) };
  }
  const head = yield* expand(context, codec, source, undefined, HEAD);
  if (head.complete || head.reader.size < HEAD) return opened(entry, head, true);
  return { lazy: true, reader: lazyReader(entry.size, head.reader, () => drive(expand(context, codec, source, entry.size, most))) };
}

function opened(entry: ZipEntry, expanded: Expanded, sized: boolean): OpenedMember {
  const { reader } = expanded;
  if (expanded.complete && (!sized || reader.size === entry.size)) return { reader };
  const problem =
    expanded.complete || reader.size > entry.size
      ? `${reader.size} bytes come out where ${entry.size} are declared`
      : (expanded.problem ?? "damaged");
  return { reader, problem };
}

/** Answers from `head` as long as that will do, then expands everything once. */
function lazyReader(size: number, head: Reader, expandAll: () => Promise<Expanded>): Reader {
  let whole: Promise<Expanded> | undefined;
  let ready: Reader | undefined;
  let closed = false;
  return {
    size,
    read(offset, length) {
      checkRange(size, offset, length);
      if (ready) return ready.read(offset, length);
      if (offset + length <= head.size) return head.read(offset, length);
      whole ??= expandAll().then((expanded) => {
        ready = expanded.reader;
        if (closed) ready.close?.();
        return expanded;
      });
      return whole.then((expanded) => expanded.reader.read(offset, length));
    },
    close() {
      closed = true;
      head.close?.();
      ready?.close?.();
    },
  };
}

/** ZIP puts 2 bytes of version and 2 of length before the LZMA properties; the stand-alone format puts the plain size after them. */
function* lzmaAlone(entry: ZipEntry, stored: Reader): Work<Reader> {
  const start = yield* read(stored, 0, Math.min(9, stored.size));
  if (start.length < 9 || u16(start, 2) !== 5) throw new Malformed(entry.dataOffset ?? 0, "LZMA properties", "something else");
  const header = new Uint8Array(13);
  header.set(start.subarray(4, 9));
  // Bit 1 of the flags: the stream has an end mark, so the size may stay open.
  const open = (entry.flags & 2) !== 0;
  const view = new DataView(header.buffer);
  view.setBigUint64(5, open ? 0xffff_ffff_ffff_ffffn : BigInt(entry.size), true);
  return joinReaders([bytesReader(header), sliceReader(stored, 9)]);
}
