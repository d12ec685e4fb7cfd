import { describe, expect, test } from "vitest";
import { assemble, CALL, HOSTILE } from "../../../test/pickle-assembler.js";
import { bytesOf, scanBytes } from "../../../test/scan-bytes.js";

const scan = (name: string, text: string) => scanBytes(name, new TextEncoder().encode(text));
const EVIL = "{{ x.__class__ }}";

describe("templates are found where configs keep them", () => {
  test.each([
    ["a text", "tokenizer_config.json", { chat_template: EVIL }],
    [
      "a list",
      "tokenizer_config.json",
      {
        chat_template: [
          { name: "default", template: "ok" },
          { name: "rag", template: EVIL },
        ],
      },
    ],
    ["an object", "processor_config.json", { chat_template: { default: "ok", tool: EVIL } }],
    ["nested", "config.json", { tokenizer: { chat_template: EVIL } }],
    ["a processor's own file", "chat_template.json", { chat_template: EVIL }],
  ])("%s", async (_, name, config) => {
    expect((await scan(name, JSON.stringify(config))).rules).toEqual(["S1350"]);
  });

  test("in YAML", async () => {
    expect((await scan("prompt.yaml", `prompt_template: "${EVIL}"`)).rules).toEqual(["S1350"]);
  });
});

test.each([
  ["jsonpickle", "a.json", '{"a": [{"py/reduce": [{"py/function": "os.system"}, {"py/tuple": ["id"]}]}]}'],
  ["the first of two keys", "config.json", '{"_target_": "os.system", "_target_": "torch.nn.Linear"}'],
  ["the second of two keys", "config.json", '{"_target_": "torch.nn.Linear", "_target_": "os.system"}'],
  ["Lightning", "config.yaml", "model:\n  class_path: subprocess.Popen\n  init_args: {args: id}"],
  ["Json.NET", "a.json", '{"$type": "System.Windows.Data.ObjectDataProvider, PresentationFramework"}'],
  ["a prompt of langchain's", "a.json", `{"_type": "prompt", "template_format": "jinja2", "template": "${EVIL}"}`],
  ["hydra", "config.json", '{"model": {"_target_": "os.system"}}'],
  ["a YAML tag", "config.yaml", "a: !!python/object/apply:os.system ['id']"],
])("what a loader would call is critical: %s", async (_, name, text) => {
  expect((await scan(name, text)).worst).toBe("critical");
});

describe("honest configs are clean", () => {
  test.each([
    ["config.json", { architectures: ["LlamaForCausalLM"], _commit_hash: "a".repeat(40), torch_dtype: "float16", template: "{{ not one }}" }],
    [
      "tokenizer.json",
      { model: { vocab: { eval: 1, "{{": 2, os: 3, __class__: 4 }, merges: ["{ {"] }, post_processor: { type: "TemplateProcessing" } },
    ],
    ["tokenizer_config.json", { chat_template: "{% for m in messages %}{{ m['content'] }}{% endfor %}", name: "x.__class__" }],
  ])("%s", async (name, config) => {
    const { rules, outcome } = await scan(name, JSON.stringify(config));
    expect(rules).toEqual([]);
    expect(outcome).toBe("clean");
  });

  test("documentation tools name what they look up", async () => {
    expect((await scan("mkdocs.yml", "emoji_index: !!python/name:material.extensions.emoji.twemoji")).worst).toBe("info");
  });

  test("broken JSON is text that no loader reads", async () => {
    expect((await scan("lines.json", '{"a": 1}\n{"b": 2}\n')).outcome).toBe("clean");
  });
});

test("text in 16-bit units is read as loaders read it", async () => {
  const text = "\ufeffx: !!python/object/apply:os.system ['id']";
  const bytes = new Uint8Array(new Uint16Array([...text].map((letter) => letter.charCodeAt(0))).buffer);
  expect((await scanBytes("config.yaml", bytes)).worst).toBe("critical");
});

describe("an index of shards names files beside itself", () => {
  const index = (file: string) =>
    scan(
      "model.safetensors.index.json",
      JSON.stringify({ metadata: { total_size: 8 }, weight_map: { a: "model-00001-of-00002.safetensors", b: file } }),
    );
  test.each(["../other/model.safetensors", "/etc/passwd", "https://example.com/x", "C:\\x", "a/../../b", "~/x"])("%s", async (file) => {
    const { rules, worst } = await index(file);
    expect([rules, worst]).toEqual([["S405"], "critical"]);
  });
  test.each(["model-00002-of-00002.safetensors", "part.v1..2.safetensors"])("%s is one", async (file) => {
    expect((await index(file)).outcome).toBe("clean");
  });
});

test("an architecture in JSON is judged as Keras rebuilds it", async () => {
  const layer = { class_name: "Evil", module: "os", config: {}, registered_name: null };
  expect((await scan("model.json", JSON.stringify({ class_name: "Sequential", config: { layers: [layer] } }))).rules).toContain("S1400");
  const yaml = (name: string) =>
    `class_name: Sequential\nconfig:\n- class_name: Dense\n  module: keras.layers\n  config: {activation: {class_name: function, module: ${name}, config: system}}\n`;
  expect((await scan("model.yaml", yaml("os"))).rules).toEqual(["S1400"]);
  expect((await scan("model.yaml", yaml("builtins"))).rules).toEqual([]);
  const honest = { class_name: "Dense", module: "keras.layers", config: { units: 3 }, registered_name: null };
  expect(
    (await scan("model.json", JSON.stringify({ class_name: "Sequential", keras_version: "2.15.0", config: { layers: [honest] } }))).rules,
  ).toEqual([]);
});

describe("modules that a config has its loader import", () => {
  const mlflow = (loader: string, more = "") =>
    `artifact_path: model\nflavors:\n  python_function:\n    loader_module: ${loader}\n${more}mlflow_version: 2.14.1\n`;
  const pipeline = (parts: object) => JSON.stringify({ _class_name: "StableDiffusionPipeline", _diffusers_version: "0.30.0", ...parts });
  const modules = (type: string, path = "") => JSON.stringify([{ idx: 0, name: "0", path, type }]);
  test.each([
    ["MLmodel", mlflow("evil_loader"), "warning", ["S1371"]],
    ["MLmodel", mlflow("os.system"), "critical", ["S1371"]],
    ["MLmodel", mlflow("mlflow.sklearn", "    code: ../../tmp/code\n"), "critical", ["S405"]],
    ["MLmodel", mlflow("mlflow.sklearn", "    code: code\n"), undefined, []],
    ["modules.json", modules("evil_pkg.loader.Run"), "warning", ["S1371"]],
    ["modules.json", modules("sentence_transformers.models.Pooling", "../x"), "critical", ["S405"]],
    ["modules.json", modules("sentence_transformers.models.Pooling", "1_Pooling"), undefined, []],
    ["config.json", JSON.stringify({ auto_map: { AutoModel: "other/repo--modeling.Model" } }), "warning", ["S1371"]],
    ["config.json", JSON.stringify({ auto_map: { AutoModel: "../../other--modeling.Model" } }), "warning", ["S1371"]],
    ["config.json", JSON.stringify({ custom_pipelines: { x: { impl: "other/repo--pipe.Pipe" } } }), "warning", ["S1371"]],
    ["model_index.json", pipeline({ unet: ["evil", "UNet"] }), "warning", ["S1371"]],
    ["model_index.json", pipeline({ unet: ["os", "system"] }), "critical", ["S1371"]],
    ["model_index.json", pipeline({ _class_name: ["pipeline", "Custom"] }), "warning", ["S1371"]],
    [
      "model_index.json",
      pipeline({ vae: ["diffusers", "AutoencoderKL"], x: [null, null], safety_checker: ["stable_diffusion", "S"] }),
      undefined,
      [],
    ],
    ["MLmodel", mlflow("mlflow.pyfunc.model", "    python_model: ../../x.pkl\n"), "critical", ["S405"]],
    ["config.json", JSON.stringify({ auto_map: { AutoModel: "modeling.Model", AutoTokenizer: ["a.B", null] } }), undefined, []],
  ])("%s %s", async (name, text, severity, expected) => {
    const { worst, rules } = await scan(name, text);
    expect([worst, rules]).toEqual([severity, expected]);
  });
});

describe("behind a complete document", () => {
  const behind = (front: string, bytes: Uint8Array) => scanBytes("config.json", bytesOf(front, bytes));

  test.each(['{"a": 1}', '{"a": "}{"}\n', "\xef\xbb\xbf[1, 2]\n", '{"a": 1}\n{"b": 2}\n', `{"a": "${"x".repeat(9000)}"}`])(
    "a pickle is found: %j",
    async (front) => {
      expect((await behind(front, HOSTILE)).worst).toBe("critical");
      expect((await behind(front, assemble(...CALL, "STOP"))).worst).toBe("critical");
      expect((await behind(front, bytesOf("cposix\nsystem\n(S'echo hi'\ntR."))).rules).toContain("S908");
    },
  );

  test.each(["", "\n\n", '\n{"b": 2}\n', "\nmore text, cos\nsystem\n"])("nothing is said of %j", async (rest) => {
    expect((await scan("config.json", `{"a": 1}${rest}`)).rules).toEqual([]);
  });
});

test("a pickle behind long text is found", async () => {
  const { rules, worst } = await scanBytes("notes.txt", bytesOf("some words\n".repeat(40_000), HOSTILE));
  expect([worst, rules.includes("S908")]).toEqual(["critical", true]);
  expect((await scan("notes.txt", `${"some words\n".repeat(40_000)}a page: cos\nsystem\n(S'ls'\ntR.\n`)).outcome).toBe("data");
});
