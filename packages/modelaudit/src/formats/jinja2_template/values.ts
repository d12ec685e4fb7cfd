/** A value a template computes from its own literals. */
export type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };

/**
 * What an expression can come to: the values that were computed from the template's own text, and whether the
 * conversation can make it something else. Nothing computed and not `open` means that the template makes it all by itself
 * in a way that is not understood here.
 */
export interface Possible {
  values: readonly Plain[];
  open: boolean;
}

export const UNKNOWN: Possible = { values: [], open: true };
export const OWN: Possible = { values: [], open: false };

/** Texts longer than this are not built: an attribute name is short, and a template could ask for gigabytes. */
export const LONGEST = 64 * 1024;
/** Lists that a template puts together by itself. */
const LONGEST_LIST = 4096;
/** Combinations kept of one expression. */
const MOST = 64;

export const known = (...values: Plain[]): Possible => ({ values, open: false });

/** Any of the alternatives. */
export function either(alternatives: readonly Possible[]): Possible {
  const values = [...new Set(alternatives.flatMap((one) => one.values))].slice(0, MOST);
  return { values, open: alternatives.some(({ open }) => open) };
}

/** Every combination of the operands' values, as far as it can be computed. Of very many operands, each gives its first. */
export function combine(operands: readonly Possible[], apply: (values: Plain[]) => Plain | undefined): Possible {
  const open = operands.some((one) => one.open);
  if (operands.some(({ values }) => !values.length)) return { values: [], open };
  const wide = operands.length > MOST;
  let rows: Plain[][] = [[]];
  if (wide || operands.every(({ values }) => values.length === 1)) rows = [operands.map(({ values }) => values[0] as Plain)];
  else for (const { values } of operands) rows = extended(rows, values);
  const results = rows
    .map(apply)
    .filter((value) => value !== undefined && !((typeof value === "string" || Array.isArray(value)) && value.length > LONGEST));
  return { values: results as Plain[], open };
}

function extended(rows: readonly Plain[][], values: readonly Plain[]): Plain[][] {
  const longer: Plain[][] = [];
  for (const row of rows) for (const value of values) if (longer.length < MOST) longer.push([...row, value]);
  return longer;
}

/** What of each value: of lists their items, and so on. */
export function each({ values, open }: Possible, parts: (value: Plain) => readonly Plain[]): Possible {
  return { values: values.flatMap(parts).slice(0, MOST), open };
}

export function isObject(value: Plain | undefined): value is { [key: string]: Plain } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What going through a value gives: characters, items, or keys. */
export function itemsOf(value: Plain | undefined): Plain[] | undefined {
  if (Array.isArray(value)) return value;
  if (typeof value === "string") return [...value];
  return isObject(value) ? Object.keys(value) : undefined;
}

export function lookUp(of: Plain, key: Plain): Plain | undefined {
  if (typeof of === "string" || Array.isArray(of)) return typeof key === "number" ? of.at(key) : undefined;
  return isObject(of) && Object.hasOwn(of, String(key)) ? of[String(key)] : undefined;
}

/** `of[start:end:step]`. */
export function cut(of: Plain, [start, end, step]: (Plain | undefined)[]): Plain | undefined {
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

/** A value as Python's `str` shows it. */
export function textOf(value: Plain): string {
  return typeof value === "string" ? value : shown(value);
}

/** A value as Python's `repr` shows it: letters can be taken out of it. */
function shown(value: Plain): string {
  if (typeof value === "string") return value.includes("'") && !value.includes('"') ? `"${value}"` : `'${value}'`;
  if (Array.isArray(value)) return `[${value.map(shown).join(", ")}]`;
  if (isObject(value))
    return `{${Object.entries(value)
      .map(([key, inner]) => `'${key}': ${shown(inner)}`)
      .join(", ")}}`;
  return value === null ? "None" : typeof value === "boolean" ? (value ? "True" : "False") : String(value);
}

/** Unary and binary operators. */
export function operate(sign: string, left: Plain, right: Plain): Plain | undefined {
  if (sign === "~") return textOf(left) + textOf(right);
  if (sign === "+" && typeof left === "string" && typeof right === "string") return left + right;
  if (sign === "+" && Array.isArray(left) && Array.isArray(right)) return left.length + right.length > LONGEST_LIST ? undefined : [...left, ...right];
  if (sign === "*" && (typeof left !== "number" || typeof right !== "number")) {
    const [of, times] = typeof right === "number" ? [left, right] : [right, left];
    if (typeof times !== "number" || (typeof of !== "string" && !Array.isArray(of)) || of.length * times > LONGEST) return undefined;
    return typeof of === "string" ? of.repeat(Math.max(0, times)) : Array.from({ length: Math.max(0, times) }, () => of).flat();
  }
  if (typeof left !== "number" || typeof right !== "number") return undefined;
  const modulo = left - right * Math.floor(left / right);
  return {
    "+": left + right,
    "-": left - right,
    "*": left * right,
    "/": left / right,
    "//": Math.floor(left / right),
    "%": modulo,
    "**": left ** right,
  }[sign];
}
