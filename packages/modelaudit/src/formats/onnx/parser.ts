import { LimitExceeded, Malformed } from "../../engine/errors.js";
import { type Decoded, Protobuf } from "../../io/protobuf.js";
import { visitFile } from "../../io/protobuf-tail.js";
import type { WireField } from "../../io/protobuf-wire.js";
import type { Reader } from "../../io/reader.js";
import { type Range, type Waiting, keep } from "../../io/waiting.js";
import { type Edges, isCyclic } from "./cycles.js";
import type { Model } from "./model.js";
import { ATTRIBUTE, ENTRY, FUNCTION_HEAD, NODE, OPSET, SPARSE, TENSOR, TRAINING } from "./schema.js";

/** The largest graphs published have about 100,000 nodes; each costs some hundred bytes here. */
const MAX_NODES = 1_000_000;
/** Loops in branches in loops: converters nest some ten deep at most. */
const MAX_GRAPH_DEPTH = 64;

/** A graph or function body still to be walked. */
interface Pending {
  range: Range;
  scope: string;
  depth: number;
  /** Field numbers of nodes and of attribute defaults: they differ between graphs and functions. */
  body: "graph" | "function";
}

/** A file while it is read: what was found in it, and what is still to be walked. */
interface Reading {
  file: Protobuf;
  model: Model;
  pending: Pending[];
}

/** An empty model of a kind, for parsers to fill. */
export function emptyModel(kind: Model["kind"]): Model {
  return {
    ...{ kind, irVersion: 0, producer: "", producerVersion: "", opsets: [], properties: [], nodes: [], tensors: [] },
    ...{ functions: [], graphs: 0, cycles: [], broken: [], unexplained: [] },
  };
}

/**
 * Reads a ModelProto: all nodes and tensors, however deep they sit, and none of the tensor data. Throws `Malformed` when
 * it breaks off inside a known field; bytes behind the last known field are the model's `tail`.
 */
export function* readModel(reader: Reader): Waiting<Model> {
  const file = new Protobuf(reader);
  const model = emptyModel("model");
  const reading: Reading = { file, model, pending: [] };
  const tail = yield* visitFile(file, MESSAGE_FIELDS, (field) => topField(reading, field));
  if (tail) model.tail = tail;
  for (let next = reading.pending.pop(); next; next = reading.pending.pop()) {
    try {
      yield* walk(reading, next);
    } catch (error) {
      // The field around it is whole, so no broken download did this. What else there is still counts.
      if (!(error instanceof Malformed)) throw error;
      model.broken.push(`${next.scope}: ${error.message}`);
    }
  }
  model.unexplained = file.unexplained;
  return model;
}

/** Fields of a model that are messages: their first bytes cannot be mistaken for another format's. */
const MESSAGE_FIELDS = [7, 8, 14, 20, 25, 26];

function topField({ file, model, pending }: Reading, field: WireField): Waiting<void> | boolean {
  const range = { start: field.start, end: field.end };
  switch (field.wire === 2 ? field.number : -field.number) {
    case -1:
      model.irVersion = field.value;
      return true;
    case 2:
      return keep(file.text(range), (producer) => {
        model.producer = producer;
      });
    case 3:
      return keep(file.text(range), (version) => {
        model.producerVersion = version;
      });
    case 4:
    case -5:
    case 6:
    case 26:
      return true;
    case 7:
      model.graphs++;
      pending.push({ range, scope: "graph", depth: 0, body: "graph" });
      return true;
    case 8:
      return keep(file.decode(range, OPSET), (opset) => model.opsets.push(opset));
    case 14:
      return keep(file.decode(range, ENTRY), (entry) => model.properties.push(entry));
    case 20:
      return keep(file.decode(range, TRAINING), ({ initialization, algorithm }) => {
        for (const graph of initialization) pending.push({ range: graph, scope: "training/initialization", depth: 0, body: "graph" });
        for (const graph of algorithm) pending.push({ range: graph, scope: "training/algorithm", depth: 0, body: "graph" });
      });
    case 25:
      return keep(file.decode(range, FUNCTION_HEAD), (head) => {
        model.functions.push(head);
        pending.push({ range, scope: `function ${head.domain}::${head.name}`, depth: 0, body: "function" });
      });
    default:
      return false;
  }
}

function* walk(reading: Reading, { range, scope, depth, body }: Pending): Waiting<void> {
  if (depth > MAX_GRAPH_DEPTH) throw new LimitExceeded("onnxGraphDepth", depth);
  const edges: Edges[] = [];
  const [nodeNumber, attributeNumber] = body === "graph" ? [1, -1] : [7, 11];
  yield* reading.file.visit(range, (field) => {
    const inner = { start: field.start, end: field.end };
    if (field.wire !== 2) return false;
    if (field.number === nodeNumber) return node(reading, inner, scope, depth, edges);
    if (field.number === attributeNumber) return defaults(reading, inner, scope, depth);
    if (body === "function") return [1, 4, 5, 6, 8, 9, 10, 12, 13, 14].includes(field.number);
    if (field.number === 5) return tensor(reading, inner, scope);
    if (field.number === 15) return sparse(reading, inner, scope);
    return [2, 10, 11, 12, 13, 14, 16].includes(field.number);
  });
  if (isCyclic(edges)) reading.model.cycles.push(scope);
}

function* node(reading: Reading, range: Range, scope: string, depth: number, edges: Edges[]): Waiting<void> {
  const { file, model } = reading;
  if (model.nodes.length >= MAX_NODES) throw new LimitExceeded("onnxNodes", MAX_NODES);
  const { inputs, outputs, name, type, domain, attributes } = yield* file.decode(range, NODE);
  edges.push({ inputs, outputs });
  model.nodes.push({
    ...{ scope, name, type, domain, offset: range.start },
    attributes: attributes.map(({ name, integer, text, texts }) => ({ name, integer, text, texts })),
  });
  const inside = `${scope}/${name || type}`;
  for (const attribute of attributes) yield* attributeValues(reading, attribute, `${inside}.${attribute.name}`, depth);
}

/** The default of a function's attribute may hold a tensor or graph like any other attribute. */
function* defaults(reading: Reading, range: Range, scope: string, depth: number): Waiting<void> {
  const attribute = yield* reading.file.decode(range, ATTRIBUTE);
  yield* attributeValues(reading, attribute, `${scope}.${attribute.name}`, depth);
}

function* attributeValues(reading: Reading, attribute: Decoded<typeof ATTRIBUTE>, scope: string, depth: number): Waiting<void> {
  for (const range of [...attribute.tensor, ...attribute.tensors]) yield* tensor(reading, range, scope);
  for (const range of [...attribute.sparse, ...attribute.sparses]) yield* sparse(reading, range, scope);
  for (const range of [...attribute.graph, ...attribute.graphs]) reading.pending.push({ range, scope, depth: depth + 1, body: "graph" });
}

function* sparse(reading: Reading, range: Range, scope: string): Waiting<void> {
  const { values, indices } = yield* reading.file.decode(range, SPARSE);
  for (const inner of [...values, ...indices]) yield* tensor(reading, inner, scope);
}

function* tensor({ file, model }: Omit<Reading, "pending">, range: Range, scope: string): Waiting<void> {
  const { dims, type, name, raw, external, location, floats, int32s, strings, int64s, doubles, uint64s } = yield* file.decode(range, TENSOR);
  const values = [...floats, ...int32s, ...strings, ...int64s, ...doubles, ...uint64s];
  model.tensors.push({ scope, name, dims, type, raw, values, external, location, offset: range.start });
}

/** Reads a file that is one TensorProto. */
export function* readTensorFile(reader: Reader): Waiting<Model> {
  const file = new Protobuf(reader);
  const model = emptyModel("tensor");
  yield* tensor({ file, model }, { start: 0, end: reader.size }, "tensor");
  return { ...model, unexplained: file.unexplained };
}
