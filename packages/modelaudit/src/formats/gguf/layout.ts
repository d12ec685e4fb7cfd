import type { Gguf, TensorInfo } from "./parser.js";
import { REMOVED_TYPES, TENSOR_TYPES } from "./types.js";

/** Something the data part is not as a writer makes it. `overflow` reaches memory errors in native loaders. */
export interface LayoutProblem {
  problem: string;
  offset: number;
  overflow: boolean;
}

export interface Layout {
  dataStart: number;
  /** End of the last tensor, absolute. */
  dataEnd: number;
  problems: LayoutProblem[];
  /** Absolute byte ranges of the tensors, in file order. */
  ranges: { name: string; begin: number; end: number }[];
  parameters: number;
  alignment: number;
}

const DEFAULT_ALIGNMENT = 32;
/** Beyond this no file reaches, and products of 64-bit numbers come near their end. */
const MOST = Number.MAX_SAFE_INTEGER;

/** Checks alignment, offsets and sizes of all tensors against each other and the file's `size`. */
export function checkLayout(file: Gguf, size: number): Layout {
  const problems: LayoutProblem[] = [];
  const say = (problem: string, offset: number, overflow = false) => problems.push({ problem, offset, overflow });
  const declared = file.metadata.get("general.alignment");
  let alignment = typeof declared === "number" ? declared : DEFAULT_ALIGNMENT;
  if (alignment < 8 || alignment > 2 ** 20 || (alignment & (alignment - 1)) !== 0) {
    say(`the alignment ${alignment} is no power of two between 8 and 2^20`, file.headerEnd, alignment === 0);
    alignment = DEFAULT_ALIGNMENT;
  }
  const dataStart = Math.ceil(file.headerEnd / alignment) * alignment;
  const ranges: Layout["ranges"] = [];
  let parameters = 0;
  for (const tensor of file.tensors) {
    const bytes = tensorBytes(tensor, say);
    if (bytes === undefined) continue;
    parameters += tensor.dimensions.reduce((product, side) => product * side, 1);
    if (tensor.offset % alignment !== 0) say(`the tensor ${tensor.name} is not aligned to ${alignment} bytes`, tensor.at);
    const begin = dataStart + tensor.offset;
    const end = begin + bytes;
    if (end > MOST) say(`the tensor ${tensor.name} lies beyond any file`, tensor.at, true);
    else ranges.push({ name: tensor.name, begin, end });
  }
  ranges.sort((a, b) => a.begin - b.begin);
  let dataEnd = Math.min(dataStart, size);
  for (const { name, begin, end } of ranges) {
    if (begin < dataEnd) say(`the tensor ${name} overlaps the one before it`, begin);
    dataEnd = Math.max(dataEnd, end);
  }
  return { dataStart, dataEnd, problems, ranges, parameters, alignment };
}

function tensorBytes(tensor: TensorInfo, say: (problem: string, offset: number, overflow?: boolean) => void): number | undefined {
  const type = TENSOR_TYPES[tensor.type] ?? REMOVED_TYPES[tensor.type];
  if (!type) {
    say(`the tensor ${tensor.name} has the unknown type ${tensor.type}`, tensor.at);
    return undefined;
  }
  const elements = tensor.dimensions.reduce((product, side) => product * side, 1);
  if (elements > MOST || tensor.dimensions.some((side) => side > MOST)) {
    say(`the sides of the tensor ${tensor.name} multiply to more than 2^53`, tensor.at, true);
    return undefined;
  }
  const [name, block, bytes] = type;
  if ((tensor.dimensions[0] ?? 1) % block !== 0) {
    say(`the rows of the tensor ${tensor.name} do not divide into blocks of ${block} (${name})`, tensor.at);
    return undefined;
  }
  return (elements / block) * bytes;
}
