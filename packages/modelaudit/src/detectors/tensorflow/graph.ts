import { LimitExceeded, Malformed } from "../../engine/errors.js";
import type { Decoded, Protobuf } from "../../io/protobuf.js";
import { type Range, type Waiting, keep } from "../../io/waiting.js";
import { type ATTRIBUTE, NODE, SIGNATURE_NAME } from "./schema.js";

/** The largest graphs published (speech, recommendation) have some 200,000 nodes. */
const MAX_NODES = 1_000_000;

/** A graph, or the body of a function in its library. */
export interface Body {
  /** Empty for the main graph. */
  name: string;
  nodes: GraphNode[];
}

export interface GraphNode {
  name: string;
  op: string;
  inputs: readonly string[];
  attributes: GraphAttribute[];
  offset: number;
}

/** A node's attribute: text and tensors are places in the file. */
interface GraphAttribute {
  key: string;
  texts: Range[];
  tensors: Range[];
  /** Names of functions that it gives the node to call. */
  functions: string[];
}

export interface Graph {
  bodies: Body[];
  /** In all bodies together. */
  nodes: number;
  /** Nodes and functions that break off inside: why. */
  broken: string[];
}

export function emptyGraph(): Graph {
  return { bodies: [], nodes: 0, broken: [] };
}

/** Work on a part of which the file holds all bytes. What breaks off in it was made so, and the rest still counts. */
export function* keepGoing(work: Waiting<void>, broken: string[]): Waiting<void> {
  try {
    yield* work;
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    broken.push(error.message);
  }
}

/** Adds the nodes and functions of the GraphDef in `range` to `graph`. Const values are skipped, only their places are kept. */
export function* readGraph(file: Protobuf, range: Range, graph: Graph): Waiting<void> {
  const main = graph.bodies.find((body) => body.name === "") ?? { name: "", nodes: [] };
  if (!graph.bodies.includes(main)) graph.bodies.push(main);
  const libraries: Range[] = [];
  yield* file.visit(range, (field) => {
    if (field.wire === 2 && field.number === 1) return keepGoing(addNode(file, field, main, graph), graph.broken);
    if (field.wire === 2 && field.number === 2) return libraries.push(field) > 0;
    return field.number === 3 || field.number === 4 || field.number === 5;
  });
  const functions: Range[] = [];
  for (const library of libraries) {
    const visit = file.visit<Promise<unknown>>(library, (field) => {
      if (field.wire === 2 && field.number === 1) return functions.push(field) > 0;
      return field.number === 2 || field.number === 3;
    });
    yield* keepGoing(visit, graph.broken);
  }
  for (const one of functions) yield* keepGoing(readFunction(file, one, graph), graph.broken);
}

function* readFunction(file: Protobuf, range: Range, graph: Graph): Waiting<void> {
  const body: Body = { name: "function", nodes: [] };
  graph.bodies.push(body);
  yield* file.visit(range, (field) => {
    if (field.wire !== 2) return false;
    if (field.number === 1) return nameBody(file, field, body);
    if (field.number === 3) return keepGoing(addNode(file, field, body, graph), graph.broken);
    return field.number >= 4 && field.number <= 8;
  });
}

function* nameBody(file: Protobuf, range: Range, body: Body): Waiting<void> {
  yield* file.visit(range, (field) => {
    if (field.number !== SIGNATURE_NAME.name.number || field.wire !== 2) return true;
    return keep(file.text(field), (name) => {
      body.name = name;
    });
  });
}

function* addNode(file: Protobuf, range: Range, body: Body, graph: Graph): Waiting<void> {
  if (++graph.nodes > MAX_NODES) throw new LimitExceeded("graphNodes", MAX_NODES);
  body.nodes.push(yield* readNode(file, range));
}

/** One NodeDef. */
export function* readNode(file: Protobuf, range: Range): Waiting<GraphNode> {
  const { name, op, inputs, attributes } = yield* file.decode(range, NODE);
  return { name, op, inputs, offset: range.start, attributes: attributes.map(attributeOf) };
}

function attributeOf({ key, value }: Decoded<typeof ATTRIBUTE>): GraphAttribute {
  const { list, text, tensor, function: called } = value ?? {};
  return {
    key,
    texts: text ? [text, ...(list?.texts ?? [])] : (list?.texts ?? []),
    tensors: [...(tensor ?? []), ...(list?.tensors ?? [])],
    functions: [...(called ? [called.name] : []), ...(list?.functions ?? []).map((one) => one.name)],
  };
}
