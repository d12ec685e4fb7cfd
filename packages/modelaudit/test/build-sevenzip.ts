import { crc32 } from "../src/io/crc32.js";

/** Writes a 7z archive by hand, with one member stored as it is and a plain header. */
export function buildSevenZip(name: string, data: Uint8Array): Uint8Array {
  const names = Buffer.concat([Buffer.from([0]), Buffer.from(`${name}\0`, "utf16le")]);
  const packed = [0x06, 0, 1, 0x09, ...number(data.length), 0];
  const coders = [0x07, 0x0b, 1, 0, 1, 0x01, 0x00, 0x0c, ...number(data.length), 0];
  const header = Buffer.from([0x01, 0x04, ...packed, ...coders, 0, 0x05, 1, 0x11, ...number(names.length), ...names, 0, 0]);
  const next = Buffer.alloc(20);
  next.writeBigUInt64LE(BigInt(data.length), 0);
  next.writeBigUInt64LE(BigInt(header.length), 8);
  next.writeUInt32LE(crc32(header), 16);
  const start = Buffer.from("377abcaf271c0004", "hex");
  const check = Buffer.alloc(4);
  check.writeUInt32LE(crc32(next));
  return Buffer.concat([start, check, next, data, header]);
}

/** A number of up to 32 bits: above 127 with its length in the first byte. */
function number(value: number): number[] {
  return value < 0x80 ? [value] : [0xf0, value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >>> 24) & 255];
}
