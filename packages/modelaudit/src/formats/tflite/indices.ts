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
  offset?: number;
}

function* badIndices(model: Model): Generator<BadIndex> {
  const outside = (index: number, count: number) => index < 0 || index >= count;
  for (const [number, graph] of model.subgraphs.entries()) {
    const where = `Subgraph ${number}`;
    const tensors = graph.tensors.length;
    // -1 stands for an optional input that is not given.
    for (const index of [...graph.inputs, ...graph.outputs]) {
      if (index !== -1 && outside(index, tensors)) yield { what: where, kind: "tensor", index, count: tensors };
    }
    for (const { name, buffer, offset } of graph.tensors) {
      if (outside(buffer, model.buffers.length)) yield { what: `Tensor ${name}`, kind: "buffer", index: buffer, count: model.buffers.length, offset };
    }
    for (const { code, inputs, outputs, intermediates, subgraphs, offset } of graph.operators) {
      const what = `An operator of subgraph ${number}`;
      if (outside(code, model.operators.length)) yield { what, kind: "operator code", index: code, count: model.operators.length, offset };
      for (const index of [...inputs, ...outputs, ...intermediates]) {
        if (index !== -1 && outside(index, tensors)) yield { what, kind: "tensor", index, count: tensors, offset };
      }
      for (const index of subgraphs) {
        if (outside(index, model.subgraphs.length)) yield { what, kind: "subgraph", index, count: model.subgraphs.length, offset };
      }
    }
  }
  for (const { name, buffer } of model.metadata) {
    if (outside(buffer, model.buffers.length)) yield { what: `Metadata ${name}`, kind: "buffer", index: buffer, count: model.buffers.length };
  }
  for (const { key, subgraph, tensors } of model.signatures) {
    const what = `Signature ${key}`;
    if (outside(subgraph, model.subgraphs.length)) yield { what, kind: "subgraph", index: subgraph, count: model.subgraphs.length };
    const count = model.subgraphs[subgraph]?.tensors.length ?? 0;
    for (const index of tensors) if (outside(index, count)) yield { what, kind: "tensor", index, count };
  }
}
