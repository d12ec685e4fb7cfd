import type { Scanner } from "../../engine/format.js";
import { child } from "../../engine/work.js";
import { sliceReader } from "../../io/reader.js";
import { startOfArchive } from "./boundaries.js";

/** Shards hold one archive per tensor: thousands for the largest models. */
const MOST_ARCHIVES = 200_000;

export const scanner: Scanner = {
  version: 1,
  *scan({ reader }, context) {
    // Each archive says where it ends and how long it is, so they are found from the last to the first.
    const starts: [number, number][] = [];
    let end = reader.size;
    while (end > 0 && starts.length < MOST_ARCHIVES) {
      context.budget.checkTime();
      const start = yield* startOfArchive(reader, end);
      if (start === undefined) break;
      starts.push([start, end]);
      end = start;
    }
    yield { kind: "metadata", key: "archives", value: starts.length };
    for (const [index, [start, stop]] of starts.reverse().entries()) {
      yield* child({ name: `archive ${index}`, reader: sliceReader(reader, start, stop), offset: start });
    }
    if (end === 0) return;
    yield {
      kind: "finding",
      rule: "S902",
      args: { format: "distributed checkpoint", problem: `its first ${end} bytes are no archive` },
      offset: 0,
      length: end,
    };
    yield* child({ name: "start", role: "probe", reader: sliceReader(reader, 0, end), offset: 0 });
  },
};
