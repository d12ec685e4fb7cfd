import { Malformed } from "../../engine/errors.js";
import type { Work } from "../../engine/work.js";
import { Cursor } from "../../io/cursor.js";
import { address, textOf } from "./decode.js";
import { globalObject } from "./global-heap.js";
import type { Attribute, Hdf5File } from "./types.js";

/** Text of one attribute that is kept; Keras configs reach some tens of MB. */
const LONGEST_TEXT = 64 * 2 ** 20;
/** Elements of an array of texts that are read. */
const MOST_TEXTS = 1_000_000;

/** Elements of a dataspace; a scalar has one. */
export function countOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** Text of fixed length, without its padding: all behind the first NUL, the NULs at the end, or the spaces at the end. */
function fixedText(bytes: Uint8Array, padding: number): string {
  if (padding === 0) return textOf(bytes);
  const pad = padding === 2 ? 0x20 : 0;
  return new TextDecoder().decode(bytes.subarray(0, bytes.findLastIndex((byte) => byte !== pad) + 1));
}

/** The texts of an attribute: one for a scalar, several for an array; undefined when it holds no text. */
export function* textsOf(file: Hdf5File, { datatype, shape, data, offset }: Attribute): Work<string[] | undefined> {
  if (shape === undefined) return undefined;
  const count = countOf(shape);
  if (count > MOST_TEXTS) throw new Malformed(offset, `at most ${MOST_TEXTS} texts`, `${count}`);
  const cursor = new Cursor(data, offset);
  const texts: string[] = [];
  if (datatype.class === 3) {
    for (let i = 0; i < count; i++) texts.push(fixedText(cursor.raw(datatype.size), datatype.padding));
    return texts;
  }
  if (!datatype.variableText) return undefined;
  for (let i = 0; i < count; i++) {
    const length = cursor.u32();
    const heap = address(cursor, file.widths.offset);
    const index = cursor.u32();
    if (length > LONGEST_TEXT) throw new Malformed(offset, `at most ${LONGEST_TEXT} bytes of text`, `${length}`);
    texts.push(length === 0 || !heap ? "" : new TextDecoder().decode((yield* globalObject(file, heap, index)).subarray(0, length)));
  }
  return texts;
}
