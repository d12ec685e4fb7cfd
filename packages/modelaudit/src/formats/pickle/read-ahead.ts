import type { ScanContext } from "../../engine/context.js";
import type { Work } from "../../engine/work.js";
import type { Reader } from "../../io/reader.js";
import { Decoder } from "./decoder.js";
import { Extensions } from "./extensions.js";
import { type ReadOptions, readStream } from "./parser.js";
import type { Stream } from "./values.js";

/** The first stream of a pickle, read by the format around it to know its names; handed to the pickle's scan as the hint `ahead`. */
export interface ReadAhead {
  stream: Stream;
  /** What further streams of the same file are read with. */
  options: ReadOptions;
}

export function* readAhead(reader: Reader, context: ScanContext): Work<ReadAhead> {
  const options = readOptions(reader, context);
  return { stream: yield* readStream(reader, 0, options), options };
}

export function readOptions(reader: Reader, context: ScanContext): ReadOptions {
  const { decodeSmall } = context.codecs;
  return {
    extensions: new Extensions(),
    decoder: new Decoder(reader.size),
    tick: () => context.budget.checkTime(),
    ...(decodeSmall ? { inflate: (codec, bytes, limit) => decodeSmall.call(context.codecs, codec, bytes, limit)?.plain } : {}),
  };
}
