import { Malformed } from "../../engine/errors.js";
import { type Work, read } from "../../engine/work.js";
import { Cursor } from "../../io/cursor.js";
import { number, textOf } from "./decode.js";
import type { Hdf5File } from "./types.js";

/** The names in a local heap, by their offset. Layout: `HEAP`, version, size of the names, free list, address of the names. */
export function* readLocalHeap({ reader, widths }: Hdf5File, at: number): Work<(offset: number) => string> {
  const header = new Cursor(yield* read(reader, at, 8 + 2 * widths.length + widths.offset), at);
  if (header.text(4) !== "HEAP") throw new Malformed(at, "a local heap", "other bytes");
  header.skip(4);
  const size = number(header, widths.length);
  header.skip(widths.length);
  const names = yield* read(reader, number(header, widths.offset), size);
  return (offset) => textOf(names.subarray(Math.min(offset, names.length)));
}
