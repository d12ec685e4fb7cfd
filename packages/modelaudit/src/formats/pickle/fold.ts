import { apply, type Inflate, LONGEST, type Plain } from "./pure-functions.js";
import type { Built, Value } from "./values.js";

/** A value computed without side effects, and the functions that made it; none for a literal. */
export interface Folded {
  value: Plain;
  how: string[];
}

/** Calls inside calls; honest streams compute nothing at all. */
const DEEPEST = 48;
/** Calls evaluated for one value, since shared parts may be evaluated again. */
const MOST_STEPS = 2000;

/** Evaluates a value that is made by pure functions of text alone; undefined for all else. */
export function fold(value: Value, inflate?: Inflate): Folded | undefined {
  const folder = new Folder(inflate);
  const folded = folder.value(value, 0);
  return folded === undefined ? undefined : { value: folded, how: folder.how };
}

class Folder {
  readonly how: string[] = [];
  private steps = 0;
  private readonly inflate: Inflate | undefined;

  constructor(inflate: Inflate | undefined) {
    this.inflate = inflate;
  }

  value(value: Value, depth: number): Plain | undefined {
    if (depth > DEEPEST || ++this.steps > MOST_STEPS) return undefined;
    if (value.kind === "constant") return value.cut ? undefined : value.value;
    if (value.kind === "container") {
      if (value.dropped || value.type === "dict") return undefined;
      return this.all(value.items, depth);
    }
    return value.kind === "built" ? this.built(value, depth) : undefined;
  }

  private all(values: readonly Value[], depth: number): Plain[] | undefined {
    const found: Plain[] = [];
    for (const one of values) {
      const plain = this.value(one, depth + 1);
      if (plain === undefined) return undefined;
      found.push(plain);
    }
    return found;
  }

  private built(built: Built, depth: number): Plain | undefined {
    if (built.kwargs || !built.args) return undefined;
    const args = this.all(built.args, depth);
    if (!args) return undefined;
    const target = this.callee(built.callee, depth);
    if (!target) return undefined;
    const [name, bound] = target;
    const result = apply(name, [...bound, ...args], this.inflate);
    if (result === undefined || ((typeof result === "string" || result instanceof Uint8Array) && result.length > LONGEST)) return undefined;
    this.how.push(name);
    return result;
  }

  /** Canonical name of a callable and the arguments already bound to it. */
  private callee(value: Value, depth: number): [string, Plain[]] | undefined {
    if (value.kind === "global") {
      const module = MODULES[value.module] ?? value.module;
      return [module === "builtins" ? value.name : `${module}.${value.name}`, []];
    }
    if (value.kind !== "built" || !value.args || depth > DEEPEST) return undefined;
    const maker = this.callee(value.callee, depth + 1);
    const [first, second] = value.args;
    if (!first) return undefined;
    if (maker?.[0] === "getattr" && second) {
      const self = this.value(first, depth + 1);
      const name = this.value(second, depth + 1);
      if (typeof name !== "string") return undefined;
      if (typeof self === "string") return [`str.${name}`, [self]];
      if (self instanceof Uint8Array) return [`bytes.${name}`, [self]];
      const owner = this.callee(first, depth + 1);
      return owner && owner[1].length === 0 ? [`${owner[0]}.${name}`, []] : undefined;
    }
    if (maker?.[0] === "functools.partial") {
      const inner = this.callee(first, depth + 1);
      const bound = this.all(value.args.slice(1), depth);
      return inner && bound ? [inner[0], [...inner[1], ...bound]] : undefined;
    }
    if (maker?.[0] === "operator.methodcaller") {
      const name = this.value(first, depth + 1);
      const bound = this.all(value.args.slice(1), depth);
      return typeof name === "string" && bound ? ["methodcaller", [name, bound]] : undefined;
    }
    if (maker?.[0] === "operator.itemgetter") {
      const key = this.value(first, depth + 1);
      return key === undefined ? undefined : ["itemgetter", [key]];
    }
    return undefined;
  }
}

const MODULES: Readonly<Record<string, string>> = {
  __builtin__: "builtins",
  _operator: "operator",
  _codecs: "codecs",
  _functools: "functools",
  _string: "string",
};
