import type { Decoder } from "../codec.js";
import type { Later } from "../reader.js";
import { type Decoding, available, decoderOf } from "./decoding.js";
import type { Intake } from "./intake.js";

/** Decoders that work bit by bit have taken up to so many bytes more than they need, and give them back at the end. */
const HELD = 8;

/**
 * Runs one stream through `inner`, shows each piece to `seen` and gives it on. What `inner` was given beyond the end of
 * its stream is put back. It is closed at the end; when reading ends early the caller closes it.
 */
export function* through(inner: Decoder, intake: Intake, seen: (piece: Uint8Array) => void = () => undefined): Decoding {
  const first = intake.offset;
  let pushed = first;
  let ended = false;
  while (!inner.finished) {
    if (intake.endOffset > pushed) inner.push(intake.since(pushed));
    else if (intake.final) {
      inner.end();
      ended = true;
    }
    pushed = intake.endOffset;
    for (;;) {
      const pulled = inner.pull();
      const piece = pulled instanceof Promise ? ((yield pulled) as Uint8Array | undefined) : pulled;
      if (!piece) break;
      seen(piece);
      yield piece;
    }
    // What it may still give back stays in the intake.
    intake.moveTo(Math.max(first, first + inner.consumed - (inner.finished ? 0 : HELD)));
    if (!inner.finished && (ended || !intake.final)) yield undefined;
  }
  inner.close();
}

/** Streams of one kind behind one another, as one. Finished when the input is. */
export function repeatedDecoder(open: () => Later<Decoder>): Decoder {
  let inner: Decoder | undefined;
  function* run(intake: Intake): Decoding {
    while (yield* available(intake, 1)) {
      const opened = open();
      inner = opened instanceof Promise ? ((yield opened) as Decoder) : opened;
      yield* through(inner, intake);
    }
  }
  return decoderOf(run, () => inner?.close());
}
