import { Unsupported } from "../../engine/errors.js";
import type { Decoder } from "../codec.js";
import { type Decoding, PIECE, available, decoderOf, need } from "./decoding.js";
import type { Intake } from "./intake.js";

export const LZ4_FRAME = 0x184d2204;
export const LZ4_LEGACY = 0x184c2102;

/** One LZ4 frame, of the frame format or the legacy one. Checksums are not computed: what they guard is scanned anyway. */
export function lz4Decoder(): Decoder {
  return decoderOf(lz4);
}

/** Matches reach back 64 KiB, into the blocks before when those are linked. */
const REACH = 64 * 1024;
/** Legacy blocks always expand to this, but for the last. */
const LEGACY_BLOCK = 8 * 2 ** 20;
const FLAG = { dictionary: 1, contentChecksum: 4, contentSize: 8, blockChecksum: 16 } as const;

function* lz4(intake: Intake): Decoding {
  yield* need(intake, 4);
  const magic = intake.u32();
  if (magic === LZ4_LEGACY) return yield* legacy(intake);
  if (magic !== LZ4_FRAME) throw intake.malformed("an LZ4 frame", "something else");
  yield* need(intake, 3);
  const flags = intake.u8();
  const sizes = (intake.u8() >> 4) & 7;
  if (flags >> 6 !== 1 || sizes < 4) throw intake.malformed("an LZ4 frame of version 1", "another");
  if (flags & FLAG.dictionary) throw new Unsupported("LZ4 with a dictionary");
  yield* need(intake, flags & FLAG.contentSize ? 9 : 1);
  intake.at += flags & FLAG.contentSize ? 9 : 1;
  const most = 1 << (8 + 2 * sizes);
  const out = new Blocks(most);
  for (;;) {
    yield* need(intake, 4);
    const word = intake.u32();
    if (word === 0) break;
    const size = word & 0x7fff_ffff;
    if (size > most) throw intake.malformed(`a block of at most ${most} bytes`, String(size));
    yield* block(intake, out, size, word !== size);
    if (flags & FLAG.blockChecksum) yield* skipWord(intake);
  }
  if (flags & FLAG.contentChecksum) yield* skipWord(intake);
}

/** Blocks up to the end of the input, or up to the magic number of the next frame. */
function* legacy(intake: Intake): Decoding {
  const out = new Blocks(LEGACY_BLOCK);
  while (yield* available(intake, 4)) {
    const size = intake.u32();
    // The largest that a block of random bytes can become; more is the next frame's magic number.
    if (size > LEGACY_BLOCK + LEGACY_BLOCK / 255 + 16) {
      intake.at -= 4;
      return;
    }
    yield* block(intake, out, size, false);
  }
  if (intake.left > 0) yield undefined;
}

function* skipWord(intake: Intake): Generator<undefined, void> {
  yield* need(intake, 4);
  intake.at += 4;
}

function* block(intake: Intake, out: Blocks, size: number, stored: boolean): Decoding {
  const whole = yield* available(intake, size);
  const taken = Math.min(size, intake.left);
  const from = out.begin();
  let problem: unknown;
  try {
    if (stored) out.store(intake.bytes.subarray(intake.at, intake.at + taken));
    else out.unpack(intake, intake.at + taken, whole);
  } catch (error) {
    problem = error;
  }
  intake.at += taken;
  for (let at = from; at < out.position; at += PIECE) yield out.bytes.slice(at, Math.min(at + PIECE, out.position));
  if (problem) throw problem;
  while (!whole) yield undefined;
}

/** Plain bytes of the block being made, behind the 64 KiB before it. */
class Blocks {
  bytes = new Uint8Array(REACH);
  position = 0;
  private readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  /** Keeps what matches may reach and gives the position where the next block begins. */
  begin(): number {
    const kept = Math.min(REACH, this.position);
    this.bytes.copyWithin(0, this.position - kept, this.position);
    this.position = kept;
    return kept;
  }

  store(bytes: Uint8Array): void {
    this.room(bytes.length);
    this.bytes.set(bytes, this.position);
    this.position += bytes.length;
  }

  /** Makes room for `more` bytes in this block: it grows with what comes out, not with what the header allows. */
  private room(more: number): void {
    const wanted = this.position + more;
    if (wanted <= this.bytes.length) return;
    const wider = new Uint8Array(Math.min(REACH + this.most, Math.max(wanted, 2 * this.bytes.length)));
    wider.set(this.bytes.subarray(0, this.position));
    this.bytes = wider;
  }

  /** Unpacks sequences up to `end` of the intake's bytes. Without `whole` the block is cut short: it gives what there is. */
  unpack(intake: Intake, end: number, whole: boolean): void {
    const input = intake.bytes;
    const most = REACH + this.most;
    let at = intake.at;
    let { position } = this;
    while (at < end) {
      const token = input[at++]!;
      let literals = token >> 4;
      if (literals === 15) {
        let more = 255;
        while (more === 255 && at < end) literals += more = input[at++]!;
      }
      if (literals > end - at) {
        if (whole) throw intake.malformed("literals inside of the block", "more than it holds");
        literals = end - at;
      }
      let length = token & 15;
      // Room for the literals and, as far as is known yet, the match; longer matches ask again.
      if (position + literals + 19 > this.bytes.length) {
        this.position = position;
        if (position + literals > most) throw intake.malformed("a block within its size", "more bytes");
        this.room(Math.min(literals + 19, most - position));
      }
      const out = this.bytes;
      if (literals < 32) for (const stop = at + literals; at < stop; ) out[position++] = input[at++]!;
      else {
        out.set(input.subarray(at, at + literals), position);
        at += literals;
        position += literals;
      }
      this.position = position;
      if (at >= end) break;
      if (at + 2 > end) {
        if (whole) throw intake.malformed("a match offset", "the end of the block");
        break;
      }
      const distance = input[at]! | (input[at + 1]! << 8);
      at += 2;
      if (length === 15) {
        let more = 255;
        while (more === 255 && at < end) length += more = input[at++]!;
      }
      length += 4;
      if (distance === 0 || distance > position) throw intake.malformed("a match", "one from before the start");
      if (position + length > most) throw intake.malformed("a block within its size", "more bytes");
      position = this.copy(position, distance, length);
      this.position = position;
    }
  }

  private copy(start: number, distance: number, length: number): number {
    if (start + length > this.bytes.length) this.room(length);
    const out = this.bytes;
    let position = start;
    if (distance >= length && length > 32) {
      out.copyWithin(position, position - distance, position - distance + length);
      return position + length;
    }
    if (distance === 1 && length > 32) {
      out.fill(out[position - 1]!, position, position + length);
      return position + length;
    }
    for (let from = position - distance, stop = position + length; position < stop; ) out[position++] = out[from++]!;
    return position;
  }
}
