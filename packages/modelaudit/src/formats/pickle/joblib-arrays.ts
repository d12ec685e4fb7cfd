import { sizesByName } from "../../detectors/bytes/sizes.js";
import { entry, isTuple } from "./questions.js";
import type { Built, Container, Value } from "./values.js";

/**
 * What stands behind the BUILD of a joblib array wrapper, outside of the pickle grammar: `raw` bytes (preceded, when
 * `padded`, by one byte p and p bytes of padding), a complete `stream` of objects, or bytes of unknown number.
 */
export type ArrayBehind = { kind: "raw"; length: number; padded: boolean } | { kind: "stream" } | { kind: "unknown"; why: string };

/** The wrapper is known by its name, in any copy of joblib. */
function isWrapper(built: Built, name: string): boolean {
  const made = classOf(built);
  return made.kind === "global" && made.name === name && /(?:^|\.)numpy_pickle(?:_compat)?$/.test(made.module);
}

/** Protocols 0 and 1 make objects by `copyreg._reconstructor(class, object, None)`. */
function classOf({ callee, args }: Built): Value {
  const helped = callee.kind === "global" && callee.name === "_reconstructor" && /^copy_?reg$/.test(callee.module);
  return (helped && args?.[0]) || callee;
}

/**
 * The array that joblib reads from the file itself once a `NumpyArrayWrapper` was built, or undefined for all else.
 * State: subclass, shape, order, dtype, allow_mmap and, since 1.2, numpy_array_alignment_bytes.
 */
export function arrayBehind(wrapper: Built): ArrayBehind | undefined {
  if (!isWrapper(wrapper, "NumpyArrayWrapper")) return undefined;
  const state = wrapper.states[wrapper.states.length - 1];
  const dtype = entry(state, "dtype");
  const shape = entry(state, "shape");
  if (!dtype || !shape) return { kind: "unknown", why: "the wrapper has no shape or no data type" };
  const type = dataType(dtype);
  if (!type) return { kind: "unknown", why: "the data type is not known" };
  if (type.objects) return { kind: "stream" };
  const items = product(shape);
  if (items === undefined) return { kind: "unknown", why: "the shape is no tuple of numbers" };
  const alignment = entry(state, "numpy_array_alignment_bytes");
  return { kind: "raw", length: items * type.bytes, padded: alignment?.kind === "constant" && alignment.value !== null };
}

/** Name of the file beside the pickle that the wrappers of joblib up to 0.9 read, or undefined for all else. */
export function siblingFile(target: Value, state: Value): string | undefined {
  if (target.kind !== "built" || (!isWrapper(target, "NDArrayWrapper") && !isWrapper(target, "ZNDArrayWrapper"))) return undefined;
  const name = entry(state, "filename");
  return name?.kind === "constant" && typeof name.value === "string" ? name.value : undefined;
}

function product(shape: Value): number | undefined {
  if (shape.kind !== "container" || (shape.type !== "tuple" && shape.type !== "list") || shape.dropped) return undefined;
  let count = 1;
  for (const side of shape.items) {
    const number = numberOf(side);
    if (number === undefined || number < 0) return undefined;
    count *= number;
  }
  return count;
}

/** NumPy scalars appear as sides of a shape too: `numpy.core.multiarray.scalar(dtype, bytes)`. */
function numberOf(value: Value): number | undefined {
  if (value.kind === "constant") {
    if (typeof value.value === "bigint") return Number(value.value);
    return typeof value.value === "number" && Number.isInteger(value.value) ? value.value : undefined;
  }
  if (value.kind !== "built" || value.callee.kind !== "global" || value.callee.name !== "scalar") return undefined;
  const bytes = value.args?.[1];
  if (bytes?.kind !== "constant" || !(bytes.value instanceof Uint8Array) || bytes.value.length > 8) return undefined;
  return bytes.value.reduceRight((sum, byte) => sum * 256 + byte, 0);
}

/** Data types nest by their fields; NumPy itself stops at 32 dimensions. */
const DEEPEST_TYPE = 32;

/**
 * A pickled `numpy.dtype("<kind><size>", 0, 1)` with its BUILD state `(3, order, subarray, names, fields, size, align, flags)`,
 * or a bare scalar class. The size behind `U` counts characters of four bytes.
 */
function dataType(value: Value, depth = 0): { bytes: number; objects: boolean } | undefined {
  if (depth > DEEPEST_TYPE) return undefined;
  // NumPy's type of texts of any length: joblib writes them as it does objects.
  if (value.kind === "built" && value.callee.kind === "global" && /^(?:StringDType|_convert_to_stringdtype_kwargs)$/.test(value.callee.name))
    return { bytes: 16, objects: true };
  if (value.kind === "built" && value.callee.kind === "global" && value.callee.name === "dtype") {
    const code = value.args?.[0];
    if (!code) return undefined;
    if (code.kind !== "constant") return dataType(code, depth + 1);
    if (typeof code.value !== "string") return undefined;
    const simple = /^[<>|=]?([?a-zA-Z])(\d*)$/.exec(code.value);
    if (!simple) return undefined;
    const [, kind, digits] = simple as unknown as [string, string, string];
    if (kind === "O") return { bytes: 8, objects: true };
    const bytes = digits === "" ? LETTERS.get(kind) : Number(digits) * (kind === "U" ? 4 : 1);
    if (bytes === undefined) return undefined;
    return { bytes, objects: value.states.some((state) => stateHoldsObjects(state, depth)) };
  }
  if (value.kind === "global") {
    const bytes = CLASSES.get(value.name.replace(/_$/, "")) ?? (/^ml_dtypes(?:\.|$)/.test(value.module) ? mlBytes(value.name) : undefined);
    if (value.name === "object_" || value.name === "object") return { bytes: 8, objects: true };
    return bytes === undefined ? undefined : { bytes, objects: false };
  }
  return undefined;
}

/** Number types of ml_dtypes below float16: one byte each, but for bfloat16. */
function mlBytes(name: string): number | undefined {
  if (name === "bfloat16") return 2;
  return /^(?:u?int[124]|float[468]_\w+)$/.test(name) ? 1 : undefined;
}

function stateHoldsObjects(state: Value, depth: number): boolean {
  if (!isTuple(state)) return false;
  const [, , subarray, , fields] = state.items;
  if (subarray?.kind === "container" && subarray.items[0]) return dataType(subarray.items[0], depth + 1)?.objects ?? false;
  if (fields?.kind !== "container") return false;
  return (fields as Container).items.some((field) => {
    const base = field.kind === "container" ? field.items[0] : undefined;
    return base !== undefined && (dataType(base, depth + 1)?.objects ?? false);
  });
}

/** Letters of type codes, and scalar classes, by the bytes of one item. */
const LETTERS = sizesByName({ 1: "? b B", 2: "h H e", 4: "i I f", 8: "l L q Q d F M m", 16: "g D", 32: "G" });
const CLASSES = sizesByName({
  1: "bool int8 uint8",
  2: "int16 uint16 float16",
  4: "int32 uint32 float32",
  8: "int64 uint64 float64 complex64",
  16: "complex128",
});
