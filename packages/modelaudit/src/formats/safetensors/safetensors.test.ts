import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { bytesOf, scanBytes } from "../../../test/scan-bytes.js";

/** Written by the safetensors library, see scripts/fixtures/safetensors_gguf.py. */
const folder = new URL("testdata/", import.meta.url);
const PICKLE = "cposix\nsystem\n(S'id'\ntR.";
const PROBLEM = ["S902"];

function file(header: unknown, data: string, length?: number): Uint8Array {
  const text = typeof header === "string" ? header : JSON.stringify(header);
  const size = new Uint8Array(new BigUint64Array([BigInt(length ?? Buffer.byteLength(text))]).buffer);
  return bytesOf(size, new TextEncoder().encode(text), data);
}
const tensor = (begin: number, end: number, more: object = {}) => ({ dtype: "U8", shape: [end - begin], data_offsets: [begin, end], ...more });
const scan = (bytes: Uint8Array) => scanBytes("model.safetensors", bytes);

test.each(readdirSync(folder))("%s is clean", async (name) => {
  const { outcome, rules } = await scanBytes(name, new Uint8Array(readFileSync(new URL(name, folder))));
  expect([outcome, rules]).toEqual(["clean", []]);
});

describe("what the reference reader refuses", () => {
  test.each([
    ["a gap", file({ a: tensor(0, 4), b: tensor(8, 12) }, "x".repeat(12))],
    ["an overlap", file({ a: tensor(0, 8), b: tensor(4, 12) }, "x".repeat(12))],
    ["a wrong size", file({ a: tensor(0, 8, { shape: [9] }) }, "x".repeat(8))],
    ["bytes behind the end", file({ a: tensor(0, 8) }, "x".repeat(9))],
    ["offsets in the wrong order", file({ a: { dtype: "U8", shape: [4], data_offsets: [8, 4] }, b: tensor(0, 8) }, "x".repeat(8))],
    ["a key twice", file('{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}', "x".repeat(8))],
    ["a key twice inside", file('{"a":{"dtype":"U8","dtype":"I8","shape":[8],"data_offsets":[0,8]}}', "x".repeat(8))],
    ["an unknown type", file({ a: tensor(0, 8, { dtype: "Q9" }) }, "x".repeat(8))],
    ["metadata that is no text", file({ __metadata__: { a: { b: 1 } }, a: tensor(0, 8) }, "x".repeat(8))],
    ["a negative side", file({ a: tensor(0, 8, { shape: [-8] }) }, "x".repeat(8))],
    ["a product beyond numbers", file({ a: tensor(0, 8, { shape: [2 ** 31, 2 ** 31, 2 ** 31] }) }, "x".repeat(8))],
    ["a control character in a name", file({ "a\u0000b": tensor(0, 8) }, "x".repeat(8))],
    ["a header longer than any reader takes", file({ a: tensor(0, 8) }, "x".repeat(8), 100_000_001)],
    ["a header that is text", file("hello, world", "x".repeat(8))],
    ["a header that is a list", file("[1, 2, 3, 4]", "x".repeat(8))],
    ["a space before the header", file(' {"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}', "x".repeat(8))],
    ["a number that is none", file('{"__metadata__":{},"x":NaN,"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}', "x".repeat(8))],
    ["an end that no file reaches", file({ a: { dtype: "U8", shape: [2 ** 52], data_offsets: [0, 2 ** 52] } }, "x".repeat(8))],
    ["a type that every object has", file({ a: tensor(0, 8, { dtype: "constructor" }) }, "x".repeat(8))],
    ["broken JSON", file('{"a": }', "x".repeat(8))],
  ])("%s", async (_, bytes) => {
    const { rules, worst } = await scan(bytes);
    expect([rules, worst]).toEqual([PROBLEM, "warning"]);
  });
  test.each(["../../x", "/etc/x", "a\\..\\b", "https://x/y", "%2e%2e/x", "C:\\x"])("a name that is a path: %s", async (name) => {
    expect((await scan(file({ [name]: tensor(0, 8) }, "x".repeat(8)))).rules).toEqual(["S405"]);
  });
  test("a name that is no path", async () => {
    expect((await scan(file({ "w:0": tensor(0, 4), "layer 1/kernel:0": tensor(4, 8) }, "x".repeat(8)))).outcome).toBe("clean");
  });
  test("a header that is no UTF-8", async () => {
    const header = bytesOf('{"a\xff":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}');
    expect((await scan(bytesOf(header.length, "\0".repeat(7), header, "x".repeat(8)))).rules).toEqual(PROBLEM);
  });
});

describe("hidden files and live metadata", () => {
  test.each([
    ["behind the last tensor", file({ a: tensor(0, 8) }, "x".repeat(8) + PICKLE)],
    ["in a gap", file({ a: tensor(0, 8), b: tensor(64, 72) }, `xxxxxxxx${PICKLE.padEnd(56, "\0")}xxxxxxxx`)],
    ["at the start of a tensor", file({ a: tensor(0, 64) }, PICKLE.padEnd(64, "\0"))],
    ["a template", file({ __metadata__: { chat_template: "{{ x.__class__ }}" }, a: tensor(0, 8) }, "x".repeat(8))],
    ["a config that is called", file({ __metadata__: { config: '{"_target_": "os.system", "command": "id"}' }, a: tensor(0, 8) }, "x".repeat(8))],
    ["a tag of Python's", file({ __metadata__: { config: 'a: !!python/object/apply:os.system ["id"]' }, a: tensor(0, 8) }, "x".repeat(8))],
    [
      "at the start of the least of many tensors",
      file(
        Object.fromEntries([...Array.from({ length: 100 }, (_, i) => [`t${i}`, tensor(i * 99, i * 99 + 99)]), ["p", tensor(9900, 9924)]]),
        "x".repeat(9900) + PICKLE,
      ),
    ],
    ["a config in YAML", file({ __metadata__: { config: "model:\n  _target_: os.system\n  command: id\n" }, a: tensor(0, 8) }, "x".repeat(8))],
  ])("%s", async (_, bytes) => {
    expect((await scan(bytes)).worst).toBe("critical");
  });
  test.each([
    "Use {{char}} and {user}.",
    "run `os.system('x')`; import os",
    "https://10.0.0.1:4444/x",
    '{"eval": 1, "os.system": "x"}',
    "/etc/passwd",
  ])("prose is no code: %s", async (text) => {
    expect((await scan(file({ __metadata__: { comment: text }, a: tensor(0, 8) }, "x".repeat(8)))).outcome).toBe("clean");
  });
});

test.each([
  ["cut in the data", file({ a: tensor(0, 80) }, "x".repeat(8))],
  ["cut in the header", file('{"a": {"dty', "", 500)],
])("%s is not clean", async (_, bytes) => {
  expect((await scan(bytes)).outcome).toBe("inconclusive");
});

test("what git-lfs leaves in the place of a file is no broken one", async () => {
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 1\n`;
  expect((await scan(bytesOf(pointer))).worst).not.toBe("warning");
});

test("a gigabyte of tensors costs their header and the starts of the largest", async () => {
  const count = 1000;
  const size = 2 ** 20;
  const head = file(Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, tensor(index * size, (index + 1) * size)])), "");
  const reader = {
    size: head.length + count * size,
    read(offset: number, length: number) {
      const part = new Uint8Array(length);
      if (offset < head.length) part.set(head.subarray(offset, offset + length));
      return part;
    },
  };
  const { bytesRead, outcome } = await scanBytes("model.safetensors", reader);
  expect(outcome).toBe("clean");
  expect(bytesRead).toBeLessThan(8 * 2 ** 20);
});
