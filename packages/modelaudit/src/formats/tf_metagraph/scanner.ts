import { describeGraph, reportBroken } from "../../detectors/tensorflow/describe.js";
import { judgeMetaGraph } from "../../detectors/tensorflow/judge-meta-graph.js";
import { type MetaGraph, readMetaGraph } from "../../detectors/tensorflow/meta-graph.js";
import { handBackRest } from "../../detectors/protobuf-rest/protobuf-rest.js";
import type { Scanner } from "../../engine/format.js";
import { Protobuf } from "../../io/protobuf.js";
import { visitFile } from "../../io/protobuf-tail.js";

export const scanner: Scanner = {
  version: 1,
  *scan(artifact) {
    const file = new Protobuf(artifact.reader);
    // First where the message ends, then the message: a meta graph is the whole file, without a frame around it.
    const tail = yield* visitFile(file, [1, 2, 3, 4, 5, 6, 7], (field) => field.wire === 2 && field.number >= 1 && field.number <= 7);
    const meta: MetaGraph = yield* readMetaGraph(file, { start: 0, end: tail?.start ?? artifact.reader.size });
    yield* reportBroken("TensorFlow meta graph", meta.broken);
    yield { kind: "metadata", key: "format_variant", value: "MetaGraphDef" };
    yield* describeGraph([meta.graph], meta);
    yield* judgeMetaGraph(artifact, file, meta, false);
    yield* handBackRest(artifact.reader, file.unexplained, tail, "a TensorFlow meta graph");
  },
};
