import type { CodecId } from "../io/codec.js";
import { type Reader, bytesReader } from "../io/reader.js";
import type { ScanContext } from "./context.js";
import { Malformed, Unsupported } from "./errors.js";
import { type Work, read, wait } from "./work.js";

/** Pieces fed to a decoder: large enough for native speed, small enough that a bomb is caught early. */
const PIECE = 256 * 1024;
/** Streams up to this size, plain and compressed, are decoded in one synchronous call. */
const SMALL = 1024 * 1024;

/** What came out of one compressed stream. */
export interface Expanded {
  /** The plain bytes; close it when done (the engine does so for a child). */
  reader: Reader;
  /** Compressed bytes used, so that what follows the stream can be found. Exact when `complete`. */
  consumed: number;
  /** False when the stream is damaged or cut short; `reader` then holds what came before. */
  complete: boolean;
  problem?: string;
}

/**
 * Decompresses the stream that begins at the start of `source` into a reader, within the budget.
 * `expected` is the declared plain size, when known; `atMost` leaves the stream once it gave that many bytes, which is then
 * its `problem`. Throws `Unsupported` for an unknown codec and `LimitExceeded` when the budget runs out.
 */
export function* expand(context: ScanContext, codec: CodecId, source: Reader, expected?: number, atMost = Number.POSITIVE_INFINITY): Work<Expanded> {
  if (source.size <= SMALL && expected !== undefined && expected <= SMALL && context.codecs.decodeSmall) {
    const plain = context.codecs.decodeSmall(codec, yield* read(source, 0, source.size), expected);
    if (plain?.length === expected) {
      context.budget.spend("expandedBytes", plain.length);
      return { reader: bytesReader(plain), consumed: source.size, complete: true };
    }
  }
  const decoder = yield* wait(context.codecs.open(codec));
  if (!decoder) throw new Unsupported(`${codec} compression`);
  const spool = context.spool();
  // Few bytes are wanted: little is fed, since a bomb makes a thousand of one.
  const step = Math.min(PIECE, Math.max(512, Math.floor(atMost / 4)));
  let made = 0;
  function* keep(pieces: Uint8Array[]): Work<void> {
    for (const plain of pieces) {
      context.budget.spend("expandedBytes", plain.length);
      made += plain.length;
      yield* wait(spool.write(plain));
    }
  }
  try {
    let problem: string | undefined;
    try {
      for (let offset = 0; offset < source.size && !decoder.finished && made < atMost; offset += step) {
        context.budget.checkTime();
        yield* keep(yield* wait(decoder.write(yield* read(source, offset, Math.min(step, source.size - offset)))));
      }
      if (made < atMost) yield* keep(yield* wait(decoder.end()));
      if (made >= atMost && !decoder.finished) problem = `more than ${atMost} bytes come out of the ${codec} stream`;
      else if (!decoder.finished) problem = `the ${codec} stream ends early`;
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      problem = error.message;
    }
    const reader = yield* wait(spool.finish());
    return { reader, consumed: decoder.consumed, complete: problem === undefined, ...(problem === undefined ? {} : { problem }) };
  } catch (error) {
    spool.discard();
    throw error;
  } finally {
    decoder.close();
  }
}
