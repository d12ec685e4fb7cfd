import type { Range } from "../../io/waiting.js";
import type { Gguf } from "./parser.js";
import { MOST, type TensorTable } from "./tensor-table.js";
import { REMOVED_TYPES, TENSOR_TYPES } from "./types.js";

/** Something the data part is not as a writer makes it. `overflow` reaches memory errors in native loaders. */
export interface LayoutProblem {
  problem: string;
  /** Which tensor it is about. */
  tensor?: number;
  offset: number;
  overflow: boolean;
}

export interface Layout {
  /** End of the last tensor, absolute. */
  dataEnd: number;
  /** The first {@link PROBLEMS_KEPT}. */
  problems: LayoutProblem[];
  /** Absolute byte ranges between the tensors that are more than padding, unless all their bytes are zero (`padding`). */
  gaps: (Range & { padding: boolean })[];
  /** Absolute byte ranges of the tensors, as far as they are known; otherwise their end is no number. */
  starts: Float64Array;
  ends: Float64Array;
  parameters: number;
  types: Set<number>;
}

const DEFAULT_ALIGNMENT = 32;
/** The largest published models take 3 TB. */
const FARTHEST = 2 ** 44;
/** One broken writer breaks every tensor alike. */
const PROBLEMS_KEPT = 20;
/** Every gap is looked into; a file with more of them has been refused long before. */
const GAPS_KEPT = 1000;
/** Fewer bytes hide nothing. */
const SMALL_GAP = 64;
/** Zero bytes that may stand behind the header or the last tensor, where some writers pad to a page. */
const LAST_PADDING = 64 * 1024;

/** Checks alignment, order, offsets and sizes of all tensors against each other and the file's `size`. */
export function checkLayout(file: Gguf, size: number): Layout {
  const { tensors, headerEnd } = file;
  const problems: LayoutProblem[] = [];
  const say = (problem: string, offset: number, overflow = false, tensor?: number) => {
    if (problems.length < PROBLEMS_KEPT) problems.push({ problem, offset, overflow, ...(tensor === undefined ? {} : { tensor }) });
  };
  const declared = file.metadata.get("general.alignment") ?? DEFAULT_ALIGNMENT;
  let alignment = typeof declared === "number" || typeof declared === "bigint" ? Number(declared) : Number.NaN;
  if (!(alignment >= 8 && alignment <= 2 ** 20 && Number.isInteger(Math.log2(alignment)))) {
    say(`the alignment ${alignment} is no power of two between 8 and 2^20`, headerEnd, alignment === 0);
    alignment = DEFAULT_ALIGNMENT;
  }
  const dataStart = Math.ceil(headerEnd / alignment) * alignment;
  const starts = new Float64Array(tensors.count);
  const ends = new Float64Array(tensors.count);
  let parameters = 0;
  let ordered = true;
  for (let i = 0; i < tensors.count; i++) {
    const at = tensors.at[i] as number;
    const offset = tensors.offset[i] as number;
    const start = dataStart + offset;
    starts[i] = start;
    const end = start + tensorBytes(tensors, i, say);
    ends[i] = end <= FARTHEST ? end : Number.NaN;
    if (!(end <= FARTHEST)) {
      if (end > FARTHEST) say("lies beyond any file", at, true, i);
      continue;
    }
    parameters += tensors.elements[i] as number;
    if (offset % alignment !== 0) say(`is not aligned to ${alignment} bytes`, at, false, i);
    if (i > 0 && offset < (tensors.offset[i - 1] as number)) {
      if (ordered) say("lies before the one that is listed before it", at, false, i);
      ordered = false;
    }
  }
  // Offsets go up in what writers make, so nothing has to be sorted.
  const order = ordered ? undefined : Uint32Array.from(starts.keys()).sort((a, b) => (starts[a] as number) - (starts[b] as number));
  const gaps: Layout["gaps"] = [];
  let end = headerEnd;
  const reach = (begin: number, outer: boolean) => {
    const stop = Math.min(begin, size);
    const gap = stop - end;
    if (gap <= 0 || (!outer && gap < alignment && gap <= SMALL_GAP) || gaps.length === GAPS_KEPT) return;
    gaps.push({ start: end, end: stop, padding: gap < alignment || (outer && gap <= LAST_PADDING) });
  };
  for (let place = 0; place < tensors.count; place++) {
    const i = order?.[place] ?? place;
    if (Number.isNaN(ends[i])) continue;
    const begin = starts[i] as number;
    if (begin < end) say("overlaps the one before it", tensors.at[i] as number, false, i);
    else reach(begin, end === headerEnd);
    end = Math.max(end, ends[i] as number);
  }
  reach(size, true);
  return { dataEnd: end, problems, gaps, starts, ends, parameters, types: new Set(tensors.type.subarray(0, tensors.count)) };
}

/** How many bytes a tensor takes; not a number where its type or sides do not tell. */
function tensorBytes(tensors: TensorTable, i: number, say: (problem: string, offset: number, overflow: boolean, tensor: number) => void): number {
  const [at, id, elements] = [tensors.at[i] as number, tensors.type[i] as number, tensors.elements[i] as number];
  const type = TENSOR_TYPES[id] ?? REMOVED_TYPES[id];
  let problem: string | undefined;
  if (elements > MOST) problem = "has sides that multiply to more than 2^53";
  else if (elements === 0) problem = "has no elements";
  else if (!type) problem = `has the unknown type ${id}`;
  else if ((tensors.row[i] as number) % type[1] !== 0) problem = `has rows that do not divide into blocks of ${type[1]} (${type[0]})`;
  if (problem) say(problem, at, elements > MOST, i);
  return problem && elements > 0 ? Number.NaN : !type ? 0 : (elements / type[1]) * type[2];
}
