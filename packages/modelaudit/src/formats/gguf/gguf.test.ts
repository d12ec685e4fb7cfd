import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { bytesOf, scanBytes } from "../../../test/scan-bytes.js";

/** Written by the gguf package, see scripts/fixtures/safetensors_gguf.py. */
const folder = new URL("testdata/", import.meta.url);
const load = (name: string) => new Uint8Array(readFileSync(new URL(name, folder)));
const names = readdirSync(folder);
const PICKLE = "cposix\nsystem\n(S'id'\ntR.";

const u32 = (value: number) => new Uint8Array(new Uint32Array([value]).buffer);
const u64 = (value: number | bigint) => new Uint8Array(new BigUint64Array([BigInt(value)]).buffer);
const text = (value: string) => bytesOf(u64(value.length), value);
const pair = (key: string, type: number, value: Uint8Array) => bytesOf(text(key), u32(type), value);
const entry = (name: string, sides: (number | bigint)[], type = 0, offset: number | bigint = 0) =>
  bytesOf(text(name), u32(sides.length), ...sides.map(u64), u32(type), u64(offset));

function file(pairs: Uint8Array[], tensors: Uint8Array[], data = "", counts: { pairs?: bigint; tensors?: bigint } = {}): Uint8Array {
  const head = bytesOf("GGUF", u32(3), u64(counts.tensors ?? tensors.length), u64(counts.pairs ?? pairs.length), ...pairs, ...tensors);
  return bytesOf(head, "\0".repeat((32 - (head.length % 32)) % 32), data);
}
const scan = (bytes: Uint8Array) => scanBytes("model.gguf", bytes);
const ROW = "x".repeat(32);

test.each(names.filter((name) => name.startsWith("honest")))("%s is clean", async (name) => {
  const { outcome, rules, records } = await scanBytes(name, load(name));
  expect([outcome, rules]).toEqual(["clean", []]);
  expect(records[0]?.metadata["tensors"]).toBe(2);
});

test.each(names.filter((name) => name.startsWith("hostile")))("%s", async (name) => {
  expect((await scanBytes(name, load(name))).rules).toEqual(["S1350"]);
});

test.each(["tokenizer.chat_template", "tokenizer.chat_template.tool_use", "tokenizer.chat_templates"])(
  "a template in a list under %s",
  async (key) => {
    const list = bytesOf(u32(8), u64(2), text("ok"), text("{{ x.__class__ }}"));
    expect((await scan(file([pair(key, 9, list)], [entry("w", [8])], ROW))).rules).toEqual(["S1350"]);
  },
);

test("vocabularies are not read as templates", async () => {
  const list = bytesOf(u32(8), u64(2), text("{{ x.__class__ }}"), text("eval("));
  expect((await scan(file([pair("tokenizer.ggml.tokens", 9, list)], [entry("w", [8])], ROW))).outcome).toBe("clean");
});

describe("numbers that overflow loaders are critical", () => {
  test.each([
    ["pairs", file([], [entry("w", [8])], ROW, { pairs: 2n ** 61n })],
    ["tensors", file([], [entry("w", [8])], ROW, { tensors: 2n ** 60n })],
    ["a text", file([bytesOf(text("k"), u32(8), u64(2n ** 63n), "x")], [entry("w", [8])], ROW)],
    ["a key", file([bytesOf(u64(2n ** 62n), "x".repeat(40))], [entry("w", [8])], ROW)],
    ["items of a list", file([pair("k", 9, bytesOf(u32(4), u64(2n ** 62n)))], [entry("w", [8])], ROW)],
    ["lists in lists", file([pair("k", 9, bytesOf(...Array.from({ length: 12 }, () => bytesOf(u32(9), u64(1)))))], [entry("w", [8])], ROW)],
    ["sides", file([], [bytesOf(text("w"), u32(0x10000), "x".repeat(100))], ROW)],
    ["a product", file([], [entry("w", [2n ** 40n, 2n ** 40n])], ROW)],
    ["an offset", file([], [entry("w", [8], 0, 2n ** 63n)], ROW)],
    ["a type of value", file([pair("k", 99, u32(1))], [entry("w", [8])], ROW)],
    ["a tensor larger than any model", file([], [entry("w", [2n ** 50n])], ROW)],
    ["an alignment of nothing", file([pair("general.alignment", 4, u32(0))], [entry("w", [8])], ROW)],
  ])("%s", async (_, bytes) => {
    const { rules, worst } = await scan(bytes);
    expect(rules).toContain("S1500");
    expect(worst).toBe("critical");
  });
});

describe("what no writer makes is a warning", () => {
  test.each([
    ["a tensor name twice", file([], [entry("w", [8]), entry("w", [8], 0, 32)], ROW + ROW)],
    ["a key twice", file([pair("k", 4, u32(1)), pair("k", 4, u32(2))], [entry("w", [8])], ROW)],
    ["overlapping tensors", file([], [entry("a", [16]), entry("b", [8], 0, 32)], ROW + ROW)],
    ["an unaligned offset", file([], [entry("a", [8], 0, 4)], ROW + ROW.slice(0, 4))],
    ["an unknown type", file([], [entry("a", [8], 77), entry("b", [8])], ROW)],
    ["rows that do not divide", file([], [entry("a", [8], 8), entry("b", [8])], ROW)],
    ["a strange alignment", file([pair("general.alignment", 4, u32(33))], [entry("w", [8])], ROW)],
    ["an alignment that is text", file([pair("general.alignment", 8, text("32"))], [entry("w", [8])], ROW)],
    ["a side of nothing", file([], [entry("a", [0]), entry("b", [8])], ROW)],
    ["tensors that are not in order", file([], [entry("a", [8], 0, 32), entry("b", [8])], ROW + ROW)],
    ["a new type of value", file([pair("k", 14, u32(1))], [entry("w", [8])], ROW)],
    ["a version of nothing", bytesOf("GGUF", u32(0), u64(0), u64(0))],
    ["three bytes behind the last tensor", file([], [entry("w", [8])], `${ROW}yyy`)],
    ["bytes behind the last tensor", file([], [entry("w", [8])], `${ROW}${"y".repeat(100)}`)],
  ])("%s", async (_, bytes) => {
    const { rules, worst } = await scan(bytes);
    expect([rules, worst]).toEqual([["S902"], "warning"]);
  });
});

test.each([
  ["behind the last tensor", file([], [entry("w", [8])], `${ROW}${PICKLE.padEnd(64, "\0")}`)],
  ["in a gap", file([], [entry("w", [8]), entry("v", [8], 0, 96)], `${ROW}${PICKLE.padEnd(64, "\0")}${ROW}`)],
  ["at the start of a tensor", file([], [entry("w", [32])], PICKLE.padEnd(128, "\0"))],
])("a pickle %s", async (_, bytes) => {
  expect((await scan(bytes)).worst).toBe("critical");
});

test.each([
  ["cut short", file([], [entry("w", [800])], ROW)],
  ["of an unknown version", bytesOf("GGUF", u32(9), u64(0), u64(0))],
  ["only a magic", bytesOf("GGUF")],
])("a file %s is not clean", async (_, bytes) => {
  expect((await scan(bytes)).outcome).toBe("inconclusive");
});

test("wherever an honest file is cut, it is said to be cut short", async () => {
  const whole = load("honest-plain.gguf");
  for (let length = 4; length < whole.length; length += 37) {
    const { rules, records } = await scan(whole.subarray(0, length));
    expect([length, rules, records[0]?.gaps.map(({ reason }) => reason)]).toEqual([length, [], ["truncated"]]);
  }
});

test("templates before a bad place are judged all the same", async () => {
  const pairs = [pair("tokenizer.chat_template", 8, text("{{ x.__class__ }}")), pair("k", 8, u64(2n ** 63n))];
  expect((await scan(file(pairs, []))).rules).toEqual(["S1350", "S1500"]);
});

test("the least of a thousand tensors may hold a pickle", async () => {
  const entries = Array.from({ length: 1000 }, (_, index) => entry(`t${index}`, [16], 0, index * 64));
  const data = `${"x".repeat(500 * 64)}${PICKLE.padEnd(64, "\0")}${"x".repeat(499 * 64)}`;
  expect((await scan(file([], entries, data))).worst).toBe("critical");
});

test("pairs of version 1 are shorter", async () => {
  const bytes = bytesOf("GGUF", u32(1), u32(0), u32(2), u32(1), "a", u32(7), 1, u32(1), "b", u32(7), 0);
  expect((await scan(bytes)).outcome).toBe("clean");
});

test("both orders of bytes", async () => {
  const little = load("honest-plain.gguf");
  expect((await scan(little)).records[0]?.metadata["version"]).toBe(3);
  const big = Buffer.alloc(64);
  big.write("GGUF");
  big.writeUInt32BE(3, 4);
  expect((await scan(new Uint8Array(big.subarray(0, 24)))).records[0]?.metadata["version"]).toBe(3);
});

test("a gigabyte of tensors costs their entries and the starts of the largest", async () => {
  const side = 2 ** 18;
  const head = file(
    [],
    Array.from({ length: 1000 }, (_, index) => entry(`blk.${index}.weight`, [side], 0, index * side * 4)),
  );
  const reader = {
    size: head.length + 1000 * side * 4,
    read(offset: number, length: number) {
      const part = new Uint8Array(length);
      if (offset < head.length) part.set(head.subarray(offset, offset + length));
      return part;
    },
  };
  const { bytesRead, outcome } = await scanBytes("model.gguf", reader);
  expect(outcome).toBe("clean");
  expect(bytesRead).toBeLessThan(2 * 2 ** 20);
});
