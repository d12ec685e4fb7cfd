/** Small questions about symbolic values. */
import type { Built, Constant, Container, Value } from "./values.js";

export function isText(value: Value | undefined): value is Constant & { value: string } {
  return value?.kind === "constant" && typeof value.value === "string" && !value.cut;
}

export function isNumber(value: Value | undefined): value is Constant & { value: number | bigint } {
  return value?.kind === "constant" && (typeof value.value === "number" || typeof value.value === "bigint");
}

export function isBytes(value: Value | undefined): value is Constant & { value: Uint8Array } {
  return value?.kind === "constant" && value.value instanceof Uint8Array;
}

export function isNone(value: Value | undefined): boolean {
  return value === undefined || (value.kind === "constant" && value.value === null);
}

/** A number, text, bytes, None or boolean: nothing that could be called. */
export function isConstant(value: Value | undefined): value is Constant {
  return value?.kind === "constant";
}

export function isTuple(value: Value | undefined): value is Container & { type: "tuple" } {
  return value?.kind === "container" && value.type === "tuple";
}

export function isDict(value: Value | undefined): value is Container & { type: "dict" } {
  return value?.kind === "container" && value.type === "dict";
}

/** Keys and values of a dict, text keys only. */
export function* entries(dict: { readonly items: readonly Value[] }): Generator<[string, Value]> {
  for (let index = 0; index + 1 < dict.items.length; index += 2) {
    const key = dict.items[index] as Value;
    if (isText(key)) yield [key.value, dict.items[index + 1] as Value];
  }
}

/** The value of the last entry with this key: a later one replaces an earlier one. */
export function entry(dict: Value | undefined, key: string): Value | undefined {
  if (!isDict(dict)) return undefined;
  let found: Value | undefined;
  for (const [name, value] of entries(dict)) if (name === key) found = value;
  return found;
}

/** Positional arguments, also of a call whose operand was another iterable. */
export function argumentsOf(built: Built): readonly Value[] | undefined {
  if (built.args) return built.args;
  const operand = built.argsValue;
  return operand?.kind === "container" && operand.dropped === 0 ? operand.items : undefined;
}

/** Longest evidence shown of one call. */
const LONGEST_EVIDENCE = 160;

/** The arguments as a person would write them, shortened: `("id")`. */
export function showArguments(args: readonly Value[] | undefined): string {
  if (!args) return "(…)";
  const shown = args.slice(0, 6).map((value) => show(value, 2));
  if (args.length > 6) shown.push("…");
  const text = `(${shown.join(", ")})`;
  return text.length > LONGEST_EVIDENCE ? `${text.slice(0, LONGEST_EVIDENCE)}…` : text;
}

/** A short rendering of one value. */
export function show(value: Value, depth = 1): string {
  switch (value.kind) {
    case "constant":
      return showConstant(value);
    case "global":
      return `${value.module}.${value.name}`;
    case "built":
      return depth > 0 ? `${show(value.callee, 0)}(…)` : "…";
    case "container": {
      const [open, close] = { list: "[]", tuple: "()", dict: "{}", set: "{}", frozenset: "{}" }[value.type] as unknown as [string, string];
      if (!value.items.length) return open + close;
      if (depth <= 0) return `${open}…${close}`;
      const items = value.items.slice(0, 4).map((item) => show(item, depth - 1));
      return `${open}${items.join(", ")}${value.items.length > 4 || value.dropped ? ", …" : ""}${close}`;
    }
    case "persistent":
      return "<persistent object>";
    case "extension":
      return `<extension ${value.code}>`;
    case "unknown":
      return "<unknown>";
  }
}

function showConstant({ value }: Constant): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return JSON.stringify(value.length > 120 ? `${value.slice(0, 120)}…` : value);
  if (value instanceof Uint8Array) {
    const start = value.subarray(0, 24);
    const text = start.every((byte) => byte >= 0x20 && byte < 0x7f) ? JSON.stringify(String.fromCharCode(...start)) : `<${value.length} bytes>`;
    return text.startsWith("<") ? text : `b${text}${value.length > 24 ? "…" : ""}`;
  }
  return String(value);
}
