import { textOfUnits } from "../../io/text-of-units.js";
import { Malformed } from "../../engine/errors.js";
import { type Work, read, readUpTo } from "../../engine/work.js";
import { Cursor } from "../../io/cursor.js";
import { type Literal, NotLiteral, parseLiteral } from "../../io/python-literal.js";
import type { Reader } from "../../io/reader.js";
import { type DataType, product, readDataType } from "./dtype.js";

export interface Header {
  version: string;
  /** Offset of the first data byte. */
  dataStart: number;
  dtype?: DataType;
  shape: number[];
  /** Number of items; undefined when the shape is none. */
  items?: number | undefined;
  fortranOrder: boolean;
  /** What NumPy would refuse, in words. */
  problems: string[];
  /** The header is text, but no literal: an expression that readers which evaluate it would run. */
  expression?: string;
}

/** Records of 10,000 fields stay below this; NumPy itself refuses 10,000 characters unless pickles are allowed. */
const LONGEST_HEADER = 4 * 1024 * 1024;
/** Characters of a bad header that are shown. */
const SHOWN = 80;
/** Enough for the header of any plain array. */
const FIRST_READ = 256;

/**
 * Layout: 0x93 "NUMPY", u8 major, u8 minor, header length (u16 in version 1, u32 in 2 and 3, little-endian), header: a
 * Python dict literal with exactly `descr`, `fortran_order` and `shape`, padded with blanks and a line feed; then the data.
 * Offsets in the result are in the reader. https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function* readHeader(reader: Reader, offset = 0): Work<Header> {
  const first = new Cursor(yield* readUpTo(reader, offset, FIRST_READ), offset);
  first.skip(6);
  const major = first.u8();
  const version = `${major}.${first.u8()}`;
  const header: Header = { version, dataStart: reader.size, shape: [], fortranOrder: false, problems: [] };
  if (major < 1 || major > 3) {
    header.problems.push(`version ${version} does not exist`);
    return header;
  }
  const length = major === 1 ? first.u16() : first.u32();
  const start = first.offset;
  header.dataStart = start + length;
  if (length > reader.size - start) throw new Malformed(start, `a header of ${length} bytes`, `${reader.size - start} bytes left`);
  if (length > LONGEST_HEADER) {
    header.problems.push(`the header is ${length} bytes long`);
    return header;
  }
  const bytes = length <= first.left ? first.raw(length) : yield* read(reader, start, length);
  const text = major === 3 ? new TextDecoder().decode(bytes) : textOfUnits(bytes);
  try {
    judge(parseLiteral(text), header);
  } catch (error) {
    if (!(error instanceof NotLiteral)) throw error;
    header.expression = text.slice(0, SHOWN).trim();
  }
  return header;
}

function judge(literal: Literal, header: Header): void {
  if (literal.kind !== "dict") {
    header.problems.push("the header is no dict");
    return;
  }
  const values = new Map<string, Literal>();
  for (const [key, value] of literal.entries) {
    const name = key.kind === "text" ? key.value : key.kind;
    if (values.has(name)) header.problems.push(`the key "${name}" stands twice`);
    else if (name !== "descr" && name !== "fortran_order" && name !== "shape") header.problems.push(`the key "${name}" has no meaning`);
    values.set(name, value);
  }
  for (const key of ["descr", "fortran_order", "shape"]) if (!values.has(key)) header.problems.push(`the key "${key}" is missing`);
  const order = values.get("fortran_order");
  header.fortranOrder = order?.kind === "constant" && order.value === true;
  const shape = values.get("shape");
  if (shape) {
    header.items = shape.kind === "tuple" ? product(shape) : undefined;
    if (header.items === undefined) header.problems.push("the shape is no tuple of counts");
    else if (shape.kind === "tuple") header.shape = shape.items.map((side) => (side.kind === "number" ? Number(side.value) : 0));
  }
  const descr = values.get("descr");
  if (!descr) return;
  const dtype = readDataType(descr);
  if (dtype) header.dtype = dtype;
  else header.problems.push("the data type is none that NumPy has");
}
