import { walk } from "./walker.js";

/** Shortest literal in which a stream with an import and a call fits. */
const SHORTEST_STREAM = 10;
/** Bytes of a literal that are walked over before it is read as a whole. */
const LOOK = 256;

/** 1: a stream, plain. 2: base64. 4: hex. 8: compressed. 16: a byte of two in UTF-8, so Latin-1 as text. 32: an escape. */
const FIRST = new Uint8Array(256);
for (const [kind, starts] of [
  [1, "c(]})iISVNKJXUTBGLF\x80\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x95"],
  [2, "gYKeHQS"],
  [4, "126748"],
  [8, "\x78\x1f\x42\xfd"],
  [16, "\xc2"],
  [32, "\\"],
] as const)
  for (const start of starts) FIRST[start.charCodeAt(0)]! |= kind;

/** Base64 of the first bytes of: protocol 2 to 5, a text stream's `c`, `(`, zlib, gzip, bzip2. */
const BASE64 = /^(?:gA[I-X]|Y[0-9a-z]|K[A-Z]|eJ|eN|eA|eF|H4sI|Qlpo|S[Q-Za-f])[A-Za-z0-9+/_-]{9}/;
const HEX = /^(?:800[2-5]|63[2-7]|28[2-7]|78(?:01|5e|9c|da)|1f8b|425a)[0-9a-f]{8}/i;

/** Could a literal of `length` bytes be a pickle, plain or encoded? Asked of every literal, so nearly all must leave at the first line. */
export function mayHoldStream(bytes: Uint8Array, start: number, end: number, length: number): boolean {
  if (length < SHORTEST_STREAM) return false;
  const kinds = FIRST[bytes[start] as number] as number;
  if (kinds === 0) return false;
  const second = bytes[start + 1] as number;
  if (kinds & 16) return second === 0x80;
  if (kinds & 32) {
    const plain = unescaped(bytes.subarray(start, Math.min(end, start + LOOK)));
    return plain.length > 1 && plain[0] !== 0x5c && mayHoldStream(plain, 0, plain.length, Math.max(plain.length, length));
  }
  if (kinds & 8 && startsCompressed(bytes, start)) return true;
  if (kinds & 1) {
    if (bytes[start] === 0x80) return second <= 5;
    const seen = walk(bytes, start, Math.min(end, start + LOOK), start + length);
    if (seen.opcodes >= 2 && (seen.imports > 0 || (seen.end === "cut" && seen.opcodes >= 4))) return true;
  }
  if ((kinds & 6) === 0 || length < 16) return false;
  const text = String.fromCharCode(...bytes.subarray(start, Math.min(end, start + 16)));
  return !!((kinds & 2 && BASE64.test(text)) || (kinds & 4 && HEX.test(text)));
}

/** The bytes that lines of text protocols spell by escapes, one that is cut at the end left out. */
function unescaped(line: Uint8Array): Uint8Array {
  const text = String.fromCharCode(...line).replace(/\\(?:x|u00)([0-9a-fA-F]{2})|\\([0-3][0-7]{2})|\\.{0,5}$/g, (_, hex?: string, octal?: string) =>
    hex || octal ? String.fromCharCode(Number.parseInt((hex ?? octal) as string, hex ? 16 : 8)) : "",
  );
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function startsCompressed(bytes: Uint8Array, start: number): boolean {
  const [first, second, third] = [bytes[start] as number, bytes[start + 1] as number, bytes[start + 2] as number];
  if (first === 0x78) return second === 0xc2 || second === 0xc3 || (first * 256 + second) % 31 === 0;
  if (first === 0x1f) return second === 0x8b || (second === 0xc2 && third === 0x8b);
  if (first === 0x42) return second === 0x5a && third === 0x68;
  return second === 0x37 && third === 0x7a;
}
