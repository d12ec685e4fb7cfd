import { sizesByName } from "../../detectors/bytes/sizes.js";
import { type Work, read } from "../../engine/work.js";
import { Malformed } from "../../engine/errors.js";
import { Cursor } from "../../io/cursor.js";
import { parseJson } from "../../io/json.js";
import type { Reader } from "../../io/reader.js";
import { LONGEST_HEADER } from "./index.js";

/** Bits per element of every dtype the reference writer knows. */
const BITS = sizesByName({
  4: "F4",
  6: "F6_E2M3 F6_E3M2",
  8: "BOOL U8 I8 F8_E4M3 F8_E5M2 F8_E8M0 F8_E4M3FNUZ F8_E5M2FNUZ",
  16: "I16 U16 F16 BF16",
  32: "I32 U32 F32",
  64: "I64 U64 F64 C64",
  128: "C128",
});

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
  const length = Number(new Cursor(yield* read(reader, 0, 8)).u64());
  const header: Header = { dataStart: 8 + length, tensors: [], metadata: {}, problems: [] };
  if (length > LONGEST_HEADER) {
    header.dataStart = 8;
    header.problems.push(`the header claims ${length} bytes, more than any reader takes`);
    return header;
  }
  if (length > reader.size - 8) throw new Malformed(8, `a header of ${length} bytes`, `${reader.size - 8} bytes left`);
  const bytes = yield* read(reader, 8, length);
  if (bytes[0] !== 0x7b) header.problems.push("the header does not begin with {");
  const text = new TextDecoder().decode(bytes);
  if (text.includes("\ufffd") && !isUtf8(bytes)) header.problems.push("the header is no UTF-8 text");
  const { value, problem, duplicates, tolerated } = parseJson(text);
  if (problem !== undefined || typeof value !== "object" || value === null || Array.isArray(value)) {
    header.problems.push(`the header is no JSON object (${problem ?? "another kind of value"})`);
    return header;
  }
  if (tolerated) header.problems.push("the header holds NaN or Infinity, which is no JSON");
  for (const key of duplicates) header.problems.push(`the key "${key}" stands twice`);
  for (const [name, entry] of Object.entries(value)) {
    if (name === "__metadata__") readMetadata(entry, header);
    else readTensor(name, entry, header);
  }
  return header;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
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
  const bits = BITS.get(dtype);
  const elements = shape.reduce((product, side) => product * side, 1);
  if (bits === undefined) header.problems.push(`the tensor "${name}" has the unknown dtype "${dtype}"`);
  else if (end < begin || (end - begin) * 8 !== elements * bits) {
    header.problems.push(`the tensor "${name}" claims ${end - begin} bytes where its shape takes ${(elements * bits) / 8}`);
  }
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && one >= 0);
}
