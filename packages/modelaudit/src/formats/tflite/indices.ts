import type { Work } from "../../engine/work.js";
import type { Model } from "./parser.js";

/** Findings of one file: a table of ten thousand bad indices is told as well by fifty. */
const MOST = 50;
/** Further behind a table than this nothing of the same model can be. */
const NEAR = 65_536;

/** Checks that every index leads to something: tensors, operator codes, subgraphs and buffers. */
export function* judgeIndices(model: Model): Work<void> {
  let told = 0;
  for (const { what, kind, index, count, offset } of badIndices(model)) {
    if (++told > MOST) return;
    yield {
      ...{ kind: "finding", rule: "S1472", args: { what, kind, index, count } },
      // Far outside is aimed at other memory; one too many may be a slip of a converter.
      ...(index < 0 || index > count + NEAR ? { severity: "critical" } : {}),
      ...(offset === undefined ? {} : { offset }),
    };
  }
}

/** Whether subgraphs call one another in a circle: runtimes follow them until their stack is full. */
export function callsItself({ subgraphs }: Model): boolean {
  const calls = subgraphs.map((graph) => graph.operators.flatMap((operator) => operator.subgraphs));
  const done = new Set<number>();
  // A subgraph is done when all that it calls are; in a circle, none ever is.
  for (let before = -1; before < done.size; ) {
    before = done.size;
    for (const [index, called] of calls.entries()) if (called.every((one) => done.has(one) || !calls[one])) done.add(index);
  }
  return done.size < calls.length;
}

interface BadIndex {
  what: string;
  kind: string;
  index: number;
  count: number;
  offset: number | undefined;
}

function* badIndices({ subgraphs, operators, buffers, metadata, signatures }: Model): Generator<BadIndex> {
  for (const [number, graph] of subgraphs.entries()) {
    const tensors = graph.tensors.length;
    yield* outside(`Subgraph ${number}`, "tensor", given([...graph.inputs, ...graph.outputs]), tensors);
    for (const { name, buffer, offset } of graph.tensors) yield* outside(`Tensor ${name}`, "buffer", [buffer], buffers.length, offset);
    for (const { code, inputs, outputs, intermediates, subgraphs: called, offset } of graph.operators) {
      const what = `An operator of subgraph ${number}`;
      yield* outside(what, "operator code", [code], operators.length, offset);
      yield* outside(what, "tensor", given([...inputs, ...outputs, ...intermediates]), tensors, offset);
      yield* outside(what, "subgraph", called, subgraphs.length, offset);
    }
  }
  for (const { name, buffer } of metadata) yield* outside(`Metadata ${name}`, "buffer", [buffer], buffers.length);
  for (const { key, subgraph, tensors } of signatures) {
    yield* outside(`Signature ${key}`, "subgraph", [subgraph], subgraphs.length);
    yield* outside(`Signature ${key}`, "tensor", tensors, subgraphs[subgraph]?.tensors.length ?? 0);
  }
}

function* outside(what: string, kind: string, indices: readonly number[], count: number, offset?: number): Generator<BadIndex> {
  for (const index of indices) if (index < 0 || index >= count) yield { what, kind, index, count, offset };
}

/** -1 stands for an optional input that is not given. */
function given(indices: readonly number[]): number[] {
  return indices.filter((index) => index !== -1);
}
