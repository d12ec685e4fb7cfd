import { textOfUnits } from "../../io/text-of-units.js";
import { utf8 } from "./literals.js";

/** Decompresses a short text; undefined where the platform cannot at once. */
export type Inflate = (codec: "zlib" | "gzip" | "bzip2" | "xz" | "lzma", bytes: Uint8Array, limit: number) => Uint8Array | undefined;

export type Plain = string | Uint8Array | number | bigint | boolean | null | Plain[] | { sliceOf: Plain[] };

/** Names are short; a fold that grows beyond this is given up. */
export const LONGEST = 64 * 1024;
/** What a function of Python's gives that computes text and nothing else, by its canonical name; undefined for all else. */
export function apply(name: string, args: Plain[], inflate: Inflate | undefined): Plain | undefined {
  const [a, b, c] = args;
  switch (name) {
    case "methodcaller":
      return Array.isArray(b) && c !== undefined ? apply(`${c instanceof Uint8Array ? "bytes" : "str"}.${String(a)}`, [c, ...b], inflate) : undefined;
    case "itemgetter":
    case "operator.getitem":
    case "operator.__getitem__":
    case "str.__getitem__":
    case "bytes.__getitem__":
    case "list.__getitem__":
    case "tuple.__getitem__":
      return name === "itemgetter" ? item(b, a) : item(a, b);
    case "operator.add":
    case "operator.__add__":
    case "operator.concat":
    case "operator.__concat__":
    case "operator.iadd":
    case "operator.iconcat":
    case "str.__add__":
    case "bytes.__add__":
      return concat(a, b);
    case "operator.mul":
    case "str.__mul__":
      return typeof a === "string" && typeof b === "number" && b >= 0 && a.length * b <= LONGEST ? a.repeat(b) : undefined;
    case "operator.mod":
    case "str.__mod__":
      return percent(a, b);
    case "str.join":
    case "bytes.join":
      return join(a, b);
    case "str.replace":
      return typeof a === "string" && typeof b === "string" && typeof c === "string" && b !== "" ? a.split(b).join(c) : undefined;
    case "str.format":
      return braces(args);
    case "str.lower":
    case "str.casefold":
      return typeof a === "string" ? a.toLowerCase() : undefined;
    case "str.upper":
      return typeof a === "string" ? a.toUpperCase() : undefined;
    case "str.swapcase":
      return typeof a === "string" ? a.replace(/./gu, (one) => (one === one.toUpperCase() ? one.toLowerCase() : one.toUpperCase())) : undefined;
    case "str.strip":
    case "str.lstrip":
    case "str.rstrip":
      return strip(name, a, b);
    case "str.removeprefix":
      return typeof a === "string" && typeof b === "string" ? (a.startsWith(b) ? a.slice(b.length) : a) : undefined;
    case "str.removesuffix":
      return typeof a === "string" && typeof b === "string" ? (b && a.endsWith(b) ? a.slice(0, -b.length) : a) : undefined;
    case "str.split":
      return typeof a === "string" ? (typeof b === "string" && b ? a.split(b) : a.trim().split(/\s+/)) : undefined;
    case "reversed":
      return typeof a === "string" ? [...a].reverse() : Array.isArray(a) ? [...a].reverse() : undefined;
    case "list":
    case "tuple":
      return typeof a === "string" ? [...a] : Array.isArray(a) ? a : undefined;
    case "str":
    case "sys.intern":
    case "intern":
      if (a instanceof Uint8Array) return typeof b === "string" ? decode(a, b, inflate) : undefined;
      return typeof a === "string" ? a : typeof a === "number" ? String(a) : undefined;
    case "chr":
    case "unichr":
      return typeof a === "number" && a >= 0 && a < 0x110000 ? String.fromCodePoint(a) : undefined;
    case "slice":
      return { sliceOf: args };
    case "bytes":
    case "bytearray":
      if (typeof a === "string") return encode(a, typeof b === "string" ? b : "utf-8");
      return Array.isArray(a) ? Uint8Array.from(a, Number) : a instanceof Uint8Array ? a : undefined;
    case "bytes.fromhex":
    case "bytearray.fromhex":
      return typeof a === "string" ? fromHex(a) : undefined;
    case "str.encode":
      return typeof a === "string" ? encode(a, typeof b === "string" ? b : "utf-8") : undefined;
    case "codecs.encode":
      return typeof a === "string" && typeof b === "string" ? (isRot13(b) ? rot13(a) : encode(a, b)) : undefined;
    case "bytes.decode":
    case "bytearray.decode":
    case "codecs.decode":
      if (typeof a === "string") return isRot13(b) ? rot13(a) : undefined;
      return a instanceof Uint8Array ? decode(a, typeof b === "string" ? b : "utf-8", inflate) : undefined;
    case "binascii.unhexlify":
    case "binascii.a2b_hex":
    case "base64.b16decode":
      return fromHex(textOf(a) ?? "!");
    case "binascii.a2b_base64":
    case "base64.b64decode":
    case "base64.urlsafe_b64decode":
    case "base64.standard_b64decode":
    case "base64.decodebytes":
    case "base64.decodestring":
      return fromBase64(textOf(a) ?? "!");
    case "zlib.decompress":
    case "gzip.decompress":
    case "bz2.decompress":
    case "lzma.decompress":
      return a instanceof Uint8Array ? inflate?.(DECOMPRESS[name], a, LONGEST) : undefined;
  }
  return undefined;
}

const DECOMPRESS = { "zlib.decompress": "zlib", "gzip.decompress": "gzip", "bz2.decompress": "bzip2", "lzma.decompress": "xz" } as const;

function textOf(value: Plain | undefined): string | undefined {
  return typeof value === "string" ? value : value instanceof Uint8Array ? textOfUnits(value) : undefined;
}

function concat(a: Plain | undefined, b: Plain | undefined): Plain | undefined {
  if (typeof a === "string" && typeof b === "string") return a + b;
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Uint8Array.from([...a, ...b]);
  return Array.isArray(a) && Array.isArray(b) ? [...a, ...b] : undefined;
}

function join(separator: Plain | undefined, parts: Plain | undefined): Plain | undefined {
  if (typeof separator === "string") {
    const list = typeof parts === "string" ? [...parts] : parts;
    if (!Array.isArray(list) || !list.every((part) => typeof part === "string")) return undefined;
    return (list as string[]).join(separator);
  }
  if (!(separator instanceof Uint8Array) || !Array.isArray(parts)) return undefined;
  const bytes: number[] = [];
  for (const [index, part] of parts.entries()) {
    if (!(part instanceof Uint8Array) || bytes.length > LONGEST) return undefined;
    if (index > 0) bytes.push(...separator);
    bytes.push(...part);
  }
  return Uint8Array.from(bytes);
}

function item(from: Plain | undefined, key: Plain | undefined): Plain | undefined {
  if (typeof from !== "string" && !Array.isArray(from) && !(from instanceof Uint8Array)) return undefined;
  if (typeof key === "number") {
    const at = key < 0 ? from.length + key : key;
    return typeof from === "string" ? from[at] : from[at];
  }
  if (!key || typeof key !== "object" || !("sliceOf" in key)) return undefined;
  const [first, second, third] = key.sliceOf.length === 1 ? [null, key.sliceOf[0], null] : key.sliceOf;
  const step = typeof third === "number" ? third : 1;
  if (step === 0) return undefined;
  const clamp = (value: Plain | undefined, otherwise: number) => {
    if (typeof value !== "number") return otherwise;
    return Math.min(Math.max(value < 0 ? from.length + value : value, step < 0 ? -1 : 0), step < 0 ? from.length - 1 : from.length);
  };
  const start = clamp(first, step < 0 ? from.length - 1 : 0);
  const end = clamp(second, step < 0 ? -1 : from.length);
  const picked: Plain[] = [];
  for (let at = start; step < 0 ? at > end : at < end; at += step) picked.push(from[at] as Plain);
  if (typeof from === "string") return picked.join("");
  return Array.isArray(from) ? picked : Uint8Array.from(picked as number[]);
}

function strip(name: string, text: Plain | undefined, characters: Plain | undefined): string | undefined {
  if (typeof text !== "string") return undefined;
  const off = typeof characters === "string" ? characters : " \t\n\r\f\v";
  let start = 0;
  let end = text.length;
  if (name !== "str.rstrip") while (start < end && off.includes(text[start] as string)) start++;
  if (name !== "str.lstrip") while (end > start && off.includes(text[end - 1] as string)) end--;
  return text.slice(start, end);
}

function percent(format: Plain | undefined, values: Plain | undefined): string | undefined {
  if (typeof format !== "string") return undefined;
  const list = Array.isArray(values) ? [...values] : [values];
  return format.replace(/%(?:s|c|d|%)/g, (mark) => {
    if (mark === "%%") return "%";
    const value = list.shift();
    return mark === "%c" && typeof value === "number" ? String.fromCodePoint(Math.min(value, 0x10ffff)) : String(value ?? "");
  });
}

function braces([format, ...values]: Plain[]): string | undefined {
  if (typeof format !== "string" || values.some((value) => typeof value !== "string" && typeof value !== "number")) return undefined;
  let next = 0;
  return format.replace(/\{\{|\}\}|\{(\d*)\}/g, (mark, index: string | undefined) => {
    if (index === undefined) return mark[0] as string;
    return String(values[index === "" ? next++ : Number(index)] ?? "");
  });
}

function isRot13(codec: Plain | undefined): boolean {
  return typeof codec === "string" && /^rot_?-?13$/i.test(codec);
}

function rot13(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => {
    const base = letter <= "Z" ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
  });
}

const plainCodec = (codec: string) => codec.toLowerCase().replace(/[-_ ]/g, "");

function encode(text: string, codec: string): Uint8Array | undefined {
  const name = plainCodec(codec);
  if (name === "utf8" || name === "ascii") return new TextEncoder().encode(text);
  if (name !== "latin1" && name !== "iso88591" && name !== "l1") return undefined;
  return [...text].every((one) => one.charCodeAt(0) < 256) ? Uint8Array.from(text, (one) => one.charCodeAt(0)) : undefined;
}

function decode(bytes: Uint8Array, codec: string, inflate: Inflate | undefined): Plain | undefined {
  switch (plainCodec(codec)) {
    case "utf8":
    case "ascii":
      return utf8(bytes, 0, bytes.length);
    case "latin1":
    case "iso88591":
    case "l1":
    case "cp1252":
      return textOfUnits(bytes);
    case "hex":
    case "hexcodec":
      return fromHex(textOfUnits(bytes));
    case "base64":
    case "base64codec":
      return fromBase64(textOfUnits(bytes));
    case "utf16le":
    case "utf16":
      return new TextDecoder("utf-16le").decode(bytes);
    case "zip":
    case "zlib":
    case "zlibcodec":
      return inflate?.("zlib", bytes, LONGEST);
    case "bz2":
    case "bz2codec":
      return inflate?.("bzip2", bytes, LONGEST);
  }
  return undefined;
}

/** Bytes of hexadecimal digits; blanks between them do not count. Undefined for anything else. */
export function fromHex(text: string): Uint8Array | undefined {
  const digits = text.replace(/\s/g, "");
  if (digits.length % 2 || !/^[0-9a-fA-F]*$/.test(digits)) return undefined;
  return Uint8Array.from({ length: digits.length / 2 }, (_, index) => Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16));
}

/** Bytes of base64 in either alphabet, with or without padding and line breaks. Undefined for anything else. */
export function fromBase64(text: string): Uint8Array | undefined {
  const letters = text.replace(/\s/g, "").replace(/-/g, "+").replace(/_/g, "/").replace(/=+$/, "");
  if (!/^[A-Za-z0-9+/]*$/.test(letters) || letters.length % 4 === 1) return undefined;
  return Uint8Array.from(atob(letters + "=".repeat((4 - (letters.length % 4)) % 4)), (character) => character.charCodeAt(0));
}
