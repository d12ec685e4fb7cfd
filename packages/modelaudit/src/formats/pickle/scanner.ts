import type { ScanContext } from "../../engine/context.js";
import type { Scanner } from "../../engine/format.js";
import { glimpse } from "../../engine/identify.js";
import { child, readUpTo, type Work } from "../../engine/work.js";
import type { Reader } from "../../io/reader.js";
import { escapingPath } from "../../detectors/escaping-path/escaping-path.js";
import { probeBytes } from "../../detectors/trailing/scan-behind.js";
import { argumentBytes, readingsOf } from "./embedded.js";
import { mayHoldStream } from "./embedded-start.js";
import { format } from "./index.js";
import { siblingFile } from "./joblib-arrays.js";
import { isBlank } from "./literals.js";
import { reportOddities } from "./oddities.js";
import { type ReadOptions, readStream, readStreams } from "./parser.js";
import type { LoadContext } from "./policy/judgement.js";
import { judgeStream } from "./policy/judge.js";
import { archiveIn } from "./policy/keras-archive.js";
import { type ReadAhead, readOptions } from "./read-ahead.js";
import { doesSomething, findStream } from "./tail.js";
import type { Effect, Stream, Value } from "./values.js";

/** Bytes behind the last stream looked at together for being mere padding. */
const PIECE = 64 * 1024;
/** Streams read of a literal before it is known. */
const MOST_INNER = 64;
/** Pickles of plain data inside each other that are looked into for one that does something. */
const DEEPEST_PLAIN = 4;
/** Streams found behind junk in one file; more are given up as not understood. */
const MOST_RESUMED = 4096;
/** Of those, how many are told of. All are judged. */
const MOST_TOLD = 8;

export const scanner: Scanner = {
  version: 1,
  *scan(artifact, context) {
    const { reader, hints } = artifact;
    const load: LoadContext = { trust: context.policy.trust, ...(typeof hints["loader"] === "string" ? { loader: hints["loader"] } : {}) };
    const ahead = hints["ahead"] as ReadAhead | undefined;
    const options = ahead?.options ?? readOptions(reader, context);
    const totals = { streams: 0, opcodes: 0, protocol: 0 };
    let at = 0;
    let resumed = 0;
    while (at < reader.size) {
      context.budget.checkTime();
      const stream = at === 0 && ahead ? ahead.stream : yield* readStream(reader, at, options);
      const junk = at > 0 && !stream.complete && !doesSomething(stream);
      if (!junk) {
        yield* report(stream, reader, context, load, options);
        totals.streams++;
        totals.opcodes += stream.opcodes;
        totals.protocol = Math.max(totals.protocol, stream.protocol);
        at = stream.end;
        if (stream.complete) continue;
      }
      if (stream.oddities.some(({ code }) => code.startsWith("limit-"))) break;
      if (at >= reader.size || (yield* isPadding(reader, at))) break;
      const found: Stream | undefined = resumed++ < MOST_RESUMED ? yield* findStream(reader, at + (junk ? 0 : 1), reader.size, options) : undefined;
      if (!found) {
        yield* tail(reader, at, junk);
        break;
      }
      const where = `${found.start - at} bytes behind byte ${at}, where the stream before it ended`;
      if (resumed <= MOST_TOLD) yield { kind: "finding", rule: "S1203", args: { does: doing(found), where }, offset: found.start };
      at = found.start;
    }
    yield { kind: "metadata", key: "streams", value: totals.streams };
    yield { kind: "metadata", key: "opcodes", value: totals.opcodes };
    yield { kind: "metadata", key: "protocol", value: totals.protocol };
  },
};

/** Everything to say of one stream. */
function* report(stream: Stream, reader: Reader, context: ScanContext, load: LoadContext, options: ReadOptions): Work<void> {
  for (const { rule, severity, offset, args, details } of judgeStream(stream, load)) {
    yield { kind: "finding", rule, severity, offset, args, ...(details ? { details } : {}) };
  }
  yield* reportOddities(stream.oddities);
  for (let index = 0; index < stream.effects.length; index++) {
    const effect = stream.effects[index] as Effect;
    const path = effect.kind === "build" ? siblingFile(effect.target, effect.state) : undefined;
    const how = path === undefined ? undefined : escapingPath(path);
    if (path !== undefined && how) yield { kind: "finding", rule: "S1205", args: { path, how }, offset: effect.offset };
  }
  yield* otherReadings(stream, reader, load, options);
  yield* embedded(stream, reader, context);
}

/** Bytes that this stream holds as data and another reader runs. */
function* otherReadings(stream: Stream, reader: Reader, load: LoadContext, options: ReadOptions): Work<void> {
  for (const { start, end, why, memo } of stream.readings) {
    const direct = yield* readStream(reader, start, { ...options, memo });
    const found = doesSomething(direct) ? direct : why === "frame" ? yield* findStream(reader, start, end, { ...options, memo }) : undefined;
    if (!found) continue;
    const where = why === "frame" ? "in a literal that runs over its frame" : "in the raw bytes of an array";
    yield { kind: "finding", rule: "S1203", args: { does: doing(found), where }, offset: found.start };
    for (const { rule, severity, offset, args } of judgeStream(found, load)) yield { kind: "finding", rule, severity, offset, args };
  }
}

/** What a call reads out of bytes that the stream holds, and by what loader. */
function* loadedBytes(
  stream: Stream,
): Iterable<{ argument: Value; what: string; as: { hints?: Readonly<Record<string, unknown>>; formats?: readonly string[] }; offset: number }> {
  for (let index = 0; index < stream.effects.length; index++) {
    const effect = stream.effects[index] as Effect;
    if (effect.kind !== "call") continue;
    const { offset, built } = effect;
    const [argument] = built.args ?? [];
    const { callee } = built;
    if (!argument) continue;
    if (callee.kind === "global" && callee.name === "_load_from_bytes")
      yield { argument, what: "tensor", as: { hints: { loader: "torch" } }, offset };
    // The method may be taken from its class by getattr: the policy has judged what it is.
    const archive =
      callee.kind === "built" || (callee.kind === "global" && callee.name.endsWith("._unpickle_model")) ? archiveIn(argument) : undefined;
    if (archive) yield { argument: archive, what: "model", as: { formats: ["keras_zip"] }, offset };
  }
}

/** Tensors and models that the stream loads from bytes it holds. Gives the literals that are dealt with. */
function* tensors(stream: Stream, reader: Reader): Work<Set<number>> {
  const seen = new Set<number>();
  for (const { argument, what, as, offset } of loadedBytes(stream)) {
    const inside = yield* argumentBytes(reader, argument);
    if (!inside && what === "tensor") continue;
    for (const value of argument.kind === "built" ? (argument.args ?? []) : [argument]) {
      if (value.kind === "constant" && value.offset !== undefined) seen.add(value.offset);
    }
    if (inside && (yield* child({ name: `${what} at ${offset}`, reader: inside, ...as, offset })).formats.length) continue;
    yield {
      kind: "incomplete",
      reason: "unknown-tensor",
      message: `The bytes of a ${what}, loaded at ${offset}, are in no format its library reads.`,
      offset,
    };
  }
  return seen;
}

/** Streams inside text and bytes. Only one that imports and calls counts: data may begin like a pickle by chance. */
function* embedded(stream: Stream, reader: Reader, context: ScanContext, depth = 0): Work<void> {
  const known = yield* tensors(stream, reader);
  for (const literal of stream.blobs) {
    // A literal's content begins at most nine bytes behind its opcode.
    if (known.size && Array.from({ length: 10 }, (_, back) => literal.offset - back).some((offset) => known.has(offset))) continue;
    for (const { reader: inside, how } of yield* readingsOf(reader, literal, context)) {
      const look = yield* glimpse(inside, "", {});
      if (!mayHoldStream(look.head, 0, look.head.length, look.size)) continue;
      const inner = yield* readStreams(inside, 0, { ...readOptions(inside, context), most: MOST_INNER });
      if (!inner.some(doesSomething)) {
        // Plain data that was pickled by itself may hold a stream in turn.
        if (depth < DEEPEST_PLAIN) for (const plain of inner) if (plain.complete) yield* embedded(plain, inside, context, depth + 1);
        continue;
      }
      yield { kind: "finding", rule: "S213", args: { how: how || "plain" }, offset: literal.offset };
      // Identified by its bytes where they are enough: a tensor saved into bytes has raw numbers behind its pickles.
      const formats = format.sniff(look) === "certain" ? {} : { formats: ["pickle"] };
      yield* child({ name: `pickle at ${literal.offset}`, reader: inside, ...formats, offset: literal.offset });
      break;
    }
  }
}

function doing(stream: Stream): string {
  const names = stream.effects.flatMap((effect) => (effect.kind === "import" ? [`${effect.global.module}.${effect.global.name}`] : []));
  return `uses ${names.slice(0, 3).join(", ")}`;
}

/** True when nothing but zeros and blanks follow. */
function* isPadding(reader: Reader, at: number): Work<boolean> {
  for (let offset = at; offset < reader.size; offset += PIECE) {
    const bytes = yield* readUpTo(reader, offset, PIECE);
    if (!bytes.every((byte) => byte === 0 || isBlank(byte))) return false;
  }
  return true;
}

/** Bytes behind the last stream that are none: another format, or something nobody knows. */
function* tail(reader: Reader, at: number, behindStop: boolean): Work<void> {
  const length = reader.size - at;
  const formats = yield* probeBytes(reader, at);
  // numpy.save called on a file that already holds a pickle is an ordinary thing to do; a second container is not.
  if (formats.length && formats.every((id) => id === "numpy")) return;
  if (formats.length) yield { kind: "finding", rule: "S908", args: { first: "a pickle", second: formats.join(" and ") }, offset: at, length };
  else if (behindStop) {
    yield { kind: "incomplete", reason: "trailing-bytes", message: `${length} bytes follow the pickle and are in no known format.`, offset: at };
  }
}
