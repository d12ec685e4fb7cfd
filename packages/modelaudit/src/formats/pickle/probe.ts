import type { Confidence } from "../../engine/format.js";
import type { Work } from "../../engine/work.js";
import type { Reader } from "../../io/reader.js";
import { readStreams } from "./parser.js";
import { doesSomething } from "./tail.js";

/** Streams read before a file is known: the first ones may be plain data. */
const MOST_STREAMS = 64;

/** Reads a file whose head is one long text or number, which any text may be too: only a stream that imports and calls decides. */
export function* probe(reader: Reader): Work<Confidence | undefined> {
  const streams = yield* readStreams(reader, 0, { most: MOST_STREAMS });
  if (streams.some(doesSomething)) return "certain";
  return streams[0]?.complete && streams[0].opcodes >= 4 ? "likely" : undefined;
}
