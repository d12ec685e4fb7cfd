import type { Unexplained } from "../../io/protobuf.js";
import type { Tail } from "../../io/protobuf-tail.js";
import type { Range } from "../../io/waiting.js";

/** What an ONNX file holds, wherever in it: without opinions. Offsets are absolute. */
export interface Model {
  kind: "model" | "tensor" | "ort";
  irVersion: number;
  producer: string;
  producerVersion: string;
  opsets: { domain: string; version: number }[];
  properties: Entry[];
  /** Nodes of the main graph, of all graphs inside it, of functions and of training graphs. */
  nodes: Node[];
  tensors: Tensor[];
  functions: { domain: string; name: string }[];
  /** How often the graph field occurs; loaders merge them. */
  graphs: number;
  /** Graphs whose nodes feed themselves, by where they are. */
  cycles: string[];
  /** Graphs that cannot be read to their end although the file holds all of them: where, and why. */
  broken: string[];
  /** Length-delimited fields that the schema does not know. */
  unexplained: Unexplained[];
  /** What follows the last field of the model. */
  tail?: Tail;
}

interface Entry {
  key: string;
  value: string;
}

export interface Node {
  /** `graph`, `function pkg::Name`, with the node and attribute names on the way down. */
  scope: string;
  name: string;
  type: string;
  domain: string;
  attributes: Attribute[];
  offset: number;
}

export interface Attribute {
  name: string;
  integer: number;
  /** Where its text or bytes are. */
  text: Range | undefined;
  texts: Range[];
}

export interface Tensor {
  /** The node, attribute or list that holds it. */
  scope: string;
  name: string;
  dims: number[];
  type: number;
  raw: Range | undefined;
  /** Values in typed fields: each packed run, and each string. */
  values: Range[];
  external: Entry[];
  /** 1 when the data is said to be in another file. */
  location: number;
  offset: number;
}

/** The operator of a node with the domain it is from. */
export function operatorOf({ domain, type }: Node): string {
  return domain ? `${domain}::${type}` : type;
}

/** Name for people: where it is and what it is called. */
export function placeOf({ scope, name }: { scope: string; name: string }): string {
  return name ? `${scope}/${name}` : scope;
}
