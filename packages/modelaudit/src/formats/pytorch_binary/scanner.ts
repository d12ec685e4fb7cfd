import { tellTrailing } from "../../detectors/trailing/scan-behind.js";
import type { Scanner } from "../../engine/format.js";
import { child, readUpTo } from "../../engine/work.js";
import { sliceReader } from "../../io/reader.js";
import { storagesOf } from "../pytorch_zip/storages.js";
import { beginsLegacy } from "./index.js";
import { type LegacyFile, readLegacy } from "./parser.js";

/** Bytes that hold the magic pickle of any protocol. */
const MAGIC_BYTES = 32;
/** Storages reported of one file. */
const KEPT = 20;

export const scanner: Scanner = {
  version: 1,
  *scan({ reader }, context) {
    let end = 0;
    // torch.save called several times on one open file puts whole files behind each other.
    for (let count = 0; end < reader.size && (count === 0 || beginsLegacy(yield* readUpTo(reader, end, MAGIC_BYTES))); count++) {
      const start = end;
      const file = yield* readLegacy(reader, start, context);
      const behind = file.streams.length === 5 && file.streams[4]?.complete ? file.streams[4].end : reader.size;
      // All five are unpickled by the loader, so all five are judged; when they break off, with everything behind them.
      const pickles = { formats: ["pickle"], reader: sliceReader(reader, start, behind), offset: start, hints: { loader: "torch" } };
      yield* child({ name: count ? `pickles ${count}` : "pickles", ...pickles });
      if (behind === reader.size && file.storages.length === 0 && !file.streams[4]?.complete) return;
      yield* checkStorages(file);
      end = file.end;
      if (file.problem === undefined) continue;
      yield { kind: "incomplete", reason: "legacy-storages", message: `The tensors cannot be followed: ${file.problem}.`, offset: end };
      return;
    }
    yield* tellTrailing(reader, end, "PyTorch", "the last tensor", { loader: "torch" });
  },
};

function* checkStorages({ storages, streams }: LegacyFile) {
  yield { kind: "metadata", key: "storages", value: storages.length } as const;
  let reported = 0;
  for (const { key, items, offset, claim } of storages) {
    if (items === claim.items || ++reported > KEPT) continue;
    const bytes = items * (claim.itemBytes ?? 1);
    const severity = claim.items > items ? "critical" : "warning";
    yield { kind: "finding", rule: "S1270", severity, args: { key, claimed: claim.bytes ?? 0, stored: bytes }, offset, at: key } as const;
  }
  const problem = streams[3] && storagesOf(streams[3]).outOfBounds;
  if (problem) yield { kind: "finding", rule: "S902", args: { format: "PyTorch", problem: problem.problem }, at: problem.key } as const;
}
