/** What a rule on the arguments of an allowed callable gets and gives, and the questions that several rules ask. */
import type { Built, Route, Value } from "../values.js";
import { callRule } from "./calls.js";
import { classify } from "./classify.js";
import type { Judge } from "./judge.js";
import { canonical, packageOf } from "./names.js";
import { judgeUse } from "./use.js";
import { isNone, show } from "../questions.js";

export interface Call {
  judge: Judge;
  args: readonly Value[];
  /** False when the arguments could not be determined. */
  known: boolean;
  kwargs: Value | undefined;
  route: Route;
  offset: number;
  built: Built | undefined;
}

export type Problem = { kind: "arguments"; why: string; severity?: "critical" | "warning" } | { kind: "allocation"; amount: string };
export type CallRule = (call: Call) => readonly Problem[];
/** Rules with the dotted names they are for, blanks between them. */
export type RuleTable = readonly (readonly [rule: CallRule, names: string])[];

export const OK: readonly Problem[] = [];

export function wrong(why: string, severity?: "critical" | "warning"): readonly Problem[] {
  return [{ kind: "arguments", why, ...(severity ? { severity } : {}) }];
}

/** A value that is called now or later: partial, map, defaultdict. `now` says that it runs while loading. */
export function callable(call: Call, value: Value | undefined, now: boolean): readonly Problem[] {
  if (!call.known) return wrong("what it calls cannot be told", now ? "critical" : "warning");
  if (value === undefined || isNone(value)) return OK;
  const target = call.judge.targets.resolve(value);
  if (target.kind === "reported" || target.kind === "new") return OK;
  if (target.kind === "code") return now ? wrong("it calls a function whose code the file carries", "critical") : OK;
  if (target.kind !== "name") return now ? wrong(`it calls ${show(value, 1)}`, "critical") : OK;
  if (now) {
    // The arguments come one by one out of an iterable: rules on them cannot be checked, so only plain functions pass.
    const verdict = classify(target.module, target.name);
    if (verdict.kind === "allowed" && !verdict.uses.includes("called") && !verdict.uses.includes("built")) return OK;
    if (verdict.kind === "allowed" && !verdict.uses.includes("called")) return wrong(`it makes objects of ${target.module}.${target.name}`);
    if (verdict.kind === "allowed" && callRule(verdict.module, verdict.name) === undefined) return OK;
    if (verdict.kind === "allowed" || verdict.kind === "method") {
      const evaluates = packageOf(verdict.module) === "sympy" ? "critical" : undefined;
      return wrong(`it calls ${target.module}.${target.name} with arguments that cannot be judged`, evaluates);
    }
    judgeUse(call.judge, { module: target.module, name: target.name, how: "called", offset: call.offset, args: call.args });
    return OK;
  }
  const at = canonical(target.module, target.name);
  return at.module === "builtins" && at.name === "getattr" ? wrong("it stores getattr for later", "critical") : OK;
}

/** A value that must be a class, of which the function makes an object without calling it, by `args` where they are those of its `__new__`. */
export function builds(call: Call, value: Value | undefined, args?: readonly Value[]): readonly Problem[] {
  if (!value) return wrong("the class is missing");
  const target = call.judge.targets.resolve(value);
  if (target.kind === "reported" || target.kind === "code") return OK;
  if (target.kind !== "name") return wrong(`${show(value, 1)} is no class`, "critical");
  judgeUse(call.judge, { module: target.module, name: target.name, how: "built", offset: call.offset, args });
  return OK;
}

/** Bytes as protocols below 3 write them: a text that is encoded. */
export function isEncoded(call: Call, value: Value | undefined): value is Built {
  return value?.kind === "built" && isName(call, value.callee, "_codecs", "encode");
}

export function isName(call: Call, value: Value | undefined, module: string, name: string): boolean {
  const target = value && call.judge.targets.resolve(value);
  if (target?.kind !== "name") return false;
  const at = canonical(target.module, target.name);
  return at.module === module && at.name === name;
}
