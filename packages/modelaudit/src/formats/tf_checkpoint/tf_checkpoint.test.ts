import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { protobuf, varintBytes } from "../../../test/protobuf-bytes.js";
import { bytesOf, scanBytes } from "../../../test/scan-bytes.js";
import type { Surroundings } from "../../engine/artifact.js";
import { type Reader, bytesReader } from "../../io/reader.js";

const testdata = new URL("./testdata/", import.meta.url);
const index = new Uint8Array(readFileSync(new URL("ckpt.index", testdata)));
const shard = new Uint8Array(readFileSync(new URL("ckpt.data-00000-of-00001", testdata)));
const facts = JSON.parse(readFileSync(new URL("facts.json", testdata), "utf8")) as object;

const SHARD = "ckpt.data-00000-of-00001";
const around: Surroundings = {
  look: (path) => (path === "ckpt.index" ? { kind: "file", size: index.length, open: () => bytesReader(index) } : { kind: "missing" }),
  names: () => ["ckpt.index"],
};
const payload = bytesOf("cposix\nsystem\n(S'true'\ntR.", new Uint8Array(8));

test("an index lists the variables that TensorFlow lists", async () => {
  const scanned = await scanBytes("ckpt.index", index);
  expect([scanned.outcome, scanned.rules]).toEqual(["clean", []]);
  expect(scanned.records[0]?.metadata).toMatchObject(facts);
});

test("a shard is clean, with its index beside it and alone", async () => {
  expect((await scanBytes(SHARD, shard, { around })).outcome).toBe("clean");
  expect((await scanBytes(SHARD, shard)).outcome).toBe("clean");
});

test("a shard cut short is inconclusive", async () => {
  expect((await scanBytes(SHARD, shard.subarray(0, shard.length - 20), { around })).outcome).toBe("inconclusive");
});

test("what the index does not explain is looked at", async () => {
  expect((await scanBytes(SHARD, bytesOf(shard, payload), { around })).worst).toBe("critical");
});

test.each([
  ["the footer", index.length - 47, 0xff],
  ["the index block", index.length - 60, 0xff],
  ["the first entry", 0, 0x7f],
])("a table broken in %s is inconclusive", async (_, at, value) => {
  const broken = index.slice();
  broken[at] = value;
  expect(["inconclusive", "clean"]).toContain((await scanBytes("ckpt.index", broken)).outcome);
});

/** A table of one block, as its writer makes it: entries, one restart point, no compression; an index of that block; the footer. */
function tableOf(entries: [key: string, value: Uint8Array][]): Uint8Array {
  const u32 = (value: number) => bytesOf(value & 255, value >> 8, 0, 0);
  const blockOf = (items: [string, Uint8Array][]) =>
    bytesOf(...items.flatMap(([key, value]) => [0, varintBytes(key.length), varintBytes(value.length), key, value]), u32(0), u32(1));
  const data = blockOf(entries);
  const indexBlock = blockOf([["z", bytesOf(0, varintBytes(data.length))]]);
  const trailer = new Uint8Array(5);
  const handles = bytesOf(0, 0, varintBytes(data.length + 5), varintBytes(indexBlock.length));
  const magic = bytesOf("\x57\xfb\x80\x8b\x24\x75\x47\xdb");
  return bytesOf(data, trailer, indexBlock, trailer, handles, new Uint8Array(40 - handles.length), magic);
}

const variable = (dims: number[], offset: number | bigint, size: number | bigint) =>
  protobuf([1, 1], [2, protobuf(...dims.map((dim): [number, Uint8Array] => [2, protobuf([1, dim])]))], [4, offset], [5, size]);
const minus = 2n ** 64n - 8n;

test.each<[string, [string, Uint8Array][], string[]]>([
  [
    "two variables side by side",
    [
      ["a", variable([2, 2], 0, 16)],
      ["b", variable([3], 16, 12)],
    ],
    [],
  ],
  [
    "two in one place",
    [
      ["a", variable([2, 2], 0, 16)],
      ["b", variable([3], 8, 12)],
    ],
    ["S902"],
  ],
  [
    "one inside another",
    [
      ["a", variable([8], 0, 32)],
      ["b", variable([1], 8, 4)],
      ["c", variable([1], 12, 4)],
    ],
    ["S902"],
  ],
  ["a shape that its bytes do not fill", [["a", variable([2 ** 20, 2 ** 20], 0, 16)]], ["S902"]],
  ["a place before the file", [["a", variable([4], minus, 16)]], ["S902"]],
  ["a size below nothing", [["a", variable([4], 0, minus)]], ["S902"]],
])("%s", async (_, entries, rules) => {
  const scanned = await scanBytes("x.index", tableOf([["", protobuf([1, 1])], ...entries]));
  expect([scanned.records[0]?.formats, scanned.rules]).toEqual([["tf_checkpoint"], rules]);
});

test("of a shard, only the starts of its tensors are read", async () => {
  const size = 2 ** 30;
  const reader: Reader = { size, read: (_, length) => new Uint8Array(length) };
  const table = tableOf([["a", variable([2 ** 28], 0, size)]]);
  const beside: Surroundings = { ...around, look: () => ({ kind: "file", size: table.length, open: () => bytesReader(table) }) };
  const scanned = await scanBytes(SHARD, reader, { around: beside });
  expect([scanned.outcome, scanned.bytesRead < 100_000]).toEqual(["clean", true]);
});
