import type { Effect, Stream, Value } from "../src/formats/pickle/values.js";

/** One effect as plain JSON, for comparison with what a real unpickler does. */
interface TraceStep {
  offset: number;
  kind: Effect["kind"];
  /** What is imported, called or changed: `module.name`, or a short description. */
  what: string;
  /** Opcode family of a call or change. */
  route?: string;
}

/** A stream's imports, calls and changes in the order in which they happen. */
interface Trace {
  start: number;
  end: number;
  complete: boolean;
  protocol: number;
  opcodes: number;
  imports: string[];
  calls: string[];
  order: TraceStep[];
  oddities: { code: string; offset: number }[];
}

/** The trace of a stream that was read, see {@link Trace}. */
export function traceJson(stream: Stream): Trace {
  const order = stream.effects.map(stepOf);
  const named = (kind: Effect["kind"]) => order.filter((step) => step.kind === kind).map((step) => step.what);
  const { start, end, complete, protocol, opcodes } = stream;
  const oddities = stream.oddities.map(({ code, offset }) => ({ code, offset }));
  return { start, end, complete, protocol, opcodes, imports: named("import"), calls: named("call"), order, oddities };
}

function stepOf(effect: Effect): TraceStep {
  const { kind, offset } = effect;
  switch (effect.kind) {
    case "import":
      return { offset, kind, what: nameOf(effect.global) };
    case "call":
      return { offset, kind, what: nameOf(effect.built.callee), route: effect.built.route };
    case "build":
      return { offset, kind, what: nameOf(effect.target) };
    case "mutate":
      return { offset, kind, what: nameOf(effect.target), route: effect.opcode };
    case "persistent":
      return { offset, kind, what: nameOf(effect.value.id) };
    case "extension":
      return { offset, kind, what: String(effect.value.code) };
    case "unresolved-import":
      return { offset, kind, what: `${nameOf(effect.module)}.${nameOf(effect.name)}` };
    case "hash-bomb":
      return { offset, kind, what: effect.nodes.toExponential(0) };
  }
}

/** A value in a few words: a dotted name, the name of what was called, or its kind. */
function nameOf(value: Value): string {
  switch (value.kind) {
    case "global":
      return `${value.module}.${value.name}`;
    case "built":
      return value.callee.kind === "built" ? "call()()" : `${nameOf(value.callee)}()`;
    case "container":
      return value.type;
    case "constant":
      return typeof value.value === "string"
        ? JSON.stringify(value.value.slice(0, 80))
        : value.value instanceof Uint8Array
          ? "bytes"
          : String(value.value);
    default:
      return value.kind;
  }
}
