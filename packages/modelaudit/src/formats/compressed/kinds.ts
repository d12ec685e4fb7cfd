import { beginsWith } from "../../detectors/bytes/begins-with.js";
import type { CodecId } from "../../io/codec.js";

/** A kind of compressed stream, as its first bytes show. */
export interface Kind {
  /** Name for people. */
  name: string;
  /** Undefined for a compression without a decoder here. */
  codec: CodecId | undefined;
  /** Bytes in front of the stream itself. */
  skip: number;
  /** False when the first bytes could also be something else, and only decoding will tell. */
  sure: boolean;
  /** Loaders go on with a stream of the same family behind it, as if the two were one. */
  family: string;
}

/** Old joblib: `ZF`, the plain size in hex padded to 19 characters, then zlib. */
const ZFILE_HEADER = 21;
/** Plain sizes above this are what no `.lzma` tool writes or accepts. */
const LARGEST_LZMA = 2 ** 38;

/** The kind of stream that `head` begins with; undefined when it is none. */
export function kindOf(head: Uint8Array): Kind | undefined {
  const [a = -1, b = -1, c = -1, d = -1] = head;
  if (a === 0x1f && b === 0x8b && c === 8) return kind("gzip", usualGzip(head));
  if (a === 0x1f && b === 0x9d && (c & 0x60) === 0 && (c & 0x1f) >= 9 && (c & 0x1f) <= 16) return unsupported("compress (LZW)", false);
  if (a === 0x42 && b === 0x5a && c === 0x68 && d >= 0x31 && d <= 0x39 && bzip2Mark(head)) return kind("bzip2");
  if (beginsWith(head, "\xfd7zXZ\0")) return kind("xz");
  if (beginsWith(head, "\x28\xb5\x2f\xfd")) return kind("zstd");
  if (beginsWith(head, "\x04\x22\x4d\x18") && (head[4] ?? 0) >> 6 === 1) return kind("lz4");
  if (beginsWith(head, "\x02\x21\x4c\x18")) return kind("lz4");
  // Both Zstandard and LZ4 have these; the decoder of the former knows how to skip them.
  if (a >= 0x50 && a <= 0x5f && b === 0x2a && c === 0x4d && d === 0x18) return { ...kind("zstd"), name: "skippable frame" };
  if (beginsWith(head, "\xff\x06\0\0sNaPpY")) return unsupported("snappy", true);
  if (a === 0x5a && b === 0x46) return zfile(head);
  if (isLzma(head)) return kind("lzma", false);
  // Window size up to 32 KiB, no preset dictionary, and a multiple of 31.
  return (a & 15) === 8 && a >> 4 <= 7 && head.length >= 8 && ((a << 8) | b) % 31 === 0 && (b & 0x20) === 0 ? kind("zlib", false) : undefined;
}

const FAMILIES: Readonly<Record<string, string>> = { lz4: "frames", zstd: "frames", lzma: "xz" };

function kind(codec: CodecId, sure = true): Kind {
  return { name: codec, codec, skip: 0, sure, family: FAMILIES[codec] ?? codec };
}

function unsupported(name: string, sure: boolean): Kind {
  return { name, codec: undefined, skip: 0, sure, family: name };
}

/** No reserved flag and an operating system that exists: raw numbers hardly ever look like that. */
function usualGzip(head: Uint8Array): boolean {
  const [flags, system] = [head[3] ?? 255, head[9] ?? 200];
  return (flags & 0xe0) === 0 && (system <= 13 || system === 255);
}

function bzip2Mark(head: Uint8Array): boolean {
  return beginsWith(head, "1AY&SY", 4) || beginsWith(head, "\x17rE8P\x90", 4);
}

function zfile(head: Uint8Array): Kind | undefined {
  const text = String.fromCharCode(...head.subarray(0, ZFILE_HEADER + 1));
  if (!/^ZF0x[0-9a-fA-F]{1,16}L? *\S?$/.test(text.slice(0, ZFILE_HEADER)) || text.length <= ZFILE_HEADER) return undefined;
  // Python 2 made the header one character wider.
  return { ...kind("zlib"), name: "joblib's old zlib", skip: ZFILE_HEADER + (text[ZFILE_HEADER] === " " ? 1 : 0) };
}

/** The header that tools accept: possible properties, a dictionary of 2^n or 2^n + 2^(n-1) bytes, a size or none, a first byte of 0. */
function isLzma(head: Uint8Array): boolean {
  if (head.length < 18 || head[0]! >= 225 || head[13] !== 0) return false;
  const view = new DataView(head.buffer, head.byteOffset, 14);
  const dictionary = view.getUint32(1, true);
  const high = view.getUint32(9, true);
  const unknown = high === 0xffff_ffff && view.getUint32(5, true) === 0xffff_ffff;
  const size = high * 2 ** 32 + view.getUint32(5, true);
  // Zeros behind a small number look like a header of an empty stream, which nobody writes.
  if (!unknown && (size > LARGEST_LZMA || size === 0)) return false;
  if (dictionary === 0xffff_ffff) return true;
  const top = 2 ** (31 - Math.clz32(dictionary));
  return dictionary >= 4096 && (dictionary === top || dictionary === top * 1.5);
}
