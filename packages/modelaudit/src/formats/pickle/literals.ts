import { textOfUnits } from "../../io/text-of-units.js";

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Up to this length text is put together character by character, which beats the decoder's fixed cost. */
const SHORT = 48;
/** One array to fill for each short length met: a text of plain numbers is made several times faster than one of a view. */
const UNITS: (number[] | undefined)[] = new Array(SHORT + 1).fill(undefined);

function unitsOf(length: number): number[] {
  UNITS[length] ??= new Array<number>(length).fill(0);
  return UNITS[length];
}

function short(bytes: Uint8Array, start: number, end: number): string {
  const units = unitsOf(end - start);
  for (let index = start; index < end; index++) units[index - start] = bytes[index] as number;
  return String.fromCharCode(...units);
}

/** UTF-8 in which lone surrogates are allowed, as pickle writes text; other bytes are Latin-1, as for the loaders of Python 2 strings. */
export function utf8(bytes: Uint8Array, start: number, end: number): string {
  const length = end - start;
  if (length <= SHORT) {
    const units = unitsOf(length);
    let all = 0;
    for (let index = 0; index < length; index++) {
      const byte = bytes[start + index] as number;
      units[index] = byte;
      all |= byte;
    }
    if (all < 0x80) return String.fromCharCode(...units);
  }
  const part = bytes.subarray(start, end);
  try {
    return strict.decode(part);
  } catch {
    return surrogates(part) ?? textOfUnits(part);
  }
}

/** UTF-8 with surrogates encoded by themselves; undefined when it is not even that. */
function surrogates(bytes: Uint8Array): string | undefined {
  const units: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] as number;
    const more = first < 0x80 ? 0 : first >= 0xc2 && first < 0xe0 ? 1 : first >= 0xe0 && first < 0xf0 ? 2 : first >= 0xf0 && first < 0xf5 ? 3 : -1;
    if (more < 0 || at + more >= bytes.length) return undefined;
    let point = more === 0 ? first : first & (0x3f >> more);
    for (let i = 1; i <= more; i++) {
      const next = bytes[at + i] as number;
      if ((next & 0xc0) !== 0x80) return undefined;
      point = point * 64 + (next & 0x3f);
    }
    if (point > 0x10ffff) return undefined;
    units.push(String.fromCodePoint(point));
    at += more + 1;
  }
  return units.join("");
}

/** Python's raw-unicode-escape: Latin-1 in which only `\uXXXX` and `\UXXXXXXXX` behind an odd number of backslashes mean something. */
export function rawUnicodeEscape(bytes: Uint8Array, start: number, end: number): string {
  if (bytes.subarray(start, end).indexOf(0x5c) < 0) return end - start <= SHORT ? short(bytes, start, end) : textOfUnits(bytes.subarray(start, end));
  return textOfUnits(bytes.subarray(start, end)).replace(
    /(\\+)(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/g,
    (whole, slashes: string, four?: string, eight?: string) => {
      const point = Number.parseInt(four ?? eight ?? "", 16);
      return slashes.length % 2 === 0 || point > 0x10ffff ? whole : slashes.slice(1) + String.fromCodePoint(point);
    },
  );
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", a: "\x07", b: "\b", f: "\f", v: "\v", "\n": "" };

/** The text between the quotes of a STRING argument, or undefined when it is not quoted. */
export function quotedString(bytes: Uint8Array, start: number, end: number): string | undefined {
  let last = end;
  while (last > start && isBlank(bytes[last - 1] as number)) last--;
  const quote = bytes[start];
  if (last - start < 2 || (quote !== 0x27 && quote !== 0x22) || bytes[last - 1] !== quote) return undefined;
  const text = textOfUnits(bytes.subarray(start + 1, last - 1));
  const plain = !text.includes("\\")
    ? text
    : text.replace(/\\(?:x([0-9a-fA-F]{2})|([0-7]{1,3})|([\s\S]))/g, (_, hex?: string, octal?: string, other?: string) => {
        if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
        if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
        return ESCAPES[other as string] ?? (other === "\\" || other === "'" || other === '"' ? other : `\\${other}`);
      });
  const raw = Uint8Array.from(plain, (character) => character.charCodeAt(0));
  return utf8(raw, 0, raw.length);
}

/** White space in ASCII. */
export function isBlank(byte: number): boolean {
  return byte === 0x20 || (byte >= 9 && byte <= 13);
}

const INTEGER = /^[-+]?(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|[0-9](?:_?[0-9])*)$/;

/** A number as Python's `int(text, 0)` reads it, or the C unpickler, which takes a leading zero as octal. Undefined when it is none. */
export function integer(text: string, base: 0 | 10 = 0): number | bigint | undefined {
  const trimmed = text.trim();
  if (!INTEGER.test(trimmed)) return undefined;
  let digits = trimmed.replace(/[-+_]/g, "");
  if (/^0[0-9]/.test(digits)) digits = base === 0 && /^0[0-7]+$/.test(digits) ? `0o${digits}` : digits.replace(/^0+(?=.)/, "");
  else if (base === 10 && /^0[a-zA-Z]/.test(digits)) return undefined;
  const size = BigInt(digits);
  return small(trimmed[0] === "-" ? -size : size);
}

/** A decimal number of at most 15 digits straight from its bytes: nearly all there are. Undefined for any other spelling. */
export function digits(bytes: Uint8Array, start: number, end: number): number | undefined {
  const negative = bytes[start] === 0x2d;
  const from = negative ? start + 1 : start;
  if (from === end || end - from > 15 || (bytes[from] === 0x30 && end - from > 1)) return undefined;
  let value = 0;
  for (let at = from; at < end; at++) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return negative ? -value : value;
}

/** A text float in Python's syntax, or undefined. */
export function float(text: string): number | undefined {
  if (/^-?\d+\.\d+$/.test(text)) return Number(text);
  const trimmed = text.trim().toLowerCase();
  if (/^[-+]?(?:\d(?:_?\d)*\.?(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:e[-+]?\d(?:_?\d)*)?$/.test(trimmed)) return Number(trimmed.replace(/_/g, ""));
  const word = /^([-+]?)(inf(?:inity)?|nan)$/.exec(trimmed);
  if (!word) return undefined;
  if (word[2] === "nan") return Number.NaN;
  return word[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** Little-endian two's complement of any length; a plain number where it fits. */
export function longInteger(bytes: Uint8Array, start: number, end: number): number | bigint {
  if (start === end) return 0;
  if (end - start <= 6) {
    let value = 0;
    for (let at = end - 1; at >= start; at--) value = value * 256 + (bytes[at] as number);
    return (bytes[end - 1] as number) & 0x80 ? value - 256 ** (end - start) : value;
  }
  let hex = "";
  for (let at = end - 1; at >= start; at--) hex += (bytes[at] as number).toString(16).padStart(2, "0");
  return small(BigInt.asIntN((end - start) * 8, BigInt(`0x${hex}`)));
}

function small(value: bigint): number | bigint {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}
