import { Decompress } from "fzstd";
import { Unsupported } from "../../engine/errors.js";
import type { Decoder } from "../codec.js";
import { type Decoding, decoderOf, need, skip } from "./decoding.js";
import type { Intake } from "./intake.js";

export const ZSTD_FRAME = 0xfd2fb528;
/** Skippable frames have any of sixteen magic numbers, here without the lowest four bits. LZ4 uses the same ones. */
export const SKIPPABLE_FRAME = 0x184d2a50;

/** One Zstandard frame, or one skippable frame, which gives nothing. Frames behind it are not looked at. */
export function zstdDecoder(): Decoder {
  return decoderOf(zstd);
}

/** What the command line tool accepts as well, unless told otherwise. */
const WIDEST_WINDOW = 128 * 2 ** 20;
const LARGEST_BLOCK = 128 * 1024;
/** The decoder moves its whole window for each block; more than this in all (about a minute) is a trap made of tiny blocks. */
const MOST_MOVED = 2 ** 39;
const BLOCK = { plain: 0, run: 1, compressed: 2 } as const;

/** Walks the frame block by block, so that its end is known exactly and no header makes the decoder take memory. */
function* zstd(intake: Intake): Decoding {
  yield* need(intake, 5);
  const magic = intake.u32();
  if ((magic & 0xffff_fff0) >>> 0 === SKIPPABLE_FRAME) {
    yield* need(intake, 4);
    return yield* skip(intake, intake.u32());
  }
  if (magic !== ZSTD_FRAME) throw intake.malformed("a Zstandard frame", "something else");
  const { window, checksum } = yield* frameHeader(intake);
  let pieces: Uint8Array[] = [];
  const decoder = new Decompress((piece) => pieces.push(piece));
  const { bytes: header, size: width } = windowHeader(window);
  decoder.push(header, false);
  for (let last = false, moved = 0; !last; ) {
    yield* need(intake, 3);
    const word = intake.bytes[intake.at]! | (intake.bytes[intake.at + 1]! << 8) | (intake.bytes[intake.at + 2]! << 16);
    last = (word & 1) === 1;
    const kind = (word >> 1) & 3;
    if (kind > BLOCK.compressed || word >> 3 > LARGEST_BLOCK) throw intake.malformed("a Zstandard block", "an impossible one");
    moved += width;
    if (moved > MOST_MOVED) throw new Unsupported("a Zstandard frame of so many blocks with so wide a window");
    const size = 3 + (kind === BLOCK.run ? 1 : word >> 3);
    yield* need(intake, size);
    try {
      // A copy: the decoder may hold on to it.
      decoder.push(intake.take(size).slice(), last);
    } catch (error) {
      throw intake.malformed("Zstandard data", (error as Error).message);
    }
    for (const piece of pieces) if (piece.length) yield piece.slice();
    pieces = [];
  }
  if (checksum) yield* skip(intake, 4);
}

function* frameHeader(intake: Intake): Generator<undefined, { window: number; checksum: boolean }> {
  const flags = intake.u8();
  if (flags & 8) throw intake.malformed("a reserved bit of 0", "1");
  const single = (flags & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][flags & 3]!;
  const sizeBytes = flags >> 6 ? 1 << (flags >> 6) : single ? 1 : 0;
  yield* need(intake, (single ? 0 : 1) + dictionaryBytes + sizeBytes);
  let window = 0;
  if (!single) {
    const byte = intake.u8();
    const base = 2 ** (10 + (byte >> 3));
    window = base + (base / 8) * (byte & 7);
  }
  if (intake.take(dictionaryBytes).some((byte) => byte !== 0)) throw new Unsupported("Zstandard with a dictionary");
  const size = intake.take(sizeBytes).reduceRight((sum, byte) => sum * 256 + byte, 0) + (sizeBytes === 2 ? 256 : 0);
  // Matches never reach farther than what there is.
  if (single) window = size;
  else if (sizeBytes) window = Math.min(window, size);
  if (window > WIDEST_WINDOW) throw new Unsupported(`a Zstandard window of ${window} bytes`);
  return { window, checksum: (flags & 4) !== 0 };
}

/** A frame header that only gives the window: the smallest that can be written and holds `window` bytes. */
function windowHeader(window: number): { bytes: Uint8Array; size: number } {
  for (let byte = 0; ; byte++) {
    const base = 2 ** (10 + (byte >> 3));
    const size = base + (base / 8) * (byte & 7);
    if (size >= window) return { bytes: Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, 0, byte]), size };
  }
}
