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

/** Name, byte, argument, values taken, values given: the 68 opcodes of protocols 0 to 5. */
const TABLE: readonly (readonly [name: string, code: number, argument: Argument, takes: number | string, gives: number])[] = [
  ["MARK", 0x28, "none", 0, 0],
  ["EMPTY_TUPLE", 0x29, "none", 0, 1],
  ["STOP", 0x2e, "none", 1, 0],
  ["POP", 0x30, "none", 1, 0],
  ["POP_MARK", 0x31, "none", "mark", 0],
  ["DUP", 0x32, "none", 1, 2],
  ["BINBYTES", 0x42, "bytes4", 0, 1],
  ["SHORT_BINBYTES", 0x43, "bytes1", 0, 1],
  ["FLOAT", 0x46, "line", 0, 1],
  ["BINFLOAT", 0x47, "float", 0, 1],
  ["INT", 0x49, "line", 0, 1],
  ["BININT", 0x4a, "i32", 0, 1],
  ["BININT1", 0x4b, "u8", 0, 1],
  ["LONG", 0x4c, "line", 0, 1],
  ["BININT2", 0x4d, "u16", 0, 1],
  ["NONE", 0x4e, "none", 0, 1],
  ["PERSID", 0x50, "line", 0, 1],
  ["BINPERSID", 0x51, "none", 1, 1],
  ["REDUCE", 0x52, "none", 2, 1],
  ["STRING", 0x53, "line", 0, 1],
  ["BINSTRING", 0x54, "i32text", 0, 1],
  ["SHORT_BINSTRING", 0x55, "text1", 0, 1],
  ["UNICODE", 0x56, "line", 0, 1],
  ["BINUNICODE", 0x58, "text4", 0, 1],
  ["EMPTY_LIST", 0x5d, "none", 0, 1],
  ["APPEND", 0x61, "none", 2, 1],
  ["BUILD", 0x62, "none", 2, 1],
  ["GLOBAL", 0x63, "line2", 0, 1],
  ["DICT", 0x64, "none", "mark", 1],
  ["APPENDS", 0x65, "none", "mark+1", 1],
  ["GET", 0x67, "line", 0, 1],
  ["BINGET", 0x68, "u8", 0, 1],
  ["INST", 0x69, "line2", "mark", 1],
  ["LONG_BINGET", 0x6a, "u32", 0, 1],
  ["LIST", 0x6c, "none", "mark", 1],
  ["OBJ", 0x6f, "none", "mark", 1],
  ["PUT", 0x70, "line", 1, 1],
  ["BINPUT", 0x71, "u8", 1, 1],
  ["LONG_BINPUT", 0x72, "u32", 1, 1],
  ["SETITEM", 0x73, "none", 3, 1],
  ["TUPLE", 0x74, "none", "mark", 1],
  ["SETITEMS", 0x75, "none", "mark+1", 1],
  ["EMPTY_DICT", 0x7d, "none", 0, 1],
  ["PROTO", 0x80, "u8", 0, 0],
  ["NEWOBJ", 0x81, "none", 2, 1],
  ["EXT1", 0x82, "u8", 0, 1],
  ["EXT2", 0x83, "u16", 0, 1],
  ["EXT4", 0x84, "i32", 0, 1],
  ["TUPLE1", 0x85, "none", 1, 1],
  ["TUPLE2", 0x86, "none", 2, 1],
  ["TUPLE3", 0x87, "none", 3, 1],
  ["NEWTRUE", 0x88, "none", 0, 1],
  ["NEWFALSE", 0x89, "none", 0, 1],
  ["LONG1", 0x8a, "integer1", 0, 1],
  ["LONG4", 0x8b, "integer4", 0, 1],
  ["SHORT_BINUNICODE", 0x8c, "text1", 0, 1],
  ["BINUNICODE8", 0x8d, "text8", 0, 1],
  ["BINBYTES8", 0x8e, "bytes8", 0, 1],
  ["EMPTY_SET", 0x8f, "none", 0, 1],
  ["ADDITEMS", 0x90, "none", "mark+1", 1],
  ["FROZENSET", 0x91, "none", "mark", 1],
  ["NEWOBJ_EX", 0x92, "none", 3, 1],
  ["STACK_GLOBAL", 0x93, "none", 2, 1],
  ["MEMOIZE", 0x94, "none", 1, 1],
  ["FRAME", 0x95, "u64", 0, 0],
  ["BYTEARRAY8", 0x96, "bytes8", 0, 1],
  ["NEXT_BUFFER", 0x97, "none", 0, 1],
  ["READONLY_BUFFER", 0x98, "none", 1, 1],
];

/** By byte; undefined for bytes that are no opcode. */
export const OPCODES: readonly (Opcode | undefined)[] = (() => {
  const all: (Opcode | undefined)[] = new Array(256).fill(undefined);
  for (const [name, code, argument, takes, gives] of TABLE) {
    const marked = typeof takes === "string";
    const [width, kind] = ARGUMENTS[argument];
    all[code] = { code, name, argument, width, kind, takes: marked ? "mark" : takes, below: takes === "mark+1" ? 1 : 0, gives };
  }
  return all;
})();

/** Byte by name: `OP.REDUCE`. */
export const OP: Readonly<Record<string, number>> = Object.fromEntries(TABLE.map(([name, code]) => [name, code]));
