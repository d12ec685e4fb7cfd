/** Keras pickles a model, an optimizer or a loss as a call of its class's `_unpickle_model` with a `.keras` archive in memory. */
import type { Value } from "../values.js";
import { canonical } from "./names.js";
import { isBytes, isTuple } from "../questions.js";

/** True for the method by which classes of Keras read such an archive. */
export function readsArchive(module: string, name: string): boolean {
  return /^keras(?:\.|$)/.test(module) && /^\w+\._unpickle_model$/.test(name);
}

/** The literal that stands for the archive's bytes in `BytesIO`, filled once, by its state. The engine scans it as a file of its own. */
export function archiveIn(value: Value | undefined): Value | undefined {
  if (value?.kind !== "built" || value.callee.kind !== "global" || value.args?.length !== 0 || value.states.length !== 1) return undefined;
  const { module, name } = canonical(value.callee.module, value.callee.name);
  const [state] = value.states;
  if (module !== "io" || name !== "BytesIO" || !isTuple(state)) return undefined;
  const [bytes] = state.items;
  if (isBytes(bytes)) return bytes;
  const callee = bytes?.kind === "built" && bytes.callee.kind === "global" ? bytes.callee : undefined;
  return callee?.name === "encode" && callee.module === "_codecs" ? bytes : undefined;
}
