import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { protobuf } from "../../../test/protobuf-bytes.js";
import { bytesOf, scanBytes } from "../../../test/scan-bytes.js";

const testdata = new URL("./testdata/", import.meta.url);
const golden = new Uint8Array(readFileSync(new URL("model.meta", testdata)));
const facts = JSON.parse(readFileSync(new URL("facts.json", testdata), "utf8")) as Record<string, object>;

const node = (op: string) => protobuf([1, protobuf([1, "n"], [2, op])]);
const info = protobuf([4, "train"], [5, "2.21.0"]);

test("what a saver wrote is clean, and its nodes are all counted", async () => {
  const scanned = await scanBytes("model.ckpt.meta", golden);
  expect([scanned.outcome, scanned.rules]).toEqual(["clean", []]);
  expect(scanned.records[0]?.formats).toEqual(["tf_metagraph"]);
  expect(scanned.records[0]?.metadata).toMatchObject(facts["model.meta"] as object);
});

test.each([
  ["with its info first", protobuf([1, info], [2, node("PyFunc")])],
  ["without info", protobuf([2, node("PyFunc")])],
  ["with its graph last", protobuf([3, protobuf([1, "save/Const:0"])], [1, info], [2, node("PyFunc")])],
  ["behind a field nobody knows", protobuf([19, "abc"], [1, info], [2, node("PyFunc")])],
  ["behind a group", bytesOf(0xfb, 1, 0xfc, 1, protobuf([1, info], [2, node("PyFunc")]))],
  ["with a graph seen twice", protobuf([1, info], [2, node("NoOp")], [2, node("PyFunc")])],
])("PyFunc is found %s", async (_, bytes) => {
  const scanned = await scanBytes("x.meta", bytes);
  expect(scanned.rules).toEqual(["S1430"]);
});

test("cut short it is inconclusive, with something appended an alarm", async () => {
  expect((await scanBytes("x.meta", golden.subarray(0, golden.length - 9))).outcome).toBe("inconclusive");
  expect((await scanBytes("x.meta", bytesOf(golden, "\0\0 appended"))).rules).toEqual(["S902"]);
});

test.each<[string, Uint8Array, string]>([
  ["a node that breaks off", protobuf([1, info], [2, bytesOf(node("NoOp"), 10, 3, 18, 0x7f, 65)]), "S902"],
  ["an asset outside", protobuf([1, info], [2, node("NoOp")], [6, protobuf([2, "../../x"])]), "S405"],
  [
    "a function that saves where there is no saver",
    protobuf(
      [1, info],
      [2, bytesOf(node("NoOp"), protobuf([2, protobuf([1, protobuf([1, protobuf([1, "f"])], [3, protobuf([1, "s"], [2, "SaveV2"], [3, "arg"])])])]))],
    ),
    "S1102",
  ],
])("%s", async (_, bytes, rule) => {
  expect((await scanBytes("x.meta", bytes)).rules).toEqual([rule]);
});

test("constants are skipped, not read", async () => {
  const weights = protobuf([1, "w"], [2, "Const"], [5, protobuf([1, "value"], [2, protobuf([8, protobuf([1, 1], [4, new Uint8Array(2_000_000)])])])]);
  const scanned = await scanBytes("x.meta", protobuf([1, info], [2, protobuf([1, weights])]));
  expect([scanned.outcome, scanned.bytesRead < 100_000]).toEqual(["clean", true]);
});

test("text that begins like a group is no meta graph", async () => {
  const text = JSON.stringify(
    { chat_template: "{% for message in messages %}\n{{ message.content }}\n{% endfor %}", model_max_length: 32768 },
    undefined,
    2,
  );
  for (let cut = 0; cut < text.length; cut++) {
    expect(
      (await scanBytes("tokenizer_config.json", new TextEncoder().encode(`{"x": "${"y".repeat(cut)}",${text.slice(1)}`))).records[0]?.formats,
    ).toEqual(["manifest"]);
  }
});

test.each([
  ["a line of stars", `\n/${"*".repeat(80)}\n * Copyright\n`],
  ["a comment", "\n/*\n *  Copyright 2008-2013 NVIDIA Corporation\n *\n *  Licensed under the Apache License, Version 2.0\n */\n"],
])("source text that begins with a line break and %s is no meta graph", async (_name, text) => {
  const scanned = await scanBytes("device.h", new TextEncoder().encode(text + "int x;\n".repeat(20)));
  expect(scanned.records.flatMap(({ formats }) => formats)).not.toContain("tf_metagraph");
});
