import { findTargets } from "../../detectors/hydra-target/find-targets.js";
import { readOrTell } from "../../detectors/forged-reference/read-or-tell.js";
import { beginsWith } from "../../detectors/bytes/begins-with.js";
import { handBackRest } from "../../detectors/protobuf-rest/protobuf-rest.js";
import type { Artifact } from "../../engine/artifact.js";
import type { Scanner } from "../../engine/format.js";
import { type Work, child, readUpTo } from "../../engine/work.js";
import { parseJson } from "../../io/json.js";
import { bytesReader, sliceReader } from "../../io/reader.js";
import { leadingFields } from "../../io/protobuf-wire.js";
import { DATA_NAME } from "./index.js";
import { judgeExternal } from "./external.js";
import { type Model, operatorOf, placeOf } from "./model.js";
import { judgeNodes } from "./nodes.js";
import { readOrt } from "./ort-parser.js";
import { readModel, readTensorFile } from "./parser.js";
import { TYPE_NAMES, elementsOf, probeTensor, sizeProblem } from "./tensors.js";

/** What onnx 1.23 knows. */
const NEWEST_VERSION = 14;
const NEWEST_OPSET = 28;

export const scanner: Scanner = {
  version: 1,
  *scan(artifact) {
    if (DATA_NAME.test(artifact.name)) return yield* scanDataFile(artifact);
    const model = yield* readAny(artifact);
    yield* describe(model);
    yield* judgeStructure(model);
    yield* judgeNodes(artifact.reader, model);
    for (const tensor of model.tensors) {
      const problem = sizeProblem(tensor);
      if (problem) yield { kind: "finding", rule: "S1458", args: { tensor: placeOf(tensor), problem }, at: placeOf(tensor), offset: tensor.offset };
      yield* probeTensor(artifact.reader, tensor);
    }
    const files = yield* judgeExternal(artifact, model.tensors);
    if (files.length) yield { kind: "metadata", key: "external_files", value: files.slice(0, 1000) };
    const extra = yield* handBackRest(artifact.reader, model.unexplained, model.tail, "an ONNX model");
    if (extra && model.tail?.problem === undefined) yield { kind: "finding", rule: "S1459", args: { bytes: extra } };
  },
};

/** Tensor data without a frame. The model's own scan looks at each tensor's place; alone, only its beginning can be. */
function* scanDataFile({ reader }: Artifact): Work<void> {
  yield { kind: "metadata", key: "format_variant", value: "external data" };
  yield* child({ name: "tensor data", role: "probe", reader: sliceReader(reader, 0) });
}

function* readAny({ reader }: Artifact): Work<Model> {
  const head = yield* readUpTo(reader, 0, 64);
  if (beginsWith(head, "ORTM", 4)) return yield* readOrTell(reader, "ONNX Runtime", readOrt(reader));
  // A model has its graph in field 7 and a producer in field 2; a tensor has its element type, a number, in field 2.
  const fields = leadingFields(head, reader.size);
  const isTensor = fields.some((field) => field.number === 2 && field.wire === 0);
  return isTensor ? yield* readTensorFile(reader) : yield* readModel(reader);
}

function* describe(model: Model): Work<void> {
  const operators = new Map<string, number>();
  for (const name of model.nodes.map(operatorOf)) operators.set(name, (operators.get(name) ?? 0) + 1);
  const parameters = model.tensors.reduce((sum, tensor) => sum + (elementsOf(tensor) || 0), 0);
  const dtypes = [...new Set(model.tensors.map((tensor) => TYPE_NAMES[tensor.type] ?? `type ${tensor.type}`))].sort();
  const facts: Record<string, unknown> = {
    format_variant: model.kind,
    ir_version: model.irVersion,
    producer: `${model.producer} ${model.producerVersion}`.trim(),
    opset: Object.fromEntries(model.opsets.map(({ domain, version }) => [domain || "ai.onnx", version])),
    node_count: model.nodes.length,
    operators: Object.fromEntries(operators),
    function_count: model.functions.length,
    tensor_count: model.tensors.length,
    parameter_count: parameters,
    dtypes,
  };
  for (const [key, value] of Object.entries(facts)) yield { kind: "metadata", key, value };
}

function* judgeStructure(model: Model): Work<void> {
  const broken = (problem: string) => ({ kind: "finding" as const, rule: "S902", args: { format: "ONNX", problem } });
  if (model.graphs > 1) yield broken(`it has ${model.graphs} main graphs, which loaders merge`);
  for (const problem of model.broken) yield broken(problem);
  for (const scope of model.cycles) yield { ...broken(`nodes of ${scope} feed themselves`), at: scope };
  const newest = model.opsets.find(({ domain, version }) => (domain === "" || domain === "ai.onnx") && version > NEWEST_OPSET);
  if (model.irVersion > NEWEST_VERSION) yield { kind: "finding", rule: "S1104", args: { what: `version ${model.irVersion} of the format` } };
  if (newest) yield { kind: "finding", rule: "S1104", args: { what: `version ${newest.version} of the operators` } };
  for (const { key, value } of model.properties) {
    if (/^\s*[[{]/.test(value)) yield* findTargets(parseJson(value).value);
    if (!/chat_template/i.test(key)) continue;
    const reader = bytesReader(new TextEncoder().encode(value));
    yield* child({ name: `${key}.jinja`, reader, formats: ["jinja2_template"] });
  }
}
