/** What the stream does with functions and classes saved by value, and with the helpers of dill and cloudpickle that make them. */
import { words } from "../../../detectors/names/words.js";
import type { Built, Route, Value } from "../values.js";
import { type Helper, IMPLICIT, nameOfCode, tellingNames } from "./by-value.js";
import { classify } from "./classify.js";
import type { Judge } from "./judge.js";
import { canonical } from "./names.js";
import { deniedRule } from "./reference.js";
import { WRAPPERS } from "./target.js";
import { judgeUse, type Use } from "./use.js";
import { argumentsOf, entries, entry, isDict, isNone, isText, showArguments } from "../questions.js";

/** Attributes of functions and classes that only describe them. */
const NAMES_OF_CODE = new Set(["__qualname__", "__name__", "__module__", "__doc__", "__annotations__", "__abstractmethods__"]);

/** Classes of classes that only make one. */
const METACLASSES = words(
  "builtins.type abc.ABCMeta enum.EnumMeta enum.EnumType typing.GenericMeta typing._ProtocolMeta typing._TypedDictMeta typing.NamedTupleMeta",
);

/** How Python shows a method of a built-in class. dill takes the name of the class out of this text and evaluates it. */
const SLOT = /^<(?:slot wrapper|method) '(\w+)' of '(object|int|float|complex|str|bytes|bytearray|list|tuple|dict|set|frozenset)' objects>$/;

/** Helpers of cloudpickle that iterate over their first argument, or take an item of it. */
const READERS = /^_make_dict_|^_create_parametrized_type_hint$/;

/** Bases of bases that are followed. */
const DEEPEST_CLASS = 16;

export function codeCalled(
  judge: Judge,
  what: "function" | "class" | "code type",
  args: readonly Value[],
  route: Route,
  offset: number,
  built: Built | undefined,
): boolean {
  if (what === "code type") {
    storedCode(judge, args, offset, built);
    return false;
  }
  // `cls.__new__` of a class made here; methods that would run are reported when the class is filled.
  if (what === "class" && (route === "NEWOBJ" || route === "NEWOBJ_EX")) return false;
  // Members of enumerations, exceptions and dicts are pickled as calls of their class.
  if (what === "class" && route === "REDUCE" && built && (isMember(judge, built.callee, args) || !startsCode(judge, built.callee))) return false;
  judge.say("S1238", "critical", offset, { what: `a ${what} is called with ${showArguments(args)}` });
  return true;
}

function storedCode(judge: Judge, args: readonly Value[], offset: number, built: Built | undefined): void {
  const names = tellingNames(args);
  const what = built ? nameOfCode(built) : "bytecode";
  if (names.length) judge.say("S1238", "critical", offset, { what: `bytecode ${what} that uses ${names.slice(0, 6).join(", ")}` });
  else judge.say("S1237", "warning", offset, { what });
}

/** A call of, or a reference to, a helper of dill or cloudpickle. */
export function judgeHelper(judge: Judge, helper: Helper, { module, name, how, offset, args, built }: Use): boolean {
  if (how === "referenced") {
    // Handed on without being called: nothing honest does that with what makes code.
    if (helper !== "part" && helper !== "type") judge.say("S1238", "critical", offset, { what: `${module}.${name} is handed on` });
    return false;
  }
  const [first, second] = args ?? [];
  const callable = `${module}.${name}`;
  const evidence = showArguments(args);
  if (READERS.test(name) && first && isOwnObject(judge, first)) {
    judge.say("S1238", "critical", offset, { what: `the methods by which ${callable} reads an object of a class in the file` });
    return true;
  }
  switch (helper) {
    case "part":
    case "type":
      return false;
    case "singleton":
      if (isText(first) && /^(?:NotImplemented|Ellipsis|range\(-?\d{1,18}, -?\d{1,18}(?:, -?\d{1,18})?\))$/.test(first.value)) return false;
      judge.say("S1221", "critical", offset, { does: "runs", callable, evidence });
      return true;
    case "function":
      storedCode(judge, args ?? [], offset, built);
      return false;
    case "caller":
      return first ? judge.called(judge.targets.resolve(first), [], "REDUCE", offset) : false;
    case "class":
      return newClass(judge, name, args ?? [], offset, built);
    case "setter": {
      const target = first ? judge.targets.resolve(first) : undefined;
      if (target?.kind === "name") {
        judge.say("S1239", "critical", offset, { callable: `${target.module}.${target.name}`, how: `${callable} writes into it` });
        return true;
      }
      classBody(judge, args ?? [], offset, first ? judge.targets.madeClass(first) : undefined);
      return false;
    }
    case "slot": {
      const [, method = "", type = ""] = (isText(args?.[2]) && SLOT.exec(args[2].value)) || [];
      if (isText(second) && second.value === method)
        return judgeUse(judge, { module: "builtins", name: `${type}.${method}`, how: "referenced", offset, args: undefined });
      judge.say("S1221", "critical", offset, { does: "runs", callable, evidence });
      return true;
    }
    case "import": {
      const verdict = isText(first) ? classify(first.value, "anything") : undefined;
      // The module itself calls nothing: what is taken from it is judged by its own name. Methods of dataclasses need `_thread`.
      const calls = verdict?.kind === "denied" && verdict.capability === "call";
      if (verdict && (calls || (verdict.kind !== "denied" && verdict.kind !== "obscured" && verdict.kind !== "misspelt"))) {
        judge.say("S1237", "warning", offset, { what: `which needs the module ${isText(first) ? first.value : ""}` });
        return false;
      }
      judge.say(verdict?.kind === "denied" ? deniedRule(verdict.module, "", verdict.capability) : "S1222", "critical", offset, {
        does: "runs",
        callable,
        evidence,
      });
      return true;
    }
    case "attribute": {
      const target = first && isText(second) ? judge.targets.attribute(first, second.value) : undefined;
      if (target?.kind === "name") return judgeUse(judge, { module: target.module, name: target.name, how: "referenced", offset, args: undefined });
      judge.say("S1222", "critical", offset, { does: "runs", callable, evidence });
      return true;
    }
  }
}

/**
 * A class made of a metaclass, a name, bases and attributes. The metaclass is called with the rest, so it is judged as a
 * call unless it is one of Python's own. A class without functions is data: those have their own words. True when what the
 * helper calls was reported.
 */
function newClass(judge: Judge, helper: string, args: readonly Value[], offset: number, built: Built | undefined): boolean {
  judge.say("S1237", "info", offset, { what: built ? nameOfCode(built) : "a class" });
  const [first, second, third] = args;
  if (helper === "_create_typing_tuple") return false;
  if (helper === "_create_namedtuple") {
    // dill looks for the class in the module that it is said to come from, and imports that.
    const [module, name] = [isText(third) ? third.value : "", isText(first) ? first.value : ""];
    if (!isText(third)) return false;
    const how = /^(?:allowed|method|unknown)$/.test(classify(module, name).kind) ? "referenced" : "called";
    return judgeUse(judge, { module, name, how, offset, args: second ? [second] : [] });
  }
  if (helper === "_make_skeleton_enum") {
    // The members of an enumeration are made at once, by the `__init__` of its bases.
    if (args.some((value) => startsCode(judge, value)))
      judge.say("S1238", "critical", offset, { what: "the method __init__ of a class in the file, which makes the members of an enumeration" });
  } else if (first && !isMetaclass(judge, first)) {
    const data = judge.targets.madeClass(first) !== undefined && !startsCode(judge, first);
    if (!data && judge.called(judge.targets.resolve(first), args.slice(1), "REDUCE", offset)) return true;
  }
  classBody(judge, args, offset, built);
  return false;
}

/** An object of a class by value. */
function isOwnObject(judge: Judge, value: Value): boolean {
  return value.kind === "built" && judge.targets.resolve(value).kind === "instance" && judge.targets.classOf(value).kind === "code";
}

function isMetaclass(judge: Judge, value: Value): boolean {
  const target = judge.targets.resolve(value);
  if (target.kind !== "name") return false;
  const at = canonical(target.module, target.name);
  return METACLASSES.has(`${at.module}.${at.name}`);
}

/** A class by value of which `Class[item]` runs no method of the file's: its metaclass and those of its bases are Python's. */
export function hasPlainMetaclass(judge: Judge, value: Value, depth = 0): boolean {
  const cls = judge.targets.madeClass(value);
  const [meta, , bases] = (cls && argumentsOf(cls)) ?? [];
  if (!meta || !isMetaclass(judge, meta) || bases?.kind !== "container" || depth > DEEPEST_CLASS) return false;
  return bases.items.every((base) => !judge.targets.isCode(base) || hasPlainMetaclass(judge, base, depth + 1));
}

/** `Enumeration(value)` looks a member up: no `__init__` is run. */
function isMember(judge: Judge, callee: Value, args: readonly Value[]): boolean {
  const cls = judge.targets.madeClass(callee);
  return args.length === 1 && cls !== undefined && judge.targets.isMadeBy(cls, (_module, name) => name === "_make_skeleton_enum");
}

/** True when making an object by a call of this class runs a function of the file: it, a base or its metaclass has one. */
function startsCode(judge: Judge, value: Value, depth = 0): boolean {
  if (depth > DEEPEST_CLASS) return true;
  if (value.kind === "container") return value.items.some((item) => startsCode(judge, item, depth + 1));
  if (!judge.targets.isCode(value)) return false;
  const cls = judge.targets.madeClass(value);
  if (!cls || judge.starting.has(cls)) return true;
  return (argumentsOf(cls) ?? []).some((item) => !isDict(item) && startsCode(judge, item, depth + 1));
}

/** Built-in functions as dill and cloudpickle use them on what they saved by value; elsewhere they are denied. */
export function isPartOfClass(judge: Judge, name: string, how: Use["how"], args: readonly Value[] | undefined): boolean {
  const [first, second, third] = args ?? [];
  if (how !== "called" || !first) return false;
  if (WRAPPERS.has(name)) return args?.every((value) => isNone(value) || judge.targets.isCode(value)) ?? false;
  if (name !== "setattr" || !isText(second)) return false;
  if (second.value === "cell_contents") return judge.targets.isCell(first);
  if (!NAMES_OF_CODE.has(second.value)) return false;
  if (judge.targets.isCode(first)) return true;
  // dill names a class again that it could only write by its name in the program's main module.
  const target = second.value === "__qualname__" && isText(third) ? judge.targets.resolve(first) : undefined;
  return target?.kind === "name" && target.module === "__main__";
}

/** Methods in a class body that run by themselves. */
function classBody(judge: Judge, args: readonly Value[], offset: number, cls: Value | undefined): void {
  const look = (value: Value, depth: number): void => {
    if (depth > 3 || value.kind !== "container") return;
    if (isDict(value)) {
      for (const [key, item] of entries(value)) {
        if (cls && key === "__init__" && item.kind !== "constant") judge.starting.add(cls);
        // cloudpickle calls `register` of an abstract class with each class that was registered there.
        const registry = key === "register" ? entry(value, "_abc_impl") : undefined;
        const registers = !isNone(registry) && !(registry?.kind === "container" && registry.items.length === 0);
        if ((IMPLICIT.has(key) || registers) && judge.targets.isCode(item))
          judge.say("S1238", "critical", offset, { what: `the method ${key} of a class in the file, which Python calls by itself` });
      }
    } else for (const item of value.items) look(item, depth + 1);
  };
  for (const value of args) look(value, 0);
}
