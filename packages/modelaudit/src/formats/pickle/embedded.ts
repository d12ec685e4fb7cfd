import type { ScanContext } from "../../engine/context.js";
import { expand } from "../../engine/expand.js";
import { type Work, readUpTo } from "../../engine/work.js";
import type { CodecId } from "../../io/codec.js";
import { bytesReader, type Reader, sliceReader } from "../../io/reader.js";
import { fromBase64, fromHex } from "./fold.js";
import { latin1, quotedString, rawUnicodeEscape, utf8 } from "./literals.js";
import type { Literal } from "./values.js";

/** Literals in an encoding are decoded in memory up to this size; payloads are far smaller. */
const LONGEST_DECODED = 16 * 1024 * 1024;
/** Plain bytes of a compressed literal: a payload is small, a model in a literal is cut here and said to be so. */
const LONGEST_EXPANDED = 64 * 1024 * 1024;
/** Encodings inside encodings: base64 of zlib of base64 has been seen, no more. */
const MOST_LAYERS = 4;

/** A literal read in one of the ways that may give a stream. */
export interface Reading {
  reader: Reader;
  /** How it was decoded, `base64, zlib`; empty for none. */
  how: string;
}

/** What a literal may hold, decoded as far as its beginning says. */
export function* readingsOf(outer: Reader, literal: Literal, context: ScanContext): Work<Reading[]> {
  const plain = sliceReader(outer, literal.offset, literal.offset + literal.length);
  let current: Reading = { reader: plain, how: "" };
  if (literal.form !== "bytes") {
    const start = yield* readUpTo(plain, 0, 256);
    if (literal.form !== "utf-8" || start.some((byte) => byte > 0x7f)) {
      if (plain.size > LONGEST_DECODED) return [];
      const bytes = toBytes(yield* readUpTo(plain, 0, plain.size), literal.form);
      if (!bytes) return [];
      current = { reader: bytesReader(bytes), how: "Latin-1" };
    }
  }
  const readings = [current];
  for (let layer = 0; layer < MOST_LAYERS; layer++) {
    const next = yield* unwrap(current, context);
    if (!next) break;
    readings.push(next);
    current = next;
  }
  return readings;
}

/** Text whose characters stand for bytes; undefined when one is above 255. */
function toBytes(written: Uint8Array, form: Literal["form"]): Uint8Array | undefined {
  let text: string;
  if (form === "utf-8") text = utf8(written, 0, written.length);
  else if (form === "raw-unicode-escape") text = rawUnicodeEscape(written, 0, written.length);
  else text = quotedString(Uint8Array.from([0x27, ...written.subarray(0, -1), 0x27]), 0, written.length + 1) ?? latin1(written);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit > 255) return undefined;
    bytes[at] = unit;
  }
  return bytes;
}

function* unwrap({ reader, how }: Reading, context: ScanContext): Work<Reading | undefined> {
  const start = yield* readUpTo(reader, 0, 64);
  const codec = codecOf(start);
  const named = (name: string) => (how ? `${how}, ${name}` : name);
  if (codec) {
    try {
      const expanded = yield* expand(context, codec, reader, undefined, LONGEST_EXPANDED);
      return expanded.reader.size ? { reader: expanded.reader, how: named(codec) } : undefined;
    } catch {
      // Bytes that only began like a compressed stream are data.
      return undefined;
    }
  }
  if (reader.size > LONGEST_DECODED || start.length < 16) return undefined;
  const text = latin1(start).replace(/\s/g, "");
  if (/^[0-9a-fA-F]+$/.test(text)) {
    const bytes = fromHex(latin1(yield* readUpTo(reader, 0, reader.size)));
    if (bytes) return { reader: bytesReader(bytes), how: named("hex") };
  }
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return undefined;
  const bytes = fromBase64(latin1(yield* readUpTo(reader, 0, reader.size)));
  return bytes ? { reader: bytesReader(bytes), how: named("base64") } : undefined;
}

function codecOf(start: Uint8Array): CodecId | undefined {
  const [a, b, c] = start;
  if (a === undefined || b === undefined) return undefined;
  if (a === 0x78 && (a * 256 + b) % 31 === 0) return "zlib";
  if (a === 0x1f && b === 0x8b) return "gzip";
  if (a === 0x42 && b === 0x5a && c === 0x68) return "bzip2";
  return a === 0xfd && b === 0x37 && c === 0x7a ? "xz" : undefined;
}
