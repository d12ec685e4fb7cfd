import { type Decoding, available, copyPlain, decoderOf, flushing, need } from "./decoding.js";
import { History } from "./history.js";
import type { Intake } from "./intake.js";
import type { Decoder } from "../codec.js";

/** Raw deflate (RFC 1951). */
export function inflateDecoder(): Decoder {
  return decoderOf((intake) => inflate(intake, DEFLATE));
}

/** Deflate64, which Windows writes for large members: two more distances, and a last length code with 16 extra bits. */
export function inflate64Decoder(): Decoder {
  return decoderOf((intake) => inflate(intake, DEFLATE64));
}

/** What the two variants differ in. */
interface Variant {
  reach: number;
  longestMatch: number;
  lengthBase: Uint16Array;
  lengthExtra: Uint8Array;
  distances: number;
}

/** Two codes of 15 bits with 16 and 14 extra bits: one symbol never takes more input than this. */
const SYMBOL_BYTES = 9;
/** Counts, 19 code lengths of 3 bits and 320 lengths of at most 7 + 7 bits. */
const TABLES_BYTES = 3 + 8 + 560;
const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5];
const LENGTH_BASE = bases(LENGTH_EXTRA, 3);
const DISTANCE_EXTRA = Uint8Array.from([0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14]);
const DISTANCE_BASE = Uint16Array.from(bases(DISTANCE_EXTRA, 1));
const DEFLATE = variant(32 * 1024, 258, 258, 0, 30);
const DEFLATE64 = variant(64 * 1024, 3 + 0xffff, 3, 16, 32);

function variant(reach: number, longestMatch: number, lastBase: number, lastExtra: number, distances: number): Variant {
  const lengthBase = Uint16Array.from([...LENGTH_BASE, lastBase]);
  return { reach, longestMatch, lengthBase, lengthExtra: Uint8Array.from([...LENGTH_EXTRA, lastExtra]), distances };
}

function bases(extra: ArrayLike<number>, first: number): number[] {
  const out: number[] = [];
  for (let i = 0, base = first; i < extra.length; base += 1 << extra[i++]!) out.push(base);
  return out;
}

/** Look-up table of a prefix code: index by the next `bits` bits; an entry is symbol << 4 | length, 0 for no code. */
interface Code {
  table: Uint16Array;
  bits: number;
}

let fixed: { literals: Code; distances: Code } | undefined;

function fixedCodes(): { literals: Code; distances: Code } {
  if (fixed) return fixed;
  const lengths = new Uint8Array(288).fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280);
  fixed = { literals: buildCode(lengths) as Code, distances: buildCode(new Uint8Array(32).fill(5)) as Code };
  return fixed;
}

/** The code with these lengths; undefined when they claim more codes than there are. */
function buildCode(lengths: Uint8Array): Code | undefined {
  const counts = new Uint16Array(16);
  for (const length of lengths) counts[length]!++;
  counts[0] = 0;
  let bits = 15;
  while (bits > 1 && counts[bits] === 0) bits--;
  const next = new Uint16Array(16);
  let code = 0;
  for (let length = 1; length <= bits; length++) {
    code = (code + counts[length - 1]!) << 1;
    next[length] = code;
    if (code + counts[length]! > 1 << length) return undefined;
  }
  const table = new Uint16Array(1 << bits);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol]!;
    if (length === 0) continue;
    const first = reversed(next[length]!++, length);
    for (let index = first; index < table.length; index += 1 << length) table[index] = (symbol << 4) | length;
  }
  return { table, bits };
}

function reversed(code: number, length: number): number {
  let out = 0;
  for (let i = 0; i < length; i++) out |= ((code >> i) & 1) << (length - 1 - i);
  return out;
}

/** Bits not yet used, lowest first. At most 31 are held, so that they fit a small integer. */
interface Bits {
  hold: number;
  count: number;
}

/** Holds at least `wanted` bits. Past the end zeros are read; the callers see that from `at` and stop. */
function fill(intake: Intake, bits: Bits, wanted: number): void {
  while (bits.count < wanted) {
    bits.hold |= (intake.at < intake.end ? intake.bytes[intake.at]! : 0) << bits.count;
    intake.at++;
    bits.count += 8;
  }
}

function take(intake: Intake, bits: Bits, wanted: number): number {
  fill(intake, bits, wanted);
  const value = bits.hold & ((1 << wanted) - 1);
  bits.hold >>>= wanted;
  bits.count -= wanted;
  return value;
}

function inflate(intake: Intake, variant: Variant): Decoding {
  const history = new History(variant.reach, variant.longestMatch);
  return flushing(history, blocks(intake, history, variant));
}

function* blocks(intake: Intake, history: History, variant: Variant): Decoding {
  const bits: Bits = { hold: 0, count: 0 };
  for (let last = 0; last === 0; ) {
    yield* need(intake, bits.count >= 3 ? 0 : 1);
    last = take(intake, bits, 1);
    const kind = take(intake, bits, 2);
    if (kind === 0) yield* stored(intake, bits, history);
    else if (kind === 3) throw intake.malformed("a deflate block", "type 3");
    else yield* coded(intake, bits, history, variant, kind === 1 ? fixedCodes() : yield* dynamicCodes(intake, bits));
  }
  // Whole bytes that were taken ahead are not part of the stream.
  intake.at -= bits.count >> 3;
}

function* stored(intake: Intake, bits: Bits, history: History): Decoding {
  take(intake, bits, bits.count & 7);
  // At most three whole bytes are held: the sizes use them up.
  yield* need(intake, 4 - (bits.count >> 3));
  const length = take(intake, bits, 16);
  if (take(intake, bits, 16) !== (~length & 0xffff)) throw intake.malformed("a stored length and its complement", "others");
  yield* copyPlain(intake, history, length);
}

function* dynamicCodes(intake: Intake, bits: Bits): Generator<undefined, { literals: Code; distances: Code }> {
  const whole = yield* available(intake, TABLES_BYTES);
  const literalCount = take(intake, bits, 5) + 257;
  const distanceCount = take(intake, bits, 5) + 1;
  const lengthCount = take(intake, bits, 4) + 4;
  const orders = new Uint8Array(19);
  for (let i = 0; i < lengthCount; i++) orders[LENGTH_ORDER[i]!] = take(intake, bits, 3);
  const code = buildCode(orders);
  if (!code || literalCount > 286) throw intake.malformed("a code of code lengths", "an impossible one");
  const lengths = new Uint8Array(literalCount + distanceCount);
  for (let i = 0; i < lengths.length; ) {
    const symbol = symbolOf(intake, bits, code);
    if (symbol < 16) {
      lengths[i++] = symbol;
      continue;
    }
    const [value, run] =
      symbol === 16
        ? [i > 0 ? lengths[i - 1]! : -1, 3 + take(intake, bits, 2)]
        : [0, symbol === 17 ? 3 + take(intake, bits, 3) : 11 + take(intake, bits, 7)];
    if (value < 0 || i + run > lengths.length) throw intake.malformed("a run of code lengths", "one past the table");
    lengths.fill(value, i, i + run);
    i += run;
  }
  if (!whole) yield* inside(intake, bits);
  const literals = buildCode(lengths.subarray(0, literalCount));
  const distances = buildCode(lengths.subarray(literalCount));
  if (!literals || !distances || lengths[256] === 0) throw intake.malformed("prefix codes", "impossible ones");
  return { literals, distances };
}

/** Ends here for good when zeros were read in place of missing input. */
function* inside(intake: Intake, bits: Bits): Generator<undefined, void> {
  while (intake.at - (bits.count >> 3) > intake.end) yield undefined;
}

function symbolOf(intake: Intake, bits: Bits, code: Code): number {
  fill(intake, bits, code.bits);
  const entry = code.table[bits.hold & ((1 << code.bits) - 1)]!;
  if (entry === 0) throw intake.malformed("a code", "one that is not in the table");
  bits.hold >>>= entry & 15;
  bits.count -= entry & 15;
  return entry >> 4;
}

function* coded(intake: Intake, bits: Bits, history: History, variant: Variant, codes: { literals: Code; distances: Code }): Decoding {
  for (;;) {
    const whole = yield* available(intake, SYMBOL_BYTES);
    if (whole ? fastSymbols(intake, bits, history, variant, codes) : yield* lastSymbol(intake, bits, history, variant, codes)) return;
    if (history.position >= history.limit) yield history.take();
  }
}

/** Decodes while input for a whole symbol and room for a match are there. True at the end of the block. */
function fastSymbols(
  intake: Intake,
  bits: Bits,
  history: History,
  variant: Variant,
  { literals, distances }: { literals: Code; distances: Code },
): boolean {
  const { bytes, end } = intake;
  const out = history.bytes;
  const { limit } = history;
  const { table, bits: width } = literals;
  const { lengthBase, lengthExtra, distances: known } = variant;
  const mask = (1 << width) - 1;
  let { at } = intake;
  let { hold, count } = bits;
  let { position } = history;
  let done = false;
  try {
    while (at <= end - SYMBOL_BYTES && position < limit) {
      while (count < 15) {
        hold |= bytes[at++]! << count;
        count += 8;
      }
      const entry = table[hold & mask]!;
      if (entry === 0) throw intake.malformed("a code", "one that is not in the table");
      hold >>>= entry & 15;
      count -= entry & 15;
      const symbol = entry >> 4;
      if (symbol < 256) {
        out[position++] = symbol;
        continue;
      }
      if (symbol === 256) {
        done = true;
        break;
      }
      if (symbol > 285) throw intake.malformed("a match length", `symbol ${symbol}`);
      const lengthBits = lengthExtra[symbol - 257]!;
      while (count < 20) {
        hold |= bytes[at++]! << count;
        count += 8;
      }
      let length = lengthBase[symbol - 257]! + (hold & ((1 << lengthBits) - 1));
      hold >>>= lengthBits;
      count -= lengthBits;
      while (count < 15) {
        hold |= bytes[at++]! << count;
        count += 8;
      }
      const far = distances.table[hold & ((1 << distances.bits) - 1)]!;
      if (far === 0 || far >> 4 >= known) throw intake.malformed("a distance", "none that exists");
      hold >>>= far & 15;
      count -= far & 15;
      const farBits = DISTANCE_EXTRA[far >> 4]!;
      while (count < farBits) {
        hold |= bytes[at++]! << count;
        count += 8;
      }
      const distance = DISTANCE_BASE[far >> 4]! + (hold & ((1 << farBits) - 1));
      hold >>>= farBits;
      count -= farBits;
      if (distance > position) throw intake.malformed("a match", "one from before the start");
      for (let from = position - distance; length > 0; length--) out[position++] = out[from++]!;
    }
  } finally {
    intake.at = at;
    bits.hold = hold;
    bits.count = count;
    history.position = position;
  }
  return done;
}

/** One symbol at the very end of the input. What would need bytes that are not there is never written. */
function* lastSymbol(
  intake: Intake,
  bits: Bits,
  history: History,
  variant: Variant,
  codes: { literals: Code; distances: Code },
): Generator<undefined, boolean> {
  const symbol = symbolOf(intake, bits, codes.literals);
  const length = symbol > 256 && symbol <= 285 ? variant.lengthBase[symbol - 257]! + take(intake, bits, variant.lengthExtra[symbol - 257]!) : 0;
  const far = symbol > 256 ? symbolOf(intake, bits, codes.distances) : 0;
  const distance = symbol > 256 && far < variant.distances ? DISTANCE_BASE[far]! + take(intake, bits, DISTANCE_EXTRA[far]!) : 0;
  yield* inside(intake, bits);
  if (symbol < 256) history.bytes[history.position++] = symbol;
  if (symbol <= 256) return symbol === 256;
  if (length === 0 || distance === 0 || distance > history.position) throw intake.malformed("a match", "an impossible one");
  for (let i = 0; i < length; i++, history.position++) history.bytes[history.position] = history.bytes[history.position - distance]!;
  return false;
}
