import { float, integer, isBlank, quotedString, rawUnicodeEscape, utf8 } from "./literals.js";
import { type Opcode, OPCODES } from "./opcodes.js";

/** What a quick walk over the first opcodes of some bytes has seen. */
export interface Walk {
  /** `stop`: reached STOP exactly. `cut`: the bytes ran out inside a valid stream. `broken`: something no stream has. */
  end: "stop" | "cut" | "broken";
  /** Index behind the last opcode read. */
  at: number;
  opcodes: number;
  /** Imports with names that a Python module can have. */
  imports: number;
  /** Opcodes that call something, behind an import. */
  calls: number;
  protocol: number;
}

const CALLS: ReadonlySet<string> = new Set(["REDUCE", "INST", "OBJ", "NEWOBJ", "NEWOBJ_EX", "BUILD"]);
/** Nearly every name, told without the tables of Unicode, which take a millisecond to load. */
const ASCII_NAME = /^[A-Za-z_]\w*(?:\.[A-Za-z_<][\w>]*)*$/;
/** Letters, digits and underscores of any script, dots between parts. Made when it is needed, as it brings in those tables. */
const anyName = () => /^[\p{L}_][\p{L}\p{N}\p{M}_]*(?:\.[\p{L}_<][\p{L}\p{N}\p{M}_>]*)*$/u;

/** True for text that can be a module's or attribute's dotted name. */
export function isPlausibleName(text: string): boolean {
  return text.length <= LONGEST_NAME && (ASCII_NAME.test(text) || anyName().test(text));
}

/** No module or attribute has a dotted name of this length. */
const LONGEST_NAME = 512;

const decode = new TextDecoder("utf-8");

/**
 * Walks over the opcodes in `bytes[start, end)` with the heights of stack and marks alone, to tell streams from other
 * data. `size` counts the bytes there are from index 0 on, of which `bytes` may hold only the beginning. With `lenient`
 * the heights are not checked, for bytes that may continue a stream begun elsewhere.
 */
export function walk(bytes: Uint8Array, start: number, end: number, size: number, lenient = false): Walk {
  const result: Walk = { end: "broken", at: start, opcodes: 0, imports: 0, calls: 0, protocol: 0 };
  const marks: number[] = [];
  let height = lenient ? 1e9 : 0;
  let memo = lenient;
  let at = start;
  let names = 0;
  while (at < end) {
    const opcode = OPCODES[bytes[at] as number];
    if (!opcode) return result;
    const operand = readOperand(bytes, at + 1, end, opcode);
    if (operand === undefined) {
      // A line that runs off the bytes at hand is no evidence unless some of it was checked.
      result.end = "cut";
      return result;
    }
    if (operand.next < 0 || operand.next > size) return result;
    const { name, argument } = opcode;
    if (argument === "line" && !isLine(name, bytes, at + 1, operand.next - 1)) return result;
    if (name === "PROTO") {
      if (operand.number > 5) return result;
      result.protocol = operand.number;
    }
    const floor = marks[marks.length - 1] ?? 0;
    if (name === "MARK") marks.push(height);
    else if (name === "POP" && height === floor && marks.length) height = marks.pop() as number;
    else if (opcode.takes === "mark") {
      if (!marks.length && !lenient) return result;
      if (name === "OBJ" && height === floor && !lenient) return result;
      height = marks.pop() ?? height;
      if (height - opcode.below < (marks[marks.length - 1] ?? 0)) return result;
      height += opcode.gives - opcode.below;
    } else {
      if (height - opcode.takes < floor) return result;
      height += opcode.gives - opcode.takes;
    }
    if (name.endsWith("PUT") || name === "MEMOIZE") memo = true;
    else if (name.endsWith("GET") && !memo) return result;
    if (TEXTS.has(name)) {
      if (operand.next <= end && operand.length <= LONGEST_NAME && isPlausibleName(textOf(name, bytes, operand))) names++;
    }
    if (name === "GLOBAL" || name === "INST") {
      const lines = decode.decode(bytes.subarray(at + 1, operand.next - 1)).split("\n");
      // Behind a header a strange name is an attempt to hide something; without one it is text.
      if (lines.every(isPlausibleName)) result.imports++;
      else if (result.protocol === 0) return result;
    } else if (name === "STACK_GLOBAL") {
      // The names may come from the memo: two plausible texts anywhere before are enough.
      if (names >= 2 || lenient) result.imports++;
      else if (result.protocol === 0) return result;
    }
    if (CALLS.has(name) && result.imports) result.calls++;
    result.opcodes++;
    at = operand.next;
    result.at = at;
    if (name === "STOP") {
      result.end = "stop";
      return result;
    }
  }
  result.end = "cut";
  return result;
}

const TEXTS: ReadonlySet<string> = new Set(["UNICODE", "STRING", "BINSTRING", "SHORT_BINSTRING", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8"]);

function textOf(name: string, bytes: Uint8Array, { next, length }: Operand): string {
  if (name === "UNICODE") return rawUnicodeEscape(bytes, next - 1 - length, next - 1);
  if (name === "STRING") return quotedString(bytes, next - 1 - length, next - 1) ?? "";
  return utf8(bytes, next - length, next);
}

interface Operand {
  /** Index behind the operand; negative when it cannot be one. */
  next: number;
  number: number;
  /** Length of a counted literal or line. */
  length: number;
}

/** The operand at `at`; undefined when the bytes end before its length is known. */
function readOperand(bytes: Uint8Array, at: number, end: number, { argument, width, kind }: Opcode): Operand | undefined {
  if (width < 0) {
    const first = bytes.indexOf(10, at);
    const last = argument === "line2" && first >= 0 ? bytes.indexOf(10, first + 1) : first;
    return last < 0 || last >= end ? undefined : { next: last + 1, number: 0, length: last - at };
  }
  if (at + width > end) return undefined;
  let number = 0;
  for (let i = width - 1; i >= 0; i--) number = number * 256 + (bytes[at + i] as number);
  if (kind < 4) return { next: at + width, number, length: 0 };
  if ((argument === "i32text" || argument === "integer4") && number > 0x7fffffff) return { next: -1, number, length: 0 };
  return { next: at + width + number, number, length: number };
}

/** Lines are looked at up to this length; longer ones are taken as they come. */
const LONGEST_LINE = 4096;

/** ASCII without control characters, but for white space at the ends. */
function isPrintable(bytes: Uint8Array, start: number, end: number): boolean {
  let [first, last] = [start, end];
  while (first < last && isBlank(bytes[first] as number)) first++;
  while (first < last && isBlank(bytes[last - 1] as number)) last--;
  for (let at = first; at < last; at++) if ((bytes[at] as number) < 0x20 || (bytes[at] as number) > 0x7e) return false;
  return true;
}

function isLine(name: string, bytes: Uint8Array, start: number, end: number): boolean {
  if (name === "UNICODE") return true;
  if (name === "PERSID") return isPrintable(bytes, start, Math.min(end, start + LONGEST_LINE));
  const whole = end - start <= LONGEST_LINE;
  const text = decode.decode(bytes.subarray(start, Math.min(end, start + LONGEST_LINE))).trim();
  if (name === "STRING") return (text[0] === "'" || text[0] === '"') && (!whole || (text.length > 1 && text.endsWith(text[0])));
  if (name === "FLOAT") return float(text) !== undefined;
  if (name === "GET" || name === "PUT") return /^[-+]?[\d_]+$/.test(text);
  return !whole || integer(text.replace(/L$/i, "")) !== undefined;
}
