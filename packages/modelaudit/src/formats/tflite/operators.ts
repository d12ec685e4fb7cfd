import { probeRange } from "../../detectors/payload-start/probe-range.js";
import { type GraphNode, emptyGraph, readNode } from "../../detectors/tensorflow/graph.js";
import { UNKNOWN_USE, judgeGraph } from "../../detectors/tensorflow/judge-graph.js";
import { Malformed } from "../../engine/errors.js";
import type { Work } from "../../engine/work.js";
import { Protobuf } from "../../io/protobuf.js";
import type { Reader } from "../../io/reader.js";
import type { Range } from "../../io/waiting.js";
import { isKnownCustom } from "./custom-operators.js";
import { flexTexts } from "./flexbuffer.js";
import type { Model, Operator } from "./parser.js";

const CUSTOM = 32;
/** DENSIFY..., as of TensorFlow 2.21; 127 stands for "see the other field". */
const NEWEST_BUILTIN = 209;
/** Custom operators whose name begins so are TensorFlow's own, run by the Flex delegate. */
const FLEX = /^Flex(?=.)/;

/** Judges builtin and custom operators, and TensorFlow operators inside by the rules for graphs. */
export function* judgeOperators(reader: Reader, model: Model): Work<void> {
  for (const { builtin, custom } of model.operators) {
    if (builtin > NEWEST_BUILTIN) yield { kind: "finding", rule: "S1477", args: { code: builtin } };
    // A name beside a builtin code is not used by any runtime.
    if (builtin !== CUSTOM || FLEX.test(custom)) continue;
    yield { kind: "finding", rule: isKnownCustom(custom) ? "S1470" : "S1471", args: { operator: custom || "(without a name)" } };
  }
  yield* judgeFlex(reader, model);
}

function* judgeFlex(reader: Reader, model: Model): Work<void> {
  const file = new Protobuf(reader);
  const nodes: GraphNode[] = [];
  const used = new Set<number>();
  for (const graph of model.subgraphs) {
    for (const operator of graph.operators) {
      const { builtin, custom } = model.operators[operator.code] ?? { builtin: -1, custom: "" };
      const { target, options, offset } = operator;
      if (target !== undefined) {
        const args = { op: "STABLEHLO_CUSTOM_CALL", node: graph.name || "the graph", target };
        yield { kind: "finding", rule: "S1436", args, offset };
      }
      if (options && options.end > reader.size) {
        const problem = `options of an operator reach to byte ${options.end} of a file of ${reader.size}`;
        yield { kind: "finding", rule: "S902", args: { format: "TFLite", problem }, offset };
      }
      if (operator.options) yield* probeRange(reader, clip(operator.options, reader), `options of ${custom || `builtin ${builtin}`}`);
      if (builtin !== CUSTOM || !FLEX.test(custom)) continue;
      used.add(operator.code);
      nodes.push(...(yield* flexNodes(file, operator, custom)));
    }
  }
  // A code that no operator uses cannot run, but says what was meant.
  for (const [code, { builtin, custom }] of model.operators.entries()) {
    if (builtin === CUSTOM && FLEX.test(custom) && !used.has(code)) nodes.push(nodeOf(custom, 0));
  }
  const graph = { ...emptyGraph(), bodies: [{ name: "", nodes }] };
  yield* judgeGraph(file, graph, { ...UNKNOWN_USE, served: true });
}

/** What a Flex operator runs: its NodeDef. The name in the operator code is judged too where the two differ. */
function* flexNodes(file: Protobuf, operator: Operator, custom: string): Work<GraphNode[]> {
  const named = nodeOf(custom, operator.offset);
  const texts = operator.options ? yield* flexTexts(file.reader, operator.options) : undefined;
  const definition = texts?.[1];
  if (!definition) return [named];
  try {
    const node = yield* readNode(file, definition);
    return node.op === named.op ? [node] : [named, node];
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const problem = `the definition of ${custom} cannot be read`;
    yield { kind: "finding", rule: "S902", args: { format: "TFLite", problem }, offset: operator.offset };
    return [named];
  }
}

function nodeOf(custom: string, offset: number): GraphNode {
  const op = custom.replace(FLEX, "");
  return { name: custom, op, inputs: [], attributes: [], offset };
}

function clip(range: Range, reader: Reader): Range {
  return { start: Math.min(range.start, reader.size), end: Math.min(range.end, reader.size) };
}
