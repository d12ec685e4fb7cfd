import { PAYLOAD_START_BYTES, mayBePayload } from "../../detectors/payload-start/payload-start.js";
import { type Work, read } from "../../engine/work.js";
import type { Range } from "../../io/waiting.js";
import { BLOCK, type TarHeader, cString, paxRecords, tarHeader } from "./header.js";
import type { TarArchive, TarEntry } from "./parser.js";
import { type SparseMap, gnuSparse, paxSparse } from "./sparse.js";

/** Sizes up to 8 GiB fit the octal field; a pax or base-256 size below that was not needed. */
const OCTAL_LIMIT = 8 * 2 ** 30;
/** Types without stored bytes, whatever their size field says. */
const WITHOUT_DATA = new Set(["1", "2", "3", "4", "5", "6"]);

/** What extended headers say of the next member, and in pax records of all that follow (global). */
export interface Extended {
  name?: string;
  linkName?: string;
  local: Map<string, string>;
  global: Map<string, string>;
}

/** Takes what one extended header says. Gives the values in it that begin like a payload. */
export function readExtended(header: TarHeader, data: Uint8Array, extended: Extended): Range[] {
  if (header.type === "L" || header.type === "N") extended.name = cString(data);
  else if (header.type === "K") extended.linkName = cString(data);
  else {
    const { records, values } = paxRecords(data);
    for (const [key, value] of records) (header.type === "g" ? extended.global : extended.local).set(key, value);
    return values.filter(({ start, end }) => mayBePayload(data.subarray(start, Math.min(end, start + PAYLOAD_START_BYTES))));
  }
  return [];
}

/** Joins a header with its extended headers: pax over GNU over plain, as all readers do. */
export function* joinHeaders({ reader, badSizes }: TarArchive, header: TarHeader, at: number, extended: Extended): Work<TarEntry> {
  const pax = (key: string) => extended.local.get(key) ?? extended.global.get(key);
  const { type, mode, size } = header;
  const entry: TarEntry = {
    name: pax("GNU.sparse.name") ?? pax("path") ?? extended.name ?? header.name,
    linkName: pax("linkpath") ?? extended.linkName ?? header.linkName,
    ...{ type, mode, size, stored: size, headerOffset: at, dataOffset: at + BLOCK },
  };
  const paxSize = pax("size");
  if (paxSize !== undefined) {
    const size = /^[0-9]+$/.test(paxSize) ? Number(paxSize) : Number.NaN;
    if (!Number.isSafeInteger(size)) badSizes.push({ name: entry.name, offset: at, size });
    else {
      if (size !== header.size && size < OCTAL_LIMIT) entry.conflict = `size ${header.size} and ${size}`;
      entry.stored = entry.size = size;
    }
  }
  const paxPath = pax("path");
  if (paxPath !== undefined && contradicts(header.name, paxPath)) entry.conflict = `name ${header.name} and ${paxPath}`;
  if (WITHOUT_DATA.has(entry.type) && entry.stored > 0) {
    // Readers disagree whether such a member has data. It has none when a header follows at once.
    const follows = at + 2 * BLOCK <= reader.size ? yield* read(reader, at + BLOCK, BLOCK) : undefined;
    if (!follows || tarHeader(follows) || isZero(follows)) entry.stored = entry.size = 0;
    else entry.conflict = `type ${entry.type} without data and size ${entry.stored}`;
  }
  let sparse: SparseMap | undefined;
  if (type === "S") {
    sparse = yield* gnuSparse(reader, at);
    if (sparse) entry.dataOffset = sparse.dataOffset;
  } else if (pax("GNU.sparse.major") !== undefined || pax("GNU.sparse.map") !== undefined) {
    sparse = yield* paxSparse(reader, new Map([...extended.global, ...extended.local]), entry.dataOffset, entry.stored);
  }
  return sparse ? { ...entry, sparse, size: sparse.size } : entry;
}

/** A pax path is there because the name is long or not ASCII; the plain name is then a shortened form of it. One that fits and differs is a trick. */
function contradicts(plain: string, path: string): boolean {
  if (path.length > 100 || /[^\x20-\x7e]/.test(path) || plain.includes("GNUSparseFile") || plain.includes("PaxHeader")) return false;
  const trim = (text: string) => text.replace(/^(?:\.\/)+/, "").replace(/\/+$/, "");
  return trim(plain) !== trim(path);
}

export function isZero(block: Uint8Array): boolean {
  for (const byte of block) if (byte) return false;
  return true;
}
