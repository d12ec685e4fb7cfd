import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { buildZip } from "../../../test/build-zip.js";
import { scanBytes } from "../../../test/scan-bytes.js";

const golden = JSON.parse(readFileSync(new URL("../../detectors/python-bytecode/testdata/code.json", import.meta.url), "utf8"));
const EVIL: string = golden["3.11"].import;
const CALM: string = golden["3.11"].compute;
const PICKLE = Buffer.from("cposix\nsystem\n(S'id'\ntR.").toString("base64");

/** As `model.to_json()` writes it. */
function scan(layers: unknown, more: object = {}) {
  const model = {
    class_name: "Sequential",
    module: "keras",
    registered_name: null,
    config: { name: "s", layers: Array.isArray(layers) ? layers : [layers] },
    ...more,
  };
  return scanBytes("model.json", new TextEncoder().encode(JSON.stringify(model)));
}

const layer = (class_name: string, config: unknown = {}, more: object = {}) => ({
  class_name,
  module: "keras.layers",
  config,
  registered_name: null,
  ...more,
});
const lambda3 = (code: string) => layer("Lambda", { function: { class_name: "__lambda__", config: { code, defaults: null, closure: null } } });
const lambda2 = (code: string) => layer("Lambda", { function: [code, null, null], function_type: "lambda", module: "__main__" });
const named = (module: string, config: string) => ({ class_name: "function", module, config, registered_name: config });

describe("Lambda code, wherever it is nested", () => {
  const places: [string, (inner: object) => unknown][] = [
    ["on its own", (inner) => inner],
    ["TimeDistributed", (inner) => layer("TimeDistributed", { layer: inner })],
    ["Bidirectional", (inner) => layer("Bidirectional", { layer: layer("LSTM"), backward_layer: inner })],
    ["cell", (inner) => layer("RNN", { cell: inner })],
    ["cells", (inner) => layer("RNN", { cell: layer("StackedRNNCells", { cells: [inner] }) })],
    ["nested model", (inner) => layer("Functional", { layers: [layer("Sequential", { layers: [inner] })] })],
    ["call arguments", (inner) => layer("Add", {}, { inbound_nodes: [{ args: [], kwargs: { f: inner } }] })],
    ["activation", (inner) => layer("Dense", { activation: inner })],
    ["a list in a list", (inner) => layer("Dense", { x: [[[inner]]] })],
  ];
  test.each(places)("%s", async (_, place) => {
    for (const make of [lambda2, lambda3]) {
      expect((await scan(place(make(EVIL)))).worst).toBe("critical");
      expect(await scan(place(make(CALM)))).toMatchObject({ worst: "warning", rules: ["S1103"] });
    }
  });
  test("compile settings", async () => {
    const loss = { class_name: "__lambda__", config: { value: [EVIL, null, null] } };
    expect((await scan([], { compile_config: { loss } })).worst).toBe("critical");
  });
  test.each([
    ["the list as a tuple object", layer("Lambda", { function: { class_name: "__tuple__", items: [EVIL, null, null] } })],
    ["a class of another name", layer("Own", { function: [EVIL, null, null], function_type: "lambda" })],
    ["a registered name", layer("Custom", { function: [EVIL, null, null], function_type: "lambda" }, { registered_name: "Custom>Lambda" })],
    ["the output shape", layer("Lambda", { function: [CALM, null, null], output_shape: [EVIL, null, null], output_shape_type: "lambda" })],
    ["no base64", layer("Lambda", { function: ["%%%", null, null], function_type: "lambda" })],
    ["no marshal", layer("Lambda", { function: [PICKLE, null, null], function_type: "lambda" })],
    ["a dangerous function by name", layer("Lambda", { function: "system", function_type: "function", module: "os" })],
  ])("%s", async (_, hostile) => {
    expect((await scan(hostile)).worst).toBe("critical");
  });
  test.each(Object.keys(golden))("of Python %s", async (version) => {
    expect((await scan(lambda2(golden[version].import))).worst).toBe("critical");
    expect((await scan(lambda2(golden[version].spectrum))).worst).toBe("warning");
  });
});

describe("symbols that act when they are built or called", () => {
  test.each([
    ["os", "system"],
    ["subprocess", "Popen"],
    ["builtins", "exec"],
    ["keras.utils", "get_file"],
    ["keras.src.utils.file_utils", "extract_archive"],
    ["tf_keras.src.utils.data_utils", "get_file"],
    ["tensorflow.keras.utils", "get_file"],
    ["keras", "utils.get_file"],
    ["keras.config", "enable_unsafe_deserialization"],
    ["keras.saving", "load_model"],
    ["keras.models", "load_model"],
    ["keras.src.saving.saving_lib", "load_weights_only"],
    ["keras.datasets.mnist", "load_data"],
    ["tensorflow", "load_op_library"],
    ["tensorflow", "load_library"],
    ["tensorflow.io", "write_file"],
    ["tensorflow.io.gfile", "rmtree"],
    ["tensorflow", "py_function"],
    ["tensorflow", "numpy_function"],
    ["tensorflow.python.lib.io.file_io", "delete_recursively"],
    ["keras", "callbacks.CSVLogger"],
    ["keras", "config.disable_traceback_filtering"],
    ["tensorflow.raw_ops", "WriteFile"],
    ["builtins", "__import__"],
    ["numpy", "load"],
    ["numpy", "fromfile"],
    ["numpy", "memmap"],
    ["numpy", "savetxt"],
    ["numpy.f2py", "compile"],
    ["numpy.distutils.exec_command", "exec_command"],
  ])("%s.%s", async (module, name) => {
    for (const node of [named(module, name), { class_name: name, module, config: {}, registered_name: null }]) {
      expect(await scan(layer("Dense", { activation: node }))).toMatchObject({ worst: "critical", rules: ["S1400"] });
    }
    const spec = { class_name: "__typespec__", spec_name: name, module, config: [], registered_name: null };
    expect((await scan(layer("InputLayer", { spec }))).worst).toBe("critical");
  });
  test("a module nobody knows is a warning", async () => {
    expect(await scan(layer("Thing", {}, { module: "somebody.layers" }))).toMatchObject({ worst: "warning", rules: ["S1400"] });
  });
  test.each(
    "io.write_file compat.v1.write_file compat.v2.io.read_file io.gfile.GFile compat.v1.gfile.Open raw_ops.WriteFile raw_ops.PyFunc py_function compat.v1.py_func keras.utils.get_file keras.preprocessing.image.load_img saved_model.load data.TextLineDataset compat.v1.data.TextLineDataset compat.v1.summary.FileWriter train.load_checkpoint debugging.experimental.enable_dump_debug_info".split(
      " ",
    ),
  )("the operation %s reaches out", async (name) => {
    expect((await scan(layer("TFOpLambda", { function: name }))).worst).toBe("critical");
    expect((await scan(layer("SlicingOpLambda", { function: name }))).worst).toBe("critical");
  });
  test.each(
    "math.reduce_mean io.decode_jpeg io.decode_base64 io.parse_example debugging.assert_equal debugging.check_numerics raw_ops.Add compat.v1.transpose keras.activations.gelu print reshape __operators__.getitem".split(
      " ",
    ),
  )("the operation %s computes", async (name) => {
    expect((await scan(layer("TFOpLambda", { function: name }))).rules).toEqual([]);
  });
  test.each([
    ["an object", { name: "x", op: "ReadFile" }],
    ["its text", JSON.stringify({ name: "x", op: "SqlDataset" })],
  ])("an operator as %s", async (_, node_def) => {
    expect((await scan(layer("TensorFlowOpLayer", { node_def }))).worst).toBe("critical");
    expect((await scan(layer("TensorFlowOpLayer", { node_def: JSON.stringify({ op: "AddV2" }) }))).rules).toEqual([]);
  });
  test("a print that goes to a file", async () => {
    const print = layer("TFOpLambda", { function: "print" }, { inbound_nodes: [["x", 0, 0, { output_stream: "file:///tmp/x" }]] });
    expect(await scan(print)).toMatchObject({ worst: "critical", rules: ["S1400"] });
  });
});

describe("files outside of the model", () => {
  test.each([
    ["StringLookup", "vocabulary", "/etc/passwd", "critical"],
    ["IntegerLookup", "vocabulary", "https://example.com/v.txt", "critical"],
    ["TextVectorization", "vocabulary", "../../secret", "critical"],
    ["StringLookup", "vocabulary", "words.txt", "warning"],
    ["BytePairTokenizer", "merges", "gs://bucket/m", "critical"],
    ["TFSMLayer", "filepath", "/tmp/model", "critical"],
    ["TFSMLayer", "filepath", "model", "warning"],
  ])("%s %s=%s", async (name, key, value, severity) => {
    expect(await scan(layer(name, { [key]: value }))).toMatchObject({ worst: severity, rules: ["S1401"] });
  });
});

test.each([
  ["text", PICKLE],
  ["bytes", { class_name: "__bytes__", config: { value: PICKLE } }],
])("TorchModuleWrapper: the pickle in it is scanned (%s)", async (_, module) => {
  const { rules, worst, records } = await scan(layer("TorchModuleWrapper", { module }));
  expect(worst).toBe("critical");
  expect(rules).toContain("S1402");
  expect(records.some(({ formats }) => formats.includes("pickle"))).toBe(true);
});

test("a config in UTF-16, which Python reads as well", async () => {
  const text = JSON.stringify({ class_name: "Sequential", config: { layers: [lambda2(EVIL)] } });
  const bytes = Uint8Array.from([...text].flatMap((letter) => [letter.charCodeAt(0), 0]));
  const archive = buildZip([
    { name: "config.json", data: bytes },
    { name: "metadata.json", data: "{}" },
  ]);
  expect((await scanBytes("m.keras", archive)).rules).toEqual(["S1103"]);
});

test("a key that stands twice", async () => {
  const text = '{"class_name": "Sequential", "config": {"layers": [{"class_name": "Dense", "class_name": "Lambda", "config": {}}]}}';
  expect((await scanBytes("model.json", new TextEncoder().encode(text))).rules).toEqual(["S902"]);
});

describe("honest configs", () => {
  test.each([
    ["words", layer("StringLookup", { vocabulary: ["eval", "os.system", "__class__", "../x"] })],
    ["names", layer("Dense", { name: "lambda_exec_branch", activation: "gelu" })],
    ["operations", layer("NotEqual", { name: "not_equal" }, { module: "keras.src.ops.numpy", registered_name: "NotEqual" })],
    ["policies", layer("Dense", { dtype: { module: "keras", class_name: "DTypePolicy", config: { name: "float32" }, registered_name: null } })],
    ["a function of Keras", layer("Dense", { activation: named("builtins", "my_relu") })],
    ["an old layer without module", { class_name: "Dense", config: { units: 3, kernel_initializer: { class_name: "GlorotUniform", config: {} } } }],
    ["hub", layer("BertBackbone", {}, { module: "keras_hub.src.models.bert.bert_backbone", registered_name: "keras_hub>BertBackbone" })],
    ["feature space", { class_name: "FeatureSpace", module: "keras.utils", config: {}, registered_name: null }],
    [
      "type spec",
      { class_name: "__typespec__", spec_name: "TensorSpec", module: "tensorflow.python.framework.tensor", config: [], registered_name: null },
    ],
  ])("%s", async (_, honest) => {
    const { worst, outcome } = await scan(honest);
    expect([undefined, "info"]).toContain(worst);
    expect(outcome).not.toBe("inconclusive");
  });
});
