import { reachesOutside } from "../../detectors/python-bytecode/judge-code.js";
import { readCode } from "../../detectors/python-bytecode/marshal.js";
import type { Work } from "../../engine/work.js";
import { fromBase64 } from "./base64.js";
import { judgeSymbol } from "./symbols.js";

/** A Lambda layer: `[base64 bytecode, defaults, closure]` in H5, a nested `__lambda__` in version 3, or a named function. */
export function* judgeLambda(settings: Readonly<Record<string, unknown>>, at: string, trust: readonly string[]): Work<void> {
  for (const key of ["function", "output_shape", "mask"]) {
    const value = settings[key];
    const type = settings[`${key}_type`];
    const module = settings[key === "function" ? "module" : `${key}_module`];
    const place = `${at}.${key}`;
    const code = codeOf(value);
    // An output shape is a list of numbers as a rule; a nested object is judged by itself.
    if (code !== undefined && (key === "function" || type === "lambda" || Array.isArray(value))) yield* judgeCode(code, place);
    else if (typeof value === "string" && type === "lambda") yield* judgeCode(value, place);
    else if (typeof value === "string" && (key === "function" || type === "function")) {
      const severity = typeof module === "string" && judgeSymbol(module, value, true, trust)?.severity === "critical" ? "critical" : "warning";
      const named = `${typeof module === "string" ? `${module}.` : ""}${value}`;
      yield { kind: "finding", rule: "S1103", severity, args: { detail: `it names the function ${named}` }, at: place };
    }
  }
}

/** The bytecode of `[code, defaults, closure]`, also when the list is written as a tuple object. */
function codeOf(value: unknown): string | undefined {
  const tuple = value as { class_name?: unknown; items?: unknown; config?: { value?: unknown } } | null | undefined;
  const items = Array.isArray(value) ? value : tuple?.class_name === "__tuple__" ? (tuple.items ?? tuple.config?.value) : undefined;
  return Array.isArray(items) && typeof items[0] === "string" ? items[0] : undefined;
}

/** Marshalled bytecode in base64: critical when it reaches outside of computing, or cannot be read. */
export function* judgeCode(encoded: unknown, at: string): Work<void> {
  const bytes = typeof encoded === "string" ? fromBase64(encoded) : undefined;
  const code = bytes && readCode(bytes);
  if (!code) {
    yield { kind: "finding", rule: "S1103", severity: "critical", args: { detail: "its bytecode is of no known Python version or disguised" }, at };
    return;
  }
  const reached = reachesOutside(code);
  yield {
    kind: "finding",
    rule: "S1103",
    severity: reached.length ? "critical" : "warning",
    args: { detail: reached.length ? `it uses ${reached.slice(0, 10).join(", ")}` : "it seems only to compute" },
    at,
    details: { names: code.names.slice(0, 100), texts: code.texts.slice(0, 20) },
  };
}
