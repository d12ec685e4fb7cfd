import { type Protobuf, bytes, message, messages, parts, skipped, text, texts } from "../../io/protobuf.js";
import type { WireField } from "../../io/protobuf-wire.js";
import { type Range, type Waiting, keep } from "../../io/waiting.js";
import { type Graph, emptyGraph, keepGoing, readGraph } from "./graph.js";
import { nodeName } from "./constants.js";

/** A MetaGraphDef: a graph and what is needed to load and call it. */
export interface MetaGraph {
  graph: Graph;
  version: string;
  /** Tensor fed with the checkpoint's path, tensor that saves, operation that restores. */
  saver?: { filename: string; save: string; restore: string };
  signatures: string[];
  assets: { tensor: string; filename: string }[];
  /** Constants that the exporter registered as paths of assets. */
  assetNodes: string[];
  /** JSON in which Keras describes its layers, with the layer's identifier. */
  kerasMetadata: { identifier: string; json: Range }[];
  /** Parts that break off inside, although the file holds all of them: why. */
  broken: string[];
}

const INFO = {
  version: skipped(1),
  operators: skipped(2),
  any: skipped(3),
  tags: skipped(4),
  tensorflow: text(5),
  git: skipped(6),
  stripped: skipped(7),
  aliases: skipped(8),
};
const SAVER = { filename: text(1), save: text(2), restore: text(3), most: skipped(4), sharded: skipped(5), hours: skipped(6), version: skipped(7) };
const ASSET = { tensor: message(1, () => ({ name: text(1), type: skipped(2), shape: skipped(3) })), filename: text(2) };
const KEYED = { key: text(1), value: skipped(2) };
const ANY_LIST = { values: messages(1, () => ({ type: skipped(1), value: bytes(2) })) };
const LISTS = {
  nodes: message(1, () => ({ names: texts(1) })),
  bytes: skipped(2),
  integers: skipped(3),
  floats: skipped(4),
  any: message(5, () => ANY_LIST),
};
const COLLECTION = { key: text(1), value: message(2, () => LISTS) };
const OBJECT_GRAPH = { nodes: parts(1), functions: skipped(2) };
const USER_OBJECT = { identifier: text(1), version: skipped(2), metadata: parts(3) };

/** Reads the MetaGraphDef in `range`. Throws `Malformed` where it breaks off. */
export function* readMetaGraph(file: Protobuf, range: Range): Waiting<MetaGraph> {
  const meta: MetaGraph = {
    graph: emptyGraph(),
    ...{ version: "", signatures: [], assets: [], assetNodes: [], kerasMetadata: [], broken: [] },
  };
  const visit = file.visit(range, (field) => {
    const work = readField(file, meta, field);
    return typeof work === "boolean" ? work : keepGoing(work, meta.broken);
  });
  yield* keepGoing(visit, meta.broken);
  meta.broken.push(...meta.graph.broken);
  return meta;
}

function readField(file: Protobuf, meta: MetaGraph, field: WireField): Waiting<void> | boolean {
  if (field.wire !== 2) return false;
  switch (field.number) {
    case 1:
      return keep(file.decode(field, INFO), (info) => {
        meta.version = info.tensorflow;
      });
    case 2:
      return readGraph(file, field, meta.graph);
    case 3:
      return keep(file.decode(field, SAVER), ({ filename, save, restore }) => {
        meta.saver = { filename, save, restore };
      });
    case 4:
      return readCollection(file, field, meta);
    case 5:
      return keep(file.decode(field, KEYED), ({ key }) => meta.signatures.push(key));
    case 6:
      return keep(file.decode(field, ASSET), ({ tensor, filename }) => meta.assets.push({ tensor: tensor?.name ?? "", filename }));
    case 7:
      return readObjects(file, field, meta);
    default:
      return false;
  }
}

/** TensorFlow 1 kept its assets in a collection, which loaders still read when there are no others. */
function* readCollection(file: Protobuf, range: Range, meta: MetaGraph): Waiting<void> {
  const { key, value } = yield* file.decode(range, COLLECTION);
  if (key === "asset_filepaths") meta.assetNodes.push(...(value?.nodes?.names ?? []));
  if (key !== "saved_model_assets") return;
  for (const any of value?.any?.values ?? []) {
    if (!any.value) continue;
    const { tensor, filename } = yield* file.decode(any.value, ASSET);
    meta.assets.push({ tensor: tensor?.name ?? "", filename });
  }
}

function* readObjects(file: Protobuf, range: Range, meta: MetaGraph): Waiting<void> {
  const { nodes } = yield* file.decode(range, OBJECT_GRAPH);
  for (const node of nodes) {
    const users: Range[] = [];
    yield* file.visit(node, (field) => {
      if (field.number === 4 && field.wire === 2) users.push(field);
      return true;
    });
    for (const user of users) {
      const { identifier, metadata } = yield* file.decode(user, USER_OBJECT);
      for (const json of metadata) if (json.end > json.start) meta.kerasMetadata.push({ identifier, json });
    }
  }
}

/** Functions that only the saver's nodes reach; undefined without a saver. */
export function saverFunctions({ graph, saver }: MetaGraph): ReadonlySet<string> | undefined {
  if (!saver) return undefined;
  const bodies = new Map(graph.bodies.map((body) => [body.name, body]));
  const roots = new Set([nodeName(saver.save), nodeName(saver.restore.replace(/^\^/, ""))]);
  const reached = new Set<string>();
  const pending = (bodies.get("")?.nodes ?? []).filter((node) => roots.has(node.name));
  for (let next = pending.pop(); next; next = pending.pop()) {
    for (const name of [next.op, ...next.attributes.flatMap((attribute) => attribute.functions)]) {
      const body = bodies.get(name);
      if (!body || name === "" || reached.has(name)) continue;
      reached.add(name);
      pending.push(...body.nodes);
    }
  }
  return reached;
}
