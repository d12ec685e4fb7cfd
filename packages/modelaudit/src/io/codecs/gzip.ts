import type { Decoder } from "../codec.js";
import { crc32 } from "../crc32.js";
import { type Decoding, decoderOf, need, skip } from "./decoding.js";
import { through } from "./repeated.js";
import type { Intake } from "./intake.js";

type OpenInflate = () => Decoder;
/** Continues a CRC-32 over more bytes. */
export type Crc32 = (bytes: Uint8Array, before: number) => number;

const FLAG = { headerCrc: 2, extra: 4, name: 8, comment: 16 } as const;

/** One gzip member (RFC 1952): header, raw deflate by `openInflate`, CRC and size. Members behind it are not looked at. */
export function gzipDecoder(openInflate: OpenInflate, crc: Crc32 = crc32): Decoder {
  return around(
    openInflate,
    gzipHeader,
    function* (intake, sum, size) {
      yield* need(intake, 8);
      const stored = intake.u32();
      if (stored !== sum) throw intake.malformed("the checksum of what was packed", "another");
      const length = intake.u32();
      if (length !== size % 2 ** 32) throw intake.malformed(`a size of ${size}`, String(length));
    },
    crc,
  );
}

/** A zlib stream (RFC 1950): two header bytes, raw deflate, Adler-32. */
export function zlibDecoder(openInflate: OpenInflate): Decoder {
  return around(
    openInflate,
    zlibHeader,
    function* (intake, sum) {
      yield* need(intake, 4);
      const [a, b, c, d] = intake.take(4) as unknown as [number, number, number, number];
      if (((a << 24) | (b << 16) | (c << 8) | d) >>> 0 !== sum) throw intake.malformed("the checksum of what was packed", "another");
    },
    adler32,
    1,
  );
}

type Trailer = (intake: Intake, sum: number, size: number) => Generator<undefined, void>;

function around(
  openInflate: OpenInflate,
  header: (intake: Intake) => Generator<undefined, void>,
  trailer: Trailer,
  check: Crc32,
  start = 0,
): Decoder {
  let inner: Decoder | undefined;
  function* run(intake: Intake): Decoding {
    yield* header(intake);
    inner = openInflate();
    let sum = start;
    let size = 0;
    yield* through(inner, intake, (piece) => {
      sum = check(piece, sum);
      size += piece.length;
    });
    yield* trailer(intake, sum, size);
  }
  return decoderOf(run, () => inner?.close());
}

function* gzipHeader(intake: Intake): Generator<undefined, void> {
  yield* need(intake, 10);
  if (intake.u8() !== 0x1f || intake.u8() !== 0x8b) throw intake.malformed("a gzip header", "something else");
  if (intake.u8() !== 8) throw intake.malformed("the deflate method", "another");
  // Reserved flags are ignored, as Python does.
  const flags = intake.u8();
  intake.at += 6;
  if (flags & FLAG.extra) {
    yield* need(intake, 2);
    yield* skip(intake, intake.u8() | (intake.u8() << 8));
  }
  if (flags & FLAG.name) yield* skipText(intake);
  if (flags & FLAG.comment) yield* skipText(intake);
  if (flags & FLAG.headerCrc) yield* skip(intake, 2);
}

function* zlibHeader(intake: Intake): Generator<undefined, void> {
  yield* need(intake, 2);
  const method = intake.u8();
  const flags = intake.u8();
  if ((method & 15) !== 8 || method >> 4 > 7 || ((method << 8) | flags) % 31 !== 0) throw intake.malformed("a zlib header", "something else");
  if (flags & 0x20) throw intake.malformed("a stream of its own", "one with a preset dictionary");
}

function* skipText(intake: Intake): Generator<undefined, void> {
  do yield* need(intake, 1);
  while (intake.u8() !== 0);
}

/** Sums below this many bytes stay in 32 bits. */
const ADLER_RUN = 3800;

/** Adler-32 as in zlib. `before` is 1 at the start. */
export function adler32(bytes: Uint8Array, before: number): number {
  let a = before & 0xffff;
  let b = before >>> 16;
  for (let at = 0; at < bytes.length; ) {
    for (const end = Math.min(bytes.length, at + ADLER_RUN); at < end; at++) {
      a += bytes[at]!;
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return ((b << 16) | a) >>> 0;
}
