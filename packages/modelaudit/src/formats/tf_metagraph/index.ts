import type { Format } from "../../engine/format.js";
import { fittingFields, topFields } from "../../io/protobuf-wire.js";
import { readUpTo } from "../../engine/work.js";
import { kindOf, knownStart } from "../tf_savedmodel/recognise.js";

export const format: Format = {
  id: "tf_metagraph",
  className: "TensorFlowMetaGraphScanner",
  description: "TensorFlow meta graphs, as tf.compat.v1 savers write them beside a checkpoint",
  extensions: [".meta"],
  tags: ["graph"],
  sniff: (look) => (kindOf(look.head, look.size) === "meta-graph" ? "likely" : undefined),
  // The list of operators fills the head of most: the graph behind it tells. A hostile one may leave the list out.
  *probe(reader, look) {
    const start = yield* knownStart(reader);
    if (start > 0 && kindOf(yield* readUpTo(reader, start, 4096), reader.size - start) === "meta-graph") return "likely";
    const fields = yield* topFields(reader, { start, end: reader.size }, 10_000);
    const graph = fittingFields(fields, { 1: [2], 2: [2], 3: [2], 4: [2], 5: [2], 6: [2], 7: [2] }).find((field) => field.number === 2);
    if (!graph || graph.end > reader.size) return look.extension === ".meta" && graph ? "likely" : undefined;
    const head = yield* readUpTo(reader, graph.start, 4096);
    return kindOf(head.subarray(0, graph.end - graph.start), graph.end - graph.start) === "graph" ? "likely" : undefined;
  },
  load: () => import("./scanner.js"),
};
