import { crc32 } from "../src/io/crc32.js";

/**
 * Archives that hold themselves, after Russ Cox, "Zip Files All The Way Down" (research.swtch.com/zip). A deflate stream is
 * a program of two instructions: L(n) prints the n bytes behind it, R(n) prints the last n bytes once more. With all of
 * them of one size and a header P and a trailer S around them, this program prints itself, P and S included:
 *
 *   L(P+1) P L(P+1) · R(P+1) · L(1) R(P+1) · L(1) L(1) · L(4) R(P+1) L(1) L(1) L(4) · R(4) · L(4) R(4) L(4) R(4) L(4) ·
 *   R(4) · L(4) R(4) L(0) L(0) L(S+1) · R(4) · L(0) · L(0) · L(S+1) R(S+1) S · R(S+1) · S
 *
 * where the numbers count instructions. What is left is a checksum of bytes that hold it, which is a linear equation.
 */
interface Shape {
  /** Header and trailer of a file that has this checksum, for a deflate stream of `packed` bytes in a file of `size`. */
  parts(crc: number, packed: number, size: number): { head: Buffer; tail: Buffer };
}

const GZIP: Shape = {
  parts(crc, _, size) {
    const head = Buffer.from("1f8b0800000000000003", "hex");
    const tail = Buffer.concat([END, u32(crc), u32(size)]);
    return { head, tail };
  },
};

const ZIP: Shape = {
  parts(crc, packed, size) {
    const name = Buffer.from("q.zip");
    const fields = Buffer.concat([u16(20), u16(0), u16(8), u32(0), u32(crc), u32(packed), u32(size), u16(name.length), u16(0)]);
    const head = Buffer.concat([u32(0x04034b50), fields, name]);
    const central = Buffer.concat([u32(0x02014b50), u16(20), fields, Buffer.alloc(14), name]);
    const end = Buffer.concat([u32(0x06054b50), u32(0), u16(1), u16(1), u32(central.length), u32(head.length + packed), u16(0)]);
    return { head, tail: Buffer.concat([END, central, end]) };
  },
};

/** Bytes of an instruction. */
const UNIT = 10;
/** An empty stored block, the last one. */
const END = Buffer.from("010000ffff", "hex");
const EMPTY = Buffer.from("000000ffff", "hex");

export const gzipQuine = (): Uint8Array => quine(GZIP);
export const zipQuine = (): Uint8Array => quine(ZIP);

function quine(shape: Shape): Uint8Array {
  const empty = shape.parts(0, 0, 0);
  // Two headers, two trailers and thirty instructions.
  const size = 2 * (empty.head.length + empty.tail.length) + 30 * UNIT;
  const packed = size - empty.head.length - (empty.tail.length - END.length);
  const write = (crc: number): Buffer => {
    const { head, tail } = shape.parts(crc, packed, size);
    return program(head, tail);
  };
  const crc = fixedPoint((value) => crc32(write(value)));
  return write(crc);
}

function program(head: Buffer, tail: Buffer): Buffer {
  const L = (instructions: number, bytes = 0) => literal(instructions * UNIT + bytes);
  const R = (instructions: number, bytes = 0) => repeat(instructions * UNIT + bytes);
  const p = head.length;
  const s = tail.length;
  const parts = [head, L(1, p), head, L(1, p), R(1, p), L(1), R(1, p), L(1), L(1), L(4), R(1, p), L(1), L(1), L(4), R(4)];
  parts.push(L(4), R(4), L(4), R(4), L(4), R(4), L(4), R(4), L(0), L(0), L(1, s), R(4), L(0), L(0), L(1, s), R(1, s), tail, R(1, s), tail);
  return Buffer.concat(parts);
}

/** A stored block of `length` bytes, behind as many empty ones as make the instruction `unit` bytes long. */
function literal(length: number): Buffer {
  const header = Buffer.concat([Buffer.from([0]), u16(length), u16(~length)]);
  return Buffer.concat([...Array.from({ length: UNIT / 5 - 1 }, () => EMPTY), header]);
}

/** A block that copies `length` bytes from so far back by one match or two, filled up with blocks that hold nothing. */
function repeat(length: number): Buffer {
  for (const matches of [[length], [length >> 1, length - (length >> 1)]]) {
    const block = `010${matches.map((match) => matchBits(match, length)).join("")}0000000`;
    // An empty block of fixed codes takes ten bits; the last block is a stored one, which ends at a byte.
    for (let bits = block; bits.length + 3 <= 8 * (UNIT - 4); bits += "0100000000") {
      if (bits.length + 3 > 8 * (UNIT - 5)) return Buffer.concat([bytesOfBits(`${bits}000`), Buffer.from("0000ffff", "hex")]);
    }
  }
  throw new Error(`no instruction of ${UNIT} bytes repeats ${length}`);
}

/** Lengths and distances in fixed codes: codes with their highest bit first, what is added with its lowest. */
function matchBits(length: number, distance: number): string {
  const [symbol, base, extra] = entry(length, 1, 3, 4);
  const [place, from, more] = entry(distance, 0, 1, 2);
  return binary(symbol, 7) + reverse(binary(length - base, extra)) + binary(place, 5) + reverse(binary(distance - from, more));
}

const binary = (value: number, count: number) => (count ? value.toString(2).padStart(count, "0") : "");
const reverse = (text: string) => [...text].reverse().join("");
const bytesOfBits = (bits: string) => Buffer.from(bits.match(/.{1,8}/g)!.map((byte) => Number.parseInt(reverse(byte), 2)));

/** Symbol, base and extra bits for a length or distance: `group` symbols for each number of extra bits, twice as many at first. */
function entry(value: number, symbol: number, base: number, group: number): [symbol: number, base: number, extra: number] {
  for (let index = 0, from = base; ; index++) {
    const extra = Math.max(0, Math.floor(index / group) - 1);
    if (value < from + 2 ** extra) return [symbol + index, from, extra];
    from += 2 ** extra;
  }
}

/** The x for which `f(x) === x`, where every bit of f's result is a sum of bits of x: 32 equations with 32 unknowns. */
function fixedPoint(f: (value: number) => number): number {
  const zero = f(0);
  // Row i: which bits of x are in bit i of f(x) + x, and above them the bit that this must be.
  const rows = Array.from({ length: 32 }, (_, i) => BigInt((zero >>> i) & 1) << 32n);
  for (let bit = 0; bit < 32; bit++) {
    const column = (f((1 << bit) >>> 0) ^ zero ^ (1 << bit)) >>> 0;
    for (let i = 0; i < 32; i++) if ((column >>> i) & 1) rows[i]! |= 1n << BigInt(bit);
  }
  let value = 0;
  for (let bit = 0, done = 0; bit < 32; bit++) {
    const mask = 1n << BigInt(bit);
    const pivot = rows.findIndex((row, i) => i >= done && (row & mask) !== 0n);
    if (pivot < 0) throw new Error("no file of this shape holds itself: change a byte of its header");
    [rows[done], rows[pivot]] = [rows[pivot]!, rows[done]!];
    for (let i = 0; i < 32; i++) if (i !== done && rows[i]! & mask) rows[i]! ^= rows[done]!;
    done++;
  }
  for (let bit = 0; bit < 32; bit++) value |= Number(rows[bit]! >> 32n) << bit;
  return value >>> 0;
}

function u16(value: number): Buffer {
  return Buffer.from([value & 255, (value >> 8) & 255]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}
