import { expect, test } from "vitest";
import { bytesOf, scanBytes } from "../../../test/scan-bytes.js";

const i32 = (value: number) => Uint8Array.from([value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >> 24) & 255]);
const i64 = (value: number) => bytesOf(i32(value), i32(0));
const f64 = (value: number) => new Uint8Array(new Float64Array([value]).buffer);
const text = (value: string) => bytesOf(i32(2), i32(value.length), value);
const name = (value: string) => bytesOf(i32(value.length), value);
const table = (index: number, count: number, ...parts: Uint8Array[]) => bytesOf(i32(3), i32(index), i32(count), ...parts);
const object = (index: number, className: string, ...parts: Uint8Array[]) => bytesOf(i32(4), i32(index), name("V 1"), name(className), ...parts);
/** What torch.save writes for torch.FloatTensor{1, 2, 3}. */
const tensor = (index: number) =>
  object(index, "torch.FloatTensor", i32(1), i64(3), i64(1), i64(1), object(index + 1, "torch.FloatStorage", i64(3), new Uint8Array(12)));
const run = (code: string, tag = 8) =>
  table(1, 1, text("run"), tag === 6 ? bytesOf(i32(6), name(code), i32(0)) : bytesOf(i32(tag), i32(2), name(code), table(3, 0)));

test.each([
  ["a tensor", tensor(1)],
  [
    "a table of tensors, one of them twice",
    table(1, 3, text("a"), tensor(2), text("b"), bytesOf(i32(4), i32(2)), text("train"), bytesOf(i32(5), i32(1))),
  ],
  ["a module", object(1, "nn.Linear", table(2, 2, text("weight"), tensor(3), text("name"), text("os.execute is only a word here")))],
  ["a list of numbers", table(1, 2, bytesOf(i32(1), f64(1), i32(1), f64(0.5)), bytesOf(i32(1), f64(2), i32(0)))],
  ["a tensor as text", bytesOf("4\n1\n3\nV 1\n17\ntorch.FloatTensor\n1\n3\n1\n1\n4\n2\n3\nV 1\n18\ntorch.FloatStorage\n3\n1 2 3\n")],
  ["a table as text", bytesOf("3\n1\n1\n2\n3\nlen\n1\n2.5\n")],
])("%s is clean", async (_, bytes) => {
  for (const file of ["a.t7", "a"]) {
    const scanned = await scanBytes(file, bytes);
    expect([scanned.outcome, scanned.rules, scanned.records[0]?.scanners]).toEqual(["clean", [], ["torch7"]]);
  }
});

test.each([
  ["38: a recursive function", run("\x1bLuaQ os\0\0execute"), "critical"],
  ["38: a legacy recursive function", run("\x1bLuaQ io\0popen", 7), "critical"],
  ["38: a plain function", run("\x1bLJ require ffi", 6), "critical"],
  ["38: a function as text", bytesOf("3\n1\n1\n2\n3\nrun\n8\n2\n27\nos.execute('echo hi') --pad\n3\n3\n0\n"), "critical"],
  ["38: a function before the file breaks off", run("\x1bLuaQ os.execute").subarray(0, -6), "critical"],
  ["a harmless function", run("\x1bLuaQ return 1"), "warning"],
  ["bytes behind the object", bytesOf(tensor(1), "hidden"), "warning"],
])("%s", async (_, bytes, worst) => {
  expect((await scanBytes("a.t7", bytes)).worst).toBe(worst);
});

test.each([
  ["a tensor cut short", tensor(1).subarray(0, -5)],
  ["a storage larger than the file", object(1, "torch.ByteStorage", i64(2 ** 30))],
  ["a table of two thousand million pairs", table(1, 0x7fffffff, text("a"))],
])("%s is inconclusive", async (_, bytes) => {
  expect((await scanBytes("a.t7", bytes)).outcome).toBe("inconclusive");
});

test("a file of small numbers is none", async () => {
  expect((await scanBytes("labels.txt", bytesOf("3\n1\n2\n1\n0\n2\n"))).records[0]?.formats).not.toContain("torch7");
});
