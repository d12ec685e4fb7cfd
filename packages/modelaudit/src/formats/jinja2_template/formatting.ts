import { LONGEST, type Plain, isObject, lookUp, textOf } from "./values.js";

/** Arguments of a call as they are given: by place, and by name. */
export type Named = Readonly<Record<string, Plain>>;

/** `fill align sign # 0 width , .precision type`, as in `{:_^10}`. */
const SPEC = /^(?:([\s\S])?([<>=^]))?[-+ ]?#?(0)?(\d*)[,_]?(?:\.(\d+))?([a-zA-Z%]?)$/;

/** Text in a field of a width, as both kinds of formatting and the methods for padding make it. */
export function pad(text: string, width: number, side: string, fill = " "): string | undefined {
  const missing = width - text.length;
  if (missing <= 0) return text;
  if (width > LONGEST) return undefined;
  const left = side === ">" || side === "=" ? missing : side === "^" ? Math.floor(missing / 2) : 0;
  return fill.repeat(left) + text + fill.repeat(missing - left);
}

function inField(value: Plain | undefined, spec: string): string {
  const [, fill, align, zero, width, precision, type] = SPEC.exec(spec) ?? [];
  let text = value === undefined ? "" : textOf(value);
  if (typeof value === "number" && type && value >= 0 && value <= 0x10ffff) {
    if (type === "c") text = String.fromCodePoint(value);
    else if (/[xXob]/.test(type)) text = value.toString({ x: 16, X: 16, o: 8, b: 2 }[type]);
  }
  if (precision && typeof value !== "number") text = text.slice(0, Number(precision));
  return pad(text, Number(width || 0), align ?? (typeof value === "number" ? ">" : "<"), fill ?? (zero ? "0" : " ")) ?? text;
}

/** `"{0}{name}{:c}{0[0]}{0.a:>5}".format(...)`. */
export function formatFields(pattern: string, args: readonly Plain[], named: Named): string {
  let next = 0;
  const fieldOf = (path: string): Plain | undefined => {
    const [field = "", ...steps] = path.split(/\.|\[|\]\.?/).filter((part, index) => part || index === 0);
    let value = /^\d*$/.test(field) ? args[field === "" ? next++ : Number(field)] : named[field];
    for (const step of steps) value = value === undefined ? undefined : lookUp(value, /^\d+$/.test(step) ? Number(step) : step);
    return value;
  };
  return pattern.replace(/\{\{|\}\}|\{([^{}!:]*)(?:!([rsa]))?(?::((?:[^{}]|\{[^{}]*\})*))?\}/g, (whole, path, conversion, spec) => {
    if (path === undefined) return whole[0] as string;
    const value = fieldOf(path);
    const how = (spec ?? "").replace(/\{([^{}]*)\}/g, (_: string, inner: string) => textOf(fieldOf(inner) ?? ""));
    return inField(conversion === "r" && value !== undefined ? textOf([value]).slice(1, -1) : value, how);
  });
}

/** Python's `%` formatting. */
export function formatPercent(pattern: string, args: readonly Plain[], named: Named): string {
  let index = 0;
  const [first] = args;
  return pattern.replace(/%(?:\((\w+)\))?([-+ 0#]*)(\d*|\*)(?:\.(\d+))?([a-zA-Z%])/g, (_, key, flags, width, precision, type) => {
    if (type === "%") return "%";
    const of = isObject(first) ? first : named;
    const columns = width === "*" ? textOf(args[index++] ?? "") : width;
    const value = key !== undefined ? of[key] : args[index++];
    const how = typeof value === "number" && /[cxXo]/.test(type) ? type : "";
    const side = flags.includes("-") ? "<" : ">";
    return inField(
      type === "r" && value !== undefined ? textOf([value]).slice(1, -1) : value,
      `${side}${flags.includes("0") ? "0" : ""}${columns}${precision ? `.${precision}` : ""}${how}`,
    );
  });
}
