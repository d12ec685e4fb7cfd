import { Malformed } from "../../engine/errors.js";
import type { History } from "./history.js";
import type { Intake } from "./intake.js";

/** The longest match, so the most that one symbol writes. */
export const LONGEST_MATCH = 273;
/** The most input that one symbol takes. */
export const SYMBOL_BYTES = 21;
/** Range and code are kept as signed 32-bit numbers, which cost no memory; flipping the sign bit compares them as unsigned. */
const SIGN = 0x8000_0000 | 0;
/** The range is renewed when its highest byte is 0. */
const TOP = 0xff00_0000 | 0;
const HALF = 1024;

/** Where each group of probabilities begins in the one array. */
const IS_MATCH = 0;
const IS_REP = IS_MATCH + 12 * 16;
const IS_REP_G0 = IS_REP + 12;
const IS_REP_G1 = IS_REP_G0 + 12;
const IS_REP_G2 = IS_REP_G1 + 12;
const IS_REP_LONG = IS_REP_G2 + 12;
const SLOT = IS_REP_LONG + 12 * 16;
const SPECIAL = SLOT + 4 * 64;
const ALIGN = SPECIAL + 128;
const LENGTH = ALIGN + 16;
/** Choice bits, 16 low trees, 16 middle trees, the high tree. */
const LENGTH_SIZE = 2 + 16 * 8 + 16 * 8 + 256;
const REP_LENGTH = LENGTH + LENGTH_SIZE;
const LITERAL = REP_LENGTH + LENGTH_SIZE;

/** Why {@link Lzma.run} came back. */
export type LzmaStop = "input" | "room" | "end-mark";

/** The LZMA symbol decoder: range coder, probabilities and state. LZMA2 and 7z use it as `.lzma` does. */
export class Lzma {
  private readonly probabilities: Uint16Array;
  private lc = 0;
  private literalMask = 0;
  private positionMask = 0;
  private state = 0;
  private rep0 = 0;
  private rep1 = 0;
  private rep2 = 0;
  private rep3 = 0;
  private range = 0;
  private code = 0;
  /** Matches may not reach back farther: the dictionary size of the header. */
  private readonly dictionary: number;
  /** Plain bytes since the dictionary was emptied; what literals and matches count from. */
  private positionBase = 0;

  /** `mostLiteralBits`: the most that lc + lp may be (4 in LZMA2, 12 in `.lzma`). */
  constructor(dictionary: number, mostLiteralBits: number) {
    this.dictionary = Math.max(4096, dictionary);
    this.probabilities = new Uint16Array(LITERAL + (0x300 << mostLiteralBits));
  }

  /** Begins anew with the properties byte (pb * 5 + lp) * 9 + lc, which the caller has checked. */
  reset(properties: number): void {
    this.lc = properties % 9;
    const rest = Math.floor(properties / 9);
    this.literalMask = (1 << (rest % 5)) - 1;
    this.positionMask = (1 << Math.floor(rest / 5)) - 1;
    this.resetState();
  }

  /** Begins anew with the properties it has. */
  resetState(): void {
    this.probabilities.fill(HALF);
    this.state = 0;
    this.rep0 = this.rep1 = this.rep2 = this.rep3 = 0;
  }

  /** Positions count from here: the dictionary was emptied. */
  resetPosition(history: History): void {
    this.positionBase = history.total;
  }

  /** Starts the range coder on the next five bytes. */
  start(intake: Intake): void {
    if (intake.u8() !== 0) throw intake.malformed("a range coder that begins with 0", "another byte");
    this.range = -1;
    this.code = 0;
    for (let i = 0; i < 4; i++) this.code = (this.code << 8) | intake.u8();
  }

  /** True where a stream may end: nothing is left in the range coder. */
  get settled(): boolean {
    return this.code === 0;
  }

  /**
   * Decodes symbols until `history` is at `stop` (a position), the end mark, or the next symbol might need input that is
   * not there. With `careful`, input ends at the intake's end: symbols are decoded up to it, none from beyond it.
   */
  run(intake: Intake, history: History, stop: number, careful: boolean): LzmaStop {
    const { bytes, end } = intake;
    const lastStart = careful ? end : end - SYMBOL_BYTES;
    const out = history.bytes;
    const probabilities = this.probabilities;
    const { lc, literalMask, positionMask, dictionary } = this;
    const literalShift = 8 - lc;
    const positionOffset = history.total - history.position - this.positionBase;
    let { position } = history;
    let { state, rep0, rep1, rep2, rep3, range, code } = this;
    let { at } = intake;
    let why: LzmaStop = "room";

    /** Decodes one bit with an adaptive probability. */
    const bit = (index: number): number => {
      const probability = probabilities[index]!;
      const bound = Math.imul(range >>> 11, probability);
      let value: number;
      if ((code ^ SIGN) < (bound ^ SIGN)) {
        range = bound;
        probabilities[index] = probability + ((2048 - probability) >> 5);
        value = 0;
      } else {
        range = (range - bound) | 0;
        code = (code - bound) | 0;
        probabilities[index] = probability - (probability >> 5);
        value = 1;
      }
      if ((range & TOP) === 0) {
        range <<= 8;
        code = (code << 8) | bytes[at++]!;
      }
      return value;
    };
    /** Decodes bits from the node `first` of a tree until the node reaches `stop`. `bit` written out: most time is spent here. */
    const descend = (base: number, first: number, stop: number): number => {
      let node = first;
      let r = range;
      let c = code;
      while (node < stop) {
        const probability = probabilities[base + node]!;
        const bound = Math.imul(r >>> 11, probability);
        if ((c ^ SIGN) < (bound ^ SIGN)) {
          r = bound;
          probabilities[base + node] = probability + ((2048 - probability) >> 5);
          node <<= 1;
        } else {
          r = (r - bound) | 0;
          c = (c - bound) | 0;
          probabilities[base + node] = probability - (probability >> 5);
          node = (node << 1) | 1;
        }
        if ((r & TOP) === 0) {
          r <<= 8;
          c = (c << 8) | bytes[at++]!;
        }
      }
      range = r;
      code = c;
      return node;
    };
    const tree = (base: number, width: number): number => descend(base, 1, 1 << width) - (1 << width);
    const reverseTree = (base: number, width: number): number => {
      let node = 1;
      let value = 0;
      for (let i = 0; i < width; i++) {
        const b = bit(base + node);
        node = (node << 1) | b;
        value |= b << i;
      }
      return value;
    };
    const length = (base: number, place: number): number => {
      if (bit(base) === 0) return 2 + tree(base + 2 + (place << 3), 3);
      if (bit(base + 1) === 0) return 10 + tree(base + 130 + (place << 3), 3);
      return 18 + tree(base + 258, 8);
    };

    try {
      while (position < stop) {
        if (at > lastStart) {
          why = "input";
          break;
        }
        const started = at;
        const count = positionOffset + position;
        const place = count & positionMask;
        if (bit(IS_MATCH + (state << 4) + place) === 0) {
          const before = position > 0 ? out[position - 1]! : 0;
          const base = LITERAL + 0x300 * (((count & literalMask) << lc) + (before >> literalShift));
          let symbol = 1;
          if (state >= 7) {
            let matched = out[position - rep0 - 1]!;
            do {
              matched <<= 1;
              const high = matched & 0x100;
              const b = bit(base + 0x100 + high + symbol);
              symbol = (symbol << 1) | b;
              if (high !== b << 8) break;
            } while (symbol < 0x100);
          }
          symbol = descend(base, symbol, 0x100);
          if (careful && at > end) {
            at = started;
            why = "input";
            break;
          }
          out[position++] = symbol;
          state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
          continue;
        }
        let size: number;
        if (bit(IS_REP + state) === 0) {
          rep3 = rep2;
          rep2 = rep1;
          rep1 = rep0;
          size = length(LENGTH, place);
          state = state < 7 ? 7 : 10;
          const slot = tree(SLOT + (Math.min(size - 2, 3) << 6), 6);
          if (slot < 4) rep0 = slot;
          else {
            const direct = (slot >> 1) - 1;
            rep0 = ((2 | (slot & 1)) << direct) >>> 0;
            if (slot < 14) rep0 += reverseTree(SPECIAL + rep0 - slot, direct);
            else {
              let value = 0;
              for (let i = direct - 4; i > 0; i--) {
                range = (range >>> 1) | 0;
                value <<= 1;
                if ((code ^ SIGN) >= (range ^ SIGN)) {
                  code = (code - range) | 0;
                  value |= 1;
                }
                if ((range & TOP) === 0) {
                  range <<= 8;
                  code = (code << 8) | bytes[at++]!;
                }
              }
              rep0 = (rep0 + ((value << 4) >>> 0) + reverseTree(ALIGN, 4)) >>> 0;
            }
          }
          if (rep0 === 0xffff_ffff) {
            why = careful && at > end ? "input" : "end-mark";
            break;
          }
        } else if (bit(IS_REP_G0 + state) === 0) {
          if (bit(IS_REP_LONG + (state << 4) + place) === 0) {
            state = state < 7 ? 9 : 11;
            size = 1;
          } else {
            size = length(REP_LENGTH, place);
            state = state < 7 ? 8 : 11;
          }
        } else {
          let distance: number;
          if (bit(IS_REP_G1 + state) === 0) distance = rep1;
          else {
            if (bit(IS_REP_G2 + state) === 0) distance = rep2;
            else {
              distance = rep3;
              rep3 = rep2;
            }
            rep2 = rep1;
          }
          rep1 = rep0;
          rep0 = distance;
          size = length(REP_LENGTH, place);
          state = state < 7 ? 8 : 11;
        }
        if (careful && at > end) {
          at = started;
          why = "input";
          break;
        }
        const distance = rep0 + 1;
        if (distance > position || distance > dictionary) {
          history.position = position;
          if (distance > dictionary || !history.reaches(distance)) {
            throw new Malformed(intake.offset + at - intake.at, "a match inside of the dictionary", `a distance of ${distance}`);
          }
        }
        const to = position + size;
        for (let from = position - distance; position < to; ) out[position++] = out[from++]!;
      }
    } finally {
      history.position = position;
      intake.at = Math.min(at, end);
      this.state = state;
      this.rep0 = rep0;
      this.rep1 = rep1;
      this.rep2 = rep2;
      this.rep3 = rep3;
      this.range = range;
      this.code = code;
    }
    return why;
  }
}
