import type { Work } from "../../engine/work.js";
import type { DataBuffer, Model, Tensor } from "./parser.js";

/** Bits of one element by TensorType; text, resources and variants have no fixed size. */
const BITS: Readonly<Record<number, number>> = {
  ...{ 0: 32, 1: 16, 2: 32, 3: 8, 4: 64, 6: 8, 7: 16, 8: 64, 9: 8, 10: 64, 11: 128, 12: 64, 15: 32, 16: 16, 17: 4, 18: 16 },
};

export const TYPE_NAMES: readonly string[] =
  "float32 float16 int32 uint8 int64 string bool int16 complex64 int8 float64 complex128 uint64 resource variant uint32 uint16 int4 bfloat16 int2 uint4".split(
    " ",
  );

/** Runtimes count elements in 32-bit signed integers. */
const MAX_ELEMENTS = 2 ** 31;
/** Findings of one file. */
const MOST = 50;

/** Checks shapes, and that constant tensors have as much data as their shapes say. */
export function* judgeTensors(model: Model): Work<void> {
  let told = 0;
  for (const graph of model.subgraphs) {
    for (const tensor of graph.tensors) {
      const finding = judge(tensor, model.buffers[tensor.buffer]);
      if (!finding) continue;
      if (++told > MOST) return;
      yield { kind: "finding", ...finding, at: tensor.name, offset: tensor.offset };
    }
  }
}

function judge(tensor: Tensor, buffer: DataBuffer | undefined) {
  const elements = tensor.shape.reduce((product, dimension) => product * dimension, 1);
  if (tensor.shape.some((dimension) => dimension < 0) || elements > MAX_ELEMENTS) {
    return { rule: "S1473", args: { tensor: tensor.name, shape: tensor.shape.slice(0, 8).join(", ") } };
  }
  if (tensor.scaledSide !== undefined && (tensor.scaledSide < 0 || tensor.scaledSide >= tensor.shape.length)) {
    return { rule: "S1472", args: { what: `Tensor ${tensor.name}`, kind: "side", index: tensor.scaledSide, count: tensor.shape.length } };
  }
  const held = buffer?.data?.count ?? buffer?.behind?.size ?? 0;
  const bits = BITS[tensor.type];
  if (held === 0 || bits === undefined || tensor.sparse) return undefined;
  const needed = Math.ceil((elements * bits) / 8);
  return held < needed ? { rule: "S1474", args: { tensor: tensor.name, needed, held } } : undefined;
}
