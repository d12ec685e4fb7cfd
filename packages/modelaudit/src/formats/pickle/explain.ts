import type { Work } from "../../engine/work.js";
import type { Severity } from "../../findings/severity.js";
import type { Reader } from "../../io/reader.js";
import { readStreams } from "./parser.js";
import type { Judgement, LoadContext } from "./policy/judgement.js";
import { judgeStream } from "./policy/judge.js";
import type { Built, Effect, Stream, Value } from "./values.js";

/** One line of the explanation: what the loader does at `offset`. */
export interface ExplainLine {
  offset: number;
  text: string;
  /** What the policy says of it; absent on harmless lines. */
  marks: { rule: string; severity: Severity; args: Judgement["args"] }[];
}

/** Items, arguments and characters shown of one value; the rest is counted. */
const ITEMS_SHOWN = 6;
const TEXT_SHOWN = 80;
const DEPTH_SHOWN = 3;

/** What loading `reader` would import, call and build, in order, as pseudo-Python. What a call makes gets a name (`_1`) for later lines. */
export function* explainPickle(reader: Reader, load: LoadContext): Work<ExplainLine[]> {
  const lines: ExplainLine[] = [];
  const streams = yield* readStreams(reader);
  for (const [index, stream] of streams.entries()) {
    if (streams.length > 1) lines.push({ offset: stream.start, text: `# stream ${index + 1} of ${streams.length}`, marks: [] });
    lines.push(...explainStream(stream, load));
  }
  return lines;
}

function explainStream(stream: Stream, load: LoadContext): ExplainLine[] {
  const names = new Map<Value, string>();
  const imported = new Set<string>();
  const lines: ExplainLine[] = [];
  for (const effect of stream.effects) {
    const text = describe(effect, names);
    if (effect.kind === "import") {
      if (imported.has(text)) continue;
      imported.add(text);
    }
    lines.push({ offset: effect.offset, text, marks: [] });
  }
  for (const { code, offset, detail } of stream.oddities) lines.push({ offset, text: `# ${code}: ${detail}`, marks: [] });
  const end = stream.complete ? `return ${show(stream.result, names, 0)}` : "# the stream breaks off here; everything above has already happened";
  lines.push({ offset: stream.end, text: end, marks: [] });
  lines.sort((a, b) => a.offset - b.offset);
  for (const { rule, severity, offset, args } of judgeStream(stream, load)) {
    const line = lines.find((one) => one.offset === offset) ?? lines.findLast((one) => one.offset <= offset) ?? lines[0];
    line?.marks.push({ rule, severity, args });
  }
  return lines;
}

function describe(effect: Effect, names: Map<Value, string>): string {
  switch (effect.kind) {
    case "import": {
      const { module, name, computed } = effect.global;
      return `from ${module} import ${name}${computed ? `  # the name is computed by ${computed}` : ""}`;
    }
    case "call":
      return describeCall(effect.built, names);
    case "build":
      return `${show(effect.target, names, 0)}.__setstate__(${show(effect.state, names, 0)})`;
    case "mutate":
      return describeMutation(effect, names);
    case "persistent":
      return `persistent_load(${show(effect.value.id, names, 0)})`;
    case "extension":
      return `copyreg extension ${effect.value.code}`;
    case "unresolved-import":
      return `import of a computed name: ${show(effect.module, names, 0)} . ${show(effect.name, names, 0)}`;
    case "hash-bomb":
      return `hash of a structure of ${effect.nodes.toExponential(0)} parts  # takes for ever`;
  }
}

function describeCall(built: Built, names: Map<Value, string>): string {
  const variable = `_${names.size + 1}`;
  const callee = show(built.callee, names, 0);
  const args = built.args ? built.args.map((arg) => show(arg, names, 0)) : [`*${show(built.argsValue, names, 0)}`];
  if (built.kwargs) args.push(`**${show(built.kwargs, names, 0)}`);
  names.set(built, variable);
  if (built.route === "NEWOBJ" || built.route === "NEWOBJ_EX") return `${variable} = ${callee}.__new__(${[callee, ...args].join(", ")})`;
  const route = built.route === "REDUCE" ? "" : `  # called by ${built.route}`;
  return `${variable} = ${callee}(${args.join(", ")})${route}`;
}

function describeMutation({ target, opcode, items }: Extract<Effect, { kind: "mutate" }>, names: Map<Value, string>): string {
  const of = show(target, names, 0);
  if (!opcode.startsWith("SETITEM"))
    return `${of}.${opcode === "ADDITEMS" ? "update" : opcode === "APPEND" ? "append" : "extend"}(${some(items, names, 1)})`;
  const [key, value] = items;
  const more = items.length > 2 ? `  # and ${items.length / 2 - 1} more` : "";
  return `${of}[${show(key, names, 0)}] = ${show(value, names, 0)}${more}`;
}

function some(items: readonly (Value | undefined)[], names: Map<Value, string>, depth: number, dropped = 0): string {
  const shown = items.slice(0, ITEMS_SHOWN).map((item) => show(item, names, depth));
  const rest = items.length - shown.length + dropped;
  return [...shown, ...(rest > 0 ? [`… ${rest} more`] : [])].join(", ");
}

/** A value as Python would write it, shortened. */
function show(value: Value | undefined, names: Map<Value, string>, depth: number): string {
  if (!value) return "?";
  const name = names.get(value);
  if (name) return name;
  switch (value.kind) {
    case "constant":
      return showConstant(value.value);
    case "global":
      return `${value.module}.${value.name}`;
    case "built":
      return depth > DEPTH_SHOWN ? "…" : `${show(value.callee, names, depth + 1)}(…)`;
    case "container":
      return showContainer(value, names, depth);
    case "persistent":
      return `persistent_load(${depth > DEPTH_SHOWN ? "…" : show(value.id, names, depth + 1)})`;
    case "extension":
      return `extension(${value.code})`;
    case "unknown":
      return `<${value.why}>`;
  }
}

function showContainer(value: Extract<Value, { kind: "container" }>, names: Map<Value, string>, depth: number): string {
  const [open, close] = {
    list: ["[", "]"],
    tuple: ["(", value.items.length + value.dropped === 1 ? ",)" : ")"],
    dict: ["{", "}"],
    set: ["{", "}"],
    frozenset: ["frozenset({", "})"],
  }[value.type] as [string, string];
  if (depth > DEPTH_SHOWN) return `${open}…${close}`;
  if (value.type !== "dict") return `${open}${some(value.items, names, depth + 1, value.dropped)}${close}`;
  const pairs: string[] = [];
  for (let i = 0; i + 1 < value.items.length && pairs.length < ITEMS_SHOWN; i += 2) {
    pairs.push(`${show(value.items[i], names, depth + 1)}: ${show(value.items[i + 1], names, depth + 1)}`);
  }
  const rest = Math.ceil((value.items.length + value.dropped) / 2) - pairs.length;
  return `{${[...pairs, ...(rest > 0 ? [`… ${rest} more`] : [])].join(", ")}}`;
}

function showConstant(value: Extract<Value, { kind: "constant" }>["value"]): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return value.length > TEXT_SHOWN ? `${JSON.stringify(value.slice(0, TEXT_SHOWN))}…` : JSON.stringify(value);
  if (value instanceof Uint8Array) return `b"${showBytes(value)}"${value.length > TEXT_SHOWN / 2 ? `… # ${value.length} bytes` : ""}`;
  return String(value);
}

function showBytes(bytes: Uint8Array): string {
  return [...bytes.subarray(0, TEXT_SHOWN / 2)]
    .map((byte) =>
      byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`,
    )
    .join("");
}
