import type { Decoder } from "../codec.js";
import type { Later } from "../reader.js";
import { type Decoding, available, decoderOf } from "./decoding.js";
import type { Intake } from "./intake.js";

/**
 * Runs one stream through `inner`, shows each piece to `seen` and gives it on. What `inner` was given beyond the end of
 * its stream is put back. It is closed at the end; when reading ends early the caller closes it.
 */
export function* through(inner: Decoder, intake: Intake, seen: (piece: Uint8Array) => void = () => undefined): Decoding {
  const first = intake.offset;
  while (!inner.finished) {
    if (intake.left > 0) inner.push(intake.take(intake.left));
    else if (intake.final) inner.end();
    for (;;) {
      const pulled = inner.pull();
      const piece = pulled instanceof Promise ? ((yield pulled) as Uint8Array | undefined) : pulled;
      if (!piece) break;
      seen(piece);
      yield piece;
    }
    if (!inner.finished) yield undefined;
  }
  intake.at -= intake.offset - first - inner.consumed;
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
