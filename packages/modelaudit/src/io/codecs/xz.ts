import { Unsupported } from "../../engine/errors.js";
import type { Decoder } from "../codec.js";
import { crc32 } from "../crc32.js";
import { concatBytes } from "../reader.js";
import { Crc64 } from "./crc64.js";
import { type Decoding, decoderOf, need } from "./decoding.js";
import { BRANCH_FILTERS, type Filter, branchFilter, deltaFilter } from "./filters.js";
import type { Intake } from "./intake.js";
import { lzma2, lzma2Dictionary } from "./lzma2.js";

/** One xz stream: header, blocks, index, footer. Padding and streams behind it are not looked at. */
export function xzDecoder(): Decoder {
  return decoderOf(xz);
}

const CHECK_SIZES = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];
const CHECK = { none: 0, crc32: 1, crc64: 4 } as const;
const FILTER = { delta: 3, lzma2: 0x21 } as const;
/** Filters of one block, as the format has it. */
const MOST_FILTERS = 4;

interface Block {
  filters: Filter[];
  dictionary: number;
  packed: number | undefined;
  size: number | undefined;
}

function* xz(intake: Intake): Decoding {
  yield* need(intake, 12);
  const header = intake.take(6);
  if (String.fromCharCode(...header) !== "\xfd7zXZ\0") throw intake.malformed("an xz header", "something else");
  const flags = intake.take(2).slice();
  if (intake.u32() !== crc32(flags)) throw intake.malformed("the checksum of the header", "another");
  if (flags[0] !== 0 || flags[1]! > 15) throw new Unsupported("an xz stream with unknown flags");
  const check = flags[1]!;
  const sizes: [number, number][] = [];
  for (;;) {
    yield* need(intake, 1);
    const size = intake.u8();
    if (size === 0) break;
    sizes.push(yield* block(intake, (size + 1) * 4, check));
  }
  yield* index(intake, sizes);
  yield* need(intake, 12);
  const stored = intake.u32();
  const footer = intake.take(6).slice();
  const mark = intake.take(2);
  if (stored !== crc32(footer) || mark[0] !== 0x59 || mark[1] !== 0x5a) throw intake.malformed("an xz footer", "something else");
  if (footer[4] !== flags[0] || footer[5] !== flags[1]) throw intake.malformed("the flags of the header in the footer", "others");
}

/** One block; its header is `length` bytes long, of which the first is used. Gives packed size without padding, and plain size. */
function* block(intake: Intake, length: number, check: number): Generator<Uint8Array | undefined | Promise<unknown>, [number, number], unknown> {
  const start = intake.offset - 1;
  yield* need(intake, length - 1);
  const header = new Uint8Array(length);
  header[0] = length / 4 - 1;
  header.set(intake.take(length - 1), 1);
  const { filters, dictionary, packed, size } = blockHeader(header, intake);
  const first = intake.offset;
  const sum = new Checksum(check);
  let made = 0;
  const work = lzma2(intake, dictionary);
  for (let step = work.next(); ; step = work.next()) {
    let piece = step.done ? undefined : (step.value as Uint8Array | undefined);
    if (!step.done && piece === undefined) {
      yield undefined;
      continue;
    }
    for (const [i, filter] of filters.entries()) piece = step.done ? drained(filters, i, piece) : filter.next(piece as Uint8Array);
    if (piece?.length) {
      sum.update(piece);
      made += piece.length;
      yield piece;
    }
    if (step.done) break;
  }
  const used = intake.offset - first;
  if ((packed !== undefined && packed !== used) || (size !== undefined && size !== made))
    throw intake.malformed("the sizes of the block header", "others");
  const padding = -(intake.offset - start) & 3;
  yield* need(intake, padding + CHECK_SIZES[check]!);
  if (intake.take(padding).some((byte) => byte !== 0)) throw intake.malformed("zeros behind the block", "something else");
  const unpadded = intake.offset - start - padding + CHECK_SIZES[check]!;
  if (!sum.fits(intake.take(CHECK_SIZES[check]!))) throw intake.malformed("the checksum of the block", "another");
  return [unpadded, made];
}

/** The last bytes of filter `i`, behind what the filter before it held back. */
function drained(filters: Filter[], i: number, piece: Uint8Array | undefined): Uint8Array {
  const filter = filters[i] as Filter;
  const front = piece?.length ? filter.next(piece) : new Uint8Array(0);
  return concatBytes([front, filter.last()]);
}

function blockHeader(header: Uint8Array, intake: Intake): Block {
  const end = header.length - 4;
  const view = new DataView(header.buffer);
  if (view.getUint32(end, true) !== crc32(header.subarray(0, end))) throw intake.malformed("the checksum of the block header", "another");
  let at = 2;
  const number = (): number => {
    let value = 0;
    for (let shift = 0; shift < 63; shift += 7) {
      const byte = header[at++];
      if (byte === undefined || at > end) break;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw intake.malformed("a number", "one that does not end");
  };
  const flags = header[1]!;
  if (flags & 0x3c) throw new Unsupported("an xz block with unknown flags");
  const packed = flags & 0x40 ? number() : undefined;
  const size = flags & 0x80 ? number() : undefined;
  const filters: Filter[] = [];
  const count = (flags & 3) + 1;
  for (let i = 0; i < count && i < MOST_FILTERS; i++) {
    const id = number();
    const length = number();
    if (length > end - at) throw intake.malformed("properties inside of the header", "longer ones");
    const properties = header.subarray(at, at + length);
    at += length;
    if (i === count - 1) {
      const dictionary = id === FILTER.lzma2 && length === 1 ? lzma2Dictionary(properties[0]!) : undefined;
      if (dictionary === undefined) throw new Unsupported(`the xz filter ${id} in the last place`);
      return { filters: filters.reverse(), dictionary, packed, size };
    }
    filters.push(makeFilter(id, properties));
  }
  throw intake.malformed("filters", "none");
}

function makeFilter(id: number, properties: Uint8Array): Filter {
  if (id === FILTER.delta && properties.length === 1) return deltaFilter(properties[0]! + 1);
  const branch = BRANCH_FILTERS[id];
  if (!branch || (properties.length !== 0 && properties.length !== 4)) throw new Unsupported(`the xz filter ${id}`);
  const start = properties.length === 4 ? new DataView(properties.slice().buffer).getUint32(0, true) : 0;
  return branchFilter(branch, start);
}

/** The sizes of all blocks once more, padding and a checksum. The first byte (0) is used. */
function* index(intake: Intake, sizes: [number, number][]): Generator<undefined, void> {
  const start = intake.offset - 1;
  const used: number[] = [0];
  const number = function* (): Generator<undefined, number> {
    let value = 0;
    for (let shift = 0; shift < 63; shift += 7) {
      yield* need(intake, 1);
      const byte = intake.u8();
      used.push(byte);
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw intake.malformed("a number", "one that does not end");
  };
  if ((yield* number()) !== sizes.length) throw intake.malformed(`an index of ${sizes.length} blocks`, "another number");
  for (const [packed, size] of sizes) {
    if ((yield* number()) !== packed || (yield* number()) !== size) throw intake.malformed("the sizes of the blocks in the index", "others");
  }
  const padding = -(intake.offset - start) & 3;
  yield* need(intake, padding + 4);
  used.push(...intake.take(padding));
  if (intake.u32() !== crc32(Uint8Array.from(used))) throw intake.malformed("the checksum of the index", "another");
}

/** What a block's plain bytes are checked by. SHA-256 and kinds that no writer uses are let pass. */
class Checksum {
  private readonly kind: number;
  private crc = 0;
  private readonly crc64 = new Crc64();

  constructor(kind: number) {
    this.kind = kind;
  }

  update(bytes: Uint8Array): void {
    if (this.kind === CHECK.crc32) this.crc = crc32(bytes, this.crc);
    else if (this.kind === CHECK.crc64) this.crc64.update(bytes);
  }

  fits(stored: Uint8Array): boolean {
    if (this.kind !== CHECK.crc32 && this.kind !== CHECK.crc64) return true;
    const view = new DataView(stored.slice().buffer);
    if (this.kind === CHECK.crc32) return view.getUint32(0, true) === this.crc;
    const [low, high] = this.crc64.value();
    return view.getUint32(0, true) === low && view.getUint32(4, true) === high;
  }
}
