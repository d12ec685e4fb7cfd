import type { Value } from "../values.js";
import { classify } from "./classify.js";
import type { Judge } from "./judge.js";
import { packageOf } from "./names.js";
import { isNone, isNumber, isText, isTuple } from "../questions.js";

/** Items of torch's persistent ids: ("storage", type, key, location, number of elements), legacy files add a view or None. */
const FEWEST = 5;
const MOST = 6;

/** True for the ids that torch writes for tensor storages and, in legacy files, for module classes. */
export function isStorageId(judge: Judge, id: Value): boolean {
  if (!isTuple(id)) return false;
  const { items } = id;
  const kind = items[0];
  const type = items[1];
  if (!isText(kind)) return false;
  // ("module", class, source file, source text): the text is only compared with the installed source.
  if (kind.value === "module") return id.items.length === 4 && type?.kind === "global";
  if (kind.value !== "storage" || id.items.length < FEWEST || id.items.length > MOST) return false;
  const key = items[2];
  if (!isStorageType(judge, type) || !(isText(key) || isNumber(key)) || !isText(items[3]) || !isNumber(items[4])) return false;
  const view = items[5];
  return isNone(view) || isTuple(view);
}

/** A storage class or, for untyped storages, a data type. Only names: a call in this place is not a type. */
function isStorageType(judge: Judge, type: Value | undefined): boolean {
  if (!type) return false;
  const target = judge.targets.resolve(type);
  if (target.kind !== "name") return false;
  const verdict = classify(target.module, target.name);
  if (verdict.kind === "denied" || verdict.kind === "obscured") return true; // reported as what it is
  return verdict.kind === "allowed" && packageOf(verdict.module) === "torch";
}
