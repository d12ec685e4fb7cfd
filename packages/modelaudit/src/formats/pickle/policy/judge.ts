/**
 * The policy: what a stream's effects mean. Every import, call, BUILD and item assignment is judged where it happens; nothing
 * that comes later takes it back.
 */
import type { Severity } from "../../../findings/severity.js";
import type { Built, Effect, Global, Route, Stream, Value } from "../values.js";
import { type Helper, helperOf, nameOfCode, runsImplicitly, tellingNames } from "./by-value.js";
import { callRule } from "./calls.js";
import { classify, type Verdict } from "./classify.js";
import type { Judgement, LoadContext } from "./judgement.js";
import { canonical } from "./names.js";
import { deniedRule, isCythonBuilder, isEnumLike, isForeignFunction, isModelOutput, isOwnClass, isRecorded, isTrusted } from "./reference.js";
import { isStorageId } from "./persistent.js";
import { checkState } from "./states.js";
import { argumentsOf, entries, isDict, isNone, isText, isTuple, show, showArguments } from "./values.js";

/** Findings kept of one stream. More say nothing new, and a hostile file could make millions. */
const MOST_JUDGEMENTS = 200;

/** Callables are resolved through this many nested getattr, partial and type helpers. */
const DEEPEST_CALLEE = 16;

const WRAPPERS = new Set(["staticmethod", "classmethod", "property"]);
/** Attributes of functions and classes that only describe them. */
const NAMES_OF_CODE = new Set(["__qualname__", "__name__", "__module__", "__doc__", "__annotations__", "__abstractmethods__"]);

/** Classes of classes that only make one. */
const METACLASSES = new Set(
  "builtins.type abc.ABCMeta enum.EnumMeta enum.EnumType typing.GenericMeta typing._ProtocolMeta typing._TypedDictMeta typing.NamedTupleMeta".split(
    " ",
  ),
);

/** `_rebuild_from_type_v2` names a function and its arguments inside its own; writers nest it once. */
const DEEPEST_CALL = 16;

/** What a value is when it is called. */
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

/** Functions that are fine when the stream calls them (their arguments are judged) but not when it hands them on. */
const NOT_TO_HAND_ON = new Set([
  "builtins.getattr",
  "torch.storage._load_from_bytes",
  "numpy.core._ufunc_reconstruct",
  "torch.fx.graph_module.reduce_graph_module",
  "functools.reduce",
]);

export function judgeStream(stream: Stream, load: LoadContext): Judgement[] {
  const judge = new Judge(load);
  for (const effect of stream.effects) judge.effect(effect);
  if (stream.result) judge.handOn(stream.result, stream.end);
  return judge.finish();
}

/** One stream's judgement in the making. */
export class Judge {
  readonly load: LoadContext;
  private readonly judgements: Judgement[] = [];
  private readonly said = new Set<string>();
  /** Values whose call was reported: what is done with them adds nothing. */
  private readonly reported = new Set<Value>();
  /** Imports by canonical name, with how the name was used. */
  private readonly imports = new Map<string, { global: Global; used: boolean }>();
  private readonly walked = new Set<Value>();
  /** Imports that may be called with anything. */
  private readonly plain = new Map<Global, boolean>();
  /** References to names of unknown packages, judged when all objects are known. */
  private readonly references: { callable: string; package: string; offset: number }[] = [];
  /** Classes of the file whose body has an `__init__`. */
  private readonly starting = new Set<Value>();
  /** Unknown packages of which the stream makes objects. */
  private readonly builtOf = new Set<string>();
  private depth = 0;

  constructor(load: LoadContext) {
    this.load = load;
  }

  say(rule: string, severity: Severity, offset: number, args: Judgement["args"], details?: Record<string, unknown>): void {
    const key = `${rule} ${severity} ${Object.values(args).join(" ")}`;
    if (this.said.has(key)) return;
    if (this.judgements.length >= MOST_JUDGEMENTS && severity !== "critical") return;
    if (this.judgements.length >= 2 * MOST_JUDGEMENTS) return;
    this.said.add(key);
    this.judgements.push({ rule, severity, offset, args, ...(details ? { details } : {}) });
  }

  effect(effect: Effect): void {
    const { offset } = effect;
    switch (effect.kind) {
      case "import":
        this.import(effect.global);
        break;
      case "call":
        this.call(effect.built);
        this.handOnAll(effect.built.args ?? [], offset);
        if (effect.built.argsValue) this.handOn(effect.built.argsValue, offset);
        if (effect.built.kwargs) this.handOn(effect.built.kwargs, offset);
        break;
      case "build":
        this.build(effect.target, effect.state, offset);
        this.handOn(effect.state, offset);
        break;
      case "mutate":
        this.mutate(effect.target, effect.opcode, effect.items, offset);
        this.handOnAll(effect.items, offset);
        break;
      case "persistent":
        this.persistent(effect.value.id, offset);
        break;
      case "extension":
        this.say("S211", "warning", offset, { code: effect.value.code });
        break;
      case "unresolved-import": {
        const how = `${show(effect.module, 2)} and ${show(effect.name, 2)} are no texts`;
        this.say("S1233", "critical", offset, { callable: "a name", how });
        break;
      }
      case "hash-bomb":
        this.say("S214", "warning", offset, { nodes: effect.nodes });
        break;
    }
  }

  private import(global: Global): void {
    const key = keyOf(global.module, global.name);
    const known = this.imports.get(key);
    if (!known) this.imports.set(key, { global, used: false });
    if (global.computed !== undefined) {
      this.say("S1233", "critical", global.offset, { callable: `${global.module}.${global.name}`, how: global.computed });
    }
  }

  /** Notes that a rule has judged this import, so that the bare reference is not reported. */
  noteUse(value: Value): void {
    if (value.kind === "global") this.markUsed(value.module, value.name);
  }

  private markUsed(module: string, name: string): void {
    const known = this.imports.get(keyOf(module, name));
    if (known) known.used = true;
  }

  /** After the last effect: names that were imported and neither called nor built. */
  finish(): Judgement[] {
    for (const { global, used } of this.imports.values()) {
      if (!used) this.named({ module: global.module, name: global.name, how: "referenced", offset: global.offset, args: undefined });
    }
    this.judgeReferences();
    return this.judgements;
  }

  /** What would run if `value` were called. */
  resolve(value: Value, depth = 0): Target {
    if (this.reported.has(value)) return { kind: "reported" };
    if (depth > DEEPEST_CALLEE) return { kind: "nothing", what: "a name behind too many steps" };
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
    if (maker.kind === "code") {
      if (maker.what === "code type") return { kind: "code", what: "function" };
      return { kind: "instance", of: built };
    }
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
    if (module === "functools" && name === "partial" && first) return this.resolve(first, depth + 1);
    if (module === "types" && name === "MethodType" && first) return this.resolve(first, depth + 1);
    return { kind: "instance", of: built };
  }

  /** `getattr(owner, name)`: a method or inner class by its dotted name. */
  private attribute(owner: Value, name: string, depth: number): Target {
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
    if (module === "copyreg" && (name === "_reconstructor" || name.startsWith("__newobj"))) {
      const [cls] = argumentsOf(built) ?? [];
      return cls ? this.resolve(cls, depth + 1) : maker;
    }
    return maker;
  }

  private call(built: Built): void {
    const { callee, route, offset } = built;
    // The common case, made hundreds of thousands of times by some files: an allowed name without a rule.
    if (callee.kind === "global" && built.args) {
      let plain = this.plain.get(callee);
      if (plain === undefined) {
        plain = this.isPlain(callee);
        this.plain.set(callee, plain);
        if (plain) this.markUsed(callee.module, callee.name);
      }
      if (plain) return;
    }
    const target = this.resolve(built.callee);
    const args = argumentsOf(built);
    if (built.argsValue && built.argsValue.kind !== "container" && route === "REDUCE") {
      // The Python unpickler takes any iterable: the arguments come out of a call.
      this.say("S1240", "warning", offset, { callable: show(built.callee), evidence: "", why: "its arguments are not a plain tuple" });
    }
    if (this.called(target, args, route, offset, built)) this.reported.add(built);
  }

  /** Judges a call of `target`. True when it was reported as alarming, so that its result needs no more words. */
  called(target: Target, args: readonly Value[] | undefined, route: Route, offset: number, built?: Built): boolean {
    switch (target.kind) {
      case "reported":
        return true;
      case "code":
        return this.codeCalled(target.what, args ?? [], route, offset, built);
      case "instance":
        this.say("S1243", "critical", offset, { what: `an object it has built, ${show(target.of, 1)}` });
        return true;
      case "nothing":
        this.say("S1243", "critical", offset, { what: target.what });
        return true;
      case "new":
        return this.named({ module: target.module, name: target.name, how: "built", offset, args: undefined });
      case "name": {
        const how = isBuilding(route, args, built) ? "built" : "called";
        return this.named({ module: target.module, name: target.name, how, route, offset, args, ...(built ? { built } : {}) });
      }
    }
  }

  private codeCalled(
    what: "function" | "class" | "code type",
    args: readonly Value[],
    route: Route,
    offset: number,
    built: Built | undefined,
  ): boolean {
    if (what === "code type") {
      this.storedCode(args, offset, built);
      return false;
    }
    // `cls.__new__` of a class made here; methods that would run are reported when the class is filled.
    if (what === "class" && (route === "NEWOBJ" || route === "NEWOBJ_EX")) return false;
    // Members of enumerations, exceptions and dicts are pickled as calls of their class.
    if (what === "class" && route === "REDUCE" && built && (this.isMember(built.callee, args) || !this.startsCode(built.callee, 0))) return false;
    this.say("S1238", "critical", offset, { what: `a ${what} is called with ${showArguments(args)}` });
    return true;
  }

  private isPlain({ module, name }: Global): boolean {
    const at = canonical(module, name);
    const verdict = classify(module, name);
    return verdict.kind === "allowed" && verdict.uses.includes("called") && !callRule(at.module, at.name) && !helperOf(at.module, at.name);
  }

  private storedCode(args: readonly Value[], offset: number, built: Built | undefined): void {
    const names = tellingNames(args);
    const what = built ? nameOfCode(built) : "bytecode";
    if (names.length) this.say("S1238", "critical", offset, { what: `bytecode ${what} that uses ${names.slice(0, 6).join(", ")}` });
    else this.say("S1237", "warning", offset, { what });
  }

  /** Judges the use of a name. True when it was reported as alarming. */
  named(use: Use): boolean {
    const { module, name, how, offset, args } = use;
    this.markUsed(module, name);
    const at = canonical(module, name);
    const helper = helperOf(at.module, at.name);
    if (helper && how !== "built") return this.helper(helper, use);
    if (at.module === "builtins" && at.name === "__main__" && how === "referenced") {
      // dill reads this name as the dict of the program's main module, where functions saved by value find their globals.
      this.say("S1237", "warning", offset, { what: "which uses the names of the program that loads it" });
      return false;
    }
    if (at.module === "builtins" && this.partOfClass(at.name, how, args)) return false;
    const verdict = classify(module, name);
    const callable = `${module}.${name}`;
    if (verdict.kind === "allowed") return this.allowed(verdict, use, callable);
    const evidence = how === "referenced" ? "" : showArguments(args);
    const does = how === "called" ? "runs" : how === "built" ? "makes an object of" : "refers to";
    const shown = { does, callable, evidence };
    const details = callable === `${verdict.module}.${verdict.name}` ? undefined : { canonical: `${verdict.module}.${verdict.name}` };
    switch (verdict.kind) {
      case "denied":
        this.say(deniedRule(verdict.module, verdict.name, verdict.capability), "critical", offset, shown, details);
        return true;
      case "obscured":
        this.say("S1231", "critical", offset, { ...shown, why: verdict.why }, details);
        return true;
      case "misspelt": {
        const why = verdict.resembles ? `${verdict.why} and looks like ${verdict.resembles}` : verdict.why;
        this.say("S1232", verdict.resembles ? "critical" : "warning", offset, { does, callable, why });
        return true;
      }
      case "unvouched":
        this.say("S1230", how === "called" ? "critical" : "warning", offset, shown, details);
        return true;
      case "method":
        if (how === "referenced") return false;
        this.say("S1244", "warning", offset, { callable, evidence });
        return true;
      case "unknown":
        return this.unknown(verdict, use, callable, evidence);
    }
  }

  private unknown(verdict: Verdict & { kind: "unknown" }, use: Use, callable: string, evidence: string): boolean {
    const { how, offset, args } = use;
    if (isTrusted(verdict.package, this.load)) return false;
    if (verdict.module.startsWith("__torch__") && (this.load.loader === "torchscript" || how !== "called")) return false;
    const main = verdict.package === "__main__";
    const [cls] = args ?? [];
    if (how === "called" && cls?.kind === "global" && isCythonBuilder(verdict.module, verdict.name, args)) {
      return this.named({ module: cls.module, name: cls.name, how: "built", offset, args: undefined });
    }
    const shown = { callable, evidence, package: verdict.package };
    if (
      how === "built" ||
      (how === "called" &&
        (isEnumLike(verdict.module, verdict.name, args) ||
          isModelOutput(verdict.module, verdict.name) ||
          isOwnClass(verdict.module, verdict.name, args)))
    ) {
      if (how === "built") this.builtOf.add(verdict.package);
      this.say("S1235", "info", offset, { callable, package: verdict.package });
      return false;
    }
    if (how === "called") {
      const foreign = isForeignFunction(verdict.module, verdict.name);
      this.say(foreign ? "S1246" : "S1234", foreign ? "critical" : "warning", offset, shown);
      return true;
    }
    if (main) this.say("S1236", "info", offset, { callable, package: verdict.package });
    else this.references.push({ callable, package: verdict.package, offset });
    return false;
  }

  /**
   * Objects of a library hold its functions and classes: where the stream makes such an object, a name of the same package
   * beside it brings in nothing new. Of a library whose names were all recorded, a name outside the tables is strange.
   */
  private judgeReferences(): void {
    for (const { callable, package: name, offset } of this.references) {
      const own = this.builtOf.has(name) && !isRecorded(name);
      this.say("S1236", own ? "info" : "warning", offset, { callable, package: name });
    }
  }

  private allowed(verdict: Verdict & { kind: "allowed" }, use: Use, callable: string): boolean {
    const { how, offset, args, route, built } = use;
    if (how === "referenced") return false;
    const evidence = (): string => showArguments(args);
    if (!verdict.uses.includes(how)) {
      if (verdict.capability) {
        const shown = { does: "runs", callable, evidence: evidence() };
        this.say(deniedRule(verdict.module, verdict.name, verdict.capability), "critical", offset, shown);
      } else if (verdict.uses.includes("built")) {
        this.say("S1240", "warning", offset, {
          callable,
          evidence: evidence(),
          why: "writers make the object and set its state, they do not call the class",
        });
      } else if (/(?:^|\.)__\w+__$/.test(verdict.name)) {
        const why = "writers keep the method, they do not call it";
        this.say("S1231", "critical", offset, { does: "runs", callable, evidence: evidence(), why });
      } else this.say("S1244", "warning", offset, { callable, evidence: evidence() });
      return true;
    }
    const key = `${verdict.module}.${verdict.name}`;
    // A class that another function makes an object of gets its arguments from that function, whose rule has judged them.
    const rule = how === "built" && args === undefined ? undefined : callRule(verdict.module, verdict.name);
    if (!rule) return false;
    if (++this.depth > DEEPEST_CALL) {
      this.say("S1243", "critical", offset, { what: "calls nested in the arguments of calls" });
      return true;
    }
    let alarming = false;
    const problems = rule({
      judge: this,
      args: args ?? [],
      known: args !== undefined,
      kwargs: use.kwargs ?? built?.kwargs,
      route: route ?? "REDUCE",
      offset,
      built,
    });
    for (const problem of problems ?? []) {
      alarming = true;
      if (problem.kind === "arguments")
        this.say("S1240", problem.severity ?? "warning", offset, { callable, evidence: evidence(), why: problem.why });
      else this.say("S1242", "warning", offset, { callable: key, evidence: evidence(), amount: problem.amount });
    }
    this.depth--;
    return alarming;
  }

  /** A call of, or a reference to, a helper of dill or cloudpickle. */
  private helper(helper: Helper, { module, name, how, offset, args, built }: Use): boolean {
    if (how === "referenced") {
      // Handed on without being called: nothing honest does that with what makes code.
      if (helper !== "part" && helper !== "type") this.say("S1238", "critical", offset, { what: `${module}.${name} is handed on` });
      return false;
    }
    const [first, second] = args ?? [];
    const callable = `${module}.${name}`;
    const evidence = showArguments(args);
    switch (helper) {
      case "part":
      case "type":
        return false;
      case "singleton":
        if (isText(first) && /^(?:NotImplemented|Ellipsis)$/.test(first.value)) return false;
        this.say("S1221", "critical", offset, { does: "runs", callable, evidence });
        return true;
      case "function":
        this.storedCode(args ?? [], offset, built);
        return false;
      case "class":
        return this.newClass(name, args ?? [], offset, built);
      case "setter": {
        const target = first ? this.resolve(first) : undefined;
        if (target?.kind === "name") {
          this.say("S1239", "critical", offset, { callable: `${target.module}.${target.name}`, how: `${callable} writes into it` });
          return true;
        }
        this.classBody(args ?? [], offset, first ? this.classValue(first) : undefined);
        return false;
      }
      case "import": {
        const verdict = isText(first) ? classify(first.value, "anything") : undefined;
        // The module itself calls nothing: what is taken from it is judged by its own name. Methods of dataclasses need `_thread`.
        const calls = verdict?.kind === "denied" && verdict.capability === "call";
        if (verdict && (calls || (verdict.kind !== "denied" && verdict.kind !== "obscured" && verdict.kind !== "misspelt"))) {
          this.say("S1237", "warning", offset, { what: `which needs the module ${isText(first) ? first.value : ""}` });
          return false;
        }
        this.say(verdict?.kind === "denied" ? deniedRule(verdict.module, "", verdict.capability) : "S1222", "critical", offset, {
          does: "runs",
          callable,
          evidence,
        });
        return true;
      }
      case "attribute": {
        const target = first && isText(second) ? this.attribute(first, second.value, 0) : undefined;
        if (target?.kind === "name") return this.named({ module: target.module, name: target.name, how: "referenced", offset, args: undefined });
        this.say("S1222", "critical", offset, { does: "runs", callable, evidence });
        return true;
      }
    }
  }

  /** Built-in functions as dill and cloudpickle use them on what they saved by value; elsewhere they are denied. */
  private partOfClass(name: string, how: Use["how"], args: readonly Value[] | undefined): boolean {
    const [first, second, third] = args ?? [];
    if (how !== "called" || !first) return false;
    if (WRAPPERS.has(name)) return args?.every((value) => isNone(value) || this.isCode(value)) ?? false;
    if (name !== "setattr" || !isText(second)) return false;
    if (second.value === "cell_contents") return this.isCell(first);
    if (!NAMES_OF_CODE.has(second.value)) return false;
    if (this.isCode(first)) return true;
    // dill names a class again that it could only write by its name in the program's main module.
    const target = second.value === "__qualname__" && isText(third) ? this.resolve(first) : undefined;
    return target?.kind === "name" && target.module === "__main__";
  }

  private isCell(value: Value): boolean {
    const maker = value.kind === "built" ? this.resolve(value.callee) : undefined;
    if (maker?.kind !== "name") return false;
    const at = canonical(maker.module, maker.name);
    return helperOf(at.module, at.name) === "part" && /cell/.test(at.name);
  }

  /**
   * A class made of a metaclass, a name, bases and attributes. The metaclass is called with the rest, so it is judged as a
   * call unless it is one of Python's own. A class without functions is data: those have their own words.
   */
  private newClass(helper: string, args: readonly Value[], offset: number, built: Built | undefined): boolean {
    this.say("S1237", "info", offset, { what: built ? nameOfCode(built) : "a class" });
    const named = helper === "_create_namedtuple" || helper === "_create_typing_tuple";
    const [first, ...rest] = args;
    if (named) {
      // dill looks for the class in the module that it is said to come from, and imports that.
      const module = args[2];
      if (!isText(module)) return false;
      return this.named({ module: module.value, name: isText(first) ? first.value : "", how: "referenced", offset, args: undefined });
    }
    if (helper !== "_make_skeleton_enum" && first && !this.isMetaclass(first)) {
      if (this.called(this.resolve(first), rest, "REDUCE", offset)) return true;
    }
    // The members of an enumeration are made at once, by the `__init__` of its bases.
    if (helper === "_make_skeleton_enum" && args.some((value) => this.startsCode(value, 0)))
      this.say("S1238", "critical", offset, { what: "the method __init__ of a class in the file, which makes the members of an enumeration" });
    this.classBody(args, offset, built);
    return false;
  }

  private isMetaclass(value: Value): boolean {
    const target = this.resolve(value);
    if (target.kind !== "name") return false;
    const at = canonical(target.module, target.name);
    return METACLASSES.has(`${at.module}.${at.name}`);
  }

  /** The class that a helper made, behind the helpers that fill it. */
  private classValue(value: Value, depth = 0): Value | undefined {
    if (value.kind !== "built" || depth > DEEPEST_CALLEE) return undefined;
    const maker = this.resolve(value.callee);
    if (maker.kind !== "name") return undefined;
    const at = canonical(maker.module, maker.name);
    const helper = helperOf(at.module, at.name);
    if (helper === "class") return value;
    const [first] = argumentsOf(value) ?? [];
    return helper === "setter" && first ? this.classValue(first, depth + 1) : undefined;
  }

  /** `Enumeration(value)` looks a member up: no `__init__` is run. */
  private isMember(callee: Value, args: readonly Value[]): boolean {
    const cls = this.classValue(callee);
    const maker = cls?.kind === "built" ? this.resolve(cls.callee) : undefined;
    return args.length === 1 && maker?.kind === "name" && maker.name === "_make_skeleton_enum";
  }

  /** True when making an object by a call of this class runs a function of the file: it, a base or its metaclass has one. */
  private startsCode(value: Value, depth: number): boolean {
    if (depth > DEEPEST_CALL) return true;
    if (value.kind === "container") return value.items.some((item) => this.startsCode(item, depth + 1));
    if (!this.isCode(value)) return false;
    const cls = this.classValue(value);
    if (cls?.kind !== "built" || this.starting.has(cls)) return true;
    return (argumentsOf(cls) ?? []).some((item) => !isDict(item) && this.startsCode(item, depth + 1));
  }

  /** Methods in a class body that run by themselves. */
  private classBody(args: readonly Value[], offset: number, cls: Value | undefined): void {
    const look = (value: Value, depth: number): void => {
      if (depth > 3 || value.kind !== "container") return;
      if (isDict(value)) {
        for (const [key, item] of entries(value)) {
          if (cls && key === "__init__" && item.kind !== "constant") this.starting.add(cls);
          if (runsImplicitly(key) && this.isCode(item))
            this.say("S1238", "critical", offset, { what: `the method ${key} of a class in the file, which Python calls by itself` });
        }
      } else for (const item of value.items) look(item, depth + 1);
    };
    for (const value of args) look(value, 0);
  }

  /** True for functions made from bytecode in the stream. */
  isCode(value: Value): boolean {
    const target = value.kind === "built" ? this.resolve(value) : undefined;
    return target?.kind === "code";
  }

  private build(target: Value, state: Value, offset: number): void {
    if (this.reported.has(target) || target.kind === "constant" || target.kind === "container") return;
    const resolved = this.resolve(target);
    if (resolved.kind === "name" && !(target.kind === "built" && this.isPartial(target))) {
      this.say("S1239", "critical", offset, { callable: `${resolved.module}.${resolved.name}`, how: `BUILD sets ${show(state, 1)}` });
      return;
    }
    if (resolved.kind === "reported") return;
    if (target.kind !== "built") {
      this.say("S1243", "critical", offset, { what: resolved.kind === "nothing" ? `the state setter of ${resolved.what}` : "a state setter" });
      return;
    }
    const cls = this.classOf(target);
    const name = cls.kind === "name" ? canonical(cls.module, cls.name) : { module: "", name: "an object" };
    const why = checkState(this, name.module, name.name, state);
    if (why)
      this.say("S1241", why.severity ?? "critical", offset, { callable: name.module ? `${name.module}.${name.name}` : name.name, why: why.text });
  }

  private isPartial(built: Built): boolean {
    const cls = this.resolve(built.callee);
    if (cls.kind !== "name") return false;
    const { module, name } = canonical(cls.module, cls.name);
    return `${module}.${name}` === "functools.partial";
  }

  private mutate(target: Value, opcode: string, items: readonly Value[], offset: number): void {
    if (this.reported.has(target) || target.kind === "container" || target.kind === "constant") return;
    const resolved = this.resolve(target);
    if (resolved.kind === "reported") return;
    if (resolved.kind === "name") {
      this.say("S1239", "critical", offset, { callable: `${resolved.module}.${resolved.name}`, how: `${opcode} ${showArguments(items)}` });
      return;
    }
    if (target.kind !== "built") {
      this.say("S1245", "critical", offset, { callable: show(target), opcode });
      return;
    }
    const cls = this.classOf(target);
    if (cls.kind === "code") return;
    const verdict = cls.kind === "name" ? classify(cls.module, cls.name) : undefined;
    const callable = cls.kind === "name" ? `${cls.module}.${cls.name}` : "an object";
    if (verdict?.kind === "allowed") {
      // Tensors, arrays and what functions return take no items while loading (CVE-2026-24747 wrote through a tensor).
      const holdsMemory = /^(?:torch|numpy)(?:\.|$)/.test(verdict.module) && !/(?:Dict|List|Set|Metadata|Args|Config)$/.test(verdict.name);
      if (!holdsMemory && /^(?:[A-Z]|deque|defaultdict|list|dict|set|bytearray|array|Counter)/.test(verdict.name.replace(/^_+/, ""))) return;
      this.say("S1245", "critical", offset, { callable, opcode });
    } else if (verdict?.kind !== "unknown") this.say("S1245", "critical", offset, { callable, opcode });
  }

  private persistent(id: Value, offset: number): void {
    if (isStorageId(this, id)) return;
    const [kind, , call, args] = isTuple(id) ? id.items : [];
    // torch.package: ("reduce_package", id, function, arguments) is a call by other means.
    if (isText(kind) && kind.value === "reduce_package" && call) {
      this.called(this.resolve(call), isTuple(args) ? args.items : undefined, "REDUCE", offset);
      return;
    }
    this.say("S212", "warning", offset, { id: show(id, 2) });
  }

  private handOnAll(values: readonly Value[], offset: number): void {
    for (const value of values) this.handOn(value, offset);
  }

  /** Looks for functions that must not be passed around. Objects are not entered: their arguments are handed on in turn. */
  handOn(value: Value, offset: number): void {
    if (value.kind === "global") {
      const { module, name } = canonical(value.module, value.name);
      if (NOT_TO_HAND_ON.has(`${module}.${name}`)) {
        this.say("S1222", "critical", offset, { does: "hands on", callable: `${value.module}.${value.name}`, evidence: "" });
      }
      return;
    }
    if (value.kind !== "container" || value.plain || this.walked.has(value)) return;
    const todo: Value[] = [value];
    for (let next = todo.pop(); next; next = todo.pop()) {
      if (next.kind === "global") this.handOn(next, offset);
      else if (next.kind === "container" && !next.plain && !this.walked.has(next)) {
        this.walked.add(next);
        for (const item of next.items) todo.push(item);
      }
    }
  }
}

/** A use of a name to be judged. */
export interface Use {
  module: string;
  name: string;
  how: "called" | "built" | "referenced";
  offset: number;
  args: readonly Value[] | undefined;
  kwargs?: Value;
  route?: Route;
  built?: Built;
}

/** NEWOBJ makes an object without `__init__`; INST and OBJ without arguments do so for classes. */
function isBuilding(route: Route, args: readonly Value[] | undefined, built: Built | undefined): boolean {
  if (route === "NEWOBJ" || route === "NEWOBJ_EX") return true;
  if ((route !== "INST" && route !== "OBJ") || args?.length !== 0) return false;
  const { callee } = built ?? {};
  // A function under these opcodes is called; classes are spelled with a capital, all but in the oldest code.
  return callee?.kind === "global" && /(?:^|\.)_*[A-Z][^.]*$/.test(callee.name);
}

/** `_builtin_type("CodeType")` of cloudpickle, `_load_type("CodeType")` of dill. */
function typeNamed(name: string): Target {
  if (name === "CodeType" || name === "FunctionType" || name === "LambdaType") return { kind: "code", what: "code type" };
  // A bound method is a function and its first argument, as a partial is.
  if (name === "MethodType" || name === "PartialType") return { kind: "name", module: "functools", name: "partial" };
  // dill writes built-in classes by their own name or by the old names of `types`.
  if (name === "ObjectType" || /^[a-z]/.test(name)) return { kind: "name", module: "builtins", name: name === "ObjectType" ? "object" : name };
  return { kind: "name", module: "types", name };
}

function keyOf(module: string, name: string): string {
  const at = canonical(module, name);
  return `${at.module}\n${at.name}`;
}
