import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sparseReader } from "../../../test/sparse-reader.js";
import { bytesOf, scanBytes } from "../../../test/scan-bytes.js";
import { callsItself } from "./indices.js";
import type { Model } from "./parser.js";
import { FlatBuffer, type Table } from "../../io/flatbuffer.js";
import { bytesReader } from "../../io/reader.js";
import type { Waiting } from "../../io/waiting.js";

const testdata = new URL("./testdata/", import.meta.url);
const golden = (name: string) => new Uint8Array(readFileSync(new URL(`${name}.tflite`, testdata)));
const facts = JSON.parse(readFileSync(new URL("facts.json", testdata), "utf8")) as Record<string, { tensor_count: number; signatures: string[] }>;

function now<T>(work: Waiting<T>): T {
  const step = work.next();
  if (!step.done) throw new Error("the reader is synchronous, so nothing may wait");
  return step.value;
}

/** A golden with one number changed, at the place that `find` gives. */
function spoiled(name: string, find: (root: Table) => number | undefined, value: number): Uint8Array {
  const bytes = golden(name);
  const at = find(now(new FlatBuffer(bytesReader(bytes)).root()));
  if (at === undefined) throw new Error("the golden has no such field");
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(at, value, true);
  return bytes;
}

function replaced(name: string, from: string, to: string, which?: "first" | "second"): Uint8Array {
  const text = Buffer.from(golden(name)).toString("latin1");
  expect(from.length).toBe(to.length);
  const parts = text.split(from);
  expect(parts.length).toBeGreaterThan(1);
  return bytesOf(which === "first" ? [parts[0], parts.slice(1).join(from)].join(to) : parts.join(to));
}

const scan = (bytes: Uint8Array) => scanBytes("m.tflite", bytes);
const table = (parent: Table, slot: number, index = 0) => now(parent.tables(slot))[index] as Table;
const subgraph = (root: Table) => table(root, 2);

describe("models that TensorFlow converted", () => {
  test.each(Object.keys(facts))("%s is clean, and its tensors are all counted", async (name) => {
    const scanned = await scan(golden(name));
    expect([scanned.outcome, scanned.rules]).toEqual(["clean", []]);
    expect(scanned.records[0]?.metadata).toMatchObject(facts[name] as object);
  });

  test("one cut short is inconclusive", async () => {
    const whole = golden("dense");
    expect((await scan(whole.subarray(0, whole.length - 40))).outcome).toBe("inconclusive");
  });
});

describe("operators", () => {
  test.each([
    ["FlexReadFile", replaced("flex", "FlexAsString", "FlexReadFile"), ["S1102"], "critical"],
    ["a NodeDef that is not what the code says", replaced("flex", "\bAsString", "\bReadFile"), ["S1102"], "critical"],
    ["FlexPyFunc", replaced("flex", "FlexAsString", "FlexPyFunc\0\0"), ["S1434"], "warning"],
    ["a Flex operator TensorFlow has not", replaced("flex", "FlexAsString", "FlexEvilOper"), ["S1434"], "warning"],
    ["an unknown custom operator", replaced("flex", "FlexAsString", "EvilCustomOp"), ["S1471"], "warning"],
    ["a known custom operator", replaced("flex", "FlexAsString", "SignalFramer"), ["S1470"], "info"],
  ])("%s", async (_, bytes, rules, worst) => {
    const scanned = await scan(bytes);
    expect([scanned.rules, scanned.worst]).toEqual([rules, worst]);
  });
});

describe("indices, shapes and buffers", () => {
  const tensor = (root: Table) => table(subgraph(root), 0);
  const items = (parent: Table, slot: number) => now(parent.vector(slot, 4))?.start;
  test.each<[string, (root: Table) => number | undefined, number, string, string]>([
    ["a buffer far outside", (root) => tensor(root).at(2), 0x7ffffff0, "S1472", "critical"],
    ["a buffer one too far", (root) => tensor(root).at(2), 8, "S1472", "warning"],
    ["a tensor below zero", (root) => items(table(subgraph(root), 3), 1), -5 >>> 0, "S1472", "critical"],
    ["an output of an operator", (root) => items(table(subgraph(root), 3), 2), 5, "S1472", "warning"],
    ["a negative dimension", (root) => items(tensor(root), 0), -1 >>> 0, "S1473", "critical"],
    ["a shape beyond memory", (root) => items(tensor(root), 0), 0x7fffffff, "S1473", "critical"],
  ])("%s", async (_, find, value, rule, worst) => {
    const scanned = await scan(spoiled("dense", find, value));
    expect(scanned.rules).toContain(rule);
    expect(scanned.worst).toBe(worst);
  });

  test("an operator code", async () => {
    const find = (root: Table) =>
      now(subgraph(root).tables(3))
        .find((one) => one.at(0) !== undefined)
        ?.at(0);
    expect((await scan(spoiled("quantised", find, 77))).rules).toEqual(["S1472"]);
  });

  test("a constant with less data than its shape", async () => {
    const find = (root: Table) => {
      const weights = now(subgraph(root).tables(0)).find((one) => (now(table(root, 4, now(one.number(2, "u32"))).vector(0))?.count ?? 0) > 0);
      return weights && items(weights, 0);
    };
    expect((await scan(spoiled("dense", find, 1000))).rules).toEqual(["S1474"]);
  });

  test.each([
    ["a reference beyond any buffer", 0, 0xfffffff0],
    ["a reference to itself", 0, 0],
    ["a vtable before the file", -1, 0x7fffffff],
  ])("%s is an alarm", async (_, at, value) => {
    const bytes = golden("dense");
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    view.setUint32(at < 0 ? view.getUint32(0, true) : at, value, true);
    expect((await scan(bytes)).rules).toEqual(["S902"]);
  });
});

test.each<[string, number[][], boolean]>([
  ["none calls another", [[], []], false],
  ["one calls two others", [[1, 2], [2], []], false],
  ["one calls itself", [[0]], true],
  ["two call one another", [[1], [2], [1]], true],
  ["one calls what is not there", [[7]], false],
])("subgraphs in a circle: %s", (_, calls, expected) => {
  const subgraphs = calls.map((subgraphs) => ({ operators: [{ subgraphs }] }));
  expect(callsItself({ subgraphs } as unknown as Model)).toBe(expected);
});

describe("bytes behind the model", () => {
  const zip = (name: string, content: string) => {
    const data = bytesOf(content);
    const crc = crc32(data);
    const u32 = (value: number) => bytesOf(value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, value >>> 24);
    const common = bytesOf("\x14\0\0\0\0\0\0\0\x21\0", u32(crc), u32(data.length), u32(data.length), name.length, 0, 0, 0);
    const local = bytesOf("PK\x03\x04", common, name, data);
    const central = bytesOf("PK\x01\x02\x14\0", common, "\0\0\0\0\0\0\0\0\0\0", u32(0), name);
    return bytesOf(local, central, "PK\x05\x06\0\0\0\0\x01\0\x01\0", u32(central.length), u32(local.length), "\0\0");
  };

  test("associated files as a ZIP are what TFLite Metadata does", async () => {
    const scanned = await scan(bytesOf(golden("dense"), zip("labels.txt", "cat\ndog\n")));
    expect(scanned.outcome).toBe("clean");
    expect(scanned.records.some((record) => record.formats.includes("zip"))).toBe(true);
  });

  test("a pickle among them is found", async () => {
    const scanned = await scan(bytesOf(golden("dense"), zip("labels.txt", "cposix\nsystem\n(S'true'\ntR.")));
    expect(scanned.worst).toBe("critical");
  });

  test("anything else is an alarm", async () => {
    expect((await scan(bytesOf(golden("dense"), new Uint8Array(8192).fill(7)))).rules).toEqual(["S1476"]);
  });
});

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc;
}

test("weights are skipped, not read", async () => {
  const model = golden("dense");
  const behind = 500 * 2 ** 20;
  const scanned = await scanBytes("m.tflite", sparseReader(model.length + behind, [[0, model]]));
  expect(scanned.bytesRead).toBeLessThan(200_000);
});
