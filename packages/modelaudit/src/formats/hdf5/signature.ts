import { beginsWith } from "../../detectors/bytes/begins-with.js";
import { type Work, readUpTo } from "../../engine/work.js";
import type { Reader } from "../../io/reader.js";

const SIGNATURE = "\x89HDF\r\n\x1a\n";

export function isSuperblock(head: Uint8Array): boolean {
  return beginsWith(head, SIGNATURE);
}

/** Offset of the superblock, 0, 512, 1024, 2048… up to the end, or undefined when this is no HDF5. */
export function* findSuperblock(reader: Reader): Work<number | undefined> {
  for (let at = 0; at + 8 <= reader.size; at = at === 0 ? 512 : at * 2) {
    if (isSuperblock(yield* readUpTo(reader, at, 8))) return at;
  }
  return undefined;
}
