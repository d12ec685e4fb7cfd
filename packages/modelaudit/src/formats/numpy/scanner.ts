import { beginsWith } from "../../detectors/bytes/begins-with.js";
import { tellTrailing } from "../../detectors/trailing/scan-behind.js";
import type { Scanner } from "../../engine/format.js";
import { type Work, child, readUpTo } from "../../engine/work.js";
import { type Reader, sliceReader } from "../../io/reader.js";
import { MAGIC } from "./index.js";
import { readHeader } from "./parser.js";

/** Problems shown of one header. */
const PROBLEMS_SHOWN = 5;

export const scanner: Scanner = {
  version: 1,
  *scan({ reader }, context) {
    let offset: number | undefined = yield* scanArray(reader, 0);
    // numpy.save called several times on one open file puts arrays behind each other; numpy.load then takes one at a time.
    while (offset !== undefined && offset < reader.size) {
      context.budget.checkTime();
      if (!beginsWith(yield* readUpTo(reader, offset, MAGIC.length), MAGIC)) break;
      offset = yield* scanArray(reader, offset);
    }
    if (offset !== undefined) yield* tellTrailing(reader, offset, "NumPy", "the array");
  },
};

/** Judges the array at `offset` and gives where it ends; undefined when that cannot be known or another scanner has the rest. */
function* scanArray(reader: Reader, offset: number): Work<number | undefined> {
  const header = yield* readHeader(reader, offset);
  const { dtype, dataStart, items } = header;
  if (offset === 0) {
    yield { kind: "metadata", key: "version", value: header.version };
    if (dtype) yield { kind: "metadata", key: "dtype", value: dtype.text };
    if (items !== undefined) yield { kind: "metadata", key: "shape", value: header.shape };
  }
  if (header.expression !== undefined) yield { kind: "finding", rule: "S1251", args: { text: header.expression }, offset };
  for (const problem of header.problems.slice(0, PROBLEMS_SHOWN)) {
    yield { kind: "finding", rule: "S902", args: { format: "NumPy", problem }, offset };
  }
  const body = { name: "data", reader: sliceReader(reader, Math.min(dataStart, reader.size)), offset: dataStart };
  if (dtype?.objects) {
    yield { kind: "finding", rule: "S1250", args: { dtype: dtype.text }, offset: dataStart };
    yield* child({ ...body, formats: ["pickle"], hints: { loader: "numpy" } });
    return undefined;
  }
  if (dtype?.itemBytes === undefined || items === undefined) {
    if (!header.problems.length && header.expression === undefined) {
      yield {
        kind: "incomplete",
        reason: "unknown-dtype",
        message: `The data type ${dtype?.text} is not known, so the size of the data cannot be checked.`,
      };
    }
    yield* child({ ...body, role: "probe" });
    return undefined;
  }
  // The numbers themselves are never interpreted, whatever they spell.
  const end = dataStart + items * dtype.itemBytes;
  if (end <= reader.size) return end;
  yield { kind: "incomplete", reason: "truncated", message: `The file is cut short: its array ends at byte ${end}, the file at ${reader.size}.` };
  return undefined;
}
