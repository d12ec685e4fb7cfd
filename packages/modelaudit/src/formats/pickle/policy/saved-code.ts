/** What the stream does with functions and classes saved by value, and with the helpers of dill and cloudpickle that make them. */
import type { Built, Route, Value } from "../values.js";
import { type Helper, nameOfCode, runsImplicitly, tellingNames } from "./by-value.js";
import { classify } from "./classify.js";
import type { Judge } from "./judge.js";
import { deniedRule } from "./reference.js";
import { WRAPPERS } from "./target.js";
import { judgeUse, type Use } from "./use.js";
import { entries, isDict, isNone, isText, showArguments } from "./values.js";

/** Attributes of functions and classes that only describe them. */
const NAMES_OF_CODE = new Set(["__qualname__", "__name__", "__module__", "__doc__", "__annotations__", "__abstractmethods__"]);

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
  switch (helper) {
    case "part":
    case "type":
      return false;
    case "function":
      storedCode(judge, args ?? [], offset, built);
      return false;
    case "caller":
      return first ? judge.called(judge.targets.resolve(first), [], "REDUCE", offset) : false;
    case "class":
      if (callsMaker(judge, name, args ?? [], offset)) return true;
      judge.say("S1237", "warning", offset, { what: built ? nameOfCode(built) : "a class" });
      classBody(judge, args ?? [], offset);
      return false;
    case "setter": {
      const target = first ? judge.targets.resolve(first) : undefined;
      if (target?.kind === "name") {
        judge.say("S1239", "critical", offset, { callable: `${target.module}.${target.name}`, how: `${callable} writes into it` });
        return true;
      }
      classBody(judge, args ?? [], offset);
      return false;
    }
    case "import": {
      const verdict = isText(first) ? classify(first.value, "anything") : undefined;
      if (verdict && verdict.kind !== "denied" && verdict.kind !== "obscured" && verdict.kind !== "misspelt") {
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
 * Helpers that make a class do so by calling its metaclass, which is their first argument; `_create_namedtuple` imports the
 * name and only makes a class when there is none. True when what they get this way was reported.
 */
function callsMaker(judge: Judge, helper: string, args: readonly Value[], offset: number): boolean {
  const [first, second, third] = args;
  if (helper === "_create_namedtuple") {
    const [module, name] = [isText(third) ? third.value : "", isText(first) ? first.value : ""];
    if (/^(?:allowed|method|unknown)$/.test(classify(module, name).kind)) return false;
    return judgeUse(judge, { module, name, how: "called", offset, args: second ? [second] : [] });
  }
  if (helper !== "_create_type" && helper !== "_make_skeleton_class") return false;
  const maker = first ? judge.targets.resolve(first) : undefined;
  if (!maker || (maker.kind === "code" && maker.what !== "function")) return false;
  if (maker.kind === "name" && classify(maker.module, maker.name).kind === "allowed") return false;
  return judge.called(maker, args.slice(1), "REDUCE", offset);
}

/** Built-in functions as dill and cloudpickle use them on what they saved by value; elsewhere they are denied. */
export function isPartOfClass(judge: Judge, name: string, how: Use["how"], args: readonly Value[] | undefined): boolean {
  const [first, second] = args ?? [];
  if (how !== "called" || !first) return false;
  if (WRAPPERS.has(name)) return args?.every((value) => isNone(value) || judge.targets.isCode(value)) ?? false;
  if (name !== "setattr" || !isText(second)) return false;
  return second.value === "cell_contents" ? judge.targets.isCell(first) : NAMES_OF_CODE.has(second.value) && judge.targets.isCode(first);
}

/** Methods in a class body that run by themselves. */
function classBody(judge: Judge, args: readonly Value[], offset: number): void {
  const look = (value: Value, depth: number): void => {
    if (depth > 3 || value.kind !== "container") return;
    if (isDict(value)) {
      for (const [key, item] of entries(value)) {
        if (runsImplicitly(key) && judge.targets.isCode(item))
          judge.say("S1238", "critical", offset, { what: `the method ${key} of a class in the file, which Python calls by itself` });
      }
    } else for (const item of value.items) look(item, depth + 1);
  };
  for (const value of args) look(value, 0);
}
