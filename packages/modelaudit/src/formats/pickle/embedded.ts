import { textOfUnits } from "../../io/text-of-units.js";
import type { ScanContext } from "../../engine/context.js";
import { LimitExceeded } from "../../engine/errors.js";
import { expand } from "../../engine/expand.js";
import { type Work, read, readUpTo } from "../../engine/work.js";
import type { CodecId } from "../../io/codec.js";
import { bytesReader, type Reader, sliceReader } from "../../io/reader.js";
import { mayHoldStream } from "./embedded-start.js";
import { fold } from "./fold.js";
import { fromBase64, fromHex } from "./pure-functions.js";
import { quotedString, rawUnicodeEscape, utf8 } from "./literals.js";
import { OPCODES } from "./opcodes.js";
import type { Constant, Literal, Value } from "./values.js";

/** Literals in an encoding are decoded in memory up to this size; payloads are far smaller. */
const LONGEST_DECODED = 16 * 1024 * 1024;
/** Plain bytes of a compressed literal: a payload is small, and what is larger was cut. */
const LONGEST_EXPANDED = 64 * 1024 * 1024;
/** Plain bytes that show whether a compressed literal is worth expanding as a whole. */
const PEEK = 1024;
/** Encodings inside encodings: base64 of zlib of base64 has been seen, no more. */
const MOST_LAYERS = 4;

/** A literal decoded in one of the ways that may give a stream. */
export interface Decoded {
  reader: Reader;
  /** How it was decoded, `base64, zlib`; empty for none. */
  how: string;
}

/** The content of a literal as bytes: text stands for bytes by Latin-1. Undefined for text that stands for none. */
function* contentOf(outer: Reader, literal: Literal): Work<Decoded | undefined> {
  const plain = sliceReader(outer, literal.offset, literal.offset + literal.length);
  if (literal.form === "bytes") return { reader: plain, how: "" };
  const start = yield* readUpTo(plain, 0, 256);
  if (literal.form === "utf-8" && start.every((byte) => byte <= 0x7f)) return { reader: plain, how: "" };
  if (plain.size > LONGEST_DECODED) return undefined;
  const bytes = toBytes(yield* read(plain, 0, plain.size), literal.form);
  return bytes && { reader: bytesReader(bytes), how: "Latin-1" };
}

/** What a literal may hold: itself, and what its beginning says it decodes to. */
export function* readingsOf(outer: Reader, literal: Literal, context: ScanContext): Work<Decoded[]> {
  let current = yield* contentOf(outer, literal);
  const readings: Decoded[] = [];
  for (let layer = 0; layer <= MOST_LAYERS && current; layer++) {
    readings.push(current);
    current = yield* unwrap(current, context);
  }
  return readings;
}

/** The bytes that an argument stands for: a literal, or text through `_codecs.encode`, as protocol 2 stores them. Undefined for all else. */
export function* argumentBytes(outer: Reader, value: Value): Work<Reader | undefined> {
  if (value.kind === "built") {
    const [text] = value.args ?? [];
    const encodes = value.callee.kind === "global" && value.callee.name === "encode" && /^_?codecs$/.test(value.callee.module);
    if (encodes && text?.kind === "constant" && text.cut) return yield* literalReader(outer, text);
  }
  if (value.kind === "constant" && value.cut) return yield* literalReader(outer, value);
  const folded = fold(value)?.value;
  return folded instanceof Uint8Array ? bytesReader(folded) : undefined;
}

/** A literal that was too long to keep is read again where it stands. */
function* literalReader(outer: Reader, { offset, cut }: Constant): Work<Reader | undefined> {
  if (offset === undefined || !cut) return undefined;
  const opcode = OPCODES[(yield* read(outer, offset, 1))[0] as number];
  if (!opcode) return undefined;
  const { argument, name } = opcode;
  const header = Math.max(0, opcode.width);
  const quotes = name === "STRING" ? 1 : 0;
  const form = argument.startsWith("bytes") ? "bytes" : argument !== "line" ? "utf-8" : quotes ? "quoted" : "raw-unicode-escape";
  return (yield* contentOf(outer, { offset: offset + 1 + header + quotes, length: cut.length - quotes, form }))?.reader;
}

/** Text whose characters stand for bytes; undefined when one is above 255. */
function toBytes(written: Uint8Array, form: Literal["form"]): Uint8Array | undefined {
  let text: string;
  if (form === "utf-8") text = utf8(written, 0, written.length);
  else if (form === "raw-unicode-escape") text = rawUnicodeEscape(written, 0, written.length);
  else text = quotedString(Uint8Array.from([0x27, ...written.subarray(0, -1), 0x27]), 0, written.length + 1) ?? textOfUnits(written);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit > 255) return undefined;
    bytes[at] = unit;
  }
  return bytes;
}

function* unwrap({ reader, how }: Decoded, context: ScanContext): Work<Decoded | undefined> {
  const start = yield* readUpTo(reader, 0, 64);
  const codec = codecOf(start);
  const named = (name: string) => (how ? `${how}, ${name}` : name);
  if (codec) {
    const plain = yield* expandLiteral(reader, codec, context);
    return plain && { reader: plain, how: named(codec) };
  }
  if (reader.size > LONGEST_DECODED || start.length < 16) return undefined;
  const text = textOfUnits(start).replace(/\s/g, "");
  if (/^[0-9a-fA-F]+$/.test(text)) {
    const bytes = fromHex(textOfUnits(yield* read(reader, 0, reader.size)));
    if (bytes) return { reader: bytesReader(bytes), how: named("hex") };
  }
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return undefined;
  const bytes = fromBase64(textOfUnits(yield* read(reader, 0, reader.size)));
  return bytes && { reader: bytesReader(bytes), how: named("base64") };
}

/** Expands all of a literal when its first plain bytes may be a stream; images and tables in literals are left alone. */
function* expandLiteral(reader: Reader, codec: CodecId, context: ScanContext): Work<Reader | undefined> {
  try {
    const peek = yield* expand(context, codec, reader, undefined, PEEK);
    const start = yield* readUpTo(peek.reader, 0, PEEK);
    const { size } = peek.reader;
    peek.reader.close?.();
    if (!mayHoldStream(start, 0, start.length, Math.max(size, start.length))) return undefined;
    return size < PEEK ? bytesReader(start) : (yield* expand(context, codec, reader, undefined, LONGEST_EXPANDED)).reader;
  } catch (error) {
    if (error instanceof LimitExceeded) throw error;
    // Bytes that only began like a compressed stream are data.
    return undefined;
  }
}

function codecOf(start: Uint8Array): CodecId | undefined {
  const [a, b, c] = start;
  if (a === undefined || b === undefined) return undefined;
  if (a === 0x78 && (a * 256 + b) % 31 === 0) return "zlib";
  if (a === 0x1f && b === 0x8b) return "gzip";
  if (a === 0x42 && b === 0x5a && c === 0x68) return "bzip2";
  return a === 0xfd && b === 0x37 && c === 0x7a ? "xz" : undefined;
}
