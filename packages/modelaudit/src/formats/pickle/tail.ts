import { type Work, readUpTo } from "../../engine/work.js";
import type { Reader } from "../../io/reader.js";
import type { ReadOptions } from "./parser.js";
import { readStream } from "./parser.js";
import type { Stream } from "./values.js";
import { isPlausibleName, walk } from "./walker.js";

/** Bytes searched for streams behind junk. Data behind a pickle is raw numbers more often than not; it is not read for ever. */
const LONGEST_SEARCH = 64 * 1024 * 1024;
/** Bytes looked at together; a start is walked over within its piece and the following overlap. */
const PIECE = 256 * 1024;
const OVERLAP = 4096;
/** Starts tried in earnest, those that pass the walk. Random bytes hold none; a file made of such starts is given up as not understood. */
const MOST_TRIES = 4096;

/** First bytes of a stream worth trying: a header, an import, a mark before one, a short text before STACK_GLOBAL. */
const STARTS = new Uint8Array(256);
for (const byte of [0x80, 0x63, 0x28, 0x8c, 0x58, 0x55]) STARTS[byte] = 1;

/** True when the stream imports something under a name that can exist, and calls: not by chance in random bytes. */
export function doesSomething(stream: Stream): boolean {
  let imported = false;
  for (const effect of stream.effects) {
    if (effect.kind === "import") {
      if (!isPlausibleName(effect.global.module) || !isPlausibleName(effect.global.name)) return false;
      imported = true;
    } else if (imported && (effect.kind === "call" || effect.kind === "build" || effect.kind === "mutate")) return true;
  }
  return false;
}

/** The first stream in `[start, end)` that imports and calls, behind junk or inside a literal, within {@link LONGEST_SEARCH} bytes. */
export function* findStream(reader: Reader, start: number, end: number, options: ReadOptions): Work<Stream | undefined> {
  const last = Math.min(end, start + LONGEST_SEARCH);
  let tries = 0;
  for (let piece = start; piece < last; piece += PIECE) {
    options.tick?.();
    const bytes = yield* readUpTo(reader, piece, Math.min(PIECE + OVERLAP, reader.size - piece));
    const stop = Math.min(PIECE, last - piece);
    for (let at = 0; at < stop; at++) {
      if (!STARTS[bytes[at] as number] || !mayStart(bytes, at, reader.size - piece)) continue;
      if (++tries > MOST_TRIES) return undefined;
      const stream = yield* readStream(reader, piece + at, options);
      if (doesSomething(stream)) return stream;
    }
  }
  return undefined;
}

function mayStart(bytes: Uint8Array, at: number, size: number): boolean {
  const first = bytes[at] as number;
  const second = bytes[at + 1] ?? 0;
  if (first === 0x80 && second > 5) return false;
  // A name begins with a letter or an underscore.
  if (first === 0x63 && !(second === 0x5f || second > 0x7f || ((second | 0x20) >= 0x61 && (second | 0x20) <= 0x7a))) return false;
  const seen = walk(bytes, at, Math.min(bytes.length, at + OVERLAP), size);
  return seen.imports > 0 && (seen.calls > 0 || seen.end !== "broken");
}
