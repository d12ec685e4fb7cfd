import { type Work, read } from "../../engine/work.js";
import { Cursor } from "../../io/cursor.js";
import type { Reader } from "../../io/reader.js";

const END_BYTES = 22;
const LOCATOR_BYTES = 20;
const ZIP64_BYTES = 56;

/**
 * Where the ZIP that ends exactly at `end` begins: by the size of its directory, which lies right before its end
 * records, and the offset the directory claims to have. Undefined when no ZIP without a comment ends there.
 */
export function* startOfArchive(reader: Reader, end: number): Work<number | undefined> {
  if (end < END_BYTES) return undefined;
  const length = Math.min(end, END_BYTES + LOCATOR_BYTES + ZIP64_BYTES);
  const bytes = yield* read(reader, end - length, length);
  const last = new Cursor(bytes.subarray(length - END_BYTES));
  if (last.u32() !== 0x06054b50) return undefined;
  last.skip(8);
  let size = last.u32();
  let offset = last.u32();
  if (last.u16() !== 0) return undefined;
  let records = end - END_BYTES;
  if (length === END_BYTES + LOCATOR_BYTES + ZIP64_BYTES) {
    const wide = new Cursor(bytes);
    const locator = new Cursor(bytes.subarray(ZIP64_BYTES));
    if (wide.u32() === 0x06064b50 && locator.u32() === 0x07064b50) {
      wide.skip(36);
      size = Number(wide.u64());
      offset = Number(wide.u64());
      records = end - length;
    }
  }
  const start = records - size - offset;
  return start >= 0 && start < end ? start : undefined;
}

/** True when `reader` is nothing but ZIPs behind one another, at least two of them. Reads their ends only. */
export function* isSeveralArchives(reader: Reader): Work<boolean> {
  const start = yield* startOfArchive(reader, reader.size);
  return start !== undefined && start > 0 && (yield* startOfArchive(reader, start)) !== undefined;
}
