import { Malformed, Unsupported } from "../../engine/errors.js";
import { type Work, readUpTo } from "../../engine/work.js";
import { Cursor } from "../../io/cursor.js";
import { type Reader, sliceReader } from "../../io/reader.js";
import { address, number } from "./decode.js";
import type { Hdf5File } from "./types.js";

/** Reads the superblock at `start`, versions 0 to 3. */
export function* openHdf5(whole: Reader, start: number): Work<Hdf5File> {
  const cursor = new Cursor(yield* readUpTo(whole, start, 128), start);
  cursor.skip(8);
  const version = cursor.u8();
  if (version > 3) throw new Unsupported(`HDF5 superblock version ${version}`);
  if (version < 2) cursor.skip(4);
  const widths = { offset: cursor.u8(), length: cursor.u8() };
  if (![2, 4, 8].includes(widths.offset) || ![2, 4, 8].includes(widths.length))
    throw new Malformed(cursor.offset - 2, "address and length widths of 2, 4 or 8", `${widths.offset} and ${widths.length}`);
  if (version < 2) cursor.skip(1 + 4 + 4 + (version === 1 ? 4 : 0));
  else cursor.skip(1);
  const base = number(cursor, widths.offset);
  const second = address(cursor, widths.offset);
  const end = number(cursor, widths.offset);
  if (version < 2) cursor.skip(2 * widths.offset);
  return {
    reader: start ? sliceReader(whole, start) : whole,
    start,
    superblockVersion: version,
    // Whatever the base address says, the library counts from the superblock, and moves the end as far as that is off.
    end: end + start - base,
    root: number(cursor, widths.offset),
    // Before version 2 the second address is that of the free space, which nothing writes.
    extension: version < 2 ? undefined : second,
    widths,
    heaps: new Map(),
  };
}
