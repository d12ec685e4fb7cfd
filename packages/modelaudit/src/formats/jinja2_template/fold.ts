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
      if (expression.name === "default" || expression.name === "d") {
        return either([expression.of && fold(expression.of, scope), expression.args[0] && fold(expression.args[0], scope)]);
      }
      const of = expression.of ? fold(expression.of, scope) : undefined;
      const named = [...expression.named.values()].map((value) => fold(value, scope));
      const [names, plain] = [[...expression.named.keys()], expression.args.length];
      return combine([of, ...expression.args.map((arg) => fold(arg, scope)), ...named], ([value, ...args]) =>
        applyFilter(expression.name, value as Plain, withNamed(args, plain, names)),
      );
    }
    case "test":
      return undefined;
    case "unary":
      return combine([fold(expression.of, scope)], ([of]) =>
        expression.sign === "not" ? !of : typeof of === "number" ? (expression.sign === "-" ? -of : of) : undefined,
      );
    case "binary":
      // Which of the two it is depends on the conversation, and either may be a hidden name.
      if (expression.sign === "or" || expression.sign === "and") return either([fold(expression.left, scope), fold(expression.right, scope)]);
      return combine([fold(expression.left, scope), fold(expression.right, scope)], ([left, right]) =>
        operate(expression.sign, left as Plain, right as Plain),
      );
    case "choice": {
      return either([fold(expression.yes, scope), expression.no ? fold(expression.no, scope) : [""]]);
    }
  }
}

/** All values that any of the alternatives can have; an unknown one adds nothing. */
function either(alternatives: readonly Possible[]): Possible {
  const known = alternatives.flatMap((one) => one ?? []);
  return known.length ? known.slice(0, MOST) : undefined;
}

/** Arguments as text formatting takes them: those given by name come last, as one object. */
function withNamed(args: Plain[], plain: number, names: readonly string[]): Plain[] {
  if (!names.length) return args;
  return [...args.slice(0, plain), Object.fromEntries(names.map((name, index) => [name, args[plain + index] as Plain]))];
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
  const args = [...call.args, ...call.named.values()].map((arg) => fold(arg, scope));
  const [names, plain] = [[...call.named.keys()], call.args.length];
  if (call.of.kind === "attribute") {
    const { name, of } = call.of;
    // A cycler gives what it was made of.
    if ((name === "next" || name === "current") && of.kind === "call") return either(of.args.map((arg) => fold(arg, scope)));
    return combine([fold(of, scope), ...args], ([self, ...values]) => applyMethod(name, self as Plain, withNamed(values, plain, names)));
  }
  if (call.of.kind === "call") return either(call.of.args.map((arg) => fold(arg, scope)));
  if (call.of.kind !== "name") return undefined;
  // What only names the key of an object need not have a known value.
  if (call.of.name === "dict") return [Object.fromEntries(names.map((name, index) => [name, args[plain + index]?.[0] ?? null]))];
  return scope.get(`${call.of.name}()`);
}

function applyMethod(name: string, self: Plain, args: Plain[]): Plain | undefined {
  if (typeof self !== "string") return methodOfGroup(name, self, args);
  const [first, second] = args;
  switch (name) {
    case "join":
      return Array.isArray(first) ? first.map(textOf).join(self) : typeof first === "string" ? [...first].join(self) : undefined;
    case "replace":
      return typeof first === "string" && typeof second === "string" ? self.replaceAll(first, () => second) : undefined;
    case "format":
      return formatFields(self, args);
    case "split":
      return typeof first === "string" && first ? self.split(first) : self.split(/\s+/);
    case "rsplit":
      return typeof first === "string" && first ? self.split(first) : self.split(/\s+/);
    case "splitlines":
      return self.split("\n");
    case "partition":
    case "rpartition":
      return typeof first === "string" && first && self.includes(first)
        ? [self.slice(0, self.indexOf(first)), first, self.slice(self.indexOf(first) + first.length)]
        : [self, "", ""];
    case "removeprefix":
      return typeof first === "string" && self.startsWith(first) ? self.slice(first.length) : self;
    case "removesuffix":
      return typeof first === "string" && self.endsWith(first) ? self.slice(0, self.length - first.length) : self;
    case "translate":
      return translate(self, first);
    case "__add__":
      return typeof first === "string" ? self + first : undefined;
    case "center":
    case "ljust":
    case "rjust":
    case "zfill":
    case "expandtabs":
    case "casefold":
    case "encode":
    case "decode":
    case "lstrip":
    case "rstrip":
    case "strip":
      return /strip$/.test(name) ? (typeof first === "string" ? trimOf(self, first) : self.trim()) : self;
    default:
      return caseOf(name, self);
  }
}

/** Objects give their keys, values or pairs; lists what stands in them. */
function methodOfGroup(name: string, self: Plain, args: Plain[]): Plain | undefined {
  if (self === null || typeof self !== "object") return undefined;
  if (Array.isArray(self)) return name === "pop" ? self.at(typeof args[0] === "number" ? args[0] : -1) : undefined;
  if (name === "keys") return Object.keys(self);
  if (name === "values") return Object.values(self);
  if (name === "items") return Object.entries(self);
  return name === "get" || name === "pop" ? lookUp(self, args[0] ?? null) : undefined;
}

/** `"{0}{name}{:c}{0[0]}".format(...)`, as far as names are made with it. */
function formatFields(pattern: string, args: readonly Plain[]): string {
  let next = 0;
  return pattern.replace(/\{(\w*)(?:\[(\w+)\])?(?:!\w)?(?::([^{}]*))?\}/g, (_, field, inside, how) => {
    const named = args.at(-1);
    const whole = /^\d*$/.test(field)
      ? args[field === "" ? next++ : Number(field)]
      : named !== null && typeof named === "object" && !Array.isArray(named)
        ? named[field]
        : undefined;
    const value = inside === undefined || whole === undefined ? whole : lookUp(whole, /^\d+$/.test(inside) ? Number(inside) : inside);
    return oneFormatted(value, typeof how === "string" && how.endsWith("c") ? "c" : undefined);
  });
}

/** `translate({98: "x"})`: characters by their numbers. */
function translate(text: string, table: Plain | undefined): string | undefined {
  if (table === null || typeof table !== "object" || Array.isArray(table)) return undefined;
  return [...text]
    .map((letter) => {
      const to = table[String(letter.codePointAt(0))];
      return to === undefined
        ? letter
        : typeof to === "number"
          ? String.fromCodePoint(Math.min(Math.max(to, 0), 0x10ffff))
          : to === null
            ? ""
            : textOf(to);
    })
    .join("");
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
  // Going through an object gives its keys.
  const items = Array.isArray(value)
    ? value
    : typeof value === "string"
      ? [...value]
      : value !== null && typeof value === "object"
        ? Object.keys(value)
        : undefined;
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
      return typeof value === "string" ? (typeof args[0] === "string" ? trimOf(value, args[0]) : value.trim()) : undefined;
    case "random":
    case "max":
    case "min":
      // Any of them; the longest is the likeliest to be a name.
      return items?.reduce((best, one) => (textOf(one).length > textOf(best).length ? one : best), "" as Plain);
    case "select":
    case "reject":
      return items;
    case "map":
      return typeof args[0] === "string" && args[0] !== "attr"
        ? items?.map((one) => applyFilter(args[0] as string, one, args.slice(1)) ?? one)
        : undefined;
    case "batch":
    case "slice":
      return items && [items];
    case "sum":
      return items?.every((one) => typeof one === "string") ? items.join("") : undefined;
    case "items":
    case "dictsort":
      return value !== null && typeof value === "object" && !Array.isArray(value) ? Object.entries(value) : undefined;
    case "truncate":
      return typeof value === "string" && typeof args[0] === "number" ? value.slice(0, args[0]) : undefined;
    case "striptags":
      return typeof value === "string" ? value.replace(/<[^>]*>/g, "") : undefined;
    case "center":
    case "indent":
    case "wordwrap":
    case "forceescape":
      return value;
    case "string":
    case "safe":
    case "e":
    case "escape":
      return textOf(value);
    case "int":
      return Number.parseInt(textOf(value), 10) || 0;
    case "urldecode":
      return typeof value === "string" ? unescapePercent(value) : undefined;
    case "urlencode":
      return typeof value === "string" ? encodeURIComponent(value) : undefined;
    default:
      return typeof value === "string" ? caseOf(name, value) : undefined;
  }
}

function unescapePercent(text: string): string {
  return text.replace(/%([\da-fA-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Python's `%` formatting, as far as names are made with it. */
function format(pattern: string, args: readonly Plain[]): string {
  let index = 0;
  return pattern.replace(/%(?:\((\w+)\))?[-+ 0#]*\d*(?:\.\d+)?([csdrix%])/g, (_, key, type) => {
    if (type === "%") return "%";
    const first = args.at(-1) ?? null;
    const value = key !== undefined && first !== null && typeof first === "object" && !Array.isArray(first) ? first[key] : args[index++];
    return oneFormatted(value, type === "c" ? "c" : undefined);
  });
}

function oneFormatted(value: Plain | undefined, character: string | undefined): string {
  if (value === undefined) return "";
  if (character && typeof value === "number" && value >= 0 && value <= 0x10ffff) return String.fromCodePoint(value);
  return textOf(value);
}
