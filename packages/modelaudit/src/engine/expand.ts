import type { CodecId } from "../io/codec.js";
import { type Reader, bytesReader } from "../io/reader.js";
import type { ScanContext } from "./context.js";
import { Malformed, Unsupported } from "./errors.js";
import { type Work, read, wait } from "./work.js";

/** Compressed bytes given to a decoder at a time. */
const PIECE = 256 * 1024;
/** Streams up to this size, plain and compressed, are decoded in one synchronous call. */
const SMALL = 1024 * 1024;

/** How far one compressed stream could be followed. */
export interface Followed {
  /** Compressed bytes used, so that what follows the stream can be found. Exact when `complete`. */
  consumed: number;
  /** False when the stream is damaged or cut short, or was left early. */
  complete: boolean;
  problem?: string;
  /** The problem is that the input ends inside of the stream. */
  cutShort?: boolean;
}

/** What came out of one compressed stream. */
export interface Expanded extends Followed {
  /** The plain bytes, all or those before the damage; close it when done (the engine does so for a child). */
  reader: Reader;
}

/**
 * Decompresses the stream that begins at the start of `source` into a reader, within the budget.
 * `expected` is the declared plain size, when known; `atMost` leaves the stream once it gave that many bytes, which is then
 * its `problem`. Throws `Unsupported` for an unknown codec and `LimitExceeded` when the budget runs out.
 */
export function* expand(context: ScanContext, codec: CodecId, source: Reader, expected?: number, atMost = Number.POSITIVE_INFINITY): Work<Expanded> {
  if (source.size <= SMALL && expected !== undefined && expected <= SMALL && context.codecs.decodeSmall) {
    const small = context.codecs.decodeSmall(codec, yield* read(source, 0, source.size), expected);
    if (small?.plain.length === expected) {
      context.budget.spend("expandedBytes", expected);
      return { reader: bytesReader(small.plain), consumed: small.consumed, complete: true };
    }
  }
  const spool = context.spool();
  let made = 0;
  function* keep(plain: Uint8Array): Work<boolean> {
    made += plain.length;
    yield* wait(spool.write(plain));
    return made < atMost;
  }
  try {
    const followed = yield* follow(context, codec, source, keep);
    const left = made >= atMost && !followed.complete && followed.problem === undefined;
    const problem = left ? `more than ${atMost} bytes come out of the ${codec} stream` : followed.problem;
    return { ...followed, reader: yield* wait(spool.finish()), ...(problem === undefined ? {} : { problem }) };
  } catch (error) {
    spool.discard();
    throw error;
  }
}

/**
 * Decompresses the stream at the start of `source` and gives each plain piece to `keep`, which answers whether to go on.
 * Pieces made before damage are kept too. `firstStep`: compressed bytes read at first, for a stream that is likely short. Throws as {@link expand} does.
 */
export function* follow(
  context: ScanContext,
  codec: CodecId,
  source: Reader,
  keep: (plain: Uint8Array) => Work<boolean>,
  firstStep: number = PIECE,
): Work<Followed> {
  const likelyShort = firstStep < PIECE;
  let bytes = yield* read(source, 0, Math.min(source.size, likelyShort ? firstStep : source.size <= SMALL ? SMALL : PIECE));
  if (likelyShort || bytes.length === source.size) {
    const small = context.codecs.decodeSmall?.(codec, bytes, SMALL);
    if (small) {
      context.budget.spend("expandedBytes", small.plain.length);
      if (small.plain.length) yield* keep(small.plain);
      return { consumed: small.consumed, complete: true };
    }
  }
  const decoder = yield* wait(context.codecs.open(codec));
  if (!decoder) throw new Unsupported(`${codec} compression`);
  try {
    for (let offset = 0; ; offset += bytes.length) {
      context.budget.checkTime();
      if (offset > 0) bytes = yield* read(source, offset, Math.min(PIECE, source.size - offset));
      if (bytes.length) decoder.push(bytes);
      else decoder.end();
      for (;;) {
        const plain = yield* wait(decoder.pull());
        if (!plain) break;
        context.budget.spend("expandedBytes", plain.length);
        if (!(yield* keep(plain))) return { consumed: decoder.consumed, complete: decoder.finished };
      }
      if (decoder.finished) return { consumed: decoder.consumed, complete: true };
      if (!bytes.length) return { consumed: decoder.consumed, complete: false, problem: `the ${codec} stream ends early`, cutShort: true };
    }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { consumed: decoder.consumed, complete: false, problem: error.message };
  } finally {
    decoder.close();
  }
}
