import type { Decoder } from "../codec.js";
import { type Decoding, decoderOf, flushing, need } from "./decoding.js";
import { History } from "./history.js";
import type { Intake } from "./intake.js";
import { LONGEST_MATCH, Lzma } from "./lzma-core.js";

/** Properties byte, dictionary size, plain size. */
export const LZMA_HEADER = 13;

/** The stand-alone format (`.lzma`): 13 bytes of header, then LZMA up to the size they give or an end mark. */
export function lzmaDecoder(): Decoder {
  return decoderOf(function* (intake) {
    yield* need(intake, LZMA_HEADER);
    const properties = intake.u8();
    const dictionary = intake.u32();
    const low = intake.u32();
    const high = intake.u32();
    const size = low === 0xffff_ffff && high === 0xffff_ffff ? undefined : high * 2 ** 32 + low;
    yield* lzmaStream(intake, properties, dictionary, size);
  });
}

/** Bare LZMA as 7z and ZIP hold it: properties and dictionary size come from elsewhere. */
export function bareLzmaDecoder(properties: number, dictionary: number, size: number | undefined): Decoder {
  return decoderOf((intake) => lzmaStream(intake, properties, dictionary, size));
}

function lzmaStream(intake: Intake, properties: number, dictionary: number, size: number | undefined): Decoding {
  if (properties >= 9 * 5 * 5) throw intake.malformed("LZMA properties below 225", String(properties));
  const history = new History(Math.max(dictionary, 4096), LONGEST_MATCH);
  const literalBits = (properties % 9) + (Math.floor(properties / 9) % 5);
  const lzma = new Lzma(dictionary, literalBits);
  lzma.reset(properties);
  return flushing(history, symbols(intake, history, lzma, size));
}

function* symbols(intake: Intake, history: History, lzma: Lzma, size: number | undefined): Decoding {
  yield* need(intake, 5);
  lzma.start(intake);
  for (;;) {
    const left = size === undefined ? Number.POSITIVE_INFINITY : size - history.total;
    // Where size is known, an end mark may still follow: a stream without one has nothing left in the range coder.
    if (left <= 0 && lzma.settled) return;
    const room = left <= 0 ? 1 : Math.min(left, history.limit - history.position);
    const before = history.total;
    const why = lzma.run(intake, history, history.position + room, intake.final);
    if (why === "end-mark") {
      if (left > 0 && size !== undefined) throw intake.malformed(`${size} bytes`, `an end mark after ${history.total}`);
      return;
    }
    if (size !== undefined && history.total > size) {
      history.position -= history.total - Math.max(size, before);
      throw intake.malformed(`the end after ${size} bytes`, "more of the stream");
    }
    if (why === "input") yield undefined;
    else if (history.position >= history.limit) yield history.take();
  }
}
