import { LimitExceeded } from "../../engine/errors.js";
import { type Work, read, readUpTo } from "../../engine/work.js";
import type { Reader } from "../../io/reader.js";
import { BAD, Decoder, END, FAR_LINE, NEED } from "./decoder.js";
import { execute, type Step } from "./execute.js";
import { Extensions } from "./extensions.js";
import type { ArrayBehind } from "./joblib-arrays.js";
import { Machine, type MachineOptions } from "./machine.js";
import { runPlain } from "./plain-opcodes.js";
import type { Stream, Value } from "./values.js";
import { walk } from "./walker.js";

/** Bytes decoded without a break: large enough that fetching costs nothing, small enough to stay in cache. */
const WINDOW = 256 * 1024;
/** Streams of one file that {@link readStreams} gives back at once. */
const MOST_STREAMS = 10_000;
/** Other readings of one stream that are looked into. */
const MOST_READINGS = 16;
/** Memo entries another reading starts with: names that it uses must have been stored shortly before to be worth the trick. */
const READING_MEMO = 4096;
/** Of a literal that leaves its frame this much is searched for opcodes. */
const LONGEST_READING = 1024 * 1024;

export interface ReadOptions extends Partial<MachineOptions> {
  /** Called once per window, to check the time. */
  tick?(): void;
  /** What the memo holds at the start, for a reading that begins inside a stream. */
  memo?: readonly (readonly [key: number, value: Value])[];
  /** Where the next stream's window may already be: keep one object per file. */
  decoder?: Decoder;
}

/**
 * Reads the stream that begins at `start`, to its STOP or to where it breaks off. Bytes are fetched in windows and long
 * literals are passed over by arithmetic, so a stream of any size can be read. Never throws for what the bytes are, nor
 * when a limit is reached: the stream then holds what came before, and its last, fatal oddity says why it ends there.
 */
export function* readStream(reader: Reader, start: number, options: ReadOptions = {}): Work<Stream> {
  const machine = new Machine(start, { ...options, extensions: options.extensions ?? new Extensions() });
  for (const [key, value] of options.memo ?? []) machine.memo.put(key, value);
  const decoder = options.decoder ?? new Decoder(reader.size);
  if (start < decoder.base || start > decoder.base + decoder.bytes.length) yield* move(decoder, reader, start, 1);
  else decoder.position = start - decoder.base;
  try {
    yield* readOn(machine, decoder, reader, options);
  } catch (error) {
    if (!(error instanceof LimitExceeded)) throw error;
    machine.odd(`limit-${error.limit}`, decoder.at, error.message, true);
  }
  machine.stream.end = decoder.at;
  return machine.stream;
}

function* readOn(machine: Machine, decoder: Decoder, reader: Reader, options: ReadOptions): Work<void> {
  for (;;) {
    const step = run(machine, decoder);
    if (step === "stop") return;
    if (step === BAD || step === END) {
      const { code, detail } = step === BAD ? decoder.problem : { code: "truncated", detail: "the data ends before STOP" };
      if (code === "truncated") forgiveFrames(machine.stream);
      return machine.odd(code, decoder.at, detail, true);
    }
    if (step === "impossible") return machine.odd("frame-impossible", decoder.offset, "a frame of this length cannot be read", true);
    if (step === NEED) yield* move(decoder, reader, decoder.at, decoder.wanted);
    else if (step === FAR_LINE) decoder.lineEnd = yield* findLineEnd(reader, decoder);
    else if (typeof step === "object") {
      if (step.kind === "unknown")
        return machine.odd("unknown-array", decoder.at, `the size of the array behind the wrapper is not known: ${step.why}`, true);
      yield* behindWrapper(machine, decoder, reader, step);
    }
    machine.checkStack();
    options.tick?.();
  }
}

/** All streams back to back from `start` on; the last one may be broken. `kept` raises the number of plain items that containers keep. */
export function* readStreams(reader: Reader, start = 0, options: ReadOptions & { most?: number } = {}): Work<Stream[]> {
  const shared = { ...options, extensions: options.extensions ?? new Extensions(), decoder: options.decoder ?? new Decoder(reader.size) };
  const streams: Stream[] = [];
  let at = start;
  while (at < reader.size && streams.length < (options.most ?? Number.POSITIVE_INFINITY)) {
    if (streams.length >= MOST_STREAMS) throw new LimitExceeded("streams", streams.length);
    const stream = yield* readStream(reader, at, shared);
    streams.push(stream);
    if (!stream.complete) break;
    at = stream.end;
  }
  return streams;
}

/** Decodes and executes until the window, the stream or the grammar ends. */
function run(machine: Machine, decoder: Decoder): number | Step {
  const { stream } = machine;
  for (;;) {
    runPlain(machine, decoder);
    const code = decoder.next();
    if (code < 0) return code;
    stream.opcodes++;
    if (decoder.at >= machine.frameEnd) leaveFrame(machine, decoder);
    const step = execute(machine, decoder, code);
    if (step !== undefined) return step;
  }
}

/** In a file that was cut short the last frame is longer than what is left, through no fault of its writer. */
function forgiveFrames(stream: Stream): void {
  stream.oddities = stream.oddities.filter(({ code }) => code !== "frame-overlong");
}

/** The opcode just read ends at the frame's end, or runs over it. */
function leaveFrame(machine: Machine, decoder: Decoder): void {
  const { frameEnd, stream } = machine;
  machine.frameEnd = Number.POSITIVE_INFINITY;
  if (decoder.offset >= frameEnd || decoder.at === frameEnd) return;
  machine.odd("frame-straddled", decoder.offset, `an opcode at byte ${decoder.offset} runs over the end of its frame at ${frameEnd}`);
  if (stream.readings.length >= MOST_READINGS) return;
  const end = Math.min(Math.max(decoder.at, frameEnd + 4096), frameEnd + LONGEST_READING, decoder.size);
  stream.readings.push({ start: frameEnd, end, why: "frame", memo: machine.memo.entries(READING_MEMO) });
}

/** Goes on behind the array that a joblib wrapper announces. */
function* behindWrapper(machine: Machine, decoder: Decoder, reader: Reader, array: Exclude<ArrayBehind, { kind: "unknown" }>): Work<void> {
  if (array.kind === "stream") return machine.nest();
  const { at } = decoder;
  // pickle.load does not know of the array and would go on right here.
  const first = yield* readUpTo(reader, at, 512);
  const seen = walk(first, 0, first.length, reader.size - at, true);
  if (seen.imports > 0 && machine.stream.readings.length < MOST_READINGS) {
    machine.stream.readings.push({
      start: at,
      end: Math.min(reader.size, at + LONGEST_READING),
      why: "array",
      memo: machine.memo.entries(READING_MEMO),
    });
  }
  const padding = array.padded ? 1 + (first[0] ?? 0) : 0;
  const end = at + padding + array.length;
  machine.frameEnd = Number.POSITIVE_INFINITY;
  if (end > reader.size) {
    machine.odd("truncated", at, `an array of ${array.length} bytes, ${reader.size - at} are left`);
    yield* move(decoder, reader, reader.size, 1);
  } else decoder.position += padding + array.length;
}

/** Moves the window to `offset`, with at least `wanted` bytes where there are so many. */
function* move(decoder: Decoder, reader: Reader, offset: number, wanted: number): Work<void> {
  const length = Math.min(reader.size - offset, Math.max(wanted, WINDOW));
  decoder.bytes = length > 0 ? yield* read(reader, offset, length) : new Uint8Array(0);
  decoder.base = offset;
  decoder.position = 0;
}

/** Offset of the line feed that ends the line at the decoder's position; the reader's size when there is none. */
function* findLineEnd(reader: Reader, decoder: Decoder): Work<number> {
  for (let offset = decoder.base + decoder.bytes.length; offset < reader.size; offset += WINDOW) {
    const bytes = yield* readUpTo(reader, offset, WINDOW);
    const index = bytes.indexOf(10);
    if (index >= 0) return offset + index;
  }
  return reader.size;
}
