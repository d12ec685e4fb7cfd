import { probeRange } from "../../detectors/payload-start/probe-range.js";
import type { Work } from "../../engine/work.js";
import type { Reader } from "../../io/reader.js";
import type { Range } from "../../io/waiting.js";
import { type Tensor, placeOf } from "./model.js";

/** Bits of one element, by TensorProto.DataType; 8 is text, and types that are not here are not checked. */
const BITS: Readonly<Record<number, number>> = {
  ...{ 1: 32, 2: 8, 3: 8, 4: 16, 5: 16, 6: 32, 7: 64, 9: 8, 10: 16, 11: 64, 12: 32, 13: 64, 14: 64, 15: 128 },
  ...{ 16: 16, 17: 8, 18: 8, 19: 8, 20: 8, 21: 4, 22: 4, 23: 4, 24: 8, 25: 2, 26: 2 },
};
const TEXT = 8;
/** Types whose values are kept as they are: float, double and the complex ones. */
const FLOATS: ReadonlySet<number> = new Set([1, 11, 14, 15]);

export const TYPE_NAMES: readonly string[] = (
  "undefined float32 uint8 int8 uint16 int16 int32 int64 string bool float16 float64 uint32 uint64 complex64 complex128 bfloat16 " +
  "float8e4m3fn float8e4m3fnuz float8e5m2 float8e5m2fnuz uint4 int4 float4e2m1 float8e8m0 uint2 int2 float6e2m3 float6e3m2"
).split(" ");

/** Elements of a tensor; NaN when a dimension is negative or the product is beyond any memory. */
export function elementsOf(tensor: Tensor): number {
  let product = 1;
  for (const dim of tensor.dims) {
    if (dim < 0) return Number.NaN;
    product *= dim;
  }
  return product <= Number.MAX_SAFE_INTEGER ? product : Number.NaN;
}

/** Bytes of a tensor's data as its shape and type say; undefined when they do not. */
export function bytesOfShape(tensor: Tensor): number | undefined {
  const bits = BITS[tensor.type];
  const elements = elementsOf(tensor);
  return bits === undefined || Number.isNaN(elements) ? undefined : Math.ceil((elements * bits) / 8);
}

/** What is wrong with a tensor's shape or the length of its data, or undefined. */
export function sizeProblem(tensor: Tensor): string | undefined {
  const shape = `shape [${tensor.dims.slice(0, 8).join(", ")}]`;
  if (Number.isNaN(elementsOf(tensor))) return `the impossible ${shape}`;
  const { raw, values } = tensor;
  if (tensor.location === 1 || tensor.external.length) return undefined;
  if (tensor.type === TEXT) {
    if (raw) return "text as raw data";
    return values.length && values.length !== elementsOf(tensor) ? `${values.length} texts for the ${shape}` : undefined;
  }
  const expected = bytesOfShape(tensor);
  if (expected === undefined) return undefined;
  if (raw) return lengthOf(raw) === expected ? undefined : `${lengthOf(raw)} bytes of data for the ${shape} of ${TYPE_NAMES[tensor.type]}`;
  // Numbers in typed fields are varints of at least a byte each, or what their packed elements take; floats are whole.
  const least = Math.ceil((elementsOf(tensor) * Math.min(FLOATS.has(tensor.type) ? 128 : 8, BITS[tensor.type] ?? 8)) / 8);
  const held = values.reduce((sum, range) => sum + lengthOf(range), 0);
  return values.length && held < least ? `${held} bytes of data for the ${shape} of ${TYPE_NAMES[tensor.type]}` : undefined;
}

function lengthOf(range: Range): number {
  return range.end - range.start;
}

/** Texts of one tensor that are looked at for something hidden; vocabularies are longer and hold words. */
const TEXTS_PROBED = 1000;
/** Hands back what begins like a program or a pickle at the start of the tensor's data. */
export function* probeTensor(reader: Reader, tensor: Tensor): Work<void> {
  const starts = tensor.raw ? [tensor.raw] : tensor.values.slice(0, TEXTS_PROBED);
  for (const range of starts) yield* probeRange(reader, range, placeOf(tensor));
}
