import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { protobuf, varintBytes } from "../../../test/protobuf-bytes.js";
import { bytesOf, scanBytes } from "../../../test/scan-bytes.js";
import type { Surroundings } from "../../engine/artifact.js";

const testdata = new URL("./testdata/", import.meta.url);
const golden = (name: string) => new Uint8Array(readFileSync(new URL(name, testdata)));
const facts = JSON.parse(readFileSync(new URL("facts.json", testdata), "utf8")) as Record<string, Record<string, unknown>>;

type Field = [number, number | string | Uint8Array];
const attribute = (key: string, ...value: Field[]): Field => [5, protobuf([1, key], [2, protobuf(...value)])];
const node = (op: string, name: string, inputs: string[] = [], ...attributes: Field[]) =>
  protobuf([1, name], [2, op], ...inputs.map((input): Field => [3, input]), ...attributes);
const constant = (name: string, text: string) => node("Const", name, [], attribute("value", [8, protobuf([1, 7], [2, ""], [8, text])]));
const graph = (...nodes: Uint8Array[]) => protobuf(...nodes.map((one): Field => [1, one]));
const body = (name: string, ...nodes: Uint8Array[]) => protobuf([1, protobuf([1, name])], ...nodes.map((one): Field => [3, one]));
const library = (...functions: Uint8Array[]): Field => [2, protobuf(...functions.map((one): Field => [1, one]))];
const info: Field = [1, protobuf([4, "serve"], [5, "2.21.0"])];
const savedModel = (graphDef: Uint8Array, ...more: Field[]) => protobuf([1, 1], [2, protobuf(info, [2, graphDef], ...more)]);
const identity = node("Identity", "y", ["x"]);
const scan = (bytes: Uint8Array, name = "saved_model.pb", around?: Surroundings) => scanBytes(name, bytes, around ? { around } : {});

describe("models written by TensorFlow", () => {
  test.each(Object.keys(facts))("%s is clean, and its nodes are all counted", async (name) => {
    const scanned = await scan(golden(name), name);
    expect([scanned.outcome, scanned.rules]).toEqual(["clean", []]);
    expect(scanned.records.at(-1)?.metadata).toMatchObject(facts[name] as object);
  });

  test("a fingerprint is clean", async () => {
    expect((await scan(golden("fingerprint.pb"), "fingerprint.pb")).outcome).toBe("clean");
  });

  test.each(["lookup.pb", "dense.pb", "frozen.pb"])("%s cut short is inconclusive", async (name) => {
    const whole = golden(name);
    expect((await scan(whole.subarray(0, whole.length - 7), name)).outcome).toBe("inconclusive");
  });
});

const writeFile = [constant("path", "/root/.ssh/authorized_keys"), constant("text", "key"), node("WriteFile", "write", ["path", "text"])];

describe("operators in a SavedModel", () => {
  test.each<[string, Uint8Array, string, string]>([
    ["WriteFile", savedModel(graph(identity, ...writeFile)), "S1102", "critical"],
    ["WriteFile in a function", savedModel(protobuf([1, identity], library(body("f", ...writeFile)))), "S1102", "critical"],
    ["ReadFile with a path from the request", savedModel(graph(identity, node("ReadFile", "read", ["x"]))), "S1102", "critical"],
    ["a data set of lines", savedModel(graph(identity, constant("p", "/etc/passwd"), node("TextLineDataset", "d", ["p"]))), "S1102", "critical"],
    ["PyFunc", savedModel(graph(identity, node("EagerPyFunc", "p"))), "S1430", "critical"],
    ["a remote service", savedModel(graph(identity, node("RpcClient", "r", ["x"]))), "S1431", "critical"],
    ["file systems", savedModel(graph(identity, node("FileSystemSetConfiguration", "f"))), "S1433", "critical"],
    [
      "sending to another machine",
      savedModel(graph(identity, node("Send", "s", ["x"], attribute("recv_device", [2, "/job:ps/task:0"])))),
      "S1432",
      "warning",
    ],
    [
      "statistics into a file",
      savedModel(graph(identity, node("CalibrationStatisticsSaver", "s", ["x"], attribute("output_file_path", [2, "/tmp/x"])))),
      "S1102",
      "critical",
    ],
    ["an operator nobody has", savedModel(graph(identity, node("Magic", "m"))), "S1434", "warning"],
    ["a native call", savedModel(graph(identity, node("XlaCustomCallV2", "x", [], attribute("call_target_name", [2, "evil"])))), "S1436", "warning"],
    [
      "printing to a file",
      savedModel(graph(identity, node("PrintV2", "p", [], attribute("output_stream", [2, "file:///tmp/x"])))),
      "S1440",
      "critical",
    ],
    [
      "debugging to a server",
      savedModel(graph(identity, node("DebugIdentityV2", "d", [], attribute("debug_urls", [1, protobuf([2, "grpc://h:1"])])))),
      "S1440",
      "critical",
    ],
    ["a cache on disk", savedModel(graph(identity, constant("p", "/tmp/c"), node("CacheDataset", "c", ["d", "p"]))), "S1102", "critical"],
    [
      "descriptors from a file",
      savedModel(graph(identity, node("DecodeProtoV2", "d", [], attribute("descriptor_source", [2, "/tmp/d"])))),
      "S1102",
      "critical",
    ],
    ["saving to a fixed path", savedModel(graph(identity, constant("p", "/tmp/x"), node("SaveV2", "s", ["p"]))), "S1102", "critical"],
    ["restoring from a fixed path", savedModel(graph(identity, constant("p", "gs://b/x"), node("RestoreV2", "r", ["p"]))), "S1437", "warning"],
    [
      "a vocabulary from a system file",
      savedModel(graph(identity, constant("p", "/etc/passwd"), node("InitializeTableFromTextFileV2", "t", ["h", "p"]))),
      "S1438",
      "warning",
    ],
    [
      "a Python callback in a compiled module",
      savedModel(graph(identity, node("XlaCallModule", "x", [], attribute("module", [2, "ML\xefR\0xla_python_cpu_callback\0"])))),
      "S1430",
      "critical",
    ],
  ])("%s", async (_, bytes, rule, severity) => {
    const scanned = await scan(bytes);
    expect([scanned.rules, scanned.worst]).toEqual([[rule], severity]);
  });

  test("an operator that names a library", async () => {
    const scanned = await scan(savedModel(graph(identity, node("Magic", "m", [], attribute("path", [2, "/tmp/libevil.so"])))));
    expect([scanned.rules, scanned.worst]).toEqual([["S1434", "S1435"], "critical"]);
  });

  test("a path packed in a tensor's content is read too", async () => {
    const packed = bytesOf(varintBytes(11), "/etc/passwd");
    const hidden = node("Const", "p", [], attribute("value", [8, protobuf([1, 7], [2, ""], [4, packed])]));
    const scanned = await scan(savedModel(graph(identity, hidden, node("RestoreV2", "r", ["p"]))));
    expect(scanned.rules).toEqual(["S1437"]);
  });

  test("a graph in a constant that a data set is made from is judged", async () => {
    const inner = graph(...writeFile);
    const holder = node("Const", "g", [], attribute("value", [8, protobuf([1, 7], [8, inner])]));
    const scanned = await scan(savedModel(graph(identity, holder, node("DatasetFromGraph", "d", ["g"]))));
    expect(scanned.rules).toEqual(["S1102"]);
  });

  test("saving in a function that the saver does not call is an alarm; in the saver's own it is not", async () => {
    const saving = body("save", node("SaveV2", "s", ["prefix"]));
    const call = (name: string) => node("StatefulPartitionedCall", name, ["x"], attribute("f", [10, protobuf([1, "save"])]));
    const saver = (save: string): Field => [3, protobuf([1, "saver_filename:0"], [2, `${save}:0`], [3, "restore"])];
    const model = (save: string) => savedModel(protobuf([1, identity], [1, call("call")], library(saving)), saver(save));
    expect((await scan(model("call"))).rules).toEqual([]);
    expect((await scan(model("other"))).rules).toEqual(["S1102"]);
  });

  describe("what readers take although it is not as writers make it", () => {
    const evil = savedModel(graph(identity, ...writeFile));
    const raw = (...nodes: Uint8Array[]) => savedModel(graph(identity, ...nodes));
    const save = node("SaveV2", "s", ["p"]);
    const text = (...tensors: Uint8Array[]) =>
      protobuf([1, "p"], [2, "Const"], [5, protobuf([1, "value"], [2, protobuf(...tensors.map((one): Field => [8, one]))])]);
    const long = Array.from({ length: 200 }, (_, i) => node("Identity", `i${i}`, [i ? `i${i - 1}` : "p"]));
    const usual = Array.from({ length: 150 }, (_, i) => node("SaveV2", `save${i}`, ["prefix"]));
    const stream = (value: string) => attribute("output_stream", [2, value]);
    test.each<[string, Uint8Array, string]>([
      ["an unknown field first", bytesOf(protobuf([15, "hello"]), evil), "S1102"],
      ["an unknown number first", bytesOf(protobuf([9, 5]), evil), "S1102"],
      ["a group first", bytesOf(0x7b, 0x7c, evil), "S1102"],
      ["unknown fields before the graph", protobuf([1, 1], [9, "x"], [2, protobuf([40, "x"], [2, graph(identity, ...writeFile)])]), "S1102"],
      ["a constant in two pieces", raw(text(protobuf([1, 7], [8, "/etc/x"]), protobuf()), save), "S1102"],
      ["its type in one, its text in the other", raw(text(protobuf([1, 7]), protobuf([8, "/etc/x"])), save), "S1102"],
      ["the second of two attributes of one name", raw(node("PrintV2", "p", [], stream("stdout"), stream("file:///tmp/x"))), "S1440"],
      ["a long way to the constant", raw(constant("p", "/etc/x"), ...long, node("SaveV2", "s", ["i199"])), "S1102"],
      ["behind a hundred ordinary ones", raw(...usual, constant("p", "/etc/x"), save), "S1102"],
      ["a path that is decoded", raw(constant("c", "L2V0Yy94"), node("DecodeBase64", "p", ["c"]), save), "S1102"],
    ])("%s", async (_, bytes, rule) => {
      const scanned = await scan(bytes);
      expect(scanned.rules).toContain(rule);
    });
    test.each([
      ["a wire type nobody has", bytesOf(protobuf([1, "n"]), 0x17, 0)],
      ["a length beyond its node", bytesOf(protobuf([1, "n"]), 0x12, 0x7f, "ab")],
    ])("%s is an alarm, and the rest is still judged", async (_, broken) => {
      expect((await scan(savedModel(graph(broken, ...writeFile)))).rules).toEqual(["S1102", "S902"]);
    });
  });

  test("a pickle in a constant is found", async () => {
    const pickle = "cposix\nsystem\n(S'true'\ntR.";
    const hidden = node("Const", "c", [], attribute("value", [8, protobuf([1, 4], [4, pickle])]));
    expect((await scan(savedModel(graph(identity, hidden)))).worst).toBe("critical");
  });
});

describe("graphs alone", () => {
  test.each<[string, Uint8Array, string[], string | undefined]>([
    ["writing is critical", graph(identity, ...writeFile), ["S1102"], "critical"],
    ["reading a fixed path is critical", graph(identity, constant("p", "/etc/passwd"), node("ReadFile", "r", ["p"])), ["S1102"], "critical"],
    ["a training's input pipeline is a warning", graph(identity, node("TFRecordReaderV2", "r")), ["S1102"], "warning"],
    [
      "a function called by its name is fine",
      protobuf([1, identity], [1, node("my_function", "m")], library(body("my_function", identity))),
      [],
      undefined,
    ],
    ["an operator of TensorFlow Text is a note", graph(identity, node("SentencepieceOp", "s")), ["S1439"], "info"],
  ])("%s", async (_, bytes, rules, worst) => {
    const scanned = await scan(bytes, "frozen.pb");
    expect([scanned.rules, scanned.worst]).toEqual([rules, worst]);
  });

  test("the text form is judged alike", async () => {
    const text = `# a comment
node { name: "p" op: "Const" attr { key: "value" value { tensor { dtype: DT_STRING tensor_shape { } string_val: "/etc/" "pass\\167d" } } } }
node < name: 'r'; op: 'ReadFile', input: ["p"] >`;
    const scanned = await scan(bytesOf(text), "graph.pbtxt");
    expect(scanned.rules).toEqual(["S1102"]);
    expect(scanned.records.at(-1)?.findings[0]?.args.path).toBe("/etc/passwd");
  });

  test.each([
    ["with a colon before the bracket", 'node: { name: "p" op: "PyFunc" }'],
    ["nodes as a list", 'node: [{ name: "x" op: "NoOp" }, { name: "p" op: "PyFunc" }]'],
    ["versions first", 'versions { producer: 27 }\nnode { name: "p" op: "PyFunc" }'],
    ["a meta graph that begins with its saver", 'saver_def { filename_tensor_name: "x" }\ngraph_def { node { name: "p" op: "PyFunc" } }'],
    ["letters by their numbers", 'node { name: "p" op: "\\u0050yF\\x75nc" }'],
  ])("text %s", async (_, text) => {
    expect((await scan(bytesOf(text), "graph.pbtxt")).rules).toEqual(["S1430"]);
  });

  test.each(["node { name: ", 'node { name: "x" op ]', "node {{{", "node { }}"])("broken text %j is inconclusive", async (text) => {
    expect((await scan(bytesOf(text), "graph.pbtxt")).outcome).toBe("inconclusive");
  });
});

describe("what is around a graph", () => {
  const asset = (filename: string): Field => [6, protobuf([1, protobuf([1, "asset:0"])], [2, filename])];
  test.each(["../x", "/etc/passwd", "a/b", "a\\b"])("asset %j leaves the folder", async (filename) => {
    expect((await scan(savedModel(graph(identity), asset(filename)))).rules).toEqual(["S405"]);
  });

  test("the last of very many assets leaves the folder", async () => {
    const many = Array.from({ length: 1500 }, (_, i) => asset(`v${i}`));
    expect((await scan(savedModel(graph(identity), ...many, asset("../x")))).rules).toEqual(["S405"]);
  });

  test("an asset that is a link out of the folder", async () => {
    const around: Surroundings = { look: () => ({ kind: "outside", target: "/etc/shadow" }), names: () => [] };
    expect((await scan(savedModel(graph(identity), asset("v.txt")), "saved_model.pb", around)).rules).toEqual(["S406"]);
  });

  test("the path of an asset is overwritten by the loader, so it may be any", async () => {
    const nodes = [identity, constant("asset", "/home/me/vocab.txt"), node("InitializeTableFromTextFileV2", "t", ["h", "asset"])];
    expect((await scan(savedModel(graph(...nodes), asset("vocab.txt")))).rules).toEqual([]);
  });

  test("a Lambda layer in the Keras metadata of old models", async () => {
    const json = '{"class_name":"Lambda","config":{"name":"l","function":["4wEAAAA=",null,null],"function_type":"lambda"}}';
    const object = protobuf([3, "root"], [4, "_tf_keras_layer"], [5, json]);
    expect((await scan(protobuf([1, object]), "keras_metadata.pb")).outcome).toBe("findings");
    const objects: Field = [7, protobuf([1, protobuf([4, protobuf([1, "_tf_keras_layer"], [3, json])])])];
    expect((await scan(savedModel(graph(identity), objects))).outcome).toBe("findings");
  });

  test("bytes behind the model", async () => {
    const scanned = await scan(bytesOf(golden("lookup.pb"), "\0\0\0 appended"));
    expect(scanned.rules).toEqual(["S902"]);
    const polyglot = await scan(bytesOf(golden("lookup.pb"), "PK\x03\x04", new Uint8Array(100)));
    expect(polyglot.outcome).toBe("findings");
  });
});

test("constants are skipped, not read", async () => {
  const content = new Uint8Array(2_000_000);
  const big = node("Const", "w", [], attribute("value", [8, protobuf([1, 1], [4, content])]));
  const scanned = await scan(savedModel(graph(identity, big)));
  expect(scanned.outcome).toBe("clean");
  expect(scanned.bytesRead).toBeLessThan(10_000);
});
