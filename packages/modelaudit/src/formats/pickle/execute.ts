import { addItems, addPairs, emptyContainer, keepNotable, NO_ITEMS, notableItems, tupleOf } from "./containers.js";
import type { Decoder } from "./decoder.js";
import { arrayBehind, type ArrayBehind } from "./joblib-arrays.js";
import { EMPTY_TUPLE, FALSE, type Machine, NONE, numberConstant, TRUE } from "./machine.js";
import type { Container, Value } from "./values.js";

/** What the reader of the stream must do after an opcode. */
export type Step = undefined | "stop" | ArrayBehind;

/** A memo key above the number of bytes in the file, and above this, makes the loader allocate a table of 256 MB and more for nothing. */
const HIGHEST_ODD_KEY = 16 * 2 ** 20;

/** Executes the opcode that `decoder` read last. */
export function execute(machine: Machine, decoder: Decoder, code: number): Step {
  const { offset } = decoder;
  const { stack } = machine;
  switch (code) {
    case 0x8c: // SHORT_BINUNICODE
    case 0x58: // BINUNICODE
    case 0x8d: // BINUNICODE8
    case 0x54: // BINSTRING
    case 0x55: // SHORT_BINSTRING
    case 0x42: // BINBYTES
    case 0x43: // SHORT_BINBYTES
    case 0x8e: // BINBYTES8
    case 0x96: // BYTEARRAY8
    case 0x56: // UNICODE
      if (decoder.blob) machine.noteBlob(decoder);
      machine.push(decoder.literal);
      return undefined;
    case 0x53: // STRING
    case 0x49: // INT
    case 0x4c: // LONG
    case 0x46: // FLOAT
      if (decoder.flaw) machine.odd("bad-literal", offset, decoder.flaw);
      if (decoder.blob) machine.noteBlob(decoder);
      machine.push(decoder.literal);
      return undefined;
    case 0x47: // BINFLOAT
    case 0x8a: // LONG1
    case 0x8b: // LONG4
      machine.push(decoder.literal);
      return undefined;
    case 0x4a: // BININT
    case 0x4b: // BININT1
    case 0x4d: // BININT2
      machine.push(numberConstant(decoder.number));
      return undefined;
    case 0x4e: // NONE
      machine.push(NONE);
      return undefined;
    case 0x88: // NEWTRUE
      machine.push(TRUE);
      return undefined;
    case 0x89: // NEWFALSE
      machine.push(FALSE);
      return undefined;

    case 0x94: // MEMOIZE
      machine.memo.put(machine.memo.count, machine.top(offset));
      return undefined;
    case 0x71: // BINPUT
    case 0x72: // LONG_BINPUT
    case 0x70: // PUT
      put(machine, decoder);
      return undefined;
    case 0x68: // BINGET
    case 0x6a: // LONG_BINGET
    case 0x67: // GET
      get(machine, decoder);
      return undefined;

    case 0x28: // MARK
      machine.mark();
      return undefined;
    case 0x30: // POP
      // On an empty current stack, POP takes the mark.
      if (machine.marks.length && stack.length === machine.floor) machine.marks.pop();
      else machine.pop(offset);
      return undefined;
    case 0x31: // POP_MARK
      stack.length = machine.popMark(offset) ?? stack.length;
      return undefined;
    case 0x32: // DUP
      machine.push(machine.top(offset));
      return undefined;

    case 0x5d: // EMPTY_LIST
      machine.push(emptyContainer("list"));
      return undefined;
    case 0x29: // EMPTY_TUPLE
      machine.push(EMPTY_TUPLE);
      return undefined;
    case 0x7d: // EMPTY_DICT
      machine.push(emptyContainer("dict"));
      return undefined;
    case 0x8f: // EMPTY_SET
      machine.push(emptyContainer("set"));
      return undefined;
    case 0x85: // TUPLE1
    case 0x86: // TUPLE2
    case 0x87: // TUPLE3
      shortTuple(machine, code - 0x84, offset);
      return undefined;
    case 0x74: // TUPLE
    case 0x6c: // LIST
    case 0x91: // FROZENSET
    case 0x64: // DICT
      fromMark(machine, code, offset);
      return undefined;

    case 0x61: // APPEND
      append(machine, "APPEND", stack.length - 1, offset);
      return undefined;
    case 0x65: // APPENDS
      append(machine, "APPENDS", machine.popMark(offset), offset);
      return undefined;
    case 0x90: // ADDITEMS
      append(machine, "ADDITEMS", machine.popMark(offset), offset);
      return undefined;
    case 0x73: // SETITEM
      setItems(machine, "SETITEM", stack.length - 2, offset);
      return undefined;
    case 0x75: // SETITEMS
      setItems(machine, "SETITEMS", machine.popMark(offset), offset);
      return undefined;

    case 0x63: // GLOBAL
      machine.push(machine.import(decoder.first, decoder.second, offset));
      return undefined;
    case 0x93: // STACK_GLOBAL
      machine.importFromStack(offset);
      return undefined;
    case 0x82: // EXT1
    case 0x83: // EXT2
    case 0x84: // EXT4
      extension(machine, decoder.number, offset);
      return undefined;

    case 0x52: {
      // REDUCE
      const args = machine.pop(offset);
      machine.push(machine.call(machine.pop(offset), args, "REDUCE", offset));
      return undefined;
    }
    case 0x81: {
      // NEWOBJ
      const args = machine.pop(offset);
      machine.push(machine.call(machine.pop(offset), args, "NEWOBJ", offset));
      return undefined;
    }
    case 0x92: {
      // NEWOBJ_EX
      const kwargs = machine.pop(offset);
      const args = machine.pop(offset);
      machine.push(machine.call(machine.pop(offset), args, "NEWOBJ_EX", offset, kwargs));
      return undefined;
    }
    case 0x69: {
      // INST
      const mark = machine.popMark(offset) ?? stack.length;
      const args = stack.slice(mark);
      stack.length = mark;
      machine.push(machine.call(machine.import(decoder.first, decoder.second, offset), args, "INST", offset));
      return undefined;
    }
    case 0x6f: {
      // OBJ
      const mark = machine.popMark(offset) ?? stack.length;
      const [callee, ...args] = stack.slice(mark);
      stack.length = mark;
      if (!callee) machine.odd("stack-underflow", offset, "OBJ has no class above the mark");
      machine.push(machine.call(callee ?? { kind: "unknown", why: "empty stack" }, args, "OBJ", offset));
      return undefined;
    }
    case 0x62: {
      // BUILD
      const state = machine.pop(offset);
      const target = machine.top(offset);
      machine.effect({ kind: "build", target, state, offset });
      if (target.kind !== "built") return undefined;
      if (target.states === NO_ITEMS) target.states = [state];
      else target.states.push(state);
      return arrayBehind(target);
    }
    case 0x50: // PERSID
      persistent(machine, decoder.literal, offset);
      return undefined;
    case 0x51: // BINPERSID
      persistent(machine, machine.pop(offset), offset);
      return undefined;

    case 0x80: // PROTO
      machine.protocol = decoder.number;
      machine.stream.protocol = Math.max(machine.stream.protocol, decoder.number);
      if (decoder.number > 5) machine.odd("bad-protocol", offset, `protocol ${decoder.number} does not exist`);
      return undefined;
    case 0x95: // FRAME
      frame(machine, decoder);
      return undefined;
    case 0x97: // NEXT_BUFFER
      machine.odd("missing-buffer", offset, "a buffer is needed that is not part of the stream");
      machine.push({ kind: "unknown", why: "out-of-band buffer" });
      return undefined;
    case 0x98: // READONLY_BUFFER
      machine.top(offset);
      return undefined;
    case 0x2e: // STOP
      return machine.stop(offset) ? "stop" : undefined;
  }
  throw new Error(`opcode ${code} is in the table but not executed`);
}

function put(machine: Machine, decoder: Decoder): void {
  const { offset, number: key } = decoder;
  const value = machine.top(offset);
  if (!(key >= 0)) {
    machine.odd("bad-memo-key", offset, decoder.flaw ?? `the memo key ${key} is negative`);
    return;
  }
  if (key > HIGHEST_ODD_KEY && key > decoder.size)
    machine.odd("memo-bomb", offset, `the memo key ${key} makes the loader allocate that many entries`);
  machine.memo.put(key, value);
}

function get(machine: Machine, decoder: Decoder): void {
  const { offset, number: key } = decoder;
  const value = machine.memo.get(key);
  if (value) {
    machine.push(value);
    return;
  }
  machine.odd("missing-memo", offset, decoder.flaw ?? `nothing was stored under memo key ${key}`);
  machine.push({ kind: "unknown", why: `missing memo entry ${key}` });
}

function shortTuple(machine: Machine, count: number, offset: number): void {
  const { stack } = machine;
  while (stack.length - machine.floor < count) {
    machine.odd("stack-underflow", offset, `a tuple of ${count} is made of fewer values`);
    machine.push({ kind: "unknown", why: "empty stack" });
  }
  const tuple = tupleOf(stack, stack.length - count);
  stack.length -= count;
  machine.push(tuple);
}

function fromMark(machine: Machine, code: number, offset: number): void {
  const { stack } = machine;
  const mark = machine.popMark(offset) ?? stack.length;
  let made: Container;
  if (code === 0x74) made = mark === stack.length ? EMPTY_TUPLE : tupleOf(stack, mark);
  else {
    made = emptyContainer(code === 0x6c ? "list" : code === 0x64 ? "dict" : "frozenset");
    if (code === 0x64) {
      for (let index = mark; index < stack.length; index += 2) machine.hash(stack[index] as Value, offset);
      addPairs(made, stack, mark, machine.kept);
    } else {
      if (code === 0x91) for (let index = mark; index < stack.length; index++) machine.hash(stack[index] as Value, offset);
      addItems(made, stack, mark, machine.kept);
    }
  }
  stack.length = mark;
  machine.push(made);
}

function append(machine: Machine, opcode: "APPEND" | "APPENDS" | "ADDITEMS", from: number | undefined, offset: number): void {
  const { stack } = machine;
  if (from === undefined) return;
  if (from <= machine.floor) {
    machine.odd("stack-underflow", offset, `${opcode} has no object`);
    stack.length = Math.min(stack.length, machine.floor);
    return;
  }
  const target = stack[from - 1] as Value;
  const wanted = opcode === "ADDITEMS" ? "set" : "list";
  if (opcode === "ADDITEMS") for (let index = from; index < stack.length; index++) machine.hash(stack[index] as Value, offset);
  if (target.kind === "container" && target.type === wanted) addItems(target, stack, from, machine.kept);
  else mutate(machine, target, opcode, notableItems(stack, from), offset);
  stack.length = Math.min(stack.length, from);
}

function setItems(machine: Machine, opcode: "SETITEM" | "SETITEMS", from: number | undefined, offset: number): void {
  const { stack } = machine;
  if (from === undefined) return;
  if (from <= machine.floor) {
    machine.odd("stack-underflow", offset, `${opcode} has no object`);
    stack.length = Math.min(stack.length, machine.floor);
    return;
  }
  const target = stack[from - 1] as Value;
  for (let index = from; index < stack.length; index += 2) machine.hash(stack[index] as Value, offset);
  if (target.kind === "container" && target.type === "dict") addPairs(target, stack, from, machine.kept);
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

function extension(machine: Machine, code: number, offset: number): void {
  const value = { kind: "extension" as const, code, offset };
  if (code <= 0) machine.odd("bad-literal", offset, `the extension code ${code} is not positive`);
  machine.effect({ kind: "extension", value, offset });
  const known = machine.options.extensions.find(code);
  if (!known) machine.push(value);
  else if (known.kind === "value") machine.push(known.value);
  else machine.push(machine.import(known.module, known.name, offset, "copyreg.add_extension"));
}

function persistent(machine: Machine, id: Value, offset: number): void {
  const value = { kind: "persistent" as const, id, offset };
  machine.effect({ kind: "persistent", value, offset });
  machine.push(value);
}

function frame(machine: Machine, decoder: Decoder): void {
  const { offset, number: length } = decoder;
  const start = offset + 9;
  if (start < machine.frameEnd && machine.frameEnd !== Number.POSITIVE_INFINITY) {
    machine.odd("frame-nested", offset, "a frame begins inside another");
  }
  if (start + length > decoder.size && length < 2 ** 63)
    machine.odd("frame-overlong", offset, `a frame of ${length} bytes, ${decoder.size - start} are left`);
  machine.frameEnd = start + length;
}
