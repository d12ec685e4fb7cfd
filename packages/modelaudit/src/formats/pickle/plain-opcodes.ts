import { u16, u32 } from "../../io/little-endian.js";
import { emptyContainer, tupleOf } from "./containers.js";
import type { Decoder } from "./decoder.js";
import { mayHoldStream } from "./embedded-start.js";
import { utf8 } from "./literals.js";
import { EMPTY_TUPLE, FALSE, type Machine, NONE, numberConstant, TRUE } from "./machine.js";
import { OPCODES } from "./opcodes.js";
import { fromMark, persistent } from "./operations.js";
import type { Value } from "./values.js";

/** Bytes of an opcode and its number. */
const LENGTHS = Uint8Array.from({ length: 256 }, (_, code) => 1 + Math.max(0, OPCODES[code]?.width ?? 0));
/** The longest of those executed here. */
const LONGEST = 5;
/** Texts up to this length. */
const LONGEST_TEXT = 48;

/**
 * Executes the opcodes that nearly all pickles are made of, as long as nothing about them is odd. The first one that is
 * something else, or lies near the end of the window or of a frame, is left to the decoder and to `execute`, which do the
 * same with these at five times the calls.
 */
export function runPlain(machine: Machine, decoder: Decoder): void {
  const { bytes, base } = decoder;
  const end = Math.min(bytes.length, machine.frameEnd - base) - LONGEST;
  const { stack, memo } = machine;
  let { position } = decoder;
  let count = 0;
  try {
    for (; position < end; count++) {
      const code = bytes[position] as number;
      const height = stack.length - machine.floor;
      switch (code) {
        case 0x71: // BINPUT
        case 0x72: {
          // LONG_BINPUT
          const key = code === 0x72 ? u32(bytes, position + 1) : (bytes[position + 1] as number);
          if (height === 0 || key > decoder.size) return;
          memo.put(key, stack[stack.length - 1] as Value);
          break;
        }
        case 0x94: // MEMOIZE
          if (height === 0) return;
          memo.put(memo.count, stack[stack.length - 1] as Value);
          break;
        case 0x68: // BINGET
        case 0x6a: {
          // LONG_BINGET
          const value = memo.get(code === 0x6a ? u32(bytes, position + 1) : (bytes[position + 1] as number));
          if (!value) return;
          stack.push(value);
          break;
        }
        case 0x58: // BINUNICODE
        case 0x8c: {
          // SHORT_BINUNICODE
          const length = code === 0x58 ? u32(bytes, position + 1) : (bytes[position + 1] as number);
          const start = position + (LENGTHS[code] as number);
          if (length > LONGEST_TEXT || start + length > end || mayHoldStream(bytes, start, start + length, length)) return;
          stack.push({ kind: "constant", value: utf8(bytes, start, start + length), offset: base + position });
          position += length;
          break;
        }
        case 0x4a: // BININT
          stack.push(numberConstant(u32(bytes, position + 1) | 0));
          break;
        case 0x4b: // BININT1
          stack.push(numberConstant(bytes[position + 1] as number));
          break;
        case 0x4d: // BININT2
          stack.push(numberConstant(u16(bytes, position + 1)));
          break;
        case 0x28: // MARK
          machine.mark();
          break;
        case 0x74: // TUPLE
          if (!machine.marks.length) return;
          fromMark(machine, code, base + position);
          break;
        case 0x85: // TUPLE1
        case 0x86: // TUPLE2
        case 0x87: {
          // TUPLE3
          const from = stack.length - (code - 0x84);
          if (from < machine.floor) return;
          const tuple = tupleOf(stack, from, memo);
          stack.length = from;
          stack.push(tuple);
          break;
        }
        case 0x52: {
          // REDUCE
          if (height < 2) return;
          const args = stack.pop() as Value;
          stack.push(machine.call(stack.pop() as Value, args, "REDUCE", base + position));
          break;
        }
        case 0x51: // BINPERSID
          if (height === 0) return;
          persistent(machine, stack.pop() as Value, base + position);
          break;
        case 0x4e: // NONE
          stack.push(NONE);
          break;
        case 0x88: // NEWTRUE
          stack.push(TRUE);
          break;
        case 0x89: // NEWFALSE
          stack.push(FALSE);
          break;
        case 0x29: // EMPTY_TUPLE
          stack.push(EMPTY_TUPLE);
          break;
        case 0x5d: // EMPTY_LIST
          stack.push(emptyContainer("list"));
          break;
        case 0x7d: // EMPTY_DICT
          stack.push(emptyContainer("dict"));
          break;
        default:
          return;
      }
      position += LENGTHS[code] as number;
    }
  } finally {
    decoder.position = position;
    machine.stream.opcodes += count;
  }
}
