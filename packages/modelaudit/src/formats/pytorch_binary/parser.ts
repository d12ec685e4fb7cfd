import type { ScanContext } from "../../engine/context.js";
import { type Work, read } from "../../engine/work.js";
import { Cursor } from "../../io/cursor.js";
import type { Reader } from "../../io/reader.js";
import { readStream } from "../pickle/parser.js";
import type { Stream } from "../pickle/values.js";
import { type StorageClaim, storagesOf } from "../pytorch_zip/storages.js";

/** Magic number, protocol version, system information, the object, the list of storage keys. */
const PICKLES = 5;
/** Keys kept of the list: models have some hundred thousand tensors at most. */
const MOST_KEYS = 4_000_000;

export interface LegacyFile {
  /** In file order; fewer than five, or the last one incomplete, when the file breaks off. */
  streams: Stream[];
  storages: StoredStorage[];
  /** Behind the last byte that is explained. */
  end: number;
  /** Why the storages could not be followed, in words. */
  problem?: string;
}

export interface StoredStorage {
  key: string;
  offset: number;
  /** Items, as the count in front of the data says. */
  items: number;
  claim: StorageClaim;
}

/** Layout: five pickles, then for each key of the last one i64 number of items and the items, whose size the object's persistent ids tell. */
export function* readLegacy(reader: Reader, start: number, context: ScanContext): Work<LegacyFile> {
  const file: LegacyFile = { streams: [], storages: [], end: start };
  for (let index = 0; index < PICKLES && file.end < reader.size; index++) {
    const stream = yield* readStream(reader, file.end, { kept: MOST_KEYS, tick: () => context.budget.checkTime() });
    file.streams.push(stream);
    file.end = stream.end;
    if (!stream.complete) return file;
  }
  const [, , , object, keys] = file.streams;
  if (!object || !keys) return file;
  const names = keyList(keys);
  if (!names) return { ...file, problem: "the list of storages is none" };
  const { claims } = storagesOf(object);
  for (const key of names) {
    const claim = claims.get(key);
    if (claim?.itemBytes === undefined) return { ...file, problem: `the type of the storage ${key} is not known` };
    const offset = file.end + 8;
    const items = offset > reader.size ? -1 : Number(new Cursor(yield* read(reader, file.end, 8), file.end).i64());
    if (items < 0 || offset + items * claim.itemBytes > reader.size) return { ...file, problem: `the file ends within the storage ${key}` };
    file.storages.push({ key, offset, items, claim });
    file.end = offset + items * claim.itemBytes;
  }
  return file;
}

function keyList({ result }: Stream): string[] | undefined {
  if (result?.kind !== "container" || result.type !== "list" || result.dropped) return undefined;
  const keys = result.items.map((item) => (item.kind === "constant" && typeof item.value === "string" ? item.value : undefined));
  return keys.every((key) => key !== undefined) ? keys : undefined;
}
