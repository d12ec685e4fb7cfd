import { type Work, readUpTo } from "../../engine/work.js";
import type { Reader } from "../../io/reader.js";

const SIGNATURE = "\x89HDF\r\n\x1a\n";

/** Offset of the superblock, 0, 512, 1024, 2048… up to the end, or undefined when this is no HDF5. */
export function* findSuperblock(reader: Reader): Work<number | undefined> {
  for (let at = 0; at + 8 <= reader.size; at = at === 0 ? 512 : at * 2) {
    const bytes = yield* readUpTo(reader, at, 8);
    if (String.fromCharCode(...bytes) === SIGNATURE) return at;
  }
  return undefined;
}
