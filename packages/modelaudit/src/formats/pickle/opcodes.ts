/**
 * How an opcode's argument is laid out: bytes of its little-endian number (below zero: the number of lines that stand there),
 * and its kind. 1: unsigned number, 2: signed number, 3: float. From 4 on the number counts the bytes behind it, which are
 * 4: an integer, 5: text, 6: bytes, 7: text whose length is signed.
 */
const ARGUMENTS = {
  none: [0, 0],
  line: [-1, 0],
  line2: [-2, 0],
  u8: [1, 1],
  u16: [2, 1],
  u32: [4, 1],
  u64: [8, 1],
  i32: [4, 2],
  float: [8, 3],
  integer1: [1, 4],
  integer4: [4, 4],
  text1: [1, 5],
  text4: [4, 5],
  text8: [8, 5],
  i32text: [4, 7],
  bytes1: [1, 6],
  bytes4: [4, 6],
  bytes8: [8, 6],
} as const;

export type Argument = keyof typeof ARGUMENTS;

export interface Opcode {
  code: number;
  name: string;
  argument: Argument;
  width: number;
  kind: number;
  /** Values taken from the stack; `mark` takes all above the topmost mark, and then `below` further ones. */
  takes: number | "mark";
  below: number;
  gives: number;
}

/** By byte; undefined for bytes that are no opcode. */
export const OPCODES: readonly (Opcode | undefined)[] = new Array(256).fill(undefined);

/** Calls, not a table of arrays, which takes ten times the memory and is made at every start. */
function define(name: string, code: number, argument: Argument, takes: number | "mark" | "mark+1", gives: number): void {
  const layout = ARGUMENTS[argument];
  const marked = typeof takes === "string";
  (OPCODES as (Opcode | undefined)[])[code] = {
    code,
    name,
    argument,
    width: layout[0],
    kind: layout[1],
    takes: marked ? "mark" : takes,
    below: takes === "mark+1" ? 1 : 0,
    gives,
  };
}

// Name, byte, argument, values taken, values given: the 68 opcodes of protocols 0 to 5.
define("MARK", 0x28, "none", 0, 0);
define("EMPTY_TUPLE", 0x29, "none", 0, 1);
define("STOP", 0x2e, "none", 1, 0);
define("POP", 0x30, "none", 1, 0);
define("POP_MARK", 0x31, "none", "mark", 0);
define("DUP", 0x32, "none", 1, 2);
define("BINBYTES", 0x42, "bytes4", 0, 1);
define("SHORT_BINBYTES", 0x43, "bytes1", 0, 1);
define("FLOAT", 0x46, "line", 0, 1);
define("BINFLOAT", 0x47, "float", 0, 1);
define("INT", 0x49, "line", 0, 1);
define("BININT", 0x4a, "i32", 0, 1);
define("BININT1", 0x4b, "u8", 0, 1);
define("LONG", 0x4c, "line", 0, 1);
define("BININT2", 0x4d, "u16", 0, 1);
define("NONE", 0x4e, "none", 0, 1);
define("PERSID", 0x50, "line", 0, 1);
define("BINPERSID", 0x51, "none", 1, 1);
define("REDUCE", 0x52, "none", 2, 1);
define("STRING", 0x53, "line", 0, 1);
define("BINSTRING", 0x54, "i32text", 0, 1);
define("SHORT_BINSTRING", 0x55, "text1", 0, 1);
define("UNICODE", 0x56, "line", 0, 1);
define("BINUNICODE", 0x58, "text4", 0, 1);
define("EMPTY_LIST", 0x5d, "none", 0, 1);
define("APPEND", 0x61, "none", 2, 1);
define("BUILD", 0x62, "none", 2, 1);
define("GLOBAL", 0x63, "line2", 0, 1);
define("DICT", 0x64, "none", "mark", 1);
define("APPENDS", 0x65, "none", "mark+1", 1);
define("GET", 0x67, "line", 0, 1);
define("BINGET", 0x68, "u8", 0, 1);
define("INST", 0x69, "line2", "mark", 1);
define("LONG_BINGET", 0x6a, "u32", 0, 1);
define("LIST", 0x6c, "none", "mark", 1);
define("OBJ", 0x6f, "none", "mark", 1);
define("PUT", 0x70, "line", 1, 1);
define("BINPUT", 0x71, "u8", 1, 1);
define("LONG_BINPUT", 0x72, "u32", 1, 1);
define("SETITEM", 0x73, "none", 3, 1);
define("TUPLE", 0x74, "none", "mark", 1);
define("SETITEMS", 0x75, "none", "mark+1", 1);
define("EMPTY_DICT", 0x7d, "none", 0, 1);
define("PROTO", 0x80, "u8", 0, 0);
define("NEWOBJ", 0x81, "none", 2, 1);
define("EXT1", 0x82, "u8", 0, 1);
define("EXT2", 0x83, "u16", 0, 1);
define("EXT4", 0x84, "i32", 0, 1);
define("TUPLE1", 0x85, "none", 1, 1);
define("TUPLE2", 0x86, "none", 2, 1);
define("TUPLE3", 0x87, "none", 3, 1);
define("NEWTRUE", 0x88, "none", 0, 1);
define("NEWFALSE", 0x89, "none", 0, 1);
define("LONG1", 0x8a, "integer1", 0, 1);
define("LONG4", 0x8b, "integer4", 0, 1);
define("SHORT_BINUNICODE", 0x8c, "text1", 0, 1);
define("BINUNICODE8", 0x8d, "text8", 0, 1);
define("BINBYTES8", 0x8e, "bytes8", 0, 1);
define("EMPTY_SET", 0x8f, "none", 0, 1);
define("ADDITEMS", 0x90, "none", "mark+1", 1);
define("FROZENSET", 0x91, "none", "mark", 1);
define("NEWOBJ_EX", 0x92, "none", 3, 1);
define("STACK_GLOBAL", 0x93, "none", 2, 1);
define("MEMOIZE", 0x94, "none", 1, 1);
define("FRAME", 0x95, "u64", 0, 0);
define("BYTEARRAY8", 0x96, "bytes8", 0, 1);
define("NEXT_BUFFER", 0x97, "none", 0, 1);
define("READONLY_BUFFER", 0x98, "none", 1, 1);
