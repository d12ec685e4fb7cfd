import {
  checkBombs,
  containsItself,
  countBomb,
  isBarren,
  isNestedBomb,
  isSwollen,
  isTooDeep,
  oneLevelShare,
} from "../../detectors/archive/expansion.js";
import { pathFault } from "../../detectors/archive/member-path.js";
import { mayBePayload, PAYLOAD_START_BYTES } from "../../detectors/payload-start/payload-start.js";
import { probeRange } from "../../detectors/payload-start/probe-range.js";
import type { Artifact } from "../../engine/artifact.js";
import type { ScanContext } from "../../engine/context.js";
import { LimitExceeded } from "../../engine/errors.js";
import type { Scanner } from "../../engine/format.js";
import { type ChildResult, type Work, child, readUpTo } from "../../engine/work.js";
import { type Reader, sliceReader } from "../../io/reader.js";
import { GLIMPSE_BYTES } from "../../engine/identify.js";
import { kindOf } from "./kinds.js";
import { plainName } from "./names.js";
import { type Unpacked, readStreams } from "./streams.js";
import { decodes } from "./trial.js";

/** Zeros behind the last stream, as tapes and block devices leave them. */
const LONGEST_PADDING = 2 ** 20;

/** Hands back what loaders get out of a compressed file: the plain bytes of all its streams as one. */
export const scanner: Scanner = {
  version: 1,
  *scan(artifact, context) {
    if (artifact.depth > 0) checkBombs(context.budget);
    if (isTooDeep(artifact, context.budget)) yield { kind: "finding", rule: "S1304", args: { depth: artifact.depth } };
    const unpacked = yield* unpack(artifact, context);
    try {
      yield* report(unpacked);
      if (yield* containsItself(artifact, unpacked.plain)) {
        yield { kind: "finding", rule: "S410", args: { what: artifact.name, detail: "what comes out is the file itself" } };
        return;
      }
      const result = yield* scanContent(artifact, unpacked);
      yield* bombFindings(artifact, context, unpacked, result);
      yield* scanLaterStreams(artifact.reader, unpacked);
      yield* scanTail(artifact, unpacked);
    } finally {
      unpacked.plain.close?.();
    }
  },
};

function* unpack(artifact: Artifact, context: ScanContext): Work<Unpacked> {
  let made = 0;
  try {
    return yield* readStreams(artifact.reader, context, (size) => {
      made = size;
      return isNestedBomb(artifact, artifact.reader.size, size);
    });
  } catch (error) {
    if (error instanceof LimitExceeded && isSwollen(artifact.reader.size, made)) {
      yield { kind: "finding", rule: "S410", args: { what: artifact.name, detail: `more than ${made} bytes come out of ${artifact.reader.size}` } };
    }
    throw error;
  }
}

function* report({ streams, plain, problem, unsupported, name, kind }: Unpacked): Work<void> {
  yield { kind: "metadata", key: "compression", value: kind };
  yield { kind: "metadata", key: "streams", value: streams.length };
  yield { kind: "metadata", key: "plainSize", value: plain.size };
  const fault = name === undefined ? undefined : pathFault(name);
  if (fault?.kind === "escape") {
    yield { kind: "finding", rule: "S405", severity: "warning", args: { what: "The name stored in the gzip header,", path: name as string } };
  }
  if (unsupported !== undefined) {
    const message = `${unsupported} compression is not supported. Unpack the file and scan the result.`;
    yield { kind: "incomplete", reason: "unsupported-compression", message };
  }
  if (problem) {
    const message = problem.cutShort
      ? `The ${kind} stream ends early: what comes before was scanned. Fetch the whole file and scan again.`
      : `The ${kind} stream is damaged, and only what comes before was scanned: ${problem.message}.`;
    yield { kind: "incomplete", reason: problem.cutShort ? "cut-short" : "damaged-stream", message, offset: problem.offset };
  }
}

function* scanContent(artifact: Artifact, unpacked: Unpacked): Work<ChildResult | undefined> {
  const { plain, consumed, kind, streams } = unpacked;
  if (plain.size === 0) return undefined;
  const { memberOf: _, packedSize: __, ...passedOn } = artifact.hints;
  return yield* child({
    name: plainName(artifact.name, unpacked.name),
    // Another reader of the same: the engine closes what it was given, and later streams are still to be read.
    reader: sliceReader(plain, 0),
    ...(artifact.around ? { around: artifact.around } : {}),
    hints: { ...passedOn, compression: kind, packedSize: oneLevelShare(artifact, consumed, plain.size) },
    offset: streams[0]?.offset ?? 0,
  });
}

/** Nested bombs always; a single level only when no model comes out: weights that are all zero compress as well as that. */
function* bombFindings(artifact: Artifact, context: ScanContext, unpacked: Unpacked, result: ChildResult | undefined): Work<void> {
  const { plain, consumed, bomb } = unpacked;
  if (bomb) {
    yield { kind: "finding", rule: "S410", args: { what: artifact.name, detail: `${plain.size} bytes and more from archives inside archives` } };
    countBomb(context.budget);
  } else if (isBarren(consumed, plain.size, result)) {
    const detail = `${plain.size} bytes come out of ${consumed}, and no model is in them`;
    yield { kind: "finding", rule: "S410", args: { what: artifact.name, detail } };
  }
}

/** A tool that unpacks streams one by one may load a later one by itself: where one begins like a payload it is tried. */
function* scanLaterStreams(reader: Reader, { streams, plain }: Unpacked): Work<void> {
  for (const [index, stream] of streams.entries()) {
    if (stream.aside) yield* probeRange(reader, stream.aside, `beside stream ${index + 1}`);
    if (index === 0 || stream.start === 0 || stream.start >= plain.size) continue;
    if (!mayBePayload(yield* readUpTo(plain, stream.start, PAYLOAD_START_BYTES))) continue;
    yield* child({ name: `stream ${index + 1}`, role: "probe", reader: sliceReader(plain, stream.start), offset: stream.offset });
  }
}

/** A stream that has no magic number is only known by decoding it, which a probe does not try. */
function* streamKind(reader: Reader, offset: number): Work<{ formats?: string[] }> {
  const head = yield* readUpTo(reader, offset, GLIMPSE_BYTES);
  const kind = kindOf(head);
  return kind?.codec && !kind.sure && decodes(kind.codec, head, reader.size - offset) ? { formats: ["compressed"] } : {};
}

function* scanTail(artifact: Artifact, { consumed, problem, unsupported, bomb, family }: Unpacked): Work<void> {
  const { reader } = artifact;
  const size = reader.size - consumed;
  if (problem || bomb || unsupported !== undefined || size <= 0) return;
  // Zeros as padding, with or without something behind them.
  const zeros = (yield* readUpTo(reader, consumed, LONGEST_PADDING)).findIndex((byte) => byte !== 0);
  if (zeros < 0 && size <= LONGEST_PADDING) return;
  const offset = consumed + Math.max(0, zeros);
  const result = yield* child({ name: "tail", role: "probe", reader: sliceReader(reader, offset), offset, ...(yield* streamKind(reader, offset)) });
  if (family === "zlib" && !result.alarms) {
    // A zlib stream has no magic number: some unknown format may begin with one.
    const message = `${size} bytes follow the zlib stream and are not understood.`;
    yield { kind: "incomplete", reason: "unknown-tail", message, offset: consumed };
    return;
  }
  const args = { size, where: "behind the end of the compressed data" };
  yield { kind: "finding", rule: "S1302", severity: result.alarms ? "critical" : "warning", args, offset: consumed };
}
