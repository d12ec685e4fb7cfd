import type { ScanContext } from "../../engine/context.js";
import { follow } from "../../engine/expand.js";
import { type Work, readUpTo, wait } from "../../engine/work.js";
import { type Reader, sliceReader } from "../../io/reader.js";
import type { Range } from "../../io/waiting.js";
import { type Kind, kindOf } from "./kinds.js";

/** One compressed stream (gzip calls it member, LZ4 and Zstandard frame). */
export interface Stream {
  /** Where it begins in the file. */
  offset: number;
  /** Where its plain bytes begin among those of all streams. */
  start: number;
  /** Bytes in it that no decoder gives: all of a skippable frame, what a gzip header adds. Behind `offset`, if any. */
  aside?: Range;
}

/** All streams of a file, unpacked one behind the other as loaders do. */
export interface Unpacked {
  /** Compression of the first stream, for people. */
  kind: string;
  family: string;
  streams: Stream[];
  /** To be closed by the caller. */
  plain: Reader;
  /** Bytes of the file that streams and the padding between them take. */
  consumed: number;
  /** File name in the first gzip header. */
  name: string | undefined;
  /** What stopped the walk inside of a stream. */
  problem: { message: string; offset: number; cutShort: boolean } | undefined;
  /** The compression that has no decoder. */
  unsupported: string | undefined;
  /** `tooMuch` said so. */
  bomb: boolean;
}

/** Enough for every magic number and the usual gzip name. */
const HEAD = 512;
const FLAG_EXTRA = 4;
const FLAG_NAME = 8;
const FLAG_COMMENT = 16;
/** Later streams are mostly as long as those before: no need to read 256 KiB for one of 20. */
const SMALLEST_STEP = 4096;
/** Zeros that may lie between streams: gzip allows any number, xz multiples of four. */
const LONGEST_GAP = 64 * 1024;

/**
 * Unpacks the streams that follow one another from the start of `reader`. `tooMuch` is told the plain bytes so far and
 * may end it. Throws `LimitExceeded` when the budget runs out.
 */
export function* readStreams(reader: Reader, context: ScanContext, tooMuch: (size: number) => boolean): Work<Unpacked> {
  const spool = context.spool();
  let made = 0;
  let bomb = false;
  function* keep(piece: Uint8Array): Work<boolean> {
    made += piece.length;
    yield* wait(spool.write(piece));
    bomb = tooMuch(made);
    return !bomb;
  }
  try {
    const head = yield* readUpTo(reader, 0, HEAD);
    const first = kindOf(head) as Kind;
    const streams: Stream[] = [];
    let consumed = 0;
    let problem: Unpacked["problem"];
    let unsupported: string | undefined;
    let step: number | undefined;
    for (let next: { kind: Kind; offset: number } | undefined = { kind: first, offset: 0 }; next && !bomb; ) {
      const { kind, offset }: { kind: Kind; offset: number } = next;
      if (!kind.codec) {
        unsupported = kind.name;
        break;
      }
      streams.push({ offset, start: made });
      const begin = offset + kind.skip;
      const followed = yield* follow(context, kind.codec, sliceReader(reader, begin), keep, step);
      consumed = begin + followed.consumed;
      const aside = asideOf(yield* readUpTo(reader, offset, HEAD), kind, offset, consumed);
      if (aside) (streams.at(-1) as Stream).aside = aside;
      if (!followed.complete) {
        const message = followed.problem ?? "more comes out than is kept";
        if (!bomb) problem = { message, offset: consumed, cutShort: followed.cutShort === true };
        break;
      }
      step = Math.max(SMALLEST_STEP, 2 * followed.consumed);
      next = yield* nextStream(reader, consumed, kind.family);
    }
    const plain = yield* wait(spool.finish());
    return { kind: first.name, family: first.family, name: gzipName(head, first), streams, plain, consumed, bomb, problem, unsupported };
  } catch (error) {
    spool.discard();
    throw error;
  }
}

/** The stream of the same family that follows at `offset`, or behind zeros there. */
function* nextStream(reader: Reader, offset: number, family: string): Work<{ kind: Kind; offset: number } | undefined> {
  let at = offset;
  let head = yield* readUpTo(reader, at, HEAD);
  if (head[0] === 0 && (family === "gzip" || family === "xz")) {
    const gap = yield* readUpTo(reader, at, LONGEST_GAP);
    const zeros = gap.findIndex((byte) => byte !== 0);
    if (zeros < 0) return undefined;
    at += zeros;
    head = yield* readUpTo(reader, at, HEAD);
  }
  const kind = kindOf(head);
  return kind?.family === family ? { kind, offset: at } : undefined;
}

/** Eight bytes of a skippable frame, ten and the length of the extra field of a gzip member come before these. */
function asideOf(head: Uint8Array, kind: Kind, offset: number, end: number): Range | undefined {
  if (kind.name === "skippable frame") return { start: offset + 8, end };
  const flags = kind.codec === "gzip" ? (head[3] ?? 0) : 0;
  if (flags & FLAG_EXTRA) return { start: offset + 16, end };
  if (!(flags & FLAG_COMMENT)) return undefined;
  const name = flags & FLAG_NAME ? head.indexOf(0, 10) + 1 : 10;
  return { start: offset + name, end };
}

/** The original file name in a gzip header, when it has one. */
function gzipName(head: Uint8Array, kind: Kind): string | undefined {
  const flags = head[3] ?? 0;
  if (kind.codec !== "gzip" || !(flags & FLAG_NAME)) return undefined;
  const start = 10 + (flags & FLAG_EXTRA ? 2 + (head[10] ?? 0) + 256 * (head[11] ?? 0) : 0);
  const end = head.indexOf(0, start);
  return end <= start ? undefined : String.fromCharCode(...head.subarray(start, end));
}
