import { readUpTo, type Work } from "../../engine/work.js";
import { Noted } from "../../io/noted.js";
import type { Protobuf } from "../../io/protobuf.js";
import { varint } from "../../io/protobuf-wire.js";
import type { Range } from "../../io/waiting.js";
import type { Body, GraphNode } from "./graph.js";
import { TENSOR } from "./schema.js";
import { textAt } from "./spot.js";

/** DT_STRING. */
const TEXT = 7;
/** Nodes followed from one input back to its constants; a path is put together in a few steps, longer ways hide it. */
const MAX_STEPS = 100_000;
/** Texts of one constant; file lists of a data set are longer and alike. */
const MAX_TEXTS = 256;

/** Operators that hand text on, or put it together: what comes in shows in what comes out. */
const PASSES: ReadonlySet<string> = new Set(
  (
    "Identity IdentityN Snapshot StopGradient PlaceholderWithDefault StringJoin ShardedFilename ShardedFilespec StringFormat StringStrip " +
    "StringLower StringUpper RegexReplace StaticRegexReplace Substr ReduceJoin Pack Unpack Concat ConcatV2 Reshape ExpandDims Squeeze " +
    "Fill Tile GatherV2 Gather StridedSlice Slice Select SelectV2 Switch RefSwitch Merge RefMerge Where Enter Exit Print PrintV2 " +
    "TensorDataset TensorSliceDataset ShuffleDataset ShuffleDatasetV2 ShuffleDatasetV3 RepeatDataset ConcatenateDataset MatchingFiles"
  ).split(" "),
);

/** What else may stand at the beginning: the loader's path, an argument of a function, the condition of a choice. */
const SOURCES =
  /^(?:Const|HostConst|Placeholder(?:V2)?|_?Arg|_Retval|NoOp|StaticRegexFullMatch|RegexFullMatch|StringLength|Equal|NotEqual|Logical\w+|Range|Shape|Size)$/;

/** A constant text on its way to an input. */
export interface ConstantText {
  value: string;
  /** Name of the Const node, as in `asset_file_def`. */
  node: string;
  /** Not what a path begins with: a later operand of a join. */
  later: boolean;
}

/** The constant texts that reach an input of a node, and operators on the way that make other text of what they get. */
export function* constantsFeeding(file: Protobuf, body: Body, input: string): Work<{ texts: ConstantText[]; computedBy: string[] }> {
  const texts: ConstantText[] = [];
  const computedBy: string[] = [];
  const byName = indexOf(body);
  const pending = [{ input, later: false }];
  const seen = new Set<string>();
  for (let next = pending.pop(); next && seen.size < MAX_STEPS; next = pending.pop()) {
    const name = nodeName(next.input);
    if (next.input.startsWith("^") || seen.has(name)) continue;
    seen.add(name);
    const node = byName.get(name);
    if (!node) continue;
    if (node.op === "Const" || node.op === "HostConst") {
      for (const value of yield* textsOf(file, node)) texts.push({ value, node: name, later: next.later });
    } else if (PASSES.has(node.op)) {
      const joins = node.op === "StringJoin" || node.op === "StringFormat";
      for (const [index, one] of node.inputs.entries()) pending.push({ input: one, later: next.later || (joins && index > 0) });
    } else if (!SOURCES.test(node.op)) computedBy.push(node.op);
  }
  return { texts, computedBy };
}

const INDEXES = new Noted<Map<string, GraphNode>>();

function indexOf(body: Body): Map<string, GraphNode> {
  let index = INDEXES.get(body);
  if (!index) {
    index = new Map(body.nodes.map((node) => [node.name, node]));
    INDEXES.set(body, index);
  }
  return index;
}

/** `node`, `node:0`, and `node:output:0` in functions. */
export function nodeName(input: string): string {
  const colon = input.indexOf(":");
  return colon < 0 ? input : input.slice(0, colon);
}

/** The texts of a Const node; none when it holds numbers. */
function* textsOf(file: Protobuf, node: GraphNode): Work<string[]> {
  const texts: string[] = [];
  for (const range of yield* textRanges(file, node)) texts.push(yield* textAt(file, range));
  return texts;
}

/** Where the texts of a Const node are, at most 256. */
export function* textRanges(file: Protobuf, node: GraphNode): Work<Range[]> {
  const ranges: Range[] = [];
  for (const { key, tensors } of node.attributes) {
    if (key !== "value") continue;
    // A tensor in several pieces is merged by every loader.
    const pieces = [];
    for (const place of tensors) pieces.push(yield* file.decode(place, TENSOR));
    if (!pieces.some(({ type }) => type === TEXT)) continue;
    const count = elements(pieces.flatMap(({ shape }) => shape?.dims ?? []));
    for (const { strings, content } of pieces) ranges.push(...strings, ...(content ? yield* packedTexts(file, content, count) : []));
  }
  return ranges.slice(0, MAX_TEXTS);
}

function elements(dims: { size: number }[]): number {
  return dims.reduce((product, { size }) => product * size, 1);
}

/** The other form of a text tensor: all lengths as varints, then all bytes. Loaders take both, so a path may hide in either. */
function* packedTexts(file: Protobuf, content: Range, count: number): Work<Range[]> {
  const wanted = Math.min(count, MAX_TEXTS);
  // Lengths take five bytes at most for anything that fits in memory; those of the texts not wanted must be passed over too.
  const bytes = yield* readUpTo(file.reader, content.start, Math.min(content.end - content.start, 5 * Math.min(count, 1_000_000)));
  const lengths: number[] = [];
  let at = content.start;
  for (let index = 0; index < count && at < content.start + bytes.length; index++) {
    const { value, end } = varint(bytes, content.start, at, content.end);
    lengths.push(value);
    at = end;
  }
  const ranges: Range[] = [];
  for (const length of lengths.slice(0, wanted)) {
    if (length < 0 || at + length > content.end) break;
    ranges.push({ start: at, end: at + length });
    at += length;
  }
  return ranges;
}
