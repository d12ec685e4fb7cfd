import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { bytesOf, scanBytes } from "../../../test/scan-bytes.js";
import type { Surroundings } from "../../engine/artifact.js";
import { bytesReader } from "../../io/reader.js";

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
