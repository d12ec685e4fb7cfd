import { scanBehind } from "../../detectors/trailing/scan-behind.js";
import type { Scanner } from "../../engine/format.js";
import { readUpTo } from "../../engine/work.js";

/** Bytes looked at for where the text ends: tables of many gigabytes are text to their end. */
const LONGEST = 16 * 1024 * 1024;
const PIECE = 256 * 1024;

/** Nothing to judge in text: recognising the format is the result. Other data behind it is looked at. */
export const scanner: Scanner = {
  version: 1,
  *scan({ reader }) {
    if ((yield* readUpTo(reader, 0, 2)).some((byte) => byte >= 0xfe)) return; // UTF-16
    let last = 0;
    for (let at = 0; at < Math.min(reader.size, LONGEST); at += PIECE) {
      const bytes = yield* readUpTo(reader, at, PIECE);
      const end = bytes.findIndex((byte) => byte < 0x20 && (byte < 9 || byte > 13) && byte !== 0x1b);
      // A pickle's header, 80 04: the byte before the first that no text has.
      if (end >= 0) return yield* scanBehind(reader, at + end - ((end > 0 ? bytes[end - 1] : last) === 0x80 ? 1 : 0), "text");
      last = bytes[bytes.length - 1] ?? 0;
    }
  },
};
