import { type Named, formatFields, formatPercent, pad } from "./formatting.js";
import { LONGEST, type Plain, isObject, itemsOf, lookUp, textOf } from "./values.js";

type OnText = (text: string, args: readonly Plain[], named: Named) => Plain | undefined;
type OnAny = (value: Plain, args: readonly Plain[], named: Named) => Plain | undefined;

const lower: OnText = (text) => text.toLowerCase();
const identity: OnText = (text) => text;
const padded =
  (side: string): OnText =>
  (text, [width, fill]) =>
    pad(text, typeof width === "number" ? width : 0, side, typeof fill === "string" ? fill.slice(0, 1) : " ");
const stripped =
  (left: boolean, right: boolean): OnText =>
  (text, [characters]) => {
    const inSet = (letter: string) => (typeof characters === "string" ? characters.includes(letter) : /\s/.test(letter));
    let [start, end] = [0, text.length];
    while (left && start < end && inSet(text[start] as string)) start++;
    while (right && end > start && inSet(text[end - 1] as string)) end--;
    return text.slice(start, end);
  };
const parted =
  (from: "indexOf" | "lastIndexOf"): OnText =>
  (text, [mark]) => {
    if (typeof mark !== "string" || !mark) return undefined;
    const at = text[from](mark);
    if (at < 0) return from === "indexOf" ? [text, "", ""] : ["", "", text];
    return [text.slice(0, at), mark, text.slice(at + mark.length)];
  };
const split: OnText = (text, [mark, most]) => {
  const parts = typeof mark === "string" && mark ? text.split(mark) : text.trim().split(/\s+/);
  if (typeof most !== "number" || most < 0 || parts.length <= most + 1 || typeof mark !== "string") return parts;
  return [...parts.slice(0, most), parts.slice(most).join(mark)];
};

/** What methods and filters of the same name do alike. */
const TEXT: Readonly<Record<string, OnText>> = {
  lower,
  casefold: lower,
  upper: (text) => text.toUpperCase(),
  capitalize: (text) => text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase(),
  title: (text) => text.toLowerCase().replace(/(?:^|[-\s({[<])./gsu, (start) => start.toUpperCase()),
  swapcase: (text) => [...text].map((letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase())).join(""),
  replace: (text, [from, to, times]) => {
    if (typeof from !== "string" || typeof to !== "string") return undefined;
    if (typeof times === "number" && times > 0) return text.split(from).reduce((whole, part, i) => whole + (i <= times ? to : from) + part);
    return text.length * (to.length + 1) > LONGEST * 64 ? undefined : text.replaceAll(from, () => to);
  },
  center: (text, [width, fill]) => {
    // Python puts the odd space in front when the width is odd.
    const columns = typeof width === "number" ? width : 80;
    const missing = Math.max(0, columns - text.length);
    const left = Math.floor(missing / 2) + (missing & columns & 1);
    const sign = typeof fill === "string" ? fill.slice(0, 1) : " ";
    return columns > LONGEST ? undefined : sign.repeat(left) + text + sign.repeat(missing - left);
  },
  striptags: (text) => text.replace(/<[^>]*>/g, ""),
  indent: identity,
  wordwrap: identity,
  urlencode: (text) => encodeURIComponent(text).replaceAll("%2F", "/"),
  urldecode: (text) => text.replace(/%([\da-fA-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
  truncate: (text, [length]) => (typeof length === "number" ? text.slice(0, length) : text),
};

const TEXT_METHODS: Readonly<Record<string, OnText>> = {
  ...TEXT,
  title: (text) => text.toLowerCase().replace(/(?<!\p{L})\p{L}/gu, (letter) => letter.toUpperCase()),
  ljust: padded("<"),
  rjust: padded(">"),
  zfill: (text, [width]) => pad(text, typeof width === "number" ? width : 0, ">", "0"),
  strip: stripped(true, true),
  lstrip: stripped(true, false),
  rstrip: stripped(false, true),
  partition: parted("indexOf"),
  rpartition: parted("lastIndexOf"),
  split,
  rsplit: (text, [mark, most]) => {
    const parts = split(text, [mark ?? null], {}) as string[];
    if (typeof most !== "number" || typeof mark !== "string" || parts.length <= most + 1) return parts;
    return [parts.slice(0, parts.length - most).join(mark), ...parts.slice(parts.length - most)];
  },
  splitlines: (text) => text.split(/\r\n|\r|\n/),
  removeprefix: (text, [start]) => (typeof start === "string" && text.startsWith(start) ? text.slice(start.length) : text),
  removesuffix: (text, [end]) => (typeof end === "string" && end && text.endsWith(end) ? text.slice(0, -end.length) : text),
  join: (text, [items]) => itemsOf(items)?.map(textOf).join(text),
  format: formatFields,
  format_map: (text, [values]) => formatFields(text, [], isObject(values) ? values : {}),
  translate: (text, [table]) => translate(text, table),
  maketrans: (_, [from, to]) => {
    if (isObject(from)) return from;
    if (typeof from !== "string" || typeof to !== "string") return undefined;
    return Object.fromEntries([...from].map((letter, i) => [String(letter.codePointAt(0)), [...to][i] ?? ""]));
  },
  expandtabs: identity,
  encode: identity,
  decode: identity,
  __add__: (text, [more]) => (typeof more === "string" ? text + more : undefined),
  __mod__: (text, [values]) => formatPercent(text, Array.isArray(values) ? values : [values ?? null], {}),
  __str__: identity,
};

/** `translate({98: "x"})`: characters by their numbers. */
function translate(text: string, table: Plain | undefined): string | undefined {
  if (!isObject(table)) return undefined;
  const changed = [...text].map((letter) => {
    const to = table[String(letter.codePointAt(0))];
    if (to === undefined) return letter;
    return typeof to === "number" ? String.fromCodePoint(Math.min(Math.max(to, 0), 0x10ffff)) : to === null ? "" : textOf(to);
  });
  return changed.join("");
}

export function callMethod(name: string, self: Plain, args: readonly Plain[], named: Named): Plain | undefined {
  if (typeof self === "string") return Object.hasOwn(TEXT_METHODS, name) ? TEXT_METHODS[name]?.(self, args, named) : undefined;
  if (Array.isArray(self)) return name === "pop" ? self.at(typeof args[0] === "number" ? args[0] : -1) : name === "copy" ? self : undefined;
  if (!isObject(self)) return undefined;
  switch (name) {
    case "keys":
      return Object.keys(self);
    case "values":
      return Object.values(self);
    case "items":
      return Object.entries(self);
    case "popitem":
      return Object.entries(self).at(-1);
    case "copy":
      return self;
    case "get":
    case "pop":
    case "setdefault":
      return lookUp(self, args[0] ?? null) ?? args[1];
    default:
      return undefined;
  }
}

/** `map(attribute=…)` and its like: a dotted path, step by step. */
function attributeOf(value: Plain, path: Plain | undefined): Plain | undefined {
  if (typeof path !== "string") return typeof path === "number" ? lookUp(value, path) : undefined;
  let at: Plain | undefined = value;
  for (const step of path.split(".")) at = at === undefined ? undefined : lookUp(at, /^\d+$/.test(step) && !isObject(at) ? Number(step) : step);
  return at;
}

const onItems =
  (apply: (items: Plain[], args: readonly Plain[], named: Named) => Plain | undefined): OnAny =>
  (value, args, named) => {
    const items = itemsOf(value);
    return items && apply(items, args, named);
  };
/** Sorted as Jinja sorts: capital letters count as small ones. */
const ordered = (items: readonly Plain[], key: (one: Plain) => Plain): Plain[] =>
  [...items].sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    if (typeof x === "number" && typeof y === "number") return x - y;
    const [one, other] = [textOf(x).toLowerCase(), textOf(y).toLowerCase()];
    return one < other ? -1 : one > other ? 1 : 0;
  });
const pairs: OnAny = (value) => (isObject(value) ? Object.entries(value) : undefined);
const asText: OnAny = (value) => textOf(value);
const kept = onItems((items) => items);
const extreme = (end: 0 | -1) =>
  onItems((items, _, { attribute }) => ordered(items, (one) => (attribute === undefined ? one : (attributeOf(one, attribute) ?? ""))).at(end));

const FILTERS: Readonly<Record<string, OnAny>> = {
  join: onItems((items, [between, by], { attribute = by as Plain, d = between }) =>
    items.map((one) => textOf(attribute === undefined ? one : (attributeOf(one, attribute) ?? ""))).join(d === undefined ? "" : textOf(d)),
  ),
  format: (value, args, named) => (typeof value === "string" ? formatPercent(value, args, named) : undefined),
  reverse: (value) => {
    const items = itemsOf(value)?.slice().reverse();
    return typeof value === "string" ? items?.join("") : items;
  },
  first: onItems((items) => items[0]),
  last: onItems((items) => items.at(-1)),
  list: kept,
  select: kept,
  reject: kept,
  selectattr: kept,
  rejectattr: kept,
  sort: onItems((items, [down], { reverse = down as Plain, attribute }) => {
    const sorted = ordered(items, (one) => (attribute === undefined ? one : (attributeOf(one, attribute) ?? "")));
    return reverse === true ? sorted.reverse() : sorted;
  }),
  unique: onItems((items) => {
    const keys = items.map((one) => (typeof one === "string" ? one.toLowerCase() : one));
    return items.filter((_, i) => keys.indexOf(keys[i] as Plain) === i);
  }),
  groupby: onItems((items, [by], { attribute = by as Plain }) => items.map((one) => [attributeOf(one, attribute) ?? null, [one]])),
  max: extreme(-1),
  min: extreme(0),
  batch: onItems((items, [size]) => groups(items, typeof size === "number" ? size : items.length)),
  slice: onItems((items, [count]) => groups(items, Math.ceil(items.length / (typeof count === "number" && count > 0 ? count : 1)))),
  sum: onItems((items, [by], { attribute = by as Plain }) => {
    const values = attribute === undefined || attribute === null ? items : items.map((one) => attributeOf(one, attribute) ?? "");
    if (values.every((one) => Array.isArray(one))) return values.flat() as Plain[];
    return values.every((one) => typeof one === "number") ? (values as number[]).reduce((a, b) => a + b, 0) : values.map(textOf).join("");
  }),
  map: onItems((items, [filter, ...args], named) => {
    const by = named["attribute"];
    const mapped = items.map((one) =>
      by !== undefined ? attributeOf(one, by) : typeof filter === "string" ? applyFilter(filter, one, args, named) : undefined,
    );
    return mapped.every((one) => one !== undefined) ? (mapped as Plain[]) : undefined;
  }),
  attr: (value, [name]) => (name === undefined ? undefined : lookUp(value, name)),
  items: pairs,
  dictsort: (value) => (isObject(value) ? ordered(Object.entries(value), (one) => (one as Plain[])[0] as Plain) : undefined),
  string: asText,
  safe: asText,
  e: asText,
  escape: asText,
  forceescape: asText,
  tojson: (value) => jsonOf(value),
  int: (value) => Number.parseInt(textOf(value), 10) || 0,
  length: onItems((items) => items.length),
  count: onItems((items) => items.length),
  round: (value, [digits]) =>
    typeof value === "number" ? Number(value.toFixed(typeof digits === "number" && digits >= 0 && digits < 20 ? digits : 0)) : undefined,
  abs: (value) => (typeof value === "number" ? Math.abs(value) : undefined),
  trim: (value, args, named) => (typeof value === "string" ? stripped(true, true)(value, args, named) : undefined),
};

/** As Jinja writes it, with spaces, and with signs of HTML escaped. */
function jsonOf(value: Plain): string {
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(", ")}]`;
  if (isObject(value))
    return `{${Object.entries(value)
      .map(([key, inner]) => `${jsonOf(key)}: ${jsonOf(inner)}`)
      .join(", ")}}`;
  return JSON.stringify(value).replace(/[<>&']/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
}

function groups(items: readonly Plain[], size: number): Plain[] {
  return Array.from({ length: Math.ceil(items.length / Math.max(1, size)) }, (_, i) => items.slice(i * size, (i + 1) * size));
}

export function applyFilter(name: string, value: Plain, args: readonly Plain[], named: Named): Plain | undefined {
  if (Object.hasOwn(FILTERS, name)) return FILTERS[name]?.(value, args, named);
  return typeof value === "string" && Object.hasOwn(TEXT, name) ? TEXT[name]?.(value, args, named) : undefined;
}
