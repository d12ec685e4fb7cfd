import { Malformed } from "../../engine/errors.js";
import { Cursor } from "../../io/cursor.js";
import { number, textOf } from "./decode.js";
import type { Widths } from "./types.js";

/** Parts of other files in one dataset; joined time series have some thousands. */
const MOST_MAPPINGS = 100_000;
/** Bits of a mapping of version 1: the name of its file, or of its dataset, is that of an earlier one. */
const SAME_FILE = 1;
const SAME_DATASET = 2;
const SELF = 4;

/**
 * The files that a virtual dataset takes its parts from, each once; `.` is this file.
 * Layout: version, number of mappings, then per mapping [bits], file, dataset (ended by NUL), and two selections.
 */
export function virtualFiles(bytes: Uint8Array, widths: Widths): string[] {
  const cursor = new Cursor(bytes);
  const version = cursor.u8();
  const count = number(cursor, widths.length);
  if (version > 1 || count > MOST_MAPPINGS) throw new Malformed(0, "mappings of version 0 or 1", `${count} of version ${version}`);
  const files = new Set<string>();
  for (let i = 0; i < count; i++) {
    const bits = version === 1 ? cursor.u8() : 0;
    if (bits & SELF) files.add(".");
    else if (bits & SAME_FILE) cursor.skip(widths.length);
    else files.add(name(cursor));
    if (bits & SAME_DATASET) cursor.skip(widths.length);
    else name(cursor);
    skipSelection(cursor);
    skipSelection(cursor);
  }
  return [...files];
}

function name(cursor: Cursor): string {
  const rest = cursor.bytes.subarray(cursor.position);
  const length = rest.indexOf(0);
  if (length < 0) throw new Malformed(cursor.offset, "a name that ends", "none");
  return textOf(cursor.raw(length + 1));
}

/** A selection: u32 kind (0 nothing, 1 points, 2 blocks, 3 all), u32 version, then what the version says. */
function skipSelection(cursor: Cursor): void {
  const kind = cursor.u32();
  const version = cursor.u32();
  if (kind > 3 || version > 3) throw new Malformed(cursor.offset, "a selection", `kind ${kind}, version ${version}`);
  if (kind === 0 || kind === 3) cursor.skip(8);
  else if (version === 1) {
    cursor.skip(4);
    cursor.skip(cursor.u32());
  } else if (kind === 2 && version === 2) {
    cursor.skip(1);
    cursor.skip(cursor.u32());
  } else {
    const regular = kind === 2 && (cursor.u8() & 1) === 1;
    const width = cursor.u8();
    const rank = cursor.u32();
    if (regular) cursor.skip(4 * rank * width);
    else cursor.skip((kind === 2 ? 2 : 1) * rank * width * number(cursor, width));
  }
}
