import type { Format } from "../../engine/format.js";
import { knownFields } from "../../io/protobuf-wire.js";
import { readUpTo } from "../../engine/work.js";
import { kindOf } from "../tf_savedmodel/recognise.js";

export const format: Format = {
  id: "tf_metagraph",
  className: "TensorFlowMetaGraphScanner",
  description: "TensorFlow meta graphs, as tf.compat.v1 savers write them beside a checkpoint",
  extensions: [".meta"],
  tags: ["graph"],
  sniff: (look) => (kindOf(look.head, look.size) === "meta-graph" ? "likely" : undefined),
  // The list of operators fills the head of most: the graph behind it tells. A hostile one may leave the list out.
  *probe(reader, look) {
    const graph = (yield* knownFields(reader, { 2: [2] }, 10_000))[0];
    if (!graph || graph.end > reader.size) return look.extension === ".meta" && graph ? "likely" : undefined;
    const head = yield* readUpTo(reader, graph.start, 4096);
    return kindOf(head.subarray(0, graph.end - graph.start), graph.end - graph.start) === "graph" ? "likely" : undefined;
  },
  load: () => import("./scanner.js"),
};
