import { type Work, child, readUpTo } from "../../engine/work.js";
import type { Protobuf } from "../../io/protobuf.js";
import { sliceReader } from "../../io/reader.js";
import type { Range } from "../../io/waiting.js";
import type { Body, GraphNode } from "./graph.js";

/** A node that is being judged, and how to name it. */
export interface Spot {
  file: Protobuf;
  body: Body;
  node: GraphNode;
  /** For findings: operator, and function and node. */
  args: { op: string; node: string };
  place: { at: string; offset: number };
}

export function spotOf(file: Protobuf, body: Body, node: GraphNode): Spot {
  const at = body.name ? `${body.name}/${node.name}` : node.name;
  return { file, body, node, args: { op: node.op, node: at }, place: { at, offset: node.offset } };
}

/** The texts of an attribute: of every entry with that key, since of several the loader takes one. */
export function* attributeTexts({ file, node }: Spot, key: string): Work<string[]> {
  const texts: string[] = [];
  for (const attribute of node.attributes) {
    if (attribute.key === key) for (const range of attribute.texts) texts.push(yield* textAt(file, range));
  }
  return texts;
}

/** Paths, addresses and names are shorter; longer text is cut. */
const LONGEST = 4096;
const utf8 = new TextDecoder();

export function* textAt(file: Protobuf, range: Range): Work<string> {
  return utf8.decode(yield* readUpTo(file.reader, range.start, Math.min(range.end - range.start, LONGEST)));
}

/** Hands back a graph that is kept as text inside a constant. */
export function* handBackGraph({ file, args }: Spot, { start, end }: Range): Work<void> {
  yield* child({ name: `${args.node}.pb`, reader: sliceReader(file.reader, start, end), formats: ["tf_savedmodel"], offset: start });
}
