/** What a value is when it is called: names behind getattr, partial and the helpers of dill and cloudpickle. */
import type { Built, Value } from "../values.js";
import { helperOf } from "./by-value.js";
import { makesFirst } from "./calls.js";
import { canonical } from "./names.js";
import { NO_ITEMS } from "../containers.js";
import { argumentsOf, isDict, isText, isTuple, show } from "../questions.js";

/** Callables are resolved through this many nested getattr, partial and type helpers. */
const DEEPEST = 16;

export const WRAPPERS: ReadonlySet<string> = new Set(["staticmethod", "classmethod", "property"]);

export type Target =
  | { kind: "name"; module: string; name: string }
  /** `Class.__new__`, which protocols 2 and 3 call for classes that take keyword arguments. */
  | { kind: "new"; module: string; name: string }
  /** A function or class that the stream made from bytecode. */
  | { kind: "code"; what: "function" | "class" | "code type" }
  /** An object the stream built; calling it runs its `__call__`. */
  | { kind: "instance"; of: Value }
  /** The result of something that was reported already. */
  | { kind: "reported" }
  | { kind: "nothing"; what: string };

export class Targets {
  /** Values whose call was reported: what is done with them adds nothing. */
  readonly reported = new Set<Value>();

  /** What would run if `value` were called. */
  resolve(value: Value, depth = 0): Target {
    if (this.reported.has(value)) return { kind: "reported" };
    if (depth > DEEPEST) return { kind: "nothing", what: "a name behind too many steps" };
    switch (value.kind) {
      case "global":
        return { kind: "name", module: value.module, name: value.name };
      case "persistent": {
        // Legacy torch files name module classes so: ("module", class, source file, source).
        const [kind, cls] = isTuple(value.id) ? value.id.items : [];
        return isText(kind) && kind.value === "module" && cls ? this.resolve(cls, depth + 1) : { kind: "nothing", what: "an object of the loader" };
      }
      case "built":
        return this.resolveBuilt(value, depth);
      case "extension":
        return { kind: "nothing", what: `the object with extension code ${value.code}` };
      case "unknown":
        return { kind: "nothing", what: value.why };
      default:
        return { kind: "nothing", what: show(value) };
    }
  }

  private resolveBuilt(built: Built, depth: number): Target {
    const maker = this.resolve(built.callee, depth + 1);
    if (maker.kind === "reported") return maker;
    const args = argumentsOf(built) ?? [];
    if (maker.kind === "code") return maker.what === "code type" ? { kind: "code", what: "function" } : { kind: "instance", of: built };
    if (maker.kind !== "name") return { kind: "nothing", what: "the result of an unclear call" };
    const { module, name } = canonical(maker.module, maker.name);
    const [first, second] = args;
    const helper = helperOf(module, name);
    if (helper === "type" && isText(first)) return typeNamed(first.value);
    if (helper === "function") return { kind: "code", what: "function" };
    if (helper === "class") return { kind: "code", what: "class" };
    if (helper === "setter" && first) return this.resolve(first, depth + 1);
    if (helper === "import" && isText(first)) return { kind: "name", module: first.value, name: "" };
    // staticmethod(f), classmethod(f) and property(f) of a class by value hold f.
    if (module === "builtins" && WRAPPERS.has(name) && first && this.isCode(first)) return { kind: "code", what: "function" };
    if (((module === "builtins" && name === "getattr") || helper === "attribute") && first && isText(second)) {
      return this.attribute(first, second.value, depth);
    }
    if (module === "functools" && name === "partial" && first) return this.partial(first, built.states, depth);
    if (module === "types" && name === "MethodType" && first) return this.resolve(first, depth + 1);
    // PyTorch Geometric writes a batch as a call of an object of this class, which holds nothing.
    if (module === "torch_geometric.data.batch" && name === "DynamicInheritanceGetter") return { kind: "name", module, name: `${name}.__call__` };
    // SymPy's function without a definition is a class.
    if (module === "sympy.core.function" && name === "_rebuild_undef") return { kind: "name", module, name: "AppliedUndef" };
    return { kind: "instance", of: built };
  }

  /** A state gives a partial another function, before or after it is called: code that the file carries outweighs a name. */
  private partial(first: Value, states: readonly Value[], depth: number): Target {
    const given = states.flatMap((state) => (isTuple(state) ? state.items.slice(0, 1) : []));
    const targets = [first, ...given].map((value) => this.resolve(value, depth + 1));
    return targets.find(({ kind }) => kind === "code") ?? (targets[targets.length - 1] as Target);
  }

  /** Arguments that a partial puts in front of those it is called with; its state replaces those it was made with. */
  given(callee: Value, depth = 0): readonly Value[] {
    if (callee.kind !== "built" || depth > DEEPEST || !this.isPartial(callee)) return NO_ITEMS;
    const [first, ...rest] = argumentsOf(callee) ?? [];
    const [called, args] = callee.states
      .filter(isTuple)
      .map(({ items }) => items)
      .at(-1) ?? [first];
    const given = args === undefined ? rest : isTuple(args) ? args.items : NO_ITEMS;
    return called ? [...this.given(called, depth + 1), ...given] : given;
  }

  /** The keywords in a partial's state, which come with every call of it. */
  keywords(callee: Value): Value | undefined {
    const given = callee.kind === "built" ? callee.states.map((state) => (isTuple(state) ? state.items[2] : undefined)) : [];
    return given.find((keywords) => isDict(keywords) && keywords.nodes > 1);
  }

  /** `getattr(owner, name)`: a method or inner class by its dotted name. */
  attribute(owner: Value, name: string, depth = 0): Target {
    if (owner.kind === "constant") {
      const type =
        typeof owner.value === "string" ? "str" : owner.value instanceof Uint8Array ? "bytes" : typeof owner.value === "number" ? "float" : "object";
      return { kind: "name", module: "builtins", name: `${type}.${name}` };
    }
    if (owner.kind === "container") return { kind: "name", module: "builtins", name: `${owner.type}.${name}` };
    const target = this.resolve(owner, depth + 1);
    // dill fills cells by getattr(dill._dill, "_setattr", setattr).
    if (target.kind === "name" && target.module === "dill" && target.name === "_dill" && name === "_setattr")
      return { kind: "name", module: "builtins", name: "setattr" };
    if (target.kind === "name" && name === "__new__" && target.module !== "builtins" && target.module !== "__builtin__")
      return { ...target, kind: "new" };
    if (target.kind === "name") return { ...target, name: target.name ? `${target.name}.${name}` : name };
    if (target.kind === "instance" && target.of.kind === "built") {
      const cls = this.classOf(target.of, depth + 1);
      if (cls.kind === "name") return { ...cls, name: `${cls.name}.${name}` };
    }
    return target.kind === "instance" ? { kind: "nothing", what: `the attribute ${name} of a built object` } : target;
  }

  /** Class of an object that the stream built, as far as its constructor tells. */
  classOf(built: Built, depth = 0): Target {
    const maker = this.resolve(built.callee, depth + 1);
    if (maker.kind !== "name") return maker;
    const { module, name } = canonical(maker.module, maker.name);
    const [cls] = makesFirst(module, name) ? (argumentsOf(built) ?? []) : [];
    return cls ? this.resolve(cls, depth + 1) : maker;
  }

  /** The class that a helper made, behind the helpers that fill it. */
  madeClass(value: Value, depth = 0): Built | undefined {
    const maker = value.kind === "built" && depth <= DEEPEST ? this.resolve(value.callee) : undefined;
    if (value.kind !== "built" || maker?.kind !== "name") return undefined;
    const at = canonical(maker.module, maker.name);
    const helper = helperOf(at.module, at.name);
    if (helper === "class") return value;
    const [first] = argumentsOf(value) ?? [];
    return helper === "setter" && first ? this.madeClass(first, depth + 1) : undefined;
  }

  /** True for functions made from bytecode in the stream. */
  isCode(value: Value): boolean {
    return value.kind === "built" && this.resolve(value).kind === "code";
  }

  isPartial(built: Built): boolean {
    return this.isMadeBy(built, (module, name) => module === "functools" && name === "partial");
  }

  isCell(value: Value): boolean {
    return value.kind === "built" && this.isMadeBy(value, (module, name) => helperOf(module, name) === "part" && /cell/.test(name));
  }

  isMadeBy(built: Built, maker: (module: string, name: string) => boolean): boolean {
    const target = this.resolve(built.callee);
    if (target.kind !== "name") return false;
    const { module, name } = canonical(target.module, target.name);
    return maker(module, name);
  }
}

/** `_builtin_type("CodeType")` of cloudpickle, `_load_type("CodeType")` of dill. */
function typeNamed(name: string): Target {
  if (name === "CodeType" || name === "FunctionType" || name === "LambdaType") return { kind: "code", what: "code type" };
  // A bound method is a function and its first argument, as a partial is.
  if (name === "MethodType" || name === "PartialType") return { kind: "name", module: "functools", name: "partial" };
  // The types of `operator.itemgetter` and `attrgetter` by dill's own names.
  if (name === "ItemGetterType" || name === "AttrGetterType") return { kind: "name", module: "operator", name: name.slice(0, -4).toLowerCase() };
  // dill writes built-in classes, exceptions too, by their own name or by the old names of `types`, which end in Type.
  if (/^(?:[A-Z]\w*)?(?:Error|Exception|ExceptionGroup|Exit|Interrupt|Iteration|Warning)$/.test(name))
    return { kind: "name", module: "builtins", name };
  if (name === "ObjectType" || /^[a-z]/.test(name)) return { kind: "name", module: "builtins", name: name === "ObjectType" ? "object" : name };
  return { kind: "name", module: "types", name };
}
