import {
  type Built,
  type Constant,
  type Container,
  type Effect,
  emptyStream,
  type Global,
  type Route,
  type Value,
} from "../src/formats/pickle/values.js";
import { judgeStream } from "../src/formats/pickle/policy/judge.js";
import type { Judgement, LoadContext } from "../src/formats/pickle/policy/judgement.js";

/** Writes down what a stream does, for tests: each method adds the effect that the machine would record. */
export class Tape {
  readonly effects: Effect[] = [];
  private offset = 0;

  global(module: string, name: string, computed?: string): Global {
    const global: Global = { kind: "global", module, name, offset: this.offset++, protocol: 4, ...(computed ? { computed } : {}) };
    this.effects.push({ kind: "import", global, offset: global.offset });
    return global;
  }

  call(callee: Value, args: unknown[], route: Route = "REDUCE", kwargs?: Value): Built {
    const offset = this.offset++;
    const built: Built = { kind: "built", callee, args: args.map(value), route, offset, states: [], items: [], ...(kwargs ? { kwargs } : {}) };
    this.effects.push({ kind: "call", built, offset });
    return built;
  }

  /** An object of a class, made without arguments and without its `__init__`. */
  object(module: string, name: string): Built {
    return this.call(this.global(module, name), [], "NEWOBJ");
  }

  build(target: Value, state: unknown): Value {
    const given = value(state);
    this.effects.push({ kind: "build", target, state: given, offset: this.offset++ });
    if (target.kind === "built") target.states.push(given);
    return target;
  }

  mutate(target: Value, opcode: string, ...items: unknown[]): void {
    this.effects.push({ kind: "mutate", target, opcode, items: items.map(value), offset: this.offset++ });
  }

  persistent(id: unknown): Value {
    const made: Value = { kind: "persistent", id: value(id), offset: this.offset++ };
    this.effects.push({ kind: "persistent", value: made, offset: made.offset });
    return made;
  }

  judge(load: LoadContext = { trust: [] }, result?: Value): readonly Judgement[] {
    return judgeStream({ ...emptyStream(0), complete: true, protocol: 4, effects: this.effects, result: result ?? undefined }, load);
  }
}

/** Lists become tuples, `Map`s become dicts, everything plain a constant; values stay what they are. */
export function value(of: unknown): Value {
  if (Array.isArray(of)) return container("tuple", of);
  if (of instanceof Map) return container("dict", [...of].flat());
  if (of !== null && typeof of === "object" && "kind" in of) return of as Value;
  return { kind: "constant", value: of as Constant["value"] };
}

export function container(type: Container["type"], items: readonly unknown[]): Container {
  const values = items.map(value);
  const plain = values.every((item) => item.kind === "constant" || (item.kind === "container" && item.plain));
  return { kind: "container", type, items: values, dropped: 0, nodes: items.length + 1, depth: 1, plain, memoKey: -1 };
}

export function dict(entries: Record<string, unknown>): Container {
  return container("dict", Object.entries(entries).flat());
}
