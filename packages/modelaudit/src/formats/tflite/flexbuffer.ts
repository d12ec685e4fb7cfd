import { readUpTo, type Work } from "../../engine/work.js";
import type { Reader } from "../../io/reader.js";
import type { Range } from "../../io/waiting.js";

/**
 * The private data of a Flex operator is a FlexBuffer: a vector of the operator's name and its NodeDef, and only the
 * NodeDef decides what runs.
 *
 *     ... values ..., root value, u8 type of root, u8 width of root
 *
 * A type byte is kind x 4 + log2(width). Text (5) and blobs (25) are references back to their bytes, whose length stands
 * before them in that width; a vector (10) is a reference back to its references, with the count before and one type byte
 * for each behind. https://flatbuffers.dev/internals/#flexbuffers
 */
const TEXT = 5;
const VECTOR = 10;
const BLOB = 25;
/** A NodeDef of a Flex operator has some hundred bytes; constants are tensors of their own. */
const MAX_BYTES = 1024 * 1024;

/** Where the texts in the root vector are, absolute in `reader`; undefined when the bytes are no such FlexBuffer. */
export function* flexTexts(reader: Reader, { start, end }: Range): Work<Range[] | undefined> {
  const size = end - start;
  if (size < 3 || size > MAX_BYTES || end > reader.size) return undefined;
  const bytes = yield* readUpTo(reader, start, size);
  const rootWidth = bytes[size - 1] as number;
  const rootType = bytes[size - 2] as number;
  if (![1, 2, 4, 8].includes(rootWidth) || rootType >> 2 !== VECTOR) return undefined;
  const root = size - 2 - rootWidth;
  const width = 1 << (rootType & 3);
  const vector = root - unsigned(bytes, root, rootWidth);
  const count = unsigned(bytes, vector - width, width);
  if (!(vector >= width) || !(count <= (size - vector) / (width + 1))) return undefined;
  const texts: Range[] = [];
  for (let index = 0; index < count; index++) {
    const type = bytes[vector + count * width + index] as number;
    const at = vector + index * width;
    const target = at - unsigned(bytes, at, width);
    const length = unsigned(bytes, target - (1 << (type & 3)), 1 << (type & 3));
    if ((type >> 2 !== TEXT && type >> 2 !== BLOB) || !(target >= 0 && target + length <= size)) return undefined;
    texts.push({ start: start + target, end: start + target + length });
  }
  return texts;
}

/** Little-endian; NaN outside the bytes, which fails every comparison above. */
function unsigned(bytes: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let index = width - 1; index >= 0; index--) value = value * 256 + (bytes[at + index] ?? Number.NaN);
  return value;
}
