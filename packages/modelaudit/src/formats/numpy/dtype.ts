import { sizesByName } from "../../detectors/bytes/sizes.js";
import type { Literal } from "../../io/python-literal.js";

/** What a NumPy data type means for the bytes behind the header. */
export interface DataType {
  /** Bytes of one item, or undefined when the type is not known. */
  itemBytes: number | undefined;
  /** Some part of it is a Python object, so the data is a pickle. */
  objects: boolean;
  /** Short text for people, `<f4` or `{a: <i4, b: |O}`. */
  text: string;
}

/** Structured types nest a few levels at most. */
const DEEPEST = 32;
/** Fields shown of a wide record. */
const FIELDS_SHOWN = 6;

/** Types that older writers name instead of giving a code, and one-letter codes without a size, by the bytes of one item. */
const NAMED = sizesByName({
  1: "bool int8 uint8",
  2: "int16 uint16 float16",
  4: "int32 uint32 float32",
  8: "int64 uint64 int uint float64 float complex64",
  16: "float128 complex128 complex",
});
const LETTERS = sizesByName({ 0: "S U V a", 1: "? b B c", 2: "h H e", 4: "i I f", 8: "l L q Q d p P F", 16: "g D", 32: "G" });

/** Reads a header's `descr`: a type code, a list of fields `(name, type[, shape])`, or a pair `(type, shape)`. Undefined for anything else. */
export function readDataType(descr: Literal, depth = 0): DataType | undefined {
  if (depth > DEEPEST) return undefined;
  if (descr.kind === "text") return codes(descr.value);
  if (descr.kind === "list") return fields(descr.items, depth);
  if (descr.kind === "tuple" && descr.items.length === 2) {
    const base = readDataType(descr.items[0] as Literal, depth + 1);
    const count = product(descr.items[1] as Literal);
    return base && count !== undefined ? repeated(base, count) : undefined;
  }
  return undefined;
}

function fields(items: readonly Literal[], depth: number): DataType | undefined {
  let itemBytes: number | undefined = 0;
  let objects = false;
  const shown: string[] = [];
  for (const item of items) {
    if (item.kind !== "tuple" || item.items.length < 2 || item.items.length > 3) return undefined;
    const [title, descr, shape] = item.items as [Literal, Literal, Literal?];
    const base = readDataType(descr, depth + 1);
    const count = shape ? product(shape) : 1;
    if (!base || count === undefined) return undefined;
    const whole = repeated(base, count);
    itemBytes = itemBytes === undefined || whole.itemBytes === undefined ? undefined : itemBytes + whole.itemBytes;
    objects ||= whole.objects;
    if (shown.length < FIELDS_SHOWN) shown.push(`${fieldName(title)}: ${whole.text}`);
  }
  return { itemBytes, objects, text: `{${shown.join(", ")}${items.length > FIELDS_SHOWN ? ", ..." : ""}}` };
}

function fieldName(name: Literal): string {
  if (name.kind === "text") return name.value;
  return name.kind === "tuple" && name.items[1]?.kind === "text" ? name.items[1].value : "?";
}

/** A type code, or several with commas between them (an unnamed record). */
function codes(text: string): DataType | undefined {
  const parts = text.split(/,(?![^(]*\))/).map((part) => part.trim());
  const types = parts.map(code);
  if (types.some((type) => type === undefined)) return undefined;
  const known = types as DataType[];
  return {
    itemBytes: known.reduce<number | undefined>(
      (sum, type) => (sum === undefined || type.itemBytes === undefined ? undefined : sum + type.itemBytes),
      0,
    ),
    objects: known.some((type) => type.objects),
    text,
  };
}

function code(text: string): DataType | undefined {
  const match = /^(\((?:\s*\d+\s*,?)*\)|\d+)?\s*([<>=|]?)([A-Za-z?]\w*)(\[[^\]]*\])?$/.exec(text);
  if (!match) return undefined;
  const [, repeat = "", , name = ""] = match;
  const count = (repeat.match(/\d+/g) ?? []).reduce((all, side) => all * Number(side), 1);
  if (/^(?:O\d*|object_?|Object)$/.test(name)) return { itemBytes: 8 * count, objects: true, text };
  const size = itemBytes(name);
  return { itemBytes: size === undefined ? undefined : size * count, objects: false, text };
}

function itemBytes(name: string): number | undefined {
  const sized = /^([A-Za-z])(\d+)$/.exec(name);
  if (sized) return Number(sized[2]) * (sized[1] === "U" ? 4 : 1);
  if (name === "M8" || name === "m8" || name === "datetime64" || name === "timedelta64") return 8;
  return LETTERS.get(name) ?? NAMED.get(name.replace(/_$/, ""));
}

function repeated(type: DataType, count: number): DataType {
  return count === 1
    ? type
    : { ...type, itemBytes: type.itemBytes === undefined ? undefined : type.itemBytes * count, text: `${type.text} x ${count}` };
}

/** The number of items in a shape: a count or a tuple of counts. Undefined when it is neither. */
export function product(shape: Literal): number | undefined {
  const sides = shape.kind === "tuple" || shape.kind === "list" ? shape.items : [shape];
  let all = 1;
  for (const side of sides) {
    if (side.kind !== "number" || typeof side.value !== "number" || !Number.isInteger(side.value) || side.value < 0) return undefined;
    all *= side.value;
  }
  return all;
}
