import type { Artifact } from "../../engine/artifact.js";
import { Malformed } from "../../engine/errors.js";
import type { Scanner } from "../../engine/format.js";
import { type Work, child, readUpTo } from "../../engine/work.js";
import { UNKNOWN_USE, judgeGraph } from "../../detectors/tensorflow/judge-graph.js";
import { judgeMetaGraph } from "../../detectors/tensorflow/judge-meta-graph.js";
import { describeGraph, reportBroken } from "../../detectors/tensorflow/describe.js";
import { handBackRest } from "../../detectors/protobuf-rest/protobuf-rest.js";
import { emptyGraph, readGraph } from "../../detectors/tensorflow/graph.js";
import { type MetaGraph, readMetaGraph } from "../../detectors/tensorflow/meta-graph.js";
import { Protobuf, bytes, skipped, text } from "../../io/protobuf.js";
import { visitFile } from "../../io/protobuf-tail.js";
import { leadingFields } from "../../io/protobuf-wire.js";
import { sliceReader } from "../../io/reader.js";
import { type Range, keep } from "../../io/waiting.js";
import { firstName, kindOf, knownStart } from "./recognise.js";
import { scanTextForm } from "./text-form.js";

export const scanner: Scanner = {
  version: 1,
  *scan(artifact, context) {
    const { reader } = artifact;
    const first = yield* readUpTo(reader, 0, 4096);
    if (!kindOf(first, reader.size) && firstName(first)) return yield* scanTextForm(artifact, context);
    const start = yield* knownStart(reader);
    const head = start > 0 ? yield* readUpTo(reader, start, 4096) : first;
    const kind = kindOf(head, reader.size - start) ?? guess(head, reader.size - start);
    if (kind === "keras-metadata") yield* scanKerasMetadata(artifact);
    else if (kind === "graph") yield* scanGraph(artifact);
    else if (kind === "saved-model") yield* scanSavedModel(artifact);
    else if (kind !== "fingerprint") throw new Malformed(0, "a SavedModel or a graph", "another message");
  },
};

/** The head did not tell: a number in field 1 is a SavedModel's version, a message there is a graph's node. */
function guess(head: Uint8Array, size: number): "saved-model" | "graph" | undefined {
  const fields = leadingFields(head, size);
  if (!fields.length) return undefined;
  return fields.some((field) => field.number === 1 && field.wire === 0) || fields.every((field) => field.number === 2) ? "saved-model" : "graph";
}

function* scanSavedModel(artifact: Artifact): Work<void> {
  const file = new Protobuf(artifact.reader);
  const metas: MetaGraph[] = [];
  const tail = yield* visitFile(file, [2], (field) => {
    if (field.number === 1 && field.wire === 0) return true;
    if (field.number !== 2 || field.wire !== 2) return false;
    return keep(readMetaGraph(file, field), (meta) => metas.push(meta));
  });
  for (const { broken } of metas) yield* reportBroken("TensorFlow SavedModel", broken);
  yield { kind: "metadata", key: "format_variant", value: "SavedModel" };
  yield* describeGraph(
    metas.map((meta) => meta.graph),
    metas[0],
  );
  for (const meta of metas) yield* judgeMetaGraph(artifact, file, meta, true);
  yield* handBackRest(artifact.reader, file.unexplained, tail, "a TensorFlow SavedModel");
}

function* scanGraph(artifact: Artifact): Work<void> {
  const file = new Protobuf(artifact.reader);
  const graph = emptyGraph();
  const tail = yield* visitFile(
    file,
    [1, 2, 4],
    (field) => ([1, 2, 4, 5].includes(field.number) && field.wire === 2) || (field.number === 3 && field.wire === 0),
  );
  yield* readGraph(file, { start: 0, end: tail?.start ?? artifact.reader.size }, graph);
  yield* reportBroken("TensorFlow graph", graph.broken);
  yield { kind: "metadata", key: "format_variant", value: "GraphDef" };
  yield* describeGraph([graph]);
  yield* judgeGraph(file, graph, UNKNOWN_USE);
  yield* handBackRest(artifact.reader, file.unexplained, tail, "a TensorFlow graph");
}

const KERAS_OBJECT = { id: skipped(2), path: text(3), identifier: text(4), metadata: bytes(5), version: skipped(6) };

/** `keras_metadata.pb`: one JSON per layer, from which Keras rebuilds the Python objects. */
function* scanKerasMetadata({ reader }: Artifact): Work<void> {
  const file = new Protobuf(reader);
  const objects: Range[] = [];
  const tail = yield* visitFile(file, [1], (field) => field.number === 1 && field.wire === 2 && objects.push(field) > 0);
  yield { kind: "metadata", key: "format_variant", value: "Keras metadata" };
  yield { kind: "metadata", key: "object_count", value: objects.length };
  for (const range of objects) {
    const { path, metadata } = yield* file.decode(range, KERAS_OBJECT);
    if (!metadata || metadata.end === metadata.start) continue;
    const config = { reader: sliceReader(reader, metadata.start, metadata.end), formats: ["keras_config"], hints: { kind: "keras-config" } };
    yield* child({ name: `${path || "root"}.json`, ...config, offset: metadata.start });
  }
  yield* handBackRest(reader, file.unexplained, tail, "Keras metadata");
}
