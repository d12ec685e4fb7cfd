import { Unsupported } from "../../engine/errors.js";
import type { Decoder } from "../codec.js";
import { type Decoding, PIECE, available, decoderOf } from "./decoding.js";
import type { Intake } from "./intake.js";

/** One bzip2 stream: header, blocks with their checksums, footer. Streams behind it are not looked at. */
export function bzip2Decoder(): Decoder {
  return decoderOf(bzip2);
}

const BLOCK_MARK = [0x314159, 0x265359] as const;
const END_MARK = [0x177245, 0x385090] as const;
const LONGEST_CODE = 20;
const GROUP = 50;
/** 50 symbols of at most 20 bits, and the bits already held. */
const GROUP_BYTES = 128;
/** Symbol map (34 bytes), 18,002 selectors of at most 6 bits and 6 tables of 258 lengths; a delta code of 100 bits is absurd. */
const TABLES_BYTES = 34 + 13_502 + (6 * 258 * 100) / 8;
/** Blocks of 900,000 bytes hold this many groups at most. */
const MOST_SELECTORS = 18_002;
const RUN_A = 0;
const RUN_B = 1;

/** CRC-32 with the highest bit first. */
const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n << 24;
  for (let bit = 0; bit < 8; bit++) value = value < 0 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value >>> 0;
});

/** Reads bits from the highest. Past the end of the input come zeros; `beyond` then tells. */
class Bits {
  hold = 0;
  count = 0;
  readonly intake: Intake;

  constructor(intake: Intake) {
    this.intake = intake;
  }

  /** Holds at least `width` bits. */
  fill(width: number): void {
    const { intake } = this;
    while (this.count < width) {
      this.hold = (this.hold << 8) | (intake.at < intake.end ? intake.bytes[intake.at]! : 0);
      intake.at++;
      this.count += 8;
    }
  }

  /** At most 24 bits. */
  read(width: number): number {
    this.fill(width);
    this.count -= width;
    return (this.hold >>> this.count) & ((1 << width) - 1);
  }

  get beyond(): boolean {
    return this.intake.at - (this.count >> 3) > this.intake.end;
  }
}

function* bzip2(intake: Intake): Decoding {
  const bits = new Bits(intake);
  yield* available(intake, 4);
  const magic = bits.read(24);
  const level = bits.read(8) - 0x30;
  yield* inside(bits);
  if (magic !== 0x425a68) throw intake.malformed("a bzip2 header", "something else");
  if (level < 1 || level > 9) throw intake.malformed("a block size of 1 to 9", String(level));
  const words = new Uint32Array(level * 100_000);
  let whole = 0;
  for (;;) {
    yield* available(intake, 14);
    const high = bits.read(24);
    const low = bits.read(24);
    const crc = ((bits.read(16) << 16) | bits.read(16)) >>> 0;
    yield* inside(bits);
    if (high === END_MARK[0] && low === END_MARK[1]) {
      intake.at -= bits.count >> 3;
      if (crc !== whole) throw intake.malformed("the checksum of the stream", "another");
      return;
    }
    if (high !== BLOCK_MARK[0] || low !== BLOCK_MARK[1]) throw intake.malformed("a bzip2 block", "something else");
    if (bits.read(1)) throw new Unsupported("a randomised bzip2 block");
    const made = yield* block(bits, words);
    if (made !== crc) throw intake.malformed("the checksum of the block", "another");
    whole = (((whole << 1) | (whole >>> 31)) ^ crc) >>> 0;
  }
}

/** Stops for good where bits were read from beyond the end of the input. */
function* inside(bits: Bits): Generator<undefined, void> {
  while (bits.beyond) yield undefined;
}

interface Code {
  /** Largest code of each length, shifted up to 20 bits; codes are in order. */
  limits: Int32Array;
  /** What to subtract from a code to get its place in `symbols`. */
  offsets: Int32Array;
  symbols: Uint16Array;
  /** Symbol << 5 | length by the next 10 bits, 0 where the code is longer. */
  quick: Uint16Array;
}

const QUICK = 10;

/** Decodes one block: symbols, move-to-front, the inverse transform, and run lengths. Gives the checksum of its plain bytes. */
function* block(bits: Bits, words: Uint32Array): Generator<Uint8Array | undefined, number> {
  const { intake } = bits;
  yield* available(intake, TABLES_BYTES);
  const origin = bits.read(24);
  const symbols = symbolMap(bits);
  if (!symbols.length) throw intake.malformed("symbols in use", "none");
  const tables = bits.read(3);
  const selectorCount = bits.read(15);
  if (tables < 2 || tables > 6 || selectorCount < 1) throw intake.malformed("2 to 6 tables and their use", "others");
  const selectors = readSelectors(bits, tables, selectorCount);
  const codes: Code[] = [];
  for (let i = 0; i < tables; i++) codes.push(readCode(bits, symbols.length + 2));
  yield* inside(bits);
  const state: BlockState = {
    words,
    size: 0,
    run: 0,
    weight: 1,
    order: Uint8Array.from(symbols),
    end: symbols.length + 1,
    counts: new Uint32Array(256),
  };
  for (let group = 0; ; group++) {
    const selector = selectors[group];
    if (selector === undefined) throw intake.malformed("the end of the block", "more symbols");
    const enough = yield* available(intake, GROUP_BYTES);
    const done = readGroup(bits, codes[selector] as Code, state);
    if (!enough) yield* inside(bits);
    if (done) break;
  }
  if (origin >= state.size) throw intake.malformed("a start inside of the block", String(origin));
  return yield* expandRuns(words, state.size, origin, state.counts);
}

function symbolMap(bits: Bits): number[] {
  const rows = bits.read(16);
  const symbols: number[] = [];
  for (let row = 0; row < 16; row++) {
    if (!(rows & (0x8000 >> row))) continue;
    const columns = bits.read(16);
    for (let column = 0; column < 16; column++) if (columns & (0x8000 >> column)) symbols.push(row * 16 + column);
  }
  return symbols;
}

function readSelectors(bits: Bits, tables: number, count: number): Uint8Array {
  const order = Array.from({ length: tables }, (_, i) => i);
  const selectors = new Uint8Array(Math.min(count, MOST_SELECTORS));
  for (let i = 0; i < count; i++) {
    let place = 0;
    while (bits.read(1)) if (++place >= tables) throw bits.intake.malformed("a table", `table ${place}`);
    const [table] = order.splice(place, 1) as [number];
    order.unshift(table);
    // Some writers round the number up; selectors that no block can use are read and dropped.
    if (i < MOST_SELECTORS) selectors[i] = table;
  }
  return selectors;
}

function readCode(bits: Bits, size: number): Code {
  const lengths = new Uint8Array(size);
  let length = bits.read(5);
  for (let i = 0; i < size; i++) {
    for (;;) {
      if (length < 1 || length > LONGEST_CODE) throw bits.intake.malformed("a code of 1 to 20 bits", String(length));
      if (!bits.read(1)) break;
      length += bits.read(1) ? -1 : 1;
    }
    lengths[i] = length;
  }
  const limits = new Int32Array(LONGEST_CODE + 2).fill(-1);
  const offsets = new Int32Array(LONGEST_CODE + 2);
  const symbols = new Uint16Array(size);
  const quick = new Uint16Array(1 << QUICK);
  let code = 0;
  let place = 0;
  for (let width = 1; width <= LONGEST_CODE; width++) {
    offsets[width] = code - place;
    for (let symbol = 0; symbol < size; symbol++) {
      if (lengths[symbol] !== width) continue;
      if (width <= QUICK && code < 1 << width) quick.fill((symbol << 5) | width, code << (QUICK - width), (code + 1) << (QUICK - width));
      symbols[place++] = symbol;
      code++;
    }
    limits[width] = code - 1;
    code <<= 1;
  }
  return { limits, offsets, symbols, quick };
}

interface BlockState {
  words: Uint32Array;
  size: number;
  /** The run of one symbol being read, and what its next digit is worth. */
  run: number;
  weight: number;
  /** Symbols, the one used last in front. */
  order: Uint8Array;
  /** Symbol that ends the block. */
  end: number;
  counts: Uint32Array;
}

/** Reads up to 50 symbols that share a code. True at the end of the block. */
function readGroup(bits: Bits, code: Code, state: BlockState): boolean {
  const { words, order, counts, end } = state;
  for (let i = 0; i < GROUP; i++) {
    const symbol = readSymbol(bits, code);
    if (symbol <= RUN_B) {
      state.run += state.weight << (symbol === RUN_A ? 0 : 1);
      state.weight <<= 1;
      if (state.run > words.length) throw bits.intake.malformed("a block within its size", "a longer run");
      continue;
    }
    if (state.run) {
      const byte = order[0]!;
      if (state.size + state.run > words.length) throw bits.intake.malformed("a block within its size", "more bytes");
      words.fill(byte, state.size, state.size + state.run);
      counts[byte]! += state.run;
      state.size += state.run;
      state.run = 0;
      state.weight = 1;
    }
    if (symbol === end) return true;
    if (state.size >= words.length) throw bits.intake.malformed("a block within its size", "more bytes");
    const place = symbol - 1;
    const byte = order[place]!;
    if (place < 16) for (let j = place; j > 0; j--) order[j] = order[j - 1]!;
    else order.copyWithin(1, 0, place);
    order[0] = byte;
    counts[byte]!++;
    words[state.size++] = byte;
  }
  return false;
}

function readSymbol(bits: Bits, code: Code): number {
  bits.fill(LONGEST_CODE);
  const entry = code.quick[(bits.hold >>> (bits.count - QUICK)) & ((1 << QUICK) - 1)]!;
  if (entry) {
    bits.count -= entry & 31;
    return entry >> 5;
  }
  for (let width = QUICK + 1; width <= LONGEST_CODE; width++) {
    const value = (bits.hold >>> (bits.count - width)) & ((1 << width) - 1);
    if (value > code.limits[width]!) continue;
    const symbol = code.symbols[value - code.offsets[width]!];
    if (symbol === undefined) break;
    bits.count -= width;
    return symbol;
  }
  throw bits.intake.malformed("a code", "one that is not in the table");
}

/** Undoes the block-sorting transform and the first run-length coding (four alike bytes, then a count). */
function* expandRuns(words: Uint32Array, size: number, origin: number, counts: Uint32Array): Generator<Uint8Array, number> {
  const starts = new Uint32Array(256);
  for (let byte = 1; byte < 256; byte++) starts[byte] = starts[byte - 1]! + counts[byte - 1]!;
  for (let i = 0; i < size; i++) words[starts[words[i]! & 0xff]!++]! |= i << 8;
  let out = new Uint8Array(PIECE);
  let made = 0;
  let crc = -1;
  let at = words[origin]! >>> 8;
  let previous = -1;
  let alike = 0;
  for (let left = size; left > 0; left--) {
    // Room for the longest run.
    if (made > PIECE - 256) {
      yield out.subarray(0, made);
      out = new Uint8Array(PIECE);
      made = 0;
    }
    const word = words[at]!;
    at = word >>> 8;
    const byte = word & 0xff;
    if (alike === 4) {
      out.fill(previous, made, made + byte);
      made += byte;
      for (let i = 0; i < byte; i++) crc = (crc << 8) ^ CRC[((crc >>> 24) ^ previous) & 0xff]!;
      alike = 0;
      previous = -1;
      continue;
    }
    alike = byte === previous ? alike + 1 : 1;
    previous = byte;
    out[made++] = byte;
    crc = (crc << 8) ^ CRC[((crc >>> 24) ^ byte) & 0xff]!;
  }
  if (made) yield out.subarray(0, made);
  return ~crc >>> 0;
}
