import { LimitExceeded, Malformed } from "../../engine/errors.js";
import { FlatBuffer, type Table } from "../../io/flatbuffer.js";
import type { Reader } from "../../io/reader.js";
import type { Waiting } from "../../io/waiting.js";
import type { Attribute, Model, Tensor } from "./model.js";
import { emptyModel } from "./parser.js";

/**
 * ORT files: the same model as a FlatBuffer with the identifier `ORTM`.
 * https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/flatbuffers/schema/ort.fbs
 */
const SESSION = { writer: 0, model: 1 };
const MODEL = { irVersion: 0, opsets: 1, producer: 2, producerVersion: 3, graph: 7, properties: 9 };
const GRAPH = { initializers: 0, nodes: 2, sparse: 7 };
const NODE = { name: 0, domain: 2, type: 5, attributes: 10 };
const ATTRIBUTE = { name: 0, integer: 4, text: 5, tensor: 6, graph: 7, texts: 10, tensors: 11, graphs: 12 };
const TENSOR = { name: 0, dims: 2, type: 3, raw: 4, texts: 5, externalOffset: 6 };
const SPARSE = { values: 0, indices: 1 };

/** As for the protobuf form. */
const MAX_GRAPH_DEPTH = 64;

interface Pending {
  graph: Table;
  scope: string;
  depth: number;
}

/** Reads an ORT file into the same plain data as a model. Throws `Malformed` for a reference that leads nowhere. */
export function* readOrt(reader: Reader): Waiting<Model> {
  const file = new FlatBuffer(reader);
  const session = yield* file.root();
  const table = yield* session.table(SESSION.model);
  const model = emptyModel("ort");
  if (!table) throw new Malformed(session.position, "a session with a model", "none");
  model.irVersion = yield* table.number(MODEL.irVersion, "i64");
  model.producer = yield* table.text(MODEL.producer);
  model.producerVersion = yield* table.text(MODEL.producerVersion);
  for (const opset of yield* table.tables(MODEL.opsets)) {
    model.opsets.push({ domain: yield* opset.text(0), version: yield* opset.number(1, "i64") });
  }
  for (const entry of yield* table.tables(MODEL.properties)) {
    model.properties.push({ key: yield* entry.text(0), value: yield* entry.text(1) });
  }
  const graph = yield* table.table(MODEL.graph);
  const pending: Pending[] = graph ? [{ graph, scope: "graph", depth: 0 }] : [];
  model.graphs = pending.length;
  for (let next = pending.pop(); next; next = pending.pop()) yield* walk(file, model, next, pending);
  // The text built first, the version of the writer, stands last, with a NUL and padding to a multiple of 4 behind it.
  yield* session.text(SESSION.writer);
  const end = Math.ceil((file.reach + 1) / 4) * 4;
  if (end < reader.size) model.tail = { start: end };
  return model;
}

function* walk(file: FlatBuffer, model: Model, { graph, scope, depth }: Pending, pending: Pending[]): Waiting<void> {
  if (depth > MAX_GRAPH_DEPTH) throw new LimitExceeded("onnxGraphDepth", depth);
  for (const tensor of yield* graph.tables(GRAPH.initializers)) model.tensors.push(yield* readTensor(file, tensor, scope));
  for (const sparse of yield* graph.tables(GRAPH.sparse)) {
    for (const slot of [SPARSE.values, SPARSE.indices]) {
      const tensor = yield* sparse.table(slot);
      if (tensor) model.tensors.push(yield* readTensor(file, tensor, scope));
    }
  }
  for (const node of yield* graph.tables(GRAPH.nodes)) {
    const type = yield* node.text(NODE.type);
    const name = yield* node.text(NODE.name);
    const attributes: Attribute[] = [];
    for (const table of yield* node.tables(NODE.attributes)) {
      const attribute = yield* readAttribute(file, table);
      attributes.push(attribute);
      const inside = `${scope}/${name || type}.${attribute.name}`;
      const tensor = yield* table.table(ATTRIBUTE.tensor);
      for (const one of [...(tensor ? [tensor] : []), ...(yield* table.tables(ATTRIBUTE.tensors))])
        model.tensors.push(yield* readTensor(file, one, inside));
      const inner = yield* table.table(ATTRIBUTE.graph);
      for (const one of [...(inner ? [inner] : []), ...(yield* table.tables(ATTRIBUTE.graphs))]) {
        pending.push({ graph: one, scope: inside, depth: depth + 1 });
      }
    }
    model.nodes.push({ scope, name, type, domain: yield* node.text(NODE.domain), attributes, offset: node.position });
  }
}

function* readAttribute(file: FlatBuffer, table: Table): Waiting<Attribute> {
  const text = yield* table.vector(ATTRIBUTE.text);
  const texts = [];
  for (const position of yield* table.references(ATTRIBUTE.texts)) texts.push(yield* file.vector(position, 1));
  return {
    name: yield* table.text(ATTRIBUTE.name),
    integer: yield* table.number(ATTRIBUTE.integer, "i64"),
    ...{ text, texts },
  };
}

function* readTensor(file: FlatBuffer, table: Table, scope: string): Waiting<Tensor> {
  const raw = yield* table.vector(TENSOR.raw);
  const values = [];
  for (const position of yield* table.references(TENSOR.texts)) values.push(yield* file.vector(position, 1));
  return {
    ...{ scope, name: yield* table.text(TENSOR.name), dims: yield* table.numbers(TENSOR.dims, "i64") },
    ...{ type: yield* table.number(TENSOR.type, "i32"), raw, values, external: [], location: 0, offset: table.position },
  };
}
