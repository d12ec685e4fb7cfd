import { words } from "../../detectors/names/words.js";
import type { Scanner } from "../../engine/format.js";
import { LimitExceeded } from "../../engine/errors.js";
import { type Work, read } from "../../engine/work.js";
import { jsonText, parseJson } from "../../io/json.js";
import { judgeCode, judgeLambda } from "./lambda.js";
import { judgeTorchModule, pathsOutside } from "./layers.js";
import { judgeSymbol, judgeTensorflowOp } from "./symbols.js";

/** Configs of the largest published models take some 20 MB. */
const LONGEST = 64 * 2 ** 20;
/** Objects in a config; a model of 10,000 layers has some 200,000. */
const MOST_NODES = 5_000_000;
/** Keys whose second copy hides what another reader builds. */
const DECIDING: ReadonlySet<string> = new Set(["class_name", "module", "config", "registered_name", "function", "code", "spec_name"]);

/** Class names that stand for values; any other, `__import__` too, is looked up in its module. */
const PLAIN_VALUES = words("__tensor__ __numpy__ __bytes__ __ellipsis__ __slice__ __tuple__ __keras_tensor__ __ragged_tensor__ __sparse_tensor__");

export type Json = Record<string, unknown>;

export const scanner: Scanner = {
  version: 1,
  *scan({ reader }, { policy }) {
    if (reader.size > LONGEST) throw new LimitExceeded("config-length", reader.size);
    const { value, problem, duplicates } = parseJson(jsonText(yield* read(reader, 0, reader.size)));
    if (problem !== undefined) {
      yield { kind: "finding", rule: "S902", args: { format: "Keras config", problem } };
      return;
    }
    for (const key of duplicates) {
      if (DECIDING.has(key))
        yield { kind: "finding", rule: "S902", args: { format: "Keras config", problem: `the key "${key}" stands twice in one object` }, at: key };
    }
    yield* walk(value, policy.trust);
  },
};

/** Every object of the config, wherever it is nested: layers, cells, call arguments, compile settings. */
function* walk(root: unknown, trust: readonly string[]): Work<void> {
  const pending: { node: unknown; at: string }[] = [{ node: root, at: "" }];
  const classes = new Set<string>();
  const custom = new Set<string>();
  let count = 0;
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { node, at } = next;
    if (typeof node !== "object" || node === null) continue;
    if (++count > MOST_NODES) throw new LimitExceeded("config-nodes", count);
    if (!Array.isArray(node)) {
      const object = node as Json;
      yield* judgeStream(object["output_stream"], at);
      if (typeof object["class_name"] === "string") {
        classes.add(object["class_name"]);
        const name = customName(object);
        if (name) custom.add(name);
        yield* judgeObject(object, object["class_name"], at, trust);
      }
    }
    for (const [key, inner] of Object.entries(node)) {
      if (typeof inner === "object" && inner !== null)
        pending.push({ node: inner, at: Array.isArray(node) ? `${at}[${key}]` : at ? `${at}.${key}` : key });
    }
  }
  yield { kind: "metadata", key: "classes", value: [...classes].sort() };
  if (custom.size) yield { kind: "metadata", key: "custom_objects", value: [...custom].sort() };
}

/** The name under which whoever loads the model has to bring a class or function: it has no module, or is registered as `package>Name`. */
function customName(object: Json): string | undefined {
  const { class_name: className, registered_name: registered, module, config } = object;
  if (className === "function") return typeof config === "string" && config.includes(">") ? config : undefined;
  const name = typeof registered === "string" ? registered : String(className);
  if (name.includes(">")) return /^keras(?:_hub|_nlp|_cv)?(?:\.\w+)*>/.test(name) ? undefined : name;
  return module === null && typeof registered === "string" ? registered : undefined;
}

function* judgeObject(object: Json, className: string, at: string, trust: readonly string[]): Work<void> {
  const { config, module, spec_name: spec, registered_name: registered } = object;
  const settings = (typeof config === "object" && config !== null ? config : {}) as Json;
  if (className === "__lambda__") {
    // Written as `code` by the Lambda layer, as `value` (a list of code, defaults, closure) everywhere else.
    const value = settings["code"] ?? settings["value"];
    return yield* judgeCode(Array.isArray(value) ? value[0] : value, at);
  }
  if (className === "__typespec__") return yield* judgeName(module, spec, false, at, trust);
  if (className === "function") {
    const name = typeof config === "string" ? config : registered;
    return yield* judgeName(module, name, true, at, trust);
  }
  if (PLAIN_VALUES.has(className)) return;
  // The loader takes the registered name first, so either may say which layer this is.
  const names = new Set([shortName(className), ...(typeof registered === "string" ? [shortName(registered)] : [])]);
  if (names.has("Lambda") || settings["function_type"] === "lambda") yield* judgeLambda(settings, at, trust);
  if (names.has("TFOpLambda") || names.has("SlicingOpLambda") || names.has("TensorFlowOpLayer")) yield* judgeOp(settings, at);
  if (names.has("TorchModuleWrapper")) yield* judgeTorchModule(settings, at);
  for (const { path, critical } of pathsOutside(settings, names)) {
    yield { kind: "finding", rule: "S1401", severity: critical ? "critical" : "warning", args: { path, layer: shortName(className) }, at };
  }
  yield* judgeName(module, className, false, at, trust);
}

/** `Package>Name` and `package.Name` are called Name. */
function shortName(name: string): string {
  return name.slice(Math.max(name.lastIndexOf(">"), name.lastIndexOf(".")) + 1);
}

/** The loader imports the module and takes the name out of it. */
function* judgeName(module: unknown, name: unknown, isFunction: boolean, at: string, trust: readonly string[]): Work<void> {
  if (typeof module !== "string" || typeof name !== "string") return;
  const verdict = judgeSymbol(module, name, isFunction, trust);
  if (verdict)
    yield { kind: "finding", rule: "S1400", severity: verdict.severity, args: { symbol: `${module}.${name}`, effect: verdict.effect }, at };
}

/** Where a `print` in the model writes to. */
function* judgeStream(stream: unknown, at: string): Work<void> {
  if (typeof stream === "string" && stream.startsWith("file:"))
    yield { kind: "finding", rule: "S1400", severity: "critical", args: { symbol: `print to ${stream.slice(0, 100)}`, effect: "writes a file" }, at };
}

function* judgeOp(settings: Json, at: string): Work<void> {
  const { node_def: definition } = settings;
  // A NodeDef as an object, or as the text of one in older files.
  const node = typeof definition === "string" ? parseJson(definition).value : definition;
  const symbol = settings["function"] ?? (typeof node === "object" && node !== null ? (node as Json)["op"] : definition);
  const verdict = typeof symbol === "string" ? judgeTensorflowOp(symbol) : undefined;
  if (verdict)
    yield { kind: "finding", rule: "S1400", severity: verdict.severity, args: { symbol: String(symbol).slice(0, 100), effect: verdict.effect }, at };
}
