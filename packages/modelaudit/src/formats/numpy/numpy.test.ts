import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sparseReader } from "../../../test/sparse-reader.js";
import { bytesOf, scanBytes } from "../../../test/scan-bytes.js";
import { parseLiteral } from "../../io/python-literal.js";
import { readDataType } from "./dtype.js";

const golden = (name: string) => readFileSync(new URL(`testdata/${name}`, import.meta.url));
const LOAD_BOMB = "\x80\x02cos\nsystem\nU\x04trueq\0\x85R.";

function array(header: string, data: string | Uint8Array = "", major = 1): Uint8Array {
  const { length } = header;
  const size = major === 1 ? [length & 255, length >> 8] : [length & 255, length >> 8, 0, 0];
  return bytesOf("\x93NUMPY", major, 0, ...size, header, data);
}
const plain = (descr: string, shape: string) => `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }\n`;

test.each(["float32.npy", "scalar.npy", "empty.npy", "text.npy", "fortran.npy", "record.npy", "version2.npy", "version3.npy", "twice.npy"])(
  "%s, saved by NumPy, is clean",
  async (name) => {
    const scanned = await scanBytes(name, golden(name));
    expect([scanned.outcome, scanned.rules]).toEqual(["clean", []]);
    expect(scanned.records[0]?.scanners).toEqual(["numpy"]);
  },
);

test.each(["objects.npy", "record_objects.npy", "several.npz"])("36: %s holds honest objects, which is only noted", async (name) => {
  const scanned = await scanBytes(name, golden(name));
  expect([scanned.outcome, scanned.rules, scanned.worst]).toEqual(["clean", ["S1250"], "info"]);
});

test.each([
  ["version 1", array(plain("'|O'", "(1,)"), LOAD_BOMB)],
  ["version 2", array(plain("'O'", "(1,)"), LOAD_BOMB, 2)],
  ["version 3", array(plain("'O'", "(1,)"), LOAD_BOMB, 3)],
  ["a field of a record", array(plain("[('a', '<i4'), ('b', [('c', '|O')])]", "(1,)"), LOAD_BOMB)],
  ["a pair of type and shape", array(plain("[('a', ('O', (2,)))]", "(1,)"), LOAD_BOMB)],
  ["no items at all", array(plain("'|O8'", "(0,)"), LOAD_BOMB)],
  ["a second array behind a plain one", bytesOf(array(plain("'<i4'", "(1,)"), "1234"), array(plain("'O'", "(1,)"), LOAD_BOMB))],
  ["a pickle behind a plain array", array(plain("'<i4'", "(1,)"), bytesOf("1234", LOAD_BOMB))],
  ["a raw pickle of that name", bytesOf(LOAD_BOMB)],
])("36: objects in %s are unpickled", async (_, bytes) => {
  expect((await scanBytes("a.npy", bytes)).worst).toBe("critical");
});

test.each([
  ["a call", plain("__import__('os').system('true')", "(1,)"), "S1251"],
  ["no dict", "[1, 2]", "S902"],
  ["a missing key", "{'descr': '<f4'}", "S902"],
  ["a further key", "{'descr': '<f4', 'fortran_order': False, 'shape': (0,), 'x': 1}", "S902"],
  ["a shape that is no tuple", plain("'<f4'", "'x'"), "S902"],
  ["an unreadable type", plain("7", "(1,)"), "S902"],
])("a header that is %s is reported", async (_, header, rule) => {
  const scanned = await scanBytes("a.npy", array(header));
  expect([scanned.rules, scanned.worst]).toEqual([[rule], "warning"]);
});

test("bytes behind the array are reported", async () => {
  expect((await scanBytes("a.npy", array(plain("'<i4'", "(1,)"), "1234xyz"))).rules).toEqual(["S902"]);
});

test("an array cut short is inconclusive", async () => {
  expect((await scanBytes("a.npy", golden("float32.npy").subarray(0, -4))).outcome).toBe("inconclusive");
  expect((await scanBytes("a.npy", golden("float32.npy").subarray(0, 20))).outcome).toBe("inconclusive");
});

test("a large array is not read", async () => {
  const head = array(plain("'<f8'", "(100000000,)"));
  const scanned = await scanBytes("a.npy", sparseReader(head.length + 800_000_000, [[0, head]]));
  expect(scanned.outcome).toBe("clean");
  expect(scanned.bytesRead).toBeLessThan(10_000);
});

test.each([
  ["'<f4'", 4, false],
  ["'|S10'", 10, false],
  ["'<U5'", 20, false],
  ["'<M8[ns]'", 8, false],
  ["'?'", 1, false],
  ["'float64'", 8, false],
  ["'i4,(2,3)f8'", 52, false],
  ["'2i4, O'", 16, true],
  ["'object'", 8, true],
  ["[(('title', 'name'), '<i2', (3,))]", 6, false],
])("the type %s has %i bytes", (descr, bytes, objects) => {
  expect(readDataType(parseLiteral(descr))).toMatchObject({ itemBytes: bytes, objects });
});
