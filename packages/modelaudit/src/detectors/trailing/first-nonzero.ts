import { type Work, read } from "../../engine/work.js";
import type { Reader } from "../../io/reader.js";

/** Bytes looked at together. */
const PIECE = 64 * 1024;

/** Offset of the first byte from `start` to `end` that is not zero; undefined when all are: padding. */
export function* firstNonzero(reader: Reader, start: number, end: number): Work<number | undefined> {
  for (let at = start; at < end; at += PIECE) {
    const found = (yield* read(reader, at, Math.min(PIECE, end - at))).findIndex((byte) => byte !== 0);
    if (found >= 0) return at + found;
  }
  return undefined;
}
