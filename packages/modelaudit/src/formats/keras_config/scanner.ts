import { reachesOutside } from "../../detectors/python-bytecode/judge-code.js";
import { readCode } from "../../detectors/python-bytecode/marshal.js";
import type { Scanner } from "../../engine/format.js";
import { LimitExceeded } from "../../engine/errors.js";
import { type Work, child, read } from "../../engine/work.js";
import { bytesReader } from "../../io/reader.js";
import { parseJson } from "../../io/json.js";
import { judgeSymbol, judgeTensorflowOp } from "./symbols.js";

/** Configs of the largest published models take some 20 MB. */
const LONGEST = 64 * 2 ** 20;
/** Objects in a config; a model of 10,000 layers has some 200,000. */
const MOST_NODES = 5_000_000;
/** Layers that look a vocabulary up; a list of words is normal, a path is a file of the machine. */
const LOOKUPS: ReadonlySet<string> = new Set(["StringLookup", "IntegerLookup", "TextVectorization", "IndexLookup"]);
const OUTSIDE = /^(?:[a-z][a-z0-9+.-]*:\/\/|[\\/~]|[A-Za-z]:[\\/])|(?:^|[\\/])\.\.(?:[\\/]|$)/i;

type Json = Record<string, unknown>;

export const scanner: Scanner = {
  version: 1,
  *scan({ reader }, { policy }) {
    if (reader.size > LONGEST) throw new LimitExceeded("config-length", reader.size);
    const { value, problem, duplicates } = parseJson(new TextDecoder().decode(yield* read(reader, 0, reader.size)));
    if (problem !== undefined) {
      yield { kind: "finding", rule: "S902", args: { format: "Keras config", problem } };
      return;
    }
    for (const key of duplicates) {
      if (key === "class_name" || key === "module" || key === "config") {
        yield { kind: "finding", rule: "S902", args: { format: "Keras config", problem: `the key "${key}" stands twice in one object` }, at: key };
      }
    }
    yield* walk(value, policy.trust);
  },
};

/** Every object of the config, wherever it is nested: layers, cells, call arguments, compile settings. */
function* walk(root: unknown, trust: readonly string[]): Work<void> {
  const pending: { node: unknown; at: string }[] = [{ node: root, at: "" }];
  const classes = new Set<string>();
  let count = 0;
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { node, at } = next;
    if (typeof node !== "object" || node === null) continue;
    if (++count > MOST_NODES) throw new LimitExceeded("config-nodes", count);
    if (!Array.isArray(node)) {
      const object = node as Json;
      if (typeof object["class_name"] === "string") {
        classes.add(object["class_name"]);
        yield* judgeObject(object, object["class_name"], at, trust);
      }
    }
    for (const [key, inner] of Object.entries(node)) {
      if (typeof inner === "object" && inner !== null)
        pending.push({ node: inner, at: Array.isArray(node) ? `${at}[${key}]` : at ? `${at}.${key}` : key });
    }
  }
  yield { kind: "metadata", key: "classes", value: [...classes].sort() };
}

function* judgeObject(object: Json, className: string, at: string, trust: readonly string[]): Work<void> {
  const config = object["config"];
  const settings = (typeof config === "object" && config !== null ? config : {}) as Json;
  const plainName = className.includes(">") ? className.slice(className.indexOf(">") + 1) : className;
  if (className === "__lambda__") return yield* judgeCode(settings["code"], at);
  if (className === "function") return yield* judgeFunction(object, at, trust);
  if (plainName === "Lambda") yield* judgeLambda(settings, at, trust);
  if (plainName === "TFOpLambda" || plainName === "SlicingOpLambda" || plainName === "TensorFlowOpLayer") yield* judgeOp(settings, at);
  if (LOOKUPS.has(plainName) && typeof settings["vocabulary"] === "string") yield* outsideFile(settings["vocabulary"], plainName, at);
  if (plainName === "TFSMLayer" && typeof settings["filepath"] === "string") yield* outsideFile(settings["filepath"], plainName, at);
  if (plainName === "TorchModuleWrapper") yield* judgeTorchModule(settings, at);
  const module = object["module"];
  if (typeof module === "string" && !className.startsWith("__")) {
    const verdict = judgeSymbol(module, className, false, trust);
    if (verdict)
      yield { kind: "finding", rule: "S1400", severity: verdict.severity, args: { symbol: `${module}.${className}`, effect: verdict.effect }, at };
  }
}

/** `{class_name: "function", module, config: name}`: the loader imports the module and takes the name out of it. */
function* judgeFunction(object: Json, at: string, trust: readonly string[]): Work<void> {
  const { module, config } = object;
  const name = typeof config === "string" ? config : typeof object["registered_name"] === "string" ? object["registered_name"] : undefined;
  if (typeof module !== "string" || name === undefined) return;
  const verdict = judgeSymbol(module, name, true, trust);
  if (verdict)
    yield { kind: "finding", rule: "S1400", severity: verdict.severity, args: { symbol: `${module}.${name}`, effect: verdict.effect }, at };
}

/** A Lambda layer: `[base64 bytecode, defaults, closure]` in H5, a nested `__lambda__` in version 3, or a named function. */
function* judgeLambda(settings: Json, at: string, trust: readonly string[]): Work<void> {
  for (const key of ["function", "output_shape", "mask"]) {
    const value = settings[key];
    const type = settings[key === "function" ? "function_type" : `${key}_type`];
    if (Array.isArray(value) && typeof value[0] === "string" && (key === "function" || type === "lambda")) yield* judgeCode(value[0], `${at}.${key}`);
    else if (typeof value === "string" && (key === "function" || type === "function")) {
      const module = settings[key === "function" ? "module" : `${key}_module`];
      if (type === "lambda") {
        yield* judgeCode(value, `${at}.${key}`);
        continue;
      }
      const verdict = typeof module === "string" ? judgeSymbol(module, value, true, trust) : undefined;
      const severity = verdict?.severity === "critical" ? "critical" : "warning";
      yield {
        kind: "finding",
        rule: "S1103",
        severity,
        args: { detail: `it names the function ${typeof module === "string" ? `${module}.` : ""}${value}` },
        at: `${at}.${key}`,
      };
    }
  }
}

/** Marshalled bytecode in base64: critical when it reaches outside of computing, or cannot be read. */
function* judgeCode(encoded: unknown, at: string): Work<void> {
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

function* judgeOp(settings: Json, at: string): Work<void> {
  const symbol = settings["function"] ?? settings["node_def"];
  const verdict = typeof symbol === "string" ? judgeTensorflowOp(symbol) : undefined;
  if (verdict)
    yield { kind: "finding", rule: "S1400", severity: verdict.severity, args: { symbol: String(symbol).slice(0, 100), effect: verdict.effect }, at };
}

function* outsideFile(path: string, layer: string, at: string): Work<void> {
  yield { kind: "finding", rule: "S1401", severity: OUTSIDE.test(path) ? "critical" : "warning", args: { path, layer }, at };
}

function* judgeTorchModule(settings: Json, at: string): Work<void> {
  yield { kind: "finding", rule: "S1402", args: {}, at };
  const module = settings["module"];
  const encoded = typeof module === "object" && module !== null ? ((module as Json)["config"] as Json | undefined)?.["value"] : module;
  const bytes = typeof encoded === "string" ? fromBase64(encoded) : undefined;
  if (bytes) yield* child({ name: `${at}.module`, reader: bytesReader(bytes), hints: { loader: "torch" } });
}

/** Standard or URL-safe base64 with any white space; undefined when it is none. */
function fromBase64(text: string): Uint8Array | undefined {
  try {
    const binary = atob(text.replace(/\s/g, "").replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
  } catch {
    return undefined;
  }
}
