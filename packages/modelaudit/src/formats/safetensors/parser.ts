import { type Work, read } from "../../engine/work.js";
import { Malformed } from "../../engine/errors.js";
import { Cursor } from "../../io/cursor.js";
import { parseJson } from "../../io/json.js";
import type { Reader } from "../../io/reader.js";

/** Bits per element of every dtype the reference writer knows. */
const BITS: Readonly<Record<string, number>> = {
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  BOOL: 8,
  U8: 8,
  I8: 8,
  F8_E4M3: 8,
  F8_E5M2: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  I64: 64,
  U64: 64,
  F64: 64,
  C64: 64,
  C128: 128,
};

export interface Tensor {
  name: string;
  dtype: string;
  shape: number[];
  /** Offsets into the data part, which begins at `Header.dataStart`. */
  begin: number;
  end: number;
}

export interface Header {
  /** Offset of the first data byte. */
  dataStart: number;
  tensors: Tensor[];
  metadata: Record<string, string>;
  /** What the reference reader would refuse, in words; empty for an honest header. */
  problems: string[];
}

/**
 * Layout: u64 header length N (little-endian), N bytes of JSON
 * `{"name": {"dtype", "shape", "data_offsets": [begin, end]}, ..., "__metadata__": {string: string}}`, then the data.
 * https://github.com/huggingface/safetensors#format
 */
export function* readHeader(reader: Reader): Work<Header> {
  const length = new Cursor(yield* read(reader, 0, 8)).count();
  if (length > reader.size - 8) throw new Malformed(8, `a header of ${length} bytes`, `${reader.size - 8} bytes left: the file is cut short`);
  const text = new Cursor(yield* read(reader, 8, length), 8).text(length);
  const { value, problem, duplicates } = parseJson(text);
  const header: Header = { dataStart: 8 + length, tensors: [], metadata: {}, problems: [] };
  if (problem !== undefined || typeof value !== "object" || value === null || Array.isArray(value)) {
    header.problems.push(`the header is no JSON object (${problem ?? "another kind of value"})`);
    return header;
  }
  for (const key of duplicates) header.problems.push(`the key "${key}" stands twice`);
  for (const [name, entry] of Object.entries(value)) {
    if (name === "__metadata__") readMetadata(entry, header);
    else readTensor(name, entry, header);
  }
  return header;
}

function readMetadata(entry: unknown, header: Header): void {
  if (typeof entry !== "object" || entry === null || Array.isArray(entry)) {
    header.problems.push("__metadata__ is no object");
    return;
  }
  for (const [key, value] of Object.entries(entry)) {
    if (typeof value === "string") header.metadata[key] = value;
    else header.problems.push(`__metadata__ holds "${key}" that is no text`);
  }
}

function readTensor(name: string, entry: unknown, header: Header): void {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
  if (typeof dtype !== "string" || !isCounts(shape) || !isCounts(offsets) || offsets.length !== 2) {
    header.problems.push(`the tensor "${name}" has no valid dtype, shape and offsets`);
    return;
  }
  const [begin, end] = offsets as [number, number];
  header.tensors.push({ name, dtype, shape, begin, end });
  const bits = BITS[dtype];
  const elements = shape.reduce((product, side) => product * side, 1);
  if (bits === undefined) header.problems.push(`the tensor "${name}" has the unknown dtype "${dtype}"`);
  else if (end < begin || (end - begin) * 8 !== elements * bits) {
    header.problems.push(`the tensor "${name}" claims ${end - begin} bytes where its shape takes ${(elements * bits) / 8}`);
  }
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && one >= 0);
}
