/**
 * One 512-byte TAR header, decoded. Nothing here judges or reads.
 *
 * Layout (offset/length): name 0/100 · mode 100/8 · owner 108/8 · group 116/8 · size 124/12 · time 136/12 · checksum 148/8 ·
 * type 156/1 · link name 157/100 · magic 257/6 · version 263/2 · user 265/32 · group 297/32 · device 329/16 · prefix 345/155.
 * Numbers are octal text, or base-256 when the first byte has its high bit set. GNU headers use the prefix field otherwise.
 */

import type { Range } from "../../io/waiting.js";

export const BLOCK = 512;

export interface TarHeader {
  /** Prefix and name joined, as bytes of text. */
  name: string;
  linkName: string;
  /** The type character: `0` file, `1` hard link, `2` symbolic link, `5` folder...; NUL becomes `0`. */
  type: string;
  mode: number;
  /** NaN when the field is no number. */
  size: number;
}

/** Decodes a header, or gives undefined when its checksum is not that of a header. */
export function tarHeader(block: Uint8Array): TarHeader | undefined {
  if (block.length < BLOCK || !checksumFits(block)) return undefined;
  const prefix = text(block, 257, 6) === "ustar\0" ? field(block, 345, 155) : "";
  const name = field(block, 0, 100);
  const type = String.fromCharCode(block[156] as number);
  return {
    name: prefix ? `${prefix}/${name}` : name,
    linkName: field(block, 157, 100),
    type: type === "\0" ? "0" : type,
    mode: number(block, 100, 8),
    size: number(block, 124, 12),
  };
}

/** The sum of all bytes, with the checksum field as blanks. Some old writers summed signed bytes. */
function checksumFits(block: Uint8Array): boolean {
  const stated = number(block, 148, 8);
  if (!(stated > 0)) return false;
  let sum = 8 * 0x20;
  let high = 0;
  for (let at = 0; at < BLOCK; at++) {
    if (at >= 148 && at < 156) continue;
    const byte = block[at] as number;
    sum += byte;
    if (byte >= 0x80) high++;
  }
  return stated === sum || stated === sum - 256 * high;
}

/** A numeric field: octal text, or base-256 (negative when it begins with FF). NaN when it is neither. */
export function number(block: Uint8Array, at: number, length: number): number {
  const first = block[at] as number;
  if (first & 0x80) {
    let value = first === 0xff ? -1 : first & 0x7f;
    for (let i = 1; i < length; i++) value = value * 256 + (block[at + i] as number);
    return value;
  }
  // Blanks and NULs around the digits; what follows them does not count.
  let index = at;
  while (index < at + length && isBlank(block[index])) index++;
  let value = 0;
  for (; index < at + length && !isBlank(block[index]); index++) {
    const digit = (block[index] as number) - 0x30;
    if (digit < 0 || digit > 7) return Number.NaN;
    value = value * 8 + digit;
  }
  return value;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0;
}

function text(block: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...block.subarray(at, at + length));
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Bytes as text: UTF-8 where they are that, else one character per byte. */
function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return String.fromCharCode(...bytes.subarray(0, 0xffff));
  }
}

function field(block: Uint8Array, at: number, length: number): string {
  return cString(block.subarray(at, at + length));
}

/** Text up to a NUL or the end. */
export function cString(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decodeText(end < 0 ? bytes : bytes.subarray(0, end));
}

/**
 * The records of a pax extended header, `LENGTH KEY=VALUE\n` each. Stops at the first that is not one; `complete` says
 * whether there was such.
 */
export function paxRecords(bytes: Uint8Array): { records: Map<string, string>; values: Range[]; complete: boolean } {
  const records = new Map<string, string>();
  const values: Range[] = [];
  let at = 0;
  while (at < bytes.length && bytes[at] !== 0) {
    const blank = bytes.indexOf(0x20, at);
    const digits = blank < 0 || blank - at > 10 ? "" : text(bytes, at, blank - at);
    const length = /^[0-9]+$/.test(digits) ? Number(digits) : 0;
    // Without a blank there is no length, and a record that takes no bytes would be read for ever.
    if (length === 0 || length < blank - at + 3 || at + length > bytes.length || bytes[at + length - 1] !== 0x0a)
      return { records, values, complete: false };
    const record = decodeText(bytes.subarray(blank + 1, at + length - 1));
    const equals = record.indexOf("=");
    if (equals < 0) return { records, values, complete: false };
    records.set(record.slice(0, equals), record.slice(equals + 1));
    values.push({ start: bytes.indexOf(0x3d, blank) + 1, end: at + length - 1 });
    at += length;
  }
  return { records, values, complete: true };
}
