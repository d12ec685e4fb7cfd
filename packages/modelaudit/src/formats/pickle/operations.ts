/** The opcodes that take more than a line: memo, containers, items, extensions, persistent ids and frames. */
import { addItems, addPairs, emptyContainer, keepNotable, NO_ITEMS, notableItems, tupleOf } from "./containers.js";
import type { Decoder } from "./decoder.js";
import { EMPTY_TUPLE, type Machine } from "./machine.js";
import type { Container, Value } from "./values.js";

/** A memo key above the number of bytes in the file, and above this, makes the loader allocate a table of 256 MB and more for nothing. */
const HIGHEST_ODD_KEY = 16 * 2 ** 20;

export function put(machine: Machine, decoder: Decoder): undefined {
  const { offset, number: key } = decoder;
  const value = machine.top(offset);
  if (!(key >= 0)) {
    machine.odd("bad-memo-key", offset, memoFlaw(decoder) ?? `the memo key ${key} is negative`);
    return;
  }
  if (key > HIGHEST_ODD_KEY && key > decoder.size)
    machine.odd("memo-bomb", offset, `the memo key ${key} makes the loader allocate that many entries`);
  machine.memo.put(key, value);
}

export function get(machine: Machine, decoder: Decoder): undefined {
  const { offset, number: key } = decoder;
  const value = machine.memo.get(key);
  if (value) {
    machine.push(value);
    return;
  }
  machine.odd("missing-memo", offset, memoFlaw(decoder) ?? `nothing was stored under memo key ${key}`);
  machine.push({ kind: "unknown", why: `missing memo entry ${key}` });
}

/** What is wrong with the key of PUT or GET where it is no number. */
function memoFlaw({ number, flaw }: Decoder): string | undefined {
  return Number.isNaN(number) ? flaw : undefined;
}

export function shortTuple(machine: Machine, count: number, offset: number): undefined {
  const { stack } = machine;
  while (stack.length - machine.floor < count) {
    machine.odd("stack-underflow", offset, `a tuple of ${count} is made of fewer values`);
    machine.push({ kind: "unknown", why: "empty stack" });
  }
  const tuple = tupleOf(stack, stack.length - count, machine.memo);
  stack.length -= count;
  machine.push(tuple);
}

export function fromMark(machine: Machine, code: number, offset: number): undefined {
  const { stack } = machine;
  const mark = machine.popMark(offset) ?? stack.length;
  let made: Container;
  if (code === 0x74) made = mark === stack.length ? EMPTY_TUPLE : tupleOf(stack, mark, machine.memo);
  else {
    made = emptyContainer(code === 0x6c ? "list" : code === 0x64 ? "dict" : "frozenset");
    if (code === 0x64) {
      for (let index = mark; index < stack.length; index += 2) machine.hash(stack[index] as Value, offset);
      addPairs(made, stack, mark, machine.memo, machine.kept);
    } else {
      if (code === 0x91) for (let index = mark; index < stack.length; index++) machine.hash(stack[index] as Value, offset);
      addItems(made, stack, mark, machine.memo, machine.kept);
    }
  }
  stack.length = mark;
  machine.push(made);
}

/** Whether an object stands below the items from index `from` on. Where none does, they are dropped. */
function hasTarget(machine: Machine, opcode: string, from: number, offset: number): boolean {
  if (from > machine.floor) return true;
  machine.odd("stack-underflow", offset, `${opcode} has no object`);
  machine.stack.length = Math.min(machine.stack.length, machine.floor);
  return false;
}

export function append(machine: Machine, opcode: "APPEND" | "APPENDS" | "ADDITEMS", from: number | undefined, offset: number): undefined {
  const { stack } = machine;
  if (from === undefined || !hasTarget(machine, opcode, from, offset)) return;
  const target = stack[from - 1] as Value;
  const wanted = opcode === "ADDITEMS" ? "set" : "list";
  if (opcode === "ADDITEMS") for (let index = from; index < stack.length; index++) machine.hash(stack[index] as Value, offset);
  if (target.kind === "container" && target.type === wanted) addItems(target, stack, from, machine.memo, machine.kept);
  else mutate(machine, target, opcode, notableItems(stack, from), offset);
  stack.length = Math.min(stack.length, from);
}

export function setItems(machine: Machine, opcode: "SETITEM" | "SETITEMS", from: number | undefined, offset: number): undefined {
  const { stack } = machine;
  if (from === undefined || !hasTarget(machine, opcode, from, offset)) return;
  const target = stack[from - 1] as Value;
  for (let index = from; index < stack.length; index += 2) machine.hash(stack[index] as Value, offset);
  if (target.kind === "container" && target.type === "dict") addPairs(target, stack, from, machine.memo, machine.kept);
  else mutate(machine, target, opcode, notableItems(stack, from, true), offset);
  stack.length = Math.min(stack.length, from);
}

/** A list or dict opcode on anything else than a fresh list or dict: calls that object's methods. */
function mutate(machine: Machine, target: Value, opcode: string, items: Value[], offset: number): void {
  // What stands for a missing value is no object either.
  if (target.kind === "unknown") return;
  machine.effect({ kind: "mutate", target, opcode, items, offset });
  if (target.kind === "built") {
    if (target.items === NO_ITEMS) target.items = [];
    keepNotable(target.items, items, opcode.startsWith("SETITEM"));
  }
  machine.options.extensions.noteItems(target, items);
}

export function extension(machine: Machine, code: number, offset: number): undefined {
  const value = { kind: "extension" as const, code, offset };
  if (code <= 0) machine.odd("bad-literal", offset, `the extension code ${code} is not positive`);
  machine.effect({ kind: "extension", value, offset });
  const known = machine.options.extensions.find(code);
  if (!known) machine.push(value);
  else if (known.kind === "value") machine.push(known.value);
  else machine.push(machine.import(known.module, known.name, offset, "copyreg.add_extension"));
}

export function persistent(machine: Machine, id: Value, offset: number): undefined {
  const value = { kind: "persistent" as const, id, offset };
  machine.effect({ kind: "persistent", value, offset });
  machine.push(value);
}

/** `impossible`: no loader gets past a frame of this length. */
export function frame(machine: Machine, decoder: Decoder): "impossible" | undefined {
  const { offset, number: length } = decoder;
  const start = offset + 9;
  if (start < machine.frameEnd && machine.frameEnd !== Number.POSITIVE_INFINITY) {
    machine.odd("frame-nested", offset, "a frame begins inside another");
  }
  if (start + length > decoder.size && length < 2 ** 63)
    machine.odd("frame-overlong", offset, `a frame of ${length} bytes, ${decoder.size - start} are left`);
  machine.frameEnd = start + length;
  return length >= 2 ** 63 ? "impossible" : undefined;
}
