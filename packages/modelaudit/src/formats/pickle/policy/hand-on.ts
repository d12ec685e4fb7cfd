import type { Value } from "../values.js";
import type { Judge } from "./judge.js";
import { readsArchive } from "./keras-archive.js";
import { canonical } from "./names.js";
import { isText, show } from "../questions.js";

/** Functions that are fine when the stream calls them (their arguments are judged) but not when it hands them on. */
const NOT_TO_HAND_ON = new Set([
  "builtins.getattr",
  "torch.storage._load_from_bytes",
  "numpy.core._ufunc_reconstruct",
  "torch.fx.graph_module.reduce_graph_module",
  "functools.reduce",
]);

/** Looks for functions that must not be passed around. Objects are not entered: their arguments are handed on in turn. */
export function handOn(judge: Judge, value: Value, offset: number): void {
  if (value.kind === "global") {
    const { module, name } = canonical(value.module, value.name);
    if (NOT_TO_HAND_ON.has(`${module}.${name}`) || readsArchive(module, name)) {
      judge.say("S1222", "critical", offset, { does: "hands on", callable: `${value.module}.${value.name}`, evidence: "" });
    }
    return;
  }
  if (value.kind === "built") {
    // The method of a class, taken by getattr.
    const [, method] = value.args ?? [];
    if (isText(method) && method.value === "_unpickle_model")
      judge.say("S1222", "critical", offset, { does: "hands on", callable: show(value, 1), evidence: "" });
    return;
  }
  if (value.kind !== "container" || value.plain || judge.walked.has(value)) return;
  const todo: Value[] = [value];
  for (let next = todo.pop(); next; next = todo.pop()) {
    if (next.kind === "global" || next.kind === "built") handOn(judge, next, offset);
    else if (next.kind === "container" && !next.plain && !judge.walked.has(next)) {
      judge.walked.add(next);
      for (const item of next.items) todo.push(item);
    }
  }
}
