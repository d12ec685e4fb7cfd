import type { Work } from "../../engine/work.js";
import type { Graph } from "./graph.js";
import type { MetaGraph } from "./meta-graph.js";

/** Parts that no reader can take although the file holds all of them: no broken download did this. */
export function* reportBroken(format: string, problems: readonly string[]): Work<void> {
  for (const problem of problems.slice(0, 10)) yield { kind: "finding", rule: "S902", args: { format, problem } };
}

/** Facts of a model's graphs, for the report: counts of nodes and operators, functions, signatures, assets. */
export function* describeGraph(graphs: readonly Graph[], meta?: MetaGraph): Work<void> {
  const operators = new Map<string, number>();
  let nodes = 0;
  let functions = 0;
  for (const { bodies } of graphs) {
    for (const body of bodies) {
      if (body.name) functions++;
      nodes += body.nodes.length;
      for (const node of body.nodes) operators.set(node.op, (operators.get(node.op) ?? 0) + 1);
    }
  }
  const facts: [string, unknown][] = [
    ["node_count", nodes],
    ["function_count", functions],
    ["operators", Object.fromEntries(operators)],
  ];
  if (meta) {
    facts.push(["producer", `TensorFlow ${meta.version}`.trim()], ["signatures", meta.signatures.slice(0, 1000)]);
    facts.push(["assets", meta.assets.slice(0, 1000).map((asset) => asset.filename)]);
  }
  for (const [key, value] of facts) yield { kind: "metadata", key, value };
}
