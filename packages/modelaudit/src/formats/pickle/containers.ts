import type { Memo } from "./memo.js";
import type { Container, Value } from "./values.js";

/** Plain items kept of each list, set and dict (twice as many there): enough to show, and to read any object's state. */
export const KEPT_ITEMS = 64;
/** Plain items kept of a tuple, which may be the arguments of a call: above any call's and above the state of a random generator. */
const KEPT_TUPLE = 2048;

/** Stands for no items. Shared, never written to. */
export const NO_ITEMS: Value[] = [];

export function emptyContainer(type: Container["type"]): Container {
  return { kind: "container", type, items: NO_ITEMS, dropped: 0, nodes: 1, depth: 1, plain: true, memoKey: -1 };
}

/** A tuple of the top values of a stack, from index `from` on. */
export function tupleOf(stack: readonly Value[], from: number, memo: Memo): Container {
  const tuple = emptyContainer("tuple");
  addItems(tuple, stack, from, memo, KEPT_TUPLE);
  return tuple;
}

/** True for what no check of a call or a state needs to see. */
function isPlain(value: Value): boolean {
  return value.kind === "constant" || (value.kind === "container" && value.plain);
}

/** Lets go of the items of a plain list or dict that went into a long list: of a table of records only the count is needed. */
function release(value: Value, memo: Memo): void {
  if (value.kind !== "container" || value.type === "tuple" || value.items === NO_ITEMS) return;
  value.dropped += value.items.length;
  value.items = NO_ITEMS;
  memo.release(value);
}

/** Adds `stack[from...]` to a list, tuple or set. */
export function addItems(container: Container, stack: readonly Value[], from: number, memo: Memo, kept: number): void {
  const count = stack.length - from;
  for (let index = from; index < stack.length; index++) note(container, stack[index] as Value);
  if (container.items === NO_ITEMS && container.dropped === 0 && count <= kept) {
    if (count > 0) container.items = stack.slice(from);
    return;
  }
  if (container.items === NO_ITEMS) container.items = [];
  for (let index = from; index < stack.length; index++) {
    const item = stack[index] as Value;
    if (container.items.length < kept || !isPlain(item)) container.items.push(item);
    else {
      container.dropped++;
      release(item, memo);
    }
  }
}

/** Adds keys and values alternating in `stack[from...]` to a dict. Telling keys are always kept. */
export function addPairs(container: Container, stack: readonly Value[], from: number, memo: Memo, kept: number): void {
  const end = stack.length - ((stack.length - from) % 2);
  for (let index = from; index < end; index++) note(container, stack[index] as Value);
  if (container.items === NO_ITEMS && container.dropped === 0 && end - from <= kept * 2) {
    if (end > from) container.items = stack.slice(from, end);
    return;
  }
  if (container.items === NO_ITEMS) container.items = [];
  for (let index = from; index < end; index += 2) {
    const key = stack[index] as Value;
    const value = stack[index + 1] as Value;
    if (container.items.length < kept * 2 || !isPlain(key) || !isPlain(value) || isTelling(key)) container.items.push(key, value);
    else {
      container.dropped += 2;
      release(value, memo);
    }
  }
}

/** Keys by which attacks act: dunder names, SciPy's source text, pointers. */
function isTelling(key: Value): boolean {
  return key.kind === "constant" && typeof key.value === "string" && /^(?:__|_parse_arg_template$|_?handle$)/.test(key.value);
}

function note(container: Container, item: Value): void {
  if (item.kind === "constant") container.nodes++;
  else if (item.kind === "container") {
    // Of a frozen set the hash is kept by the object, so that a walk over hashes does not go inside.
    container.nodes += item.nodes;
    if (item.depth >= container.depth) container.depth = item.depth + 1;
    if (!item.plain) container.plain = false;
  } else {
    container.nodes++;
    container.plain = false;
  }
}

/** Items (or keys and values in `pairs`) that something else than a container was given: what must be judged, and the first of the rest. */
export function notableItems(stack: readonly Value[], from: number, pairs = false): Value[] {
  const items = stack.slice(from);
  return items.length <= KEPT_ITEMS ? items : keepNotable([], items, pairs);
}

/** Adds to `kept` what {@link notableItems} would keep of `items`. */
export function keepNotable(kept: Value[], items: readonly Value[], pairs: boolean): Value[] {
  const step = pairs ? 2 : 1;
  for (let index = 0; index < items.length; index += step) {
    const part = items.slice(index, index + step);
    if (kept.length < KEPT_ITEMS || !part.every(isPlain) || isTelling(part[0] as Value)) kept.push(...part);
  }
  return kept;
}
