/** The use of a name: what the tables say of it, and the rules on the arguments of what they allow. */
import { words } from "../../../detectors/names/words.js";
import type { Built, Route, Value } from "../values.js";
import { helperOf } from "./by-value.js";
import { callRule } from "./calls.js";
import { classify, type Verdict } from "./classify.js";
import type { Judge } from "./judge.js";
import { symbolicRule } from "./calls-libraries.js";
import { archiveIn, readsArchive } from "./keras-archive.js";
import { canonical, type Name } from "./names.js";
import { isCythonBuilder, isEnumLike, isForeignFunction, isModelOutput, isOwnClass, judgeVerdict } from "./reference.js";
import { isPartOfClass, judgeHelper } from "./saved-code.js";
import { isConstant, isText, showArguments } from "../questions.js";

/** `_rebuild_from_type_v2` names a function and its arguments inside its own; writers nest it once. */
const DEEPEST_CALL = 16;

/** A use of a name to be judged. */
export interface Use {
  module: string;
  name: string;
  how: "called" | "built" | "referenced";
  offset: number;
  args: readonly Value[] | undefined;
  route?: Route;
  built?: Built;
}

/** Judges the use of a name. True when it was reported as alarming. */
export function judgeUse(judge: Judge, use: Use): boolean {
  const { module, name, how, offset, args } = use;
  judge.markUsed(module, name);
  const at = canonical(module, name);
  const helper = helperOf(at.module, at.name);
  if (helper && how !== "built") return judgeHelper(judge, helper, use);
  if (at.module === "builtins" && at.name === "__main__" && how === "referenced") {
    // dill reads this name as the dict of the program's main module, where functions saved by value find their globals.
    judge.say("S1237", "warning", offset, { what: "which uses the names of the program that loads it" });
    return false;
  }
  if (at.module === "builtins" && isPartOfClass(judge, at.name, how, args)) return false;
  if (at.module === "operator" && how === "called" && isFieldGetter(at.name, args ?? [])) return false;
  const verdict = classify(module, name);
  if (verdict.kind === "allowed") return allowed(judge, verdict, use);
  if (verdict.kind === "unknown") return unknown(judge, verdict, use);
  const found = judgeVerdict(verdict, module, name, how, how === "referenced" ? "" : showArguments(args));
  if (found) judge.say(found.rule, found.severity, offset, found.args, found.details);
  return found !== undefined;
}

/** Methods that give data of tables, texts and arrays, as steps of a pipeline name them. */
const DATA_METHODS = words(
  "toarray todense tocsr tocsc tolist to_numpy to_list to_frame astype copy ravel flatten reshape squeeze transpose fillna dropna lower upper strip title capitalize casefold split sum mean median std var min max prod count abs round clip item items keys values get head tail total_seconds isoformat date time timestamp",
);

/**
 * attrgetter("coef_") and methodcaller("toarray") as an object's field or step: made while loading, called by the program later. A
 * call of it in the stream is reported, as is each of any object. Other methods, and names that lead into Python's internals, are denied.
 */
function isFieldGetter(maker: string, args: readonly Value[]): boolean {
  const [first, ...rest] = args;
  if (maker === "methodcaller") return isText(first) && DATA_METHODS.has(first.value) && rest.every((value) => isConstant(value));
  return maker === "attrgetter" && args.length > 0 && args.every((value) => isText(value) && /^[A-Za-z]\w*_$/.test(value.value));
}

function unknown(judge: Judge, verdict: Verdict & { kind: "unknown" }, use: Use): boolean {
  const { offset, args } = use;
  const { module, name, package: from } = verdict;
  if (judge.load.trust.includes(from)) return false;
  if (module.startsWith("__torch__") && (judge.load.loader === "torchscript" || use.how !== "called")) return false;
  if (readsArchive(module, name) && use.how !== "built") {
    // Protocols below 4 take the method from its class.
    if (use.how === "referenced") judge.markUsed(module, name.slice(0, name.indexOf(".")));
    if (use.how === "referenced" || (args?.length === 1 && archiveIn(args[0]))) return false;
    judge.say("S1224", "critical", offset, { does: "runs", callable: `${use.module}.${use.name}`, evidence: showArguments(args) });
    return true;
  }
  const [cls] = args ?? [];
  if (use.how === "called" && cls?.kind === "global" && isCythonBuilder(module, name, args)) {
    return judgeUse(judge, { module: cls.module, name: cls.name, how: "built", offset, args: undefined });
  }
  const data = isEnumLike(module, name, args) || isModelOutput(module, name) || isOwnClass(module, name, args);
  const how = use.how === "called" && data ? "built" : use.how;
  if (use.how !== "referenced" && hasWrongArguments(judge, verdict, use)) return true;
  const found = judgeVerdict(verdict, use.module, use.name, how, how === "called" ? showArguments(args) : "");
  if (!found) return false;
  if (use.how === "built") judge.builtOf.add(from);
  if (how === "referenced") judge.references.push({ package: from, found, offset });
  else if (how === "called" && isForeignFunction(module, name)) judge.say("S1246", "critical", offset, found.args);
  else judge.say(found.rule, found.severity, offset, found.args);
  return how === "called";
}

function allowed(judge: Judge, verdict: Verdict & { kind: "allowed" }, use: Use): boolean {
  const { how, offset, args } = use;
  if (how === "referenced") return false;
  if (!verdict.uses.includes(how)) {
    const callable = `${use.module}.${use.name}`;
    const evidence = showArguments(args);
    const found = judgeVerdict(verdict, use.module, use.name, how, evidence);
    if (found) judge.say(found.rule, found.severity, offset, found.args, found.details);
    else if (verdict.uses.includes("built")) {
      judge.say("S1240", "warning", offset, {
        callable,
        evidence,
        why: "writers make the object and set its state, they do not call the class",
      });
    } else if (/(?:^|\.)__\w+__$/.test(verdict.name)) {
      const why = "writers keep the method, they do not call it";
      judge.say("S1231", "critical", offset, { does: "runs", callable, evidence, why });
    } else judge.say("S1244", "warning", offset, { callable, evidence });
    return true;
  }
  return hasWrongArguments(judge, verdict, use);
}

/** Items put into an object of a class whose rule looks at all that it gets, as SymPy's does. */
export function takesWrongItems(judge: Judge, { module, name }: Name, items: readonly Value[], offset: number): boolean {
  if (!symbolicRule(module, name)) return false;
  return hasWrongArguments(judge, { module, name }, { module, name, how: "built", offset, args: items });
}

/** Says what the rule on the arguments of a callable finds. */
function hasWrongArguments(judge: Judge, verdict: { module: string; name: string }, use: Use): boolean {
  const { how, offset, args, route, built } = use;
  // A class that another function makes an object of gets its arguments from that function, whose rule has judged them.
  const rule = how === "built" && args === undefined && !built ? undefined : callRule(verdict.module, verdict.name);
  if (!rule) return false;
  if (++judge.depth > DEEPEST_CALL) {
    judge.depth--;
    judge.say("S1243", "critical", offset, { what: "calls nested in the arguments of calls" });
    return true;
  }
  const problems = rule({
    judge,
    args: args ?? [],
    known: args !== undefined,
    kwargs: built?.kwargs,
    route: route ?? "REDUCE",
    offset,
    built,
  });
  for (const problem of problems) {
    const evidence = showArguments(args);
    if (problem.kind === "arguments") {
      judge.say("S1240", problem.severity ?? "warning", offset, { callable: `${use.module}.${use.name}`, evidence, why: problem.why });
    } else judge.say("S1242", "warning", offset, { callable: `${verdict.module}.${verdict.name}`, evidence, amount: problem.amount });
  }
  judge.depth--;
  return problems.length > 0;
}

/** NEWOBJ makes an object without `__init__`; INST and OBJ without arguments do so for classes. */
export function isBuilding(route: Route, args: readonly Value[] | undefined, built: Built | undefined): boolean {
  if (route === "NEWOBJ" || route === "NEWOBJ_EX") return true;
  if ((route !== "INST" && route !== "OBJ") || args?.length !== 0) return false;
  const { callee } = built ?? {};
  // A function under these opcodes is called; classes are spelled with a capital, all but in the oldest code.
  return callee?.kind === "global" && /(?:^|\.)_*[A-Z][^.]*$/.test(callee.name);
}
