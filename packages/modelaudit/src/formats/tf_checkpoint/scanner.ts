import { lookBeside } from "../../detectors/archive/look-beside.js";
import { probeRange } from "../../detectors/payload-start/probe-range.js";
import { TENSOR } from "../../detectors/tensorflow/schema.js";
import type { Artifact } from "../../engine/artifact.js";
import { Malformed, Unsupported } from "../../engine/errors.js";
import type { Scanner } from "../../engine/format.js";
import { type Work, child, wait } from "../../engine/work.js";
import { Protobuf, int, parts, skipped } from "../../io/protobuf.js";
import { type Reader, sliceReader } from "../../io/reader.js";
import { SHARD_NAME } from "./index.js";
import { readTable } from "./table.js";

/** BundleEntryProto: where one tensor lies. */
const ENTRY = {
  type: int(1),
  shape: TENSOR.shape,
  shard: int(3),
  offset: int(4),
  size: int(5),
  checksum: skipped(6),
  slices: parts(7),
};

interface Variable {
  key: string;
  type: number;
  elements: number;
  shard: number;
  start: number;
  end: number;
  /** Its data is in slices, which have entries of their own. */
  sliced: boolean;
}

export const scanner: Scanner = {
  version: 1,
  *scan(artifact) {
    if (SHARD_NAME.test(artifact.name)) yield* scanShard(artifact);
    else yield* scanIndex(artifact);
  },
};

function* scanIndex(artifact: Artifact): Work<void> {
  const variables = yield* readIndex(artifact.reader);
  const sum = variables.reduce((total, variable) => total + variable.elements, 0);
  yield { kind: "metadata", key: "tensor_count", value: variables.length };
  yield { kind: "metadata", key: "parameter_count", value: sum };
  for (const problem of problems(variables).slice(0, MOST_PROBLEMS)) {
    yield { kind: "finding", rule: "S902", args: { format: "TensorFlow checkpoint", problem } };
  }
}

/** Findings of one index. */
const MOST_PROBLEMS = 50;
/** Bytes of one element by DataType; text and objects have no fixed size. */
const BYTES: Readonly<Record<number, number>> = {
  ...{ 1: 4, 2: 8, 3: 4, 4: 1, 5: 2, 6: 1, 8: 8, 9: 8, 10: 1, 14: 2, 17: 2, 18: 16, 19: 2, 22: 4, 23: 8 },
};

/** What no writer makes: places outside of any file, sizes that are not the shape's, two tensors in one place. */
function problems(variables: readonly Variable[]): string[] {
  const found: string[] = [];
  const placed = variables.filter(({ sliced }) => !sliced).sort((a, b) => a.shard - b.shard || a.start - b.start);
  let before: Variable | undefined;
  for (const variable of placed) {
    const { key, type, elements, shard, start, end } = variable;
    const expected = elements * (BYTES[type] ?? Number.NaN);
    if (start < 0 || end < start || elements < 0) found.push(`tensor ${key} stands at bytes ${start} to ${end}`);
    else if (!Number.isNaN(expected) && end - start !== expected)
      found.push(`tensor ${key} has ${end - start} bytes where its shape says ${expected}`);
    else if (before && before.shard === shard && start < before.end && end > start) found.push(`tensors ${before.key} and ${key} overlap`);
    if (end > start) before = variable;
  }
  return found;
}

/** Variables of a checkpoint. One of the old kind holds the data itself, under keys that are no bundle's: none then. */
function* readIndex(reader: Reader): Work<Variable[]> {
  const file = new Protobuf(reader);
  const variables: Variable[] = [];
  for (const { key, value } of yield* readTable(reader)) {
    if (key === "" || key.includes("\0")) continue;
    const { type, shape, shard, offset, size, slices } = yield* file.decode(value, ENTRY);
    const elements = (shape?.dims ?? []).reduce((product, dimension) => product * dimension.size, 1);
    variables.push({ key, type, elements, shard, start: offset, end: offset + size, sliced: slices.length > 0 });
  }
  return variables;
}

/** A shard is told by its index: what that explains is tensor data, and what it does not may be anything. */
function* scanShard(artifact: Artifact): Work<void> {
  const { reader } = artifact;
  const [, prefix, shard] = SHARD_NAME.exec(artifact.name) ?? [];
  const variables = (yield* indexBeside(artifact, `${prefix}.index`))?.filter((variable) => variable.shard === Number(shard));
  if (!variables) {
    yield* child({ name: "tensor data", role: "probe", reader: sliceReader(reader, 0) });
    return;
  }
  variables.sort((a, b) => a.start - b.start);
  let covered = 0;
  for (const { key, start, end } of variables) {
    if (start < 0 || end < start || end > reader.size) {
      const message = `Tensor ${key} ends at byte ${end} of ${reader.size}: the download may have been cut short. Get the file again.`;
      yield { kind: "incomplete", reason: "truncated", message };
      continue;
    }
    if (start > covered) yield* gap(reader, covered, start);
    yield* probeRange(reader, { start, end }, key);
    covered = Math.max(covered, end);
  }
  if (covered < reader.size) yield* gap(reader, covered, reader.size);
}

function* gap(reader: Reader, start: number, end: number): Work<void> {
  yield* child({ name: `bytes ${start} to ${end}`, role: "probe", reader: sliceReader(reader, start, end), offset: start });
}

/** The variables in the index beside a shard; undefined without one that can be read. */
function* indexBeside(artifact: Artifact, name: string): Work<Variable[] | undefined> {
  const neighbour = yield* lookBeside(artifact, name);
  if (neighbour?.kind !== "file") return undefined;
  const reader = yield* wait(neighbour.open());
  try {
    return yield* readIndex(reader);
  } catch (error) {
    if (error instanceof Malformed || error instanceof Unsupported) return undefined;
    throw error;
  } finally {
    reader.close?.();
  }
}
