import type { ScanContext } from "../../engine/context.js";
import { type Work, read } from "../../engine/work.js";
import { sameBytes } from "../../io/same-bytes.js";
import { type Reader, bytesReader } from "../../io/reader.js";
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

/** Pickles up to this size are remembered, some 600 tensors; a stream made to be large takes 16 MB of as many bytes. */
const LARGEST_REMEMBERED = 64 * 1024;
const MOST_REMEMBERED = 4;

/**
 * What was read last. The checkpoints of one training run and the many models of one architecture share their pickle to
 * the byte, and what a stream comes to depends on nothing else.
 */
const remembered: { bytes: Uint8Array; stream: Stream }[] = [];

export function* readAhead(reader: Reader, context: ScanContext): Work<ReadAhead> {
  const options = readOptions(reader, context);
  if (reader.size > LARGEST_REMEMBERED) return { stream: yield* readStream(reader, 0, options), options };
  const bytes = yield* read(reader, 0, reader.size);
  const known = remembered.find((one) => sameBytes(one.bytes, bytes));
  if (known) return { stream: known.stream, options };
  const stream = yield* readStream(bytesReader(bytes), 0, options);
  if (isWhole(stream, reader.size)) {
    remembered.unshift({ bytes: bytes.slice(), stream });
    remembered.splice(MOST_REMEMBERED);
  }
  return { stream, options };
}

/** Nothing follows that the stream's machine would go on with, and nothing in it is read a second time. */
function isWhole({ complete, end, oddities, blobs, readings }: Stream, size: number): boolean {
  return complete && end === size && !oddities.length && !blobs.length && !readings.length;
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
