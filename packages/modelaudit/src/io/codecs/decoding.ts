import type { Decoder } from "../codec.js";
import type { Later } from "../reader.js";
import type { History } from "./history.js";
import { Intake } from "./intake.js";

/**
 * A decompression as a generator: yields pieces of plain bytes, `undefined` when it wants more input, and promises to
 * wait for. It returns at the stream's end mark. Yielding `undefined` when the intake is final means "cut short".
 */
export type Decoding = Generator<Uint8Array | undefined | Promise<unknown>, void, unknown>;

/** Largest piece a decoder gives at once. */
export const PIECE = 256 * 1024;

/** Waits until `length` bytes are there. Gives false when the input ends before. */
export function* available(intake: Intake, length: number): Generator<undefined, boolean> {
  while (intake.left < length) {
    if (intake.final) return false;
    yield undefined;
  }
  return true;
}

/** As {@link available}, but a stream that ends before never comes back. */
export function* need(intake: Intake, length: number): Generator<undefined, void> {
  while (intake.left < length) yield undefined;
}

/** Passes over `length` bytes. */
export function* skip(intake: Intake, length: number): Generator<undefined, void> {
  for (let left = length; left > 0; ) {
    yield* need(intake, 1);
    left -= intake.take(Math.min(left, intake.left)).length;
  }
}

/** `length` bytes that stand in the stream as they are. */
export function* copyPlain(intake: Intake, history: History, length: number): Decoding {
  for (let left = length; left > 0; ) {
    yield* need(intake, 1);
    const size = Math.min(left, intake.left, history.limit - history.position);
    history.bytes.set(intake.take(size), history.position);
    history.position += size;
    left -= size;
    if (history.position >= history.limit) yield history.take();
  }
}

/** Gives what `history` holds before the decoding waits, ends or throws, so that nothing made before damage is lost. */
export function* flushing(history: History, work: Decoding): Decoding {
  let value: unknown;
  for (;;) {
    let step: IteratorResult<Uint8Array | undefined | Promise<unknown>, void>;
    try {
      step = work.next(value);
    } catch (error) {
      if (history.pending) yield history.take();
      throw error;
    }
    if ((step.done || step.value === undefined) && history.pending) yield history.take();
    if (step.done) return;
    value = yield step.value;
  }
}

/** Runs a decoding behind the {@link Decoder} interface. `release` gives back what it holds beside memory. */
export function decoderOf(start: (intake: Intake) => Decoding, release: () => void = () => undefined): Decoder {
  const intake = new Intake();
  const work = start(intake);
  let finished = false;
  let failure: unknown;
  let failed = false;
  let closed = false;

  function advance(value?: unknown): Later<Uint8Array | undefined> {
    try {
      const step = work.next(value);
      if (!step.done) return step.value instanceof Promise ? step.value.then(advance, fail) : step.value;
      finished = true;
    } catch (error) {
      fail(error);
    }
    return undefined;
  }

  function fail(error: unknown): never {
    failed = true;
    failure = error;
    throw error;
  }

  return {
    push: (chunk) => intake.add(chunk),
    pull() {
      if (failed) throw failure;
      return finished || closed ? undefined : advance();
    },
    end() {
      intake.final = true;
    },
    get finished() {
      return finished;
    },
    get consumed() {
      return intake.offset;
    },
    close() {
      if (closed) return;
      closed = true;
      release();
    },
  };
}
