import { emptyContainer, NO_ITEMS } from "./containers.js";
import type { Decoder } from "./decoder.js";
import { arrayBehind, type ArrayBehind } from "./joblib-arrays.js";
import { EMPTY_TUPLE, FALSE, type Machine, NONE, numberConstant, TRUE } from "./machine.js";
import { append, extension, frame, fromMark, get, persistent, put, setItems, shortTuple } from "./operations.js";

/** What the reader of the stream must do after an opcode; what most operations give is nothing. */
export type Step = undefined | "stop" | "impossible" | ArrayBehind;

/** Executes the opcode that `decoder` read last. */
export function execute(machine: Machine, decoder: Decoder, code: number): Step {
  const { offset } = decoder;
  const { stack } = machine;
  switch (code) {
    case 0x71: // BINPUT
    case 0x72: // LONG_BINPUT
    case 0x70: // PUT
      return put(machine, decoder);
    case 0x94: // MEMOIZE
      machine.memo.put(machine.memo.count, machine.top(offset));
      return undefined;
    case 0x68: // BINGET
    case 0x6a: // LONG_BINGET
    case 0x67: // GET
      return get(machine, decoder);
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
      return machine.push(decoder.literal);
    case 0x4a: // BININT
    case 0x4b: // BININT1
    case 0x4d: // BININT2
      return machine.push(numberConstant(decoder.number));
    case 0x28: // MARK
      return machine.mark();
    case 0x85: // TUPLE1
    case 0x86: // TUPLE2
    case 0x87: // TUPLE3
      return shortTuple(machine, code - 0x84, offset);
    case 0x74: // TUPLE
    case 0x6c: // LIST
    case 0x91: // FROZENSET
    case 0x64: // DICT
      return fromMark(machine, code, offset);
    case 0x52: // REDUCE
    case 0x81: {
      // NEWOBJ
      const args = machine.pop(offset);
      return machine.push(machine.call(machine.pop(offset), args, code === 0x52 ? "REDUCE" : "NEWOBJ", offset));
    }
    case 0x88: // NEWTRUE
      return machine.push(TRUE);
    case 0x89: // NEWFALSE
      return machine.push(FALSE);
    case 0x4e: // NONE
      return machine.push(NONE);
    case 0x29: // EMPTY_TUPLE
      return machine.push(EMPTY_TUPLE);
    case 0x7d: // EMPTY_DICT
      return machine.push(emptyContainer("dict"));
    case 0x5d: // EMPTY_LIST
      return machine.push(emptyContainer("list"));
    case 0x51: // BINPERSID
      return persistent(machine, machine.pop(offset), offset);
    case 0x53: // STRING
    case 0x49: // INT
    case 0x4c: // LONG
    case 0x46: // FLOAT
      if (decoder.flaw) machine.odd("bad-literal", offset, decoder.flaw);
      if (decoder.blob) machine.noteBlob(decoder);
      return machine.push(decoder.literal);
    case 0x47: // BINFLOAT
    case 0x8a: // LONG1
    case 0x8b: // LONG4
      return machine.push(decoder.literal);
    case 0x30: // POP
      // On an empty current stack, POP takes the mark.
      if (machine.marks.length && stack.length === machine.floor) machine.dropMark();
      else machine.pop(offset);
      return undefined;
    case 0x31: // POP_MARK
      stack.length = machine.popMark(offset) ?? stack.length;
      return undefined;
    case 0x32: // DUP
      return machine.push(machine.top(offset));
    case 0x8f: // EMPTY_SET
      return machine.push(emptyContainer("set"));
    case 0x61: // APPEND
      return append(machine, "APPEND", stack.length - 1, offset);
    case 0x65: // APPENDS
      return append(machine, "APPENDS", machine.popMark(offset), offset);
    case 0x90: // ADDITEMS
      return append(machine, "ADDITEMS", machine.popMark(offset), offset);
    case 0x73: // SETITEM
      return setItems(machine, "SETITEM", stack.length - 2, offset);
    case 0x75: // SETITEMS
      return setItems(machine, "SETITEMS", machine.popMark(offset), offset);
    case 0x63: // GLOBAL
      return machine.push(machine.import(decoder.first, decoder.second, offset));
    case 0x93: // STACK_GLOBAL
      return machine.importFromStack(offset);
    case 0x82: // EXT1
    case 0x83: // EXT2
    case 0x84: // EXT4
      return extension(machine, decoder.number, offset);
    case 0x92: {
      // NEWOBJ_EX
      const kwargs = machine.pop(offset);
      const args = machine.pop(offset);
      return machine.push(machine.call(machine.pop(offset), args, "NEWOBJ_EX", offset, kwargs));
    }
    case 0x69: {
      // INST
      const mark = machine.popMark(offset) ?? stack.length;
      const args = stack.slice(mark);
      stack.length = mark;
      return machine.push(machine.call(machine.import(decoder.first, decoder.second, offset), args, "INST", offset));
    }
    case 0x6f: {
      // OBJ
      const mark = machine.popMark(offset) ?? stack.length;
      const [callee, ...args] = stack.slice(mark);
      stack.length = mark;
      if (!callee) machine.odd("stack-underflow", offset, "OBJ has no class above the mark");
      return machine.push(machine.call(callee ?? { kind: "unknown", why: "empty stack" }, args, "OBJ", offset));
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
      return persistent(machine, decoder.literal, offset);
    case 0x80: // PROTO
      machine.protocol = decoder.number;
      machine.stream.protocol = Math.max(machine.stream.protocol, decoder.number);
      if (decoder.number > 5) machine.odd("bad-protocol", offset, `protocol ${decoder.number} does not exist`);
      return undefined;
    case 0x95: // FRAME
      return frame(machine, decoder);
    case 0x97: // NEXT_BUFFER
      machine.odd("missing-buffer", offset, "a buffer is needed that is not part of the stream");
      return machine.push({ kind: "unknown", why: "out-of-band buffer" });
    case 0x98: // READONLY_BUFFER
      machine.top(offset);
      return undefined;
    case 0x2e: // STOP
      return machine.stop(offset) ? "stop" : undefined;
  }
  throw new Error(`opcode ${code} is in the table but not executed`);
}
