import { sizesByName } from "../../detectors/bytes/sizes.js";
import type { ScanContext } from "../../engine/context.js";
import type { Scanner } from "../../engine/format.js";
import { type Work, child, read } from "../../engine/work.js";
import { Cursor } from "../../io/cursor.js";
import { type Reader, sliceReader } from "../../io/reader.js";
import { readStream } from "../pickle/parser.js";
import type { Stream, Value } from "../pickle/values.js";
import { scanTarMembers } from "../tar/members.js";
import { openTarMember, readTar } from "../tar/parser.js";
import { plainName } from "./index.js";

/** Bytes per item of the storages there were, by class name. */
const ITEM_BYTES = sizesByName({
  1: "CharStorage ByteStorage",
  2: "HalfStorage ShortStorage",
  4: "FloatStorage IntStorage",
  8: "DoubleStorage LongStorage",
});
const MOST_DIMENSIONS = 64;
const HINTS = { loader: "torch" };

export const scanner: Scanner = {
  version: 1,
  *scan(artifact, context) {
    const archive = yield* readTar(artifact.reader, context);
    for (const entry of archive.entries) {
      const name = plainName(entry.name);
      if (name !== "storages" && name !== "tensors") continue;
      const reader = openTarMember(archive, entry);
      yield* scanParts(name, reader, name === "storages" ? skipStorage : skipTensor, context);
    }
    yield* scanTarMembers(archive, artifact, context, (entry) => {
      const name = plainName(entry.name);
      if (name === "storages" || name === "tensors") return { skip: true };
      return name === "pickle" || name === "sys_info" ? { formats: ["pickle"], hints: HINTS } : undefined;
    });
  },
};

/** Where the raw bytes behind a part's pickle end; undefined when its pickle does not say. */
type Skip = (reader: Reader, described: Stream) => Work<number | undefined>;

/**
 * Layout of both members: a pickled number, then as many times a pickle that describes a part and the part's raw bytes;
 * `storages` ends with one more pickle, the list of views. The loader unpickles every one of them.
 */
function* scanParts(name: string, reader: Reader, skip: Skip, context: ScanContext): Work<void> {
  let at = 0;
  let left: number | undefined;
  while (at < reader.size) {
    const stream = yield* readStream(reader, at, { tick: () => context.budget.checkTime() });
    const follow = left === undefined || left === 0 || !stream.complete ? stream.end : yield* skip(reader, stream);
    const known = stream.complete && follow !== undefined && follow <= reader.size;
    yield* child({
      name: `${name} at ${at}`,
      formats: ["pickle"],
      reader: sliceReader(reader, at, known ? stream.end : reader.size),
      offset: at,
      hints: HINTS,
    });
    if (!known) return;
    if (left === undefined) left = countOf(stream.result);
    else if (left > 0) left--;
    at = follow;
  }
}

function countOf(value: Value | undefined): number {
  return value?.kind === "constant" && typeof value.value === "number" ? value.value : 0;
}

/** The class is the third item of the description; i64 number of items and the items follow. */
function* skipStorage(reader: Reader, { end, result }: Stream): Work<number | undefined> {
  const type = result?.kind === "container" ? result.items[2] : undefined;
  const itemBytes = type?.kind === "global" ? ITEM_BYTES.get(type.name) : undefined;
  if (itemBytes === undefined || end + 8 > reader.size) return undefined;
  return end + 8 + new Cursor(yield* read(reader, end, 8), end).count() * itemBytes;
}

/** i32 number of dimensions, 4 unused bytes, i64 sizes and strides, i64 offset. */
function* skipTensor(reader: Reader, { end }: Stream): Work<number | undefined> {
  if (end + 8 > reader.size) return undefined;
  const dimensions = new Cursor(yield* read(reader, end, 4), end).i32();
  return dimensions < 0 || dimensions > MOST_DIMENSIONS ? undefined : end + 8 + 16 * dimensions + 8;
}
