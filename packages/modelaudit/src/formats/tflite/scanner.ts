import { escapingPath } from "../../detectors/escaping-path/escaping-path.js";
import { readOrTell } from "../../detectors/forged-reference/read-or-tell.js";
import { probeRange } from "../../detectors/payload-start/probe-range.js";
import type { Artifact } from "../../engine/artifact.js";
import type { Scanner } from "../../engine/format.js";
import { type Work, child } from "../../engine/work.js";
import { sliceReader } from "../../io/reader.js";
import { callsItself, judgeIndices } from "./indices.js";
import { judgeOperators } from "./operators.js";
import { type Model, readTflite } from "./parser.js";
import { TYPE_NAMES, judgeTensors } from "./tensors.js";

export const scanner: Scanner = {
  version: 1,
  *scan(artifact) {
    const model = yield* readOrTell(artifact.reader, "TFLite", readTflite(artifact.reader));
    yield* describe(model);
    yield* judgeOperators(artifact.reader, model);
    yield* judgeIndices(model);
    if (callsItself(model))
      yield { kind: "finding", rule: "S902", args: { format: "TFLite", problem: "its subgraphs call one another in a circle" } };
    yield* judgeTensors(model);
    for (const path of model.externalGroups) {
      if (escapingPath(path) !== undefined) yield { kind: "finding", rule: "S405", args: { what: "The file of tensor data", path } };
    }
    yield* probeBuffers(artifact, model);
    yield* handBackTail(artifact, model);
  },
};

function* describe(model: Model): Work<void> {
  const operators = new Map<string, number>();
  for (const { operators: list } of model.subgraphs) {
    for (const { code } of list) {
      const { builtin, custom } = model.operators[code] ?? { builtin: -1, custom: "" };
      const name = custom || `builtin ${builtin}`;
      operators.set(name, (operators.get(name) ?? 0) + 1);
    }
  }
  const tensors = model.subgraphs.flatMap((graph) => graph.tensors);
  const facts: [string, unknown][] = [
    ["format_version", model.version],
    ["description", model.description.slice(0, 1000)],
    ["subgraph_count", model.subgraphs.length],
    ["node_count", model.subgraphs.reduce((sum, graph) => sum + graph.operators.length, 0)],
    ["operators", Object.fromEntries(operators)],
    ["tensor_count", tensors.length],
    ["dtypes", [...new Set(tensors.map((tensor) => TYPE_NAMES[tensor.type] ?? `type ${tensor.type}`))].sort()],
    ["signatures", model.signatures.slice(0, 1000).map((signature) => signature.key)],
    ["metadata_names", model.metadata.slice(0, 1000).map((entry) => entry.name)],
  ];
  for (const [key, value] of facts) yield { kind: "metadata", key, value };
}

function* probeBuffers({ reader }: Artifact, model: Model): Work<void> {
  for (const [index, { data, behind }] of model.buffers.entries()) {
    if (data) yield* probeRange(reader, data, `buffer ${index}`);
    if (!behind) continue;
    const end = behind.offset + behind.size;
    if (end > reader.size) yield { kind: "finding", rule: "S1475", args: { index, end, size: reader.size } };
    else yield* probeRange(reader, { start: behind.offset, end }, `buffer ${index}`);
  }
}

/** Options of operators and alignment are not followed; they stand among the tables, so that little of them can be last. */
const UNFOLLOWED = 4096;

/** TFLite Metadata packs label files and the like as a ZIP archive behind the model; anything else there is nobody's. */
function* handBackTail({ reader }: Artifact, model: Model): Work<void> {
  if (model.end >= reader.size) return;
  const found = yield* child({ name: "end of file", role: "probe", reader: sliceReader(reader, model.end), offset: model.end });
  const bytes = reader.size - model.end;
  if (!found.formats.length && bytes > UNFOLLOWED) yield { kind: "finding", rule: "S1476", args: { bytes }, offset: model.end };
}
