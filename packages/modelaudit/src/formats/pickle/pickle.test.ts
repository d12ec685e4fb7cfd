import { readFileSync } from "node:fs";
import { deflateSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { buildZip } from "../../../test/build-zip.js";
import { sparseReader } from "../../../test/sparse-reader.js";
import { assemble, CALL, callOf, HOSTILE, type Instruction, littleEndian, raw, SYSTEM, TEXT } from "../../../test/pickle-assembler.js";
import { bytesOf, scanBytes } from "../../../test/scan-bytes.js";

const scan = (...instructions: Instruction[]) => scanBytes("model.pkl", assemble(...instructions));
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const latin1AsUtf8 = (bytes: Uint8Array) => new TextEncoder().encode(Buffer.from(bytes).toString("latin1"));

/** A string nobody but a person reads. */
const PLAIN = assemble("PROTO 4; SHORT_BINUNICODE fine; STOP");
/** An object of an allowed class. */
const HONEST = assemble("PROTO 4; GLOBAL collections OrderedDict; EMPTY_TUPLE; REDUCE; STOP");

const wrapper = (dtype: string, shape: number, ...state: Instruction[]): Instruction[] => [
  "GLOBAL joblib.numpy_pickle NumpyArrayWrapper; EMPTY_TUPLE; NEWOBJ; EMPTY_DICT; MARK; BINUNICODE subclass",
  "GLOBAL numpy ndarray; BINUNICODE shape",
  ["BININT", shape],
  "TUPLE1; BINUNICODE order; BINUNICODE C; BINUNICODE dtype; GLOBAL numpy dtype",
  ["BINUNICODE", dtype],
  "NEWFALSE; NEWTRUE; TUPLE3; REDUCE; BINUNICODE allow_mmap; NEWTRUE",
  ...state,
  "SETITEMS; BUILD",
];
const ALIGNED: Instruction[] = ["BINUNICODE numpy_array_alignment_bytes; BININT1 16"];

test.each<[string, Instruction[]]>([
  ["1: GLOBAL, REDUCE", [["PROTO", 2], ...CALL, "STOP"]],
  ["2: OBJ, POP", ["MARK", SYSTEM, TEXT, "OBJ; POP; NONE; STOP"]],
  ["3: tuple.__new__(map)", ["PROTO 2; GLOBAL builtins tuple; GLOBAL builtins map", SYSTEM, TEXT, "TUPLE1; TUPLE2; NEWOBJ; TUPLE1; NEWOBJ; STOP"]],
  [
    "4: __setstate__ by BUILD",
    ["PROTO 2; GLOBAL argparse Namespace; EMPTY_TUPLE; NEWOBJ; EMPTY_DICT; BINUNICODE __setstate__", SYSTEM, "SETITEM; BUILD", TEXT, "BUILD; STOP"],
  ],
  ["5: sys.modules re-pointed", ["PROTO 2; GLOBAL sys modules; BINUNICODE json; GLOBAL collections OrderedDict; SETITEM; STOP"]],
  ["6: APPEND on an object", ["PROTO 2; GLOBAL _pyrepl.pager get_pager; EMPTY_TUPLE; REDUCE; MARK", TEXT, "APPENDS; STOP"]],
  [
    "7: names in the memo",
    [
      "PROTO 4; BINUNICODE posix; LONG_BINPUT 900; POP; BINUNICODE system; MEMOIZE; POP; LONG_BINGET 900; BINGET 1",
      "STACK_GLOBAL",
      TEXT,
      "TUPLE1; REDUCE; STOP",
    ],
  ],
  [
    "8: names stored in an earlier stream's memo are not there",
    [
      "PROTO 4; BINUNICODE collections; MEMOIZE; BINUNICODE OrderedDict; MEMOIZE; STOP; PROTO 4; BINUNICODE posix; MEMOIZE",
      "BINUNICODE system; MEMOIZE; POP; POP; BINGET 0; BINGET 1; STACK_GLOBAL",
      TEXT,
      "TUPLE1; REDUCE; STOP",
    ],
  ],
  [
    "9: decoys",
    [
      "PROTO 4; BINUNICODE posix; BINUNICODE system; MARK; BINUNICODE collections; BINUNICODE OrderedDict; POP_MARK",
      "STACK_GLOBAL",
      TEXT,
      "TUPLE1; REDUCE; STOP",
    ],
  ],
  [
    "10: a computed name",
    ["PROTO 4; BINUNICODE posix; GLOBAL operator concat; BINUNICODE sys; BINUNICODE tem; TUPLE2; REDUCE; STACK_GLOBAL", TEXT, "TUPLE1; REDUCE; STOP"],
  ],
  ["10: a name that cannot be computed", ["PROTO 4; BINUNICODE posix; BINUNICODE x; EMPTY_LIST; STACK_GLOBAL; STOP"]],
  ["11: escapes", [["STRING", "\\x70osix"], ["UNICODE", "s\\u0079stem"], "STACK_GLOBAL", TEXT, "TUPLE1; REDUCE; STOP"]],
  ["12: dotted names", ["PROTO 4; GLOBAL pathlib os.system", TEXT, "TUPLE1; REDUCE; STOP"]],
  ["13: a trampoline", [["PROTO", 4], ...callOf("pkgutil", "resolve_name", "os:system"), TEXT, "TUPLE1; REDUCE; STOP"]],
  ["14: an alias", [["PROTO", 2], ...callOf("nt", "system", "x"), "STOP"]],
  ["15: a sub-module", ["PROTO 4; GLOBAL asyncio.unix_events _UnixSubprocessTransport._start", TEXT, "TUPLE1; REDUCE; STOP"]],
  [
    "18: EXT",
    ["PROTO 2; GLOBAL copyreg add_extension; BINUNICODE posix; BINUNICODE system; BININT1 7; TUPLE3; REDUCE; EXT1 7", TEXT, "TUPLE1; REDUCE; STOP"],
  ],
  ["20: before a bad opcode", [["PROTO", 2], ...CALL, raw(0xff)]],
  ["20: before the end of the data", [["PROTO", 2], ...CALL]],
  ["21: behind what only pickletools refuses", ["INT 0x1; STRING é; GLOBAL modéle x; POP", ...CALL, "STOP"]],
  [
    "22: in a literal that leaves its frame",
    ["PROTO 5; NONE; MARK; FRAME 2", ["BINBYTES", bytesOf(new Uint8Array(4), assemble(...CALL), "N".repeat(90))], "POP_MARK; STOP"],
  ],
  ["23: in a second stream", [PLAIN, HOSTILE]],
  ["23: behind junk", [PLAIN, raw("\n\n\x01\x02junk "), HOSTILE]],
  ["23: behind a broken stream", ["PROTO 4; SHORT_BINUNICODE fine", raw(0xff), HOSTILE]],
  ["23: behind thousands of decoys", [...Array.from({ length: 2000 }, (): Instruction[] => [HONEST, raw("\x01junk")]).flat(), HOSTILE]],
  ["23: as text behind junk", [PLAIN, raw("\x01\x02junk "), ...CALL, "STOP"]],
  ["24: behind a million opcodes", [["PROTO", 4], raw("N0".repeat(500_000)), ...CALL, "STOP"]],
  ["24: behind a literal of many MiB", [["PROTO", 4], ["BINBYTES8", new Uint8Array(9_000_000)], ...CALL, "STOP"]],
  ["26: in bytes", [["PROTO", 4], ["BINBYTES", HOSTILE], "STOP"]],
  ["26: in bytes as text opcodes", [["PROTO", 4], ["BINBYTES", assemble(...CALL, "STOP")], "STOP"]],
  ["26: in a bytearray", [["PROTO", 5], ["BYTEARRAY8", HOSTILE], "STOP"]],
  ["26: in text as Latin-1", [["PROTO", 2], ["BINUNICODE", latin1AsUtf8(HOSTILE)], "STOP"]],
  ["26: in base64", [["PROTO", 2], ["BINUNICODE", base64(HOSTILE)], "STOP"]],
  ["26: in base64 bytes", [["PROTO", 4], ["BINBYTES", base64(HOSTILE)], "STOP"]],
  ["26: in hex", [["PROTO", 2], ["BINUNICODE", hex(HOSTILE)], "STOP"]],
  ["26: in zlib", [["PROTO", 4], ["BINBYTES", deflateSync(HOSTILE)], "STOP"]],
  ["26: in gzip in base64", [["PROTO", 4], ["BINUNICODE", base64(gzipSync(HOSTILE))], "STOP"]],
  ["26: in zlib as Latin-1", [["PROTO", 2], ["BINUNICODE", latin1AsUtf8(deflateSync(HOSTILE))], "STOP"]],
  ["26: in bytes that torch loads", ["PROTO 4; GLOBAL torch.storage _load_from_bytes", ["BINBYTES", HOSTILE], "TUPLE1; REDUCE; STOP"]],
  [
    "26: in text that torch loads",
    [
      "PROTO 2; GLOBAL torch.storage _load_from_bytes; GLOBAL _codecs encode",
      ["BINUNICODE", latin1AsUtf8(HOSTILE)],
      "BINUNICODE latin1; TUPLE2; REDUCE; TUPLE1; REDUCE; STOP",
    ],
  ],
  ["26: in a second stream of bytes", [["PROTO", 4], ["BINBYTES", bytesOf(PLAIN, HOSTILE)], "STOP"]],
  ["27: marshalled code", ["PROTO 4; GLOBAL marshal loads; BINBYTES x; TUPLE1; REDUCE; STOP"]],
  ["28: functools.partial", ["PROTO 4; GLOBAL functools partial", SYSTEM, TEXT, "TUPLE2; REDUCE; EMPTY_TUPLE; REDUCE; STOP"]],
  [
    "29: a reference for later",
    ["PROTO 4; GLOBAL argparse Namespace; EMPTY_TUPLE; NEWOBJ; EMPTY_DICT; BINUNICODE hook", SYSTEM, "SETITEM; BUILD; STOP"],
  ],
  ["35: behind an array of joblib's", ["PROTO 4; EMPTY_LIST", ...wrapper("f8", 3), new Uint8Array(24).fill(0xff), "APPEND", ...CALL, "STOP"]],
  [
    "35: behind an aligned array",
    ["PROTO 4; EMPTY_LIST", ...wrapper("f8", 3, ...ALIGNED), raw(2, 0xff, 0xff), new Uint8Array(24), "APPEND", ...CALL, "STOP"],
  ],
  ["35: in an array of objects", [["PROTO", 4], ...wrapper("O8", 1), HOSTILE, "STOP"]],
  ["35: behind an array of objects", [["PROTO", 4], ...wrapper("O8", 1), PLAIN, "POP", ...CALL, "STOP"]],
  [
    "35: in the bytes of an array, for pickle.load",
    [["PROTO", 4], ...wrapper("u1", 100), assemble(...CALL, "STOP"), new Uint8Array(100 - assemble(...CALL, "STOP").length), "STOP"],
  ],
  ["39: a missing memo entry behind it", [["PROTO", 4], ...CALL, "BINGET 200; STOP"]],
  ["40: a scanner's own module", ["PROTO 4; GLOBAL picklescan.scanner scan_file_path", TEXT, "TUPLE1; REDUCE; STOP"]],
])("%s is critical", async (_, instructions) => {
  const scanned = await scan(...instructions);
  expect([scanned.worst, scanned.outcome]).toEqual(["critical", "findings"]);
});

test.each<[string, Instruction[]]>([
  ["16: look-alike letters", ["PROTO 4; GLOBAL tоrch x; STOP"]],
  ["17: an unknown import", ["PROTO 4; GLOBAL evil x; STOP"]],
  ["19: a persistent id", ["PROTO 4; BINUNICODE ../x; BINPERSID; STOP"]],
  ["20: an unknown opcode", ["PROTO 4; NONE; NONE", raw(0xff)]],
  ["22: a frame within a frame", ["PROTO 4; FRAME 20; FRAME 2; SHORT_BINUNICODE 0123456789; STOP"]],
  ["22: a frame beyond the end", ["PROTO 4; FRAME 2000; SHORT_BINUNICODE 0123456789; STOP"]],
  ["25: a length of 2^40", ["PROTO 4; NONE", raw(0x8e, littleEndian(2n ** 40n, 8))]],
  ["25: a memo key of 2^31", ["PROTO 4; NONE", ["LONG_BINPUT", 2 ** 31], "STOP"]],
  ["25: nested sharing as a key", ["PROTO 4; EMPTY_DICT; NONE", raw("2\x86".repeat(60)), "NONE; SETITEM; STOP"]],
  ["25: an allocation", ["PROTO 4; GLOBAL builtins bytearray", ["LONG1", littleEndian(2n ** 40n, 8)], "TUPLE1; REDUCE; STOP"]],
  ["31: a ZIP behind it", [PLAIN, raw("PK\x05\x06", new Uint8Array(18))]],
  [
    "35: an array outside the folder",
    [
      "PROTO 2; GLOBAL joblib.numpy_pickle NDArrayWrapper; EMPTY_TUPLE; NEWOBJ; EMPTY_DICT; BINUNICODE filename",
      "BINUNICODE ../../etc/passwd; SETITEM; BUILD; STOP",
    ],
  ],
])("%s is a warning", async (_, instructions) => {
  const scanned = await scan(...instructions);
  expect([scanned.worst, scanned.outcome]).toEqual(["warning", "findings"]);
});

test.each<[string, Instruction[]]>([
  ["cut short", ["PROTO 4; SHORT_BINUNICODE fine"]],
  ["cut short within its frame", ["PROTO 4; FRAME 5000; SHORT_BINUNICODE fine"]],
  ["cut in a literal of 3 GB", ["PROTO 4; FRAME 9; NONE", raw("B", littleEndian(3_000_000_000, 4), new Uint8Array(4_000_000))]],
  ["cut in a literal", ["PROTO 4; NONE", raw("X", littleEndian(100, 4), "only this")]],
  ["followed by unknown bytes", [PLAIN, raw("\x01\x02\x03\x04 what is this")]],
  ["waiting for a buffer", ["PROTO 5; NEXT_BUFFER; STOP"]],
  ["of an array of unknown size", [["PROTO", 4], ...wrapper("ZZ", 3), new Uint8Array(24).fill(0xff), "STOP"]],
])("one that is %s is inconclusive", async (_, instructions) => {
  const scanned = await scan(...instructions);
  expect([scanned.rules, scanned.outcome]).toEqual([[], "inconclusive"]);
});

test.each<[string, Instruction[]]>([
  ["text about attacks", [["PROTO", 4], ["BINUNICODE", "import os; os.system('x')\ncos\nsystem\n(S'ls'\ntR."], "STOP"]],
  ["bytes that begin like a pickle", [["PROTO", 4], ["BINBYTES", raw(0x80, 4, 0x95, "not a pickle at all")], "STOP"]],
  ["a plain pickle in bytes", [["PROTO", 4], ["BINBYTES", PLAIN], "STOP"]],
  ["an honest pickle in bytes", [["PROTO", 4], ["BINBYTES", HONEST], "STOP"]],
  ["an honest pickle in zlib", [["PROTO", 4], ["BINBYTES", deflateSync(HONEST)], "STOP"]],
  ["compressed data", [["PROTO", 4], ["BINBYTES", deflateSync(Buffer.alloc(5000))], "STOP"]],
  ["several streams", [PLAIN, HONEST, PLAIN]],
  ["a line feed at the end", [PLAIN, raw("\n")]],
  ["padding at the end", [PLAIN, new Uint8Array(3_000_000)]],
  ["bytes between frames", ["PROTO 4; FRAME 2; NONE; POP", ["BINBYTES", new Uint8Array(70_000)], "FRAME 1; STOP"]],
  ["values left on the stack", ["PROTO 4; NONE; NONE; STOP"]],
  ["arrays whose bytes spell opcodes", [["PROTO", 4], ...wrapper("u1", 64, ...ALIGNED), raw(1, 0xff, ".".repeat(32), "R".repeat(32)), "STOP"]],
])("%s is nothing to worry about", async (_, instructions) => {
  const scanned = await scan(...instructions);
  expect([scanned.outcome, scanned.worst ?? "info"]).toEqual(["clean", "info"]);
});

test("a limit is never a clean result, and what came before it counts", async () => {
  const scanned = await scan(["PROTO", 4], ...CALL, raw("(".repeat(2 ** 20 + 1)));
  expect(scanned.worst).toBe("critical");
  expect(scanned.records[0]?.gaps.map(({ reason }) => reason)).toContain("limit-marks");
});

test("of a long literal only the beginning is read", async () => {
  const head = assemble(["PROTO", 4], raw("B", littleEndian(500_000_000, 4)));
  const end = assemble("POP", ...CALL, "STOP");
  const size = head.length + 500_000_000 + end.length;
  const pieces = [
    [0, head],
    [size - end.length, end],
  ] as const;
  const scanned = await scanBytes("model.pkl", sparseReader(size, pieces));
  expect(scanned.worst).toBe("critical");
  expect(scanned.bytesRead).toBeLessThan(1_000_000);
});

test.each<[string, Instruction]>([
  ["a pickle in a plain pickle", ["BINBYTES", assemble(["PROTO", 4], ["BINBYTES", HOSTILE], "STOP")]],
  ["escapes in a text line", ["UNICODE", [...HOSTILE].map((byte) => `\\u00${byte.toString(16).padStart(2, "0")}`).join("")]],
  ["escapes in quotes", ["STRING", [...HOSTILE].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("")]],
])("26: a stream is found in %s", async (_, literal) => {
  expect((await scan(literal, "STOP")).worst).toBe("critical");
});

const BYTECODE = JSON.parse(readFileSync(new URL("../../detectors/python-bytecode/testdata/code.json", import.meta.url), "utf8"))["3.11"];
const modelWith = (code: string) => {
  const layer = { class_name: "Lambda", module: "keras.layers", registered_name: null, config: { function: [code, null, null] } };
  const config = { class_name: "Sequential", module: "keras", registered_name: null, config: { name: "s", layers: [layer] } };
  return buildZip([{ name: "config.json", data: new TextEncoder().encode(JSON.stringify(config)) }]);
};
const inMemory = (bytes: Uint8Array, ...more: Instruction[]): Instruction[] => [
  "PROTO 4; GLOBAL _io BytesIO; EMPTY_TUPLE; NEWOBJ",
  ["BINBYTES", bytes],
  "BININT1 0; NONE; TUPLE3; BUILD",
  ...more,
  "TUPLE1; REDUCE; STOP",
];
const unpickled = "GLOBAL keras.src.models.sequential Sequential._unpickle_model";

test.each<[string, Instruction[]]>([
  ["bytecode in its archive", [unpickled, ...inMemory(modelWith(BYTECODE.import))]],
  [
    "an archive that is given later",
    [unpickled, ...inMemory(modelWith(BYTECODE.compute), ["BINBYTES", modelWith(BYTECODE.import)], "BININT1 0; NONE; TUPLE3; BUILD")],
  ],
  ["a file", [unpickled, "GLOBAL elsewhere Opened; EMPTY_TUPLE; NEWOBJ; TUPLE1; REDUCE; STOP"]],
  [
    "its method handed on, taken from the class",
    [
      "GLOBAL builtins map; GLOBAL builtins getattr; GLOBAL keras.src.models.sequential Sequential; BINUNICODE _unpickle_model; TUPLE2; REDUCE; EMPTY_LIST; TUPLE2; REDUCE; STOP",
    ],
  ],
  [
    "its method as a key",
    [
      "GLOBAL functools partial; GLOBAL builtins sorted; TUPLE1; REDUCE; MARK; GLOBAL builtins sorted; EMPTY_TUPLE; EMPTY_DICT; BINUNICODE key; GLOBAL builtins getattr",
      "GLOBAL keras.src.models.sequential Sequential; BINUNICODE _unpickle_model; TUPLE2; REDUCE; SETITEM; NONE; TUPLE; BUILD; STOP",
    ],
  ],
  ["its method handed on", ["GLOBAL builtins map", unpickled, "EMPTY_LIST; TUPLE2; REDUCE; STOP"]],
])("a model that Keras unpickles: %s", async (_, instructions) => {
  const { records } = await scan(...instructions);
  expect(records.flatMap(({ findings }) => findings.map(({ severity }) => severity))).toContain("critical");
});

test("a model that Keras unpickles and that is no archive is not vouched for", async () => {
  const { outcome } = await scan(unpickled, ...inMemory(new TextEncoder().encode("no archive")));
  expect(outcome).toBe("inconclusive");
});
