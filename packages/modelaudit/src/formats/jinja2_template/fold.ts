import type { Expression } from "./expression.js";

/** A value a template computes from its own literals. */
export type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };

/** All values an expression can have, when they are known; undefined when they depend on the conversation. */
export type Possible = readonly Plain[] | undefined;

/** Variables set by the template so far. `namespace` members are kept as `name.member`. */
export type Scope = ReadonlyMap<string, Possible>;

/** Texts longer than this are not built: an attribute name is short, and a template could ask for gigabytes. */
const LONGEST = 64 * 1024;
/** Combinations kept of one expression. */
const MOST = 64;

/** Folds an expression over the literals of the template: concatenation, slices, filters and methods on text. */
export function fold(expression: Expression, scope: Scope): Possible {
  switch (expression.kind) {
    case "constant":
      return [expression.value];
    case "name":
      return scope.get(expression.name);
    case "list":
      return combine(
        expression.items.map((item) => fold(item, scope)),
        (items) => items,
      );
    case "dict": {
      const keys = expression.entries.map(([key]) => fold(key, scope));
      const values = expression.entries.map(([, value]) => fold(value, scope));
      return combine([...keys, ...values], (all) =>
        Object.fromEntries(all.slice(0, keys.length).map((key, index) => [String(key), all[keys.length + index] as Plain])),
      );
    }
    case "attribute": {
      if (expression.of.kind === "name") {
        const member = scope.get(`${expression.of.name}.${expression.name}`);
        if (member) return member;
      }
      return combine([fold(expression.of, scope)], ([of]) => lookUp(of as Plain, expression.name));
    }
    case "item":
      return combine([fold(expression.of, scope), fold(expression.index, scope)], ([of, index]) => lookUp(of as Plain, index as Plain));
    case "slice":
      return combine([fold(expression.of, scope), ...expression.parts.map((part) => (part ? fold(part, scope) : [null]))], ([of, ...parts]) =>
        cut(of as Plain, parts),
      );
    case "call":
      return foldCall(expression, scope);
    case "filter": {
      const of = expression.of ? fold(expression.of, scope) : undefined;
      return combine([of, ...expression.args.map((arg) => fold(arg, scope))], ([value, ...args]) =>
        applyFilter(expression.name, value as Plain, args),
      );
    }
    case "test":
      return undefined;
    case "unary":
      return combine([fold(expression.of, scope)], ([of]) =>
        expression.sign === "not" ? !of : typeof of === "number" ? (expression.sign === "-" ? -of : of) : undefined,
      );
    case "binary":
      return combine([fold(expression.left, scope), fold(expression.right, scope)], ([left, right]) =>
        operate(expression.sign, left as Plain, right as Plain),
      );
    case "choice": {
      const both = [fold(expression.yes, scope), expression.no ? fold(expression.no, scope) : [""]];
      return both.every((one) => one !== undefined) ? both.flatMap((one) => one as Plain[]).slice(0, MOST) : (both[0] ?? both[1]);
    }
  }
}

/** Every combination of the operands' possible values; undefined as soon as one operand or every result is unknown. */
function combine(operands: readonly Possible[], apply: (values: Plain[]) => Plain | undefined): Possible {
  if (operands.some((one) => one === undefined)) return undefined;
  let rows: Plain[][] = [[]];
  for (const values of operands as readonly (readonly Plain[])[]) {
    rows = rows.flatMap((row) => values.map((value) => [...row, value])).slice(0, MOST);
  }
  const results = rows.map(apply).filter((value) => value !== undefined && !(typeof value === "string" && value.length > LONGEST));
  return results.length ? (results as Plain[]) : undefined;
}

function lookUp(of: Plain, key: Plain): Plain | undefined {
  if (typeof of === "string" || Array.isArray(of)) return typeof key === "number" ? of.at(key) : undefined;
  return of !== null && typeof of === "object" && Object.hasOwn(of, String(key)) ? of[String(key)] : undefined;
}

function cut(of: Plain, [start, end, step]: (Plain | undefined)[]): Plain | undefined {
  if (typeof of !== "string" && !Array.isArray(of)) return undefined;
  const items: Plain[] = typeof of === "string" ? [...of] : of;
  const pace = typeof step === "number" && step !== 0 ? step : 1;
  const length = items.length;
  const bound = (value: Plain | undefined, otherwise: number) =>
    typeof value !== "number" ? otherwise : Math.min(length, Math.max(pace < 0 ? -1 : 0, value < 0 ? value + length : value));
  const chosen: Plain[] = [];
  if (pace > 0) for (let i = bound(start, 0); i < bound(end, length); i += pace) chosen.push(items[i] as Plain);
  else for (let i = Math.min(bound(start, length - 1), length - 1); i > bound(end, -1); i += pace) chosen.push(items[i] as Plain);
  return typeof of === "string" ? chosen.join("") : chosen;
}

function operate(sign: string, left: Plain, right: Plain): Plain | undefined {
  if (sign === "~") return textOf(left) + textOf(right);
  if (sign === "+") {
    if (typeof left === "string" && typeof right === "string") return left + right;
    if (typeof left === "number" && typeof right === "number") return left + right;
    return Array.isArray(left) && Array.isArray(right) ? [...left, ...right] : undefined;
  }
  if (sign === "*") {
    if (typeof left === "number" && typeof right === "number") return left * right;
    const [text, times] = typeof left === "string" ? [left, right] : [right, left];
    return typeof text === "string" && typeof times === "number" && text.length * times <= LONGEST ? text.repeat(Math.max(0, times)) : undefined;
  }
  if (sign === "%" && typeof left === "string") return format(left, Array.isArray(right) ? right : [right]);
  if (typeof left !== "number" || typeof right !== "number") return undefined;
  return { "-": left - right, "/": left / right, "//": Math.floor(left / right), "%": left % right, "**": left ** right }[sign];
}

function textOf(value: Plain): string {
  if (value === null) return "None";
  return typeof value === "boolean" ? (value ? "True" : "False") : String(value);
}

/** Methods of text that give text. */
function foldCall(call: Extract<Expression, { kind: "call" }>, scope: Scope): Possible {
  const args = call.args.map((arg) => fold(arg, scope));
  if (call.of.kind === "attribute") {
    const { name, of } = call.of;
    return combine([fold(of, scope), ...args], ([self, ...values]) => applyMethod(name, self as Plain, values));
  }
  if (call.of.kind === "name" && call.of.name === "dict") {
    const names = [...call.named.keys()];
    return combine(
      [...call.named.values()].map((value) => fold(value, scope)),
      (values) => Object.fromEntries(names.map((name, index) => [name, values[index] as Plain])),
    );
  }
  return undefined;
}

function applyMethod(name: string, self: Plain, args: Plain[]): Plain | undefined {
  if (typeof self !== "string") return undefined;
  const [first, second] = args;
  switch (name) {
    case "join":
      return Array.isArray(first) ? first.map(textOf).join(self) : typeof first === "string" ? [...first].join(self) : undefined;
    case "replace":
      return typeof first === "string" && typeof second === "string" ? self.replaceAll(first, () => second) : undefined;
    case "format":
      return self.replace(/\{(\d*)(?::(c))?\}/g, (_, index, character) => oneFormatted(args[Number(index || 0)], character));
    case "split":
      return typeof first === "string" && first ? self.split(first) : self.split(/\s+/);
    case "encode":
    case "decode":
    case "strip":
      return name === "strip" ? (typeof first === "string" ? trimOf(self, first) : self.trim()) : self;
    default:
      return caseOf(name, self);
  }
}

function trimOf(text: string, characters: string): string {
  const set = new Set(characters);
  let [start, end] = [0, text.length];
  while (start < end && set.has(text[start] as string)) start++;
  while (end > start && set.has(text[end - 1] as string)) end--;
  return text.slice(start, end);
}

function caseOf(name: string, text: string): string | undefined {
  if (name === "lower") return text.toLowerCase();
  if (name === "upper") return text.toUpperCase();
  if (name === "capitalize") return text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase();
  if (name === "title") return text.toLowerCase().replace(/\b\p{L}/gu, (letter) => letter.toUpperCase());
  if (name === "swapcase") return [...text].map((letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase())).join("");
  return undefined;
}

function applyFilter(name: string, value: Plain, args: Plain[]): Plain | undefined {
  const items = Array.isArray(value) ? value : typeof value === "string" ? [...value] : undefined;
  switch (name) {
    case "join":
      return items?.map(textOf).join(typeof args[0] === "string" ? args[0] : "");
    case "format":
      return typeof value === "string" ? format(value, args) : undefined;
    case "replace":
      return typeof value === "string" ? applyMethod("replace", value, args) : undefined;
    case "reverse":
      return typeof value === "string" ? [...value].reverse().join("") : items && [...items].reverse();
    case "first":
      return items?.[0];
    case "last":
      return items?.at(-1);
    case "list":
      return items ?? (value && typeof value === "object" ? Object.keys(value) : undefined);
    case "sort":
      return items && [...items].sort();
    case "unique":
      return items && [...new Set(items)];
    case "trim":
      return typeof value === "string" ? value.trim() : undefined;
    case "string":
    case "safe":
    case "e":
    case "escape":
      return textOf(value);
    case "int":
      return Number.parseInt(textOf(value), 10) || 0;
    case "default":
    case "d":
      return value;
    case "urlencode":
      return typeof value === "string" ? encodeURIComponent(value) : undefined;
    default:
      return typeof value === "string" ? caseOf(name, value) : undefined;
  }
}

/** Python's `%` formatting, as far as names are made with it. */
function format(pattern: string, args: readonly Plain[]): string {
  let index = 0;
  return pattern.replace(/%(?:\((\w+)\))?[-+ 0#]*\d*(?:\.\d+)?([csdrix%])/g, (_, key, type) => {
    if (type === "%") return "%";
    const first = args[0];
    const value = key !== undefined && first !== null && typeof first === "object" && !Array.isArray(first) ? first[key] : args[index++];
    return oneFormatted(value, type === "c" ? "c" : undefined);
  });
}

function oneFormatted(value: Plain | undefined, character: string | undefined): string {
  if (value === undefined) return "";
  if (character && typeof value === "number" && value >= 0 && value <= 0x10ffff) return String.fromCodePoint(value);
  return textOf(value);
}
