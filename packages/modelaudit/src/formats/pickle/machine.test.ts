import { expect, test } from "vitest";
import { assemble, CALL, callOf, type Instruction, littleEndian, raw, TEXT } from "../../../test/pickle-assembler.js";
import { drive } from "../../engine/drive.js";
import { bytesReader } from "../../io/reader.js";
import { readStreams } from "./parser.js";
import { traceJson } from "../../../test/pickle-trace.js";

const read = (bytes: Uint8Array) => drive(readStreams(bytesReader(bytes)));
const trace = async (...instructions: Instruction[]) => (await read(assemble(...instructions))).map(traceJson);
/** Kinds and names of all effects of all streams, `call posix.system`. */
const effects = async (...instructions: Instruction[]) =>
  (await trace(...instructions)).flatMap((stream) => stream.order.map((step) => `${step.kind} ${step.what}`));
const odd = async (...instructions: Instruction[]) => (await trace(...instructions)).flatMap((stream) => stream.oddities.map(({ code }) => code));

const SYSTEM = ["import posix.system", "call posix.system"];

test.each<[string, Instruction[]]>([
  ["1: GLOBAL and REDUCE", [...CALL, "STOP"]],
  ["1: STACK_GLOBAL and REDUCE", ["SHORT_BINUNICODE posix; SHORT_BINUNICODE system; STACK_GLOBAL", TEXT, "TUPLE1; REDUCE; STOP"]],
  ["1, 2: INST", ["MARK", TEXT, "INST posix system; STOP"]],
  ["1, 2: OBJ", ["MARK; GLOBAL posix system", TEXT, "OBJ; STOP"]],
  ["2: OBJ whose result is dropped", ["MARK; GLOBAL posix system", TEXT, "OBJ; POP; NONE; STOP"]],
  ["2: REDUCE with operands that are no tuple", ["GLOBAL posix system; EMPTY_LIST", TEXT, "APPEND; REDUCE; STOP"]],
  ["2: NEWOBJ", [["GLOBAL", "posix", "system"], TEXT, "TUPLE1; NEWOBJ; STOP"]],
  ["2: NEWOBJ_EX", [["GLOBAL", "posix", "system"], TEXT, "TUPLE1; EMPTY_DICT; NEWOBJ_EX; STOP"]],
  ["2: a call left below the result", [...CALL, "NONE; STOP"]],
  [
    "7: names stored far away",
    [
      ["BINUNICODE", "posix"],
      ["LONG_BINPUT", 70_000],
      "POP; BINUNICODE system; PUT 1_0; POP",
      ...Array.from({ length: 50 }, (): Instruction => "NEWTRUE"),
      ["GET", " 70000"],
      "GET +10; STACK_GLOBAL",
      TEXT,
      "TUPLE1; REDUCE; STOP",
    ],
  ],
  [
    "7: MEMOIZE counts entries, not the highest key",
    ["BINUNICODE no; BINPUT 7; POP; BINUNICODE posix; MEMOIZE; POP; BINGET 1; BINUNICODE system; STACK_GLOBAL", TEXT, "TUPLE1; REDUCE; STOP"],
  ],
  [
    "7: an overwritten entry",
    ["BINUNICODE json; BINPUT 0; BINUNICODE posix; BINPUT 0; POP; POP; BINGET 0; BINUNICODE system; STACK_GLOBAL", TEXT, "TUPLE1; REDUCE; STOP"],
  ],
  [
    "9: decoys taken off again",
    [
      "BINUNICODE posix; BINUNICODE json; POP; BINUNICODE system; MARK; BINUNICODE collections; BINUNICODE OrderedDict",
      "POP_MARK; STACK_GLOBAL",
      TEXT,
      "TUPLE1; DUP; POP; REDUCE; STOP",
    ],
  ],
  ["9: POP takes a mark off an empty stack", ["GLOBAL posix system; MARK; POP", TEXT, "TUPLE1; REDUCE; STOP"]],
  ["11: escapes in STRING", [["STRING", "\\x70\\157six"], ["STRING", "sys\\x74em"], "STACK_GLOBAL", TEXT, "TUPLE1; REDUCE; STOP"]],
  ["11: escapes in UNICODE", [["UNICODE", "p\\u006fsix"], ["UNICODE", "\\U00000073ystem"], "STACK_GLOBAL", TEXT, "TUPLE1; REDUCE; STOP"]],
  ["11: BINSTRING and SHORT_BINSTRING", ["BINSTRING posix; SHORT_BINSTRING system; STACK_GLOBAL", TEXT, "TUPLE1; REDUCE; STOP"]],
  ["11: BINUNICODE8", ["BINUNICODE8 posix; BINUNICODE8 system; STACK_GLOBAL", TEXT, "TUPLE1; REDUCE; STOP"]],
  ["21: INT in hexadecimal in front", ["INT 0x1; POP", ...CALL, "STOP"]],
  ["21: INT in octal, LONG with L, blanks and underscores in front", ["INT 0o7; LONG 0x1L", ["INT", " 1_0 "], ["INT", "010"], ...CALL, "STOP"]],
  ["21: STRING with UTF-8 in front", ["STRING é; POP", ...CALL, "STOP"]],
  ["21: FLOAT with an underscore in front", ["FLOAT 1_0.5; POP", ...CALL, "STOP"]],
  ["24: many opcodes in front", [...Array.from({ length: 20_000 }, (): Instruction[] => ["NONE; POP"]).flat(), ...CALL, "STOP"]],
  ["24: a long literal in front", [["BINBYTES8", new Uint8Array(1_000_000)], "POP", ...CALL, "STOP"]],
  ["24: a long line in front", [["UNICODE", "x".repeat(700_000)], "POP", ...CALL, "STOP"]],
  ["22: a frame of no length", [["FRAME", 0], ...CALL, "STOP"]],
  ["22: a frame before the header", ["FRAME 3; PROTO 4", raw("N"), "POP", ...CALL, "STOP"]],
])("%s", async (_, instructions) => {
  const [stream] = await trace(...instructions);
  expect(stream?.order.map((step) => `${step.kind} ${step.what}`)).toEqual(SYSTEM);
  expect([stream?.complete, stream?.oddities]).toEqual([true, []]);
});

test.each<[string, Instruction[], string]>([
  ["20: an unknown opcode", [...CALL, raw(0xff)], "unknown-opcode"],
  ["20: the end of the data", [...CALL], "truncated"],
  ["20: a literal cut short", [...CALL, raw("X", littleEndian(9, 4), "abc")], "truncated"],
  ["20, 39: a memo entry that was never stored", [...CALL, "BINGET 99; STOP"], "missing-memo"],
  ["20: a negative length", [...CALL, raw("T", littleEndian(-1, 4)), "STOP"], "bad-literal"],
  ["20: a protocol that does not exist", [...CALL, "PROTO 6; STOP"], "bad-protocol"],
  ["20: a number that is none", [...CALL, "INT x; STOP"], "bad-literal"],
  ["20: text without quotes", [...CALL, raw("Sx\n"), "STOP"], "bad-literal"],
  ["20: a memo key below zero", [...CALL, "PUT -1; STOP"], "bad-memo-key"],
  ["20: an empty stack", [...CALL, "POP; TUPLE3; STOP"], "stack-underflow"],
  ["20: no mark", [...CALL, "TUPLE; APPENDS; STOP"], "stack-underflow"],
  ["22: a frame of 2^63 bytes", [...CALL, ["FRAME", 2n ** 63n], "NONE; STOP"], "frame-impossible"],
  ["22: a frame beyond the end of the file", ["PROTO 4; FRAME 1000", ...CALL, "STOP"], "frame-overlong"],
  ["22: a frame inside a frame", ["FRAME 200; FRAME 3", ...CALL, ...Array.from({ length: 200 }, (): Instruction => "NONE"), "STOP"], "frame-nested"],
  ["25: a length of 2^62", [...CALL, raw(0x8e, littleEndian(2n ** 62n, 8)), "STOP"], "huge-length"],
  ["25: a memo key of 2^31", [...CALL, ["LONG_BINPUT", 2 ** 31], "STOP"], "memo-bomb"],
])("the call before it is not lost to %s", async (_, instructions, code) => {
  expect(await effects(...instructions)).toEqual(SYSTEM);
  expect(await odd(...instructions)).toContain(code);
});

test.each<[string, Instruction[], string[]]>([
  [
    "3: lazy iterators",
    ["GLOBAL builtins tuple; GLOBAL builtins map; GLOBAL posix system", TEXT, "TUPLE1; TUPLE2; NEWOBJ; TUPLE1; NEWOBJ; STOP"],
    ["import builtins.tuple", "import builtins.map", "import posix.system", "call builtins.map", "call builtins.tuple"],
  ],
  [
    "4: BUILD twice",
    ["GLOBAL a B; EMPTY_TUPLE; NEWOBJ; EMPTY_DICT; BINUNICODE __setstate__; GLOBAL posix system; SETITEM; BUILD", TEXT, "BUILD; STOP"],
    ["import a.B", "call a.B", "import posix.system", "build a.B()", "build a.B()"],
  ],
  ["5: an item set on a module's table", [["GLOBAL", "sys", "modules"], TEXT, "NONE; SETITEM; STOP"], ["import sys.modules", "mutate sys.modules"]],
  ["5: state given to a module", ["GLOBAL sys modules; EMPTY_DICT; BUILD; STOP"], ["import sys.modules", "build sys.modules"]],
  ["6: APPEND on an object", ["GLOBAL a B; NONE; APPEND; STOP"], ["import a.B", "mutate a.B"]],
  ["6: APPENDS on a call's result", ["GLOBAL a B; EMPTY_TUPLE; REDUCE; MARK; NONE; APPENDS; STOP"], ["import a.B", "call a.B", "mutate a.B()"]],
  ["6: ADDITEMS on a list", ["EMPTY_LIST; MARK; NONE; ADDITEMS; STOP"], ["mutate list"]],
  [
    "10: a joined name",
    ["BINUNICODE posix; GLOBAL builtins str.join; BINUNICODE s; MARK; BINUNICODE sy; BINUNICODE tem; LIST; TUPLE2; REDUCE", "STACK_GLOBAL; STOP"],
    ["import builtins.str.join", "call builtins.str.join", "import posix.system"],
  ],
  [
    "10: a name in rot13",
    ["BINUNICODE posix; GLOBAL codecs decode; BINUNICODE flfgrz; BINUNICODE rot13; TUPLE2; REDUCE; STACK_GLOBAL; STOP"],
    ["import codecs.decode", "call codecs.decode", "import posix.system"],
  ],
  [
    "10: a name nobody can compute",
    ["BINUNICODE posix; GLOBAL random choice; BINUNICODE x; TUPLE1; REDUCE; STACK_GLOBAL; STOP"],
    ["import random.choice", "call random.choice", 'unresolved-import "posix".random.choice()'],
  ],
  ["39: a number in place of a name", ["BINUNICODE posix; BININT1 7; STACK_GLOBAL; STOP"], ['unresolved-import "posix".7']],
  ["17: an import without a call", ["GLOBAL evil x; STOP"], ["import evil.x"]],
  [
    "18: a registered extension",
    ["GLOBAL copyreg add_extension; BINUNICODE posix; BINUNICODE system; BININT1 7; TUPLE3; REDUCE; EXT1 7", TEXT, "TUPLE1; REDUCE; STOP"],
    ["import copyreg.add_extension", "call copyreg.add_extension", "extension 7", "import posix.system", "call posix.system"],
  ],
  [
    "18: a registry written by hand",
    ["GLOBAL copyreg _inverted_registry; BININT2 300; BINUNICODE posix; BINUNICODE system; TUPLE2; SETITEM; EXT2 300; STOP"],
    ["import copyreg._inverted_registry", "mutate copyreg._inverted_registry", "extension 300", "import posix.system"],
  ],
  [
    "18: an object in the cache",
    ["GLOBAL copyreg _extension_cache; BININT1 9; GLOBAL posix system; SETITEM; POP; EXT4 9", TEXT, "TUPLE1; REDUCE; STOP"],
    ["import copyreg._extension_cache", "import posix.system", "mutate copyreg._extension_cache", "extension 9", "call posix.system"],
  ],
  ["19: persistent ids", ["PERSID x; BINUNICODE y; BINPERSID; STOP"], ['persistent "x"', 'persistent "y"']],
  [
    "28: a caller",
    ["GLOBAL functools partial; GLOBAL posix system", TEXT, "TUPLE2; REDUCE; EMPTY_TUPLE; REDUCE; STOP"],
    ["import functools.partial", "import posix.system", "call functools.partial", "call functools.partial()"],
  ],
  [
    "fresh containers have no methods to call",
    ["EMPTY_LIST; NONE; APPEND; EMPTY_DICT; NONE; NONE; SETITEM; EMPTY_SET; MARK; NONE; ADDITEMS; STOP"],
    [],
  ],
])("%s", async (_, instructions, expected) => {
  expect(await effects(...instructions)).toEqual(expected);
});

test("8: every stream has a memo of its own", async () => {
  const streams = await trace("BINUNICODE posix; MEMOIZE; STOP; BINGET 0; BINUNICODE system; STACK_GLOBAL; STOP");
  expect(streams[1]?.oddities).toEqual([{ code: "missing-memo", offset: 12 }]);
  expect(streams[1]?.imports).toEqual([]);
});

test("23: a thousand streams are read", async () => {
  const streams = await trace(...Array.from({ length: 1000 }, (): Instruction[] => ["NONE; STOP"]).flat(), ...CALL, "STOP");
  expect([streams.length, streams.at(-1)?.calls]).toEqual([1001, ["posix.system"]]);
});

test("25: nested sharing is counted, not walked", async () => {
  const doubled = Array.from({ length: 100 }, (): Instruction[] => ["DUP; TUPLE2"]).flat();
  expect(await effects("EMPTY_DICT; NONE", ...doubled, "NONE; SETITEM; STOP")).toEqual([`hash-bomb ${(2 ** 101).toExponential(0)}`]);
  expect(await odd("NONE", ...doubled, "STOP")).toEqual(["expansion"]);
});

test("25: deep nesting needs no recursion", async () => {
  const depth = 200_000;
  const [stream] = await read(raw("]".repeat(depth), "a".repeat(depth - 1), "."));
  expect([stream?.complete, stream?.oddities.map(({ code }) => code)]).toEqual([true, ["nesting"]]);
});

test("plain items of long lists are counted and not kept, others are kept", async () => {
  const numbers = Array.from({ length: 1000 }, (_, index): Instruction => ["BININT2", index]);
  const [stream] = await read(assemble("EMPTY_LIST; MARK", ...numbers, "GLOBAL a b; APPENDS; STOP"));
  const { result } = stream as typeof stream & object;
  expect(result).toMatchObject({ kind: "container", type: "list", nodes: 1002, dropped: 936 });
  expect(result?.kind === "container" && result.items.at(-1)).toMatchObject({ kind: "global", name: "b" });
});

test("a key with leading underscores is kept wherever it stands", async () => {
  const entries = Array.from({ length: 500 }, (_, index): Instruction[] => [["BININT2", index], "NONE"]).flat();
  const [stream] = await read(assemble("EMPTY_DICT; MARK", ...entries, "BINUNICODE __setstate__; NONE; SETITEMS; STOP"));
  const { result } = stream as typeof stream & object;
  expect(result?.kind === "container" && result.items.at(-2)).toMatchObject({ value: "__setstate__" });
});

test.each([
  [["LONG1", raw(0xff, 0x00)], 255],
  [["LONG1", raw(0xff)], -1],
  [["LONG1", raw()], 0],
  [["LONG4", raw(0, 0, 0, 0, 0, 0, 0, 0x80)], -(2n ** 63n)],
  [["BININT", -5], -5],
  [["BINFLOAT", 1.5], 1.5],
  [["INT", "01"], true],
  [["INT", "00"], false],
  [["FLOAT", "nan"], Number.NaN],
  [["BINUNICODE", raw(0xed, 0xa0, 0x80)], "\ud800"],
  [["UNICODE", "\\\\u0041\\u0041"], "\\\\u0041A"],
] as [Instruction, unknown][])("the literal %j", async (instruction, value) => {
  const [stream] = await read(assemble(instruction, "STOP"));
  expect(stream?.result).toMatchObject({ kind: "constant", value });
});

test("callOf names what it calls", async () => {
  expect(await effects(...callOf("a.b", "c", "x"), "STOP")).toEqual(["import a.b.c", "call a.b.c"]);
});

test("25: an object that Python cannot walk over is noted, a deep one is not", async () => {
  const nested = (depth: number) => odd("EMPTY_TUPLE", ...Array.from({ length: depth }, (): Instruction => "TUPLE1"), "STOP");
  expect(await nested(9_000)).toEqual([]);
  expect(await nested(10_000)).toEqual(["nesting"]);
});
