import { u16, u32, u64 } from "../../io/little-endian.js";
import { digits, float, integer, longInteger, quotedString, rawUnicodeEscape, utf8 } from "./literals.js";
import { OPCODES } from "./opcodes.js";
import { mayHoldStream } from "./embedded-start.js";
import type { Constant, Literal, LiteralForm } from "./values.js";

/** What {@link Decoder.next} answers in place of an opcode. */
export const NEED = -1;
export const END = -2;
export const BAD = -3;
/** A text line longer than the window: its end must be searched, see {@link Decoder.lineEnd}. */
export const FAR_LINE = -4;

/** Literals up to this length are kept whole while there is room: enough for source text and code objects in arguments. */
const KEPT_LITERAL = 64 * 1024;
/** The same for text: a pickled torch.fx graph holds its source, some 100 bytes for each of thousands of nodes. */
const KEPT_TEXT = 4 * 1024 * 1024;
/** Of literals that are not kept whole: enough to show them. */
const KEPT_START = 256;
/** Bytes of literals above {@link KEPT_START} kept in one stream, so that a pickle of many blobs is not held in memory. */
const KEPT_TOTAL = 16 * 1024 * 1024;
/** Bytes literals up to this length are copied into a shared buffer of the next size. */
const SHORT_BYTES = 64;
const POOL = 16 * 1024;
/** A length above this, and a thousand times the file's, is no file cut short: the loader allocates as much before it reads. */
const HUGE = 2 ** 30;

/** In place of an argument's width. */
const NO_OPCODE = 127;
const ARGUMENT_WIDTHS = Int8Array.from({ length: 256 }, (_, code) => OPCODES[code]?.width ?? NO_OPCODE);
/** See opcodes.ts: from 4 on what stands there is counted. */
const KINDS = Uint8Array.from({ length: 256 }, (_, code) => OPCODES[code]?.kind ?? 0);

const UNICODE = 0x56;
const STRING = 0x53;
const FLOAT = 0x46;
const INT = 0x49;
const LONG = 0x4c;
const LONG4 = 0x8b;
const GET = 0x67;
const PUT = 0x70;
const PERSID = 0x50;
/** Lines up to this length are searched byte by byte, which beats the search function's fixed cost. */
const SHORT_LINE = 24;

const NOTHING: Constant = { kind: "constant", value: null };
const scratch = new DataView(new ArrayBuffer(8));

/**
 * Splits bytes into opcodes and their operands, over a window that its owner moves. It reads what CPython's two
 * unpicklers read, not what pickletools reads: numbers in any base, names in UTF-8, lines ended by LF alone.
 */
export class Decoder {
  bytes: Uint8Array = new Uint8Array(0);
  /** Offset of the window in the reader. */
  base = 0;
  /** Index of the next opcode in the window; may lie behind it after a literal was skipped. */
  position = 0;
  /** Size of the reader. */
  readonly size: number;

  /** Offset of the opcode read last. */
  offset = 0;
  number = 0;
  literal: Constant = NOTHING;
  first = "";
  second = "";
  /** Set when the literal read last may hold a stream. */
  blob: Literal | undefined;
  /** Set when the operand read last is not what its opcode demands; the opcode's length is known all the same. */
  flaw: string | undefined;
  /** Why reading cannot go on, after {@link BAD}. */
  problem = { code: "", detail: "" };
  /** Bytes the window must hold from `position` on, after {@link NEED}. */
  wanted = 1;
  /** Where the line at `position` ends, once it was searched. */
  lineEnd = -1;
  private kept = 0;
  private pool = new Uint8Array(0);
  private shared = 0;

  constructor(size: number) {
    this.size = size;
  }

  /** Absolute offset of the next opcode. */
  get at(): number {
    return this.base + this.position;
  }

  /** The next opcode's byte, its operands in the fields above; or one of the answers above, with nothing consumed. */
  next(): number {
    const { bytes, position } = this;
    if (position >= bytes.length) return this.ended();
    const code = bytes[position] as number;
    const width = ARGUMENT_WIDTHS[code] as number;
    this.offset = this.base + position;
    if (width === 0) {
      this.position = position + 1;
      return code;
    }
    if (width < 0) return this.lines(code, -width);
    return width === NO_OPCODE ? this.unknown(code) : this.operand(code, width);
  }

  private ended(): number {
    this.wanted = 1;
    return this.at >= this.size ? END : NEED;
  }

  private unknown(code: number): number {
    return this.bad("unknown-opcode", `the byte 0x${code.toString(16).padStart(2, "0")} is no opcode`);
  }

  /** An operand of `width` bytes, or one that begins with a length of so many. */
  private operand(code: number, width: number): number {
    const { bytes, position } = this;
    const start = position + 1 + width;
    if (start > bytes.length) return this.more(1 + width);
    const kind = KINDS[code] as number;
    if (kind === 3) {
      for (let i = 0; i < 8; i++) scratch.setUint8(i, bytes[position + 1 + i] as number);
      this.literal = { kind: "constant", value: scratch.getFloat64(0) };
      this.position = start;
      return code;
    }
    const number = this.unsigned(position + 1, width);
    if (kind > 2) return this.counted(code, kind, start, number);
    this.number = kind === 2 ? number | 0 : number;
    this.position = start;
    return code;
  }

  private counted(code: number, kind: number, start: number, length: number): number {
    const { bytes, base } = this;
    this.blob = undefined;
    if (length > 0x7fffffff && (kind === 7 || code === LONG4)) return this.bad("bad-literal", `the length ${length | 0} is negative`);
    const end = base + start + length;
    if (end > this.size) {
      const text = `${OPCODES[code]?.name} wants ${length} bytes, ${this.size - base - start} are left`;
      return this.bad(length > HUGE && length > this.size * 1000 ? "huge-length" : "truncated", text);
    }
    const whole = length <= KEPT_START || (length <= (kind === 4 || kind === 6 ? KEPT_LITERAL : KEPT_TEXT) && this.kept + length <= KEPT_TOTAL);
    const held = whole ? length : KEPT_START;
    if (start + held > bytes.length) return this.more(start - this.position + held);
    if (length > KEPT_START && whole) this.kept += length;
    if (kind === 4) this.literal = { kind: "constant", value: whole ? longInteger(bytes, start, start + length) : 0 };
    else {
      const value = kind === 6 ? this.copy(start, held) : utf8(bytes, start, start + held);
      this.literal = { kind: "constant", value, offset: this.offset };
      this.look(start, held, length, kind === 6 ? "bytes" : "utf-8");
    }
    if (!whole) this.literal.cut = { length };
    this.position = start + length;
    return code;
  }

  /** A copy that does not keep the window alive. Short ones share a buffer, since one each would cost forty times their size. */
  private copy(start: number, length: number): Uint8Array {
    if (length > SHORT_BYTES) return this.bytes.slice(start, start + length);
    if (this.shared + length > this.pool.length) {
      this.pool = new Uint8Array(POOL);
      this.shared = 0;
    }
    const copy = this.pool.subarray(this.shared, this.shared + length);
    copy.set(this.bytes.subarray(start, start + length));
    this.shared += length;
    return copy;
  }

  private look(start: number, held: number, length: number, form: LiteralForm): void {
    if (!mayHoldStream(this.bytes, start, start + held, length)) return;
    this.blob = { offset: this.base + start, length, form };
  }

  private unsigned(at: number, width: number): number {
    const { bytes } = this;
    if (width === 1) return bytes[at] as number;
    if (width === 2) return u16(bytes, at);
    return width === 4 ? u32(bytes, at) : u64(bytes, at);
  }

  private lines(code: number, count: number): number {
    const { bytes, position } = this;
    this.flaw = undefined;
    this.blob = undefined;
    const start = position + 1;
    const end = lineEnd(bytes, start);
    if (end < 0) return this.farLine(code, count, start);
    if (count === 2) {
      const secondEnd = lineEnd(bytes, end + 1);
      if (secondEnd < 0) return this.farLine(code, count, start);
      this.first = utf8(bytes, start, end);
      this.second = utf8(bytes, end + 1, secondEnd);
      this.position = secondEnd + 1;
      return code;
    }
    this.line(code, start, end, end - start);
    this.position = end + 1;
    return code;
  }

  /** No line feed in the window: asks for more of it, then for a search. */
  private farLine(code: number, count: number, start: number): number {
    const rest = this.bytes.length - this.position;
    if (this.base + this.bytes.length >= this.size) return this.bad("truncated", `the line of ${OPCODES[code]?.name} does not end`);
    if (this.lineEnd >= 0 && count === 1) {
      const length = this.lineEnd - this.base - start;
      this.line(code, start, Math.min(this.bytes.length, start + KEPT_START), length);
      this.position = start + length + 1;
      this.lineEnd = -1;
      return code;
    }
    if (rest <= KEPT_LITERAL) return this.more(2 * KEPT_LITERAL);
    return count === 1 ? FAR_LINE : this.bad("bad-literal", `the name of ${OPCODES[code]?.name} is over ${KEPT_LITERAL} bytes long`);
  }

  /** Reads the operand in `[start, end)` of the window, which is a line of `length` bytes. */
  private line(code: number, start: number, end: number, length: number): void {
    const { bytes } = this;
    const cut = length > end - start;
    if (code === UNICODE || code === STRING) {
      const unicode = code === UNICODE;
      let value: string | undefined;
      if (unicode) value = rawUnicodeEscape(bytes, start, end);
      else value = cut ? utf8(bytes, start + 1, end) : quotedString(bytes, start, end);
      if (value === undefined) this.flaw = "the text of STRING is not quoted";
      this.literal = { kind: "constant", value: value ?? utf8(bytes, start, end), offset: this.offset };
      if (cut) this.literal.cut = { length };
      const skip = unicode ? 0 : 1;
      this.look(start + skip, end - start - skip, length, unicode ? "raw-unicode-escape" : "quoted");
      return;
    }
    const simple = digits(bytes, start, end);
    if (code === GET || code === PUT) {
      const key = simple ?? integer(utf8(bytes, start, end), 10);
      this.number = key === undefined ? Number.NaN : Number(key);
      if (key === undefined) this.flaw = `${JSON.stringify(utf8(bytes, start, end).slice(0, 40))} is no memo key`;
      return;
    }
    if (simple !== undefined && code !== PERSID) {
      this.literal = { kind: "constant", value: simple };
      return;
    }
    const text = utf8(bytes, start, end);
    if (code === PERSID) {
      this.literal = { kind: "constant", value: text, offset: this.offset };
      return;
    }
    let value: number | bigint | boolean | undefined;
    if (code === FLOAT) value = float(text);
    else if (code === INT && (text === "00" || text === "01")) value = text === "01";
    else value = cut ? 0 : integer(code === LONG ? text.replace(/[lL]\s*$/, "") : text);
    if (value === undefined) this.flaw = `${JSON.stringify(text.slice(0, 40))} is no number`;
    this.literal = { kind: "constant", value: value ?? 0 };
    if (cut) this.literal.cut = { length };
  }

  private more(wanted: number): number {
    if (this.base + this.bytes.length >= this.size) return this.bad("truncated", "the data ends within an opcode");
    this.wanted = wanted;
    return NEED;
  }

  private bad(code: string, detail: string): number {
    this.offset = this.base + this.position;
    this.problem = { code, detail };
    return BAD;
  }
}

function lineEnd(bytes: Uint8Array, start: number): number {
  const near = Math.min(bytes.length, start + SHORT_LINE);
  for (let at = start; at < near; at++) if (bytes[at] === 10) return at;
  return near === bytes.length ? -1 : bytes.indexOf(10, near);
}
