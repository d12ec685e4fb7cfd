import type { Decoder } from "../codec.js";
import { type Decoding, copyPlain, decoderOf, flushing, need } from "./decoding.js";
import { History } from "./history.js";
import { Intake } from "./intake.js";
import { LONGEST_MATCH, Lzma } from "./lzma-core.js";

/** LZMA2 gives its dictionary size as one byte. Undefined for those that mean nothing. */
export function lzma2Dictionary(byte: number): number | undefined {
  if (byte > 40) return undefined;
  return byte === 40 ? 0xffff_ffff : (2 | (byte & 1)) * 2 ** (Math.floor(byte / 2) + 11);
}

/** LZMA2 as in xz blocks and 7z: chunks of LZMA or plain bytes up to an end mark. */
export function lzma2Decoder(dictionary: number): Decoder {
  return decoderOf((intake) => lzma2(intake, dictionary));
}

export function lzma2(intake: Intake, dictionary: number): Decoding {
  const history = new History(dictionary, LONGEST_MATCH);
  return flushing(history, chunks(intake, history, dictionary));
}

function* chunks(intake: Intake, history: History, dictionary: number): Decoding {
  const lzma = new Lzma(dictionary, 4);
  let needs: "dictionary" | "properties" | "nothing" = "dictionary";
  for (;;) {
    yield* need(intake, 1);
    const control = intake.u8();
    if (control === 0) return;
    if (control >= 0xe0 || control === 1) {
      if (history.pending) yield history.take();
      history.reset();
      lzma.resetPosition(history);
      needs = "properties";
    } else if (needs === "dictionary") throw intake.malformed("a chunk that empties the dictionary", `chunk ${control}`);
    if (control < 0x80) {
      if (control > 2) throw intake.malformed("an LZMA2 chunk", `chunk ${control}`);
      yield* need(intake, 2);
      yield* copyPlain(intake, history, (intake.u8() << 8) + intake.u8() + 1);
      continue;
    }
    yield* need(intake, 5);
    const size = ((control & 0x1f) << 16) + (intake.u8() << 8) + intake.u8() + 1;
    const packed = (intake.u8() << 8) + intake.u8() + 1;
    if (control >= 0xc0) {
      yield* need(intake, 1);
      const properties = intake.u8();
      if (properties >= 225 || (properties % 9) + (Math.floor(properties / 9) % 5) > 4)
        throw intake.malformed("LZMA2 properties", String(properties));
      lzma.reset(properties);
    } else if (needs === "properties") throw intake.malformed("a chunk with properties", `chunk ${control}`);
    else if (control >= 0xa0) lzma.resetState();
    needs = "nothing";
    yield* compressed(intake, history, lzma, size, packed);
  }
}

/** A chunk is at most 64 KiB packed, so it is waited for as a whole, unless it is the last of a stream that is cut short. */
function* compressed(intake: Intake, history: History, lzma: Lzma, size: number, packed: number): Decoding {
  while (intake.left < packed && !intake.final) yield undefined;
  const whole = intake.left >= packed;
  const chunk = new Intake();
  chunk.add(intake.take(Math.min(packed, intake.left)));
  if (chunk.left < 5) return yield* forever();
  lzma.start(chunk);
  for (let left = size; left > 0; ) {
    const before = history.total;
    const why = lzma.run(chunk, history, history.position + Math.min(left, history.limit - history.position), true);
    left -= history.total - before;
    if (left < 0) {
      history.position += left;
      throw intake.malformed("the end of the chunk", "a longer match");
    }
    if (why === "input" && !whole) return yield* forever();
    if (why !== "room") throw intake.malformed(`${size} bytes from the chunk`, `${size - left}`);
    if (history.position >= history.limit) yield history.take();
  }
  if (chunk.left > 0 || !lzma.settled) throw intake.malformed("the end of the chunk", "more of it");
}

/** What is left of a stream that is cut short: nothing. */
function* forever(): Decoding {
  for (;;) yield undefined;
}
