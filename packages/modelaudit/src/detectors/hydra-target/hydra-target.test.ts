import { expect, test } from "vitest";
import { drive } from "../../engine/drive.js";
import { parseYaml } from "../yaml-document/parse.js";
import { findTargets, judgePythonTags } from "./find-targets.js";

async function judge(text: string): Promise<string[]> {
  const { values, pythonTags } = await drive(parseYaml(text));
  return [...findTargets(values, { unknown: "warning" }), ...judgePythonTags(pythonTags)].map(({ rule, at }) => `${rule} ${at}`);
}

test.each([
  ["_target_: os.system", "S1258 0._target_"],
  ["_target_: ' OS.System '", "S1258 0._target_"],
  ["a:\n  - b: {_target_: subprocess.Popen, _args_: [[id]]}", "S1258 0.a.0.b._target_"],
  ["_target_: builtins.eval", "S1258 0._target_"],
  ["_target_: hydra.utils.get_method\npath: os.system", "S1258 0._target_"],
  ["_target_: torch.load\nf: x", "S1258 0._target_"],
  ["_target_: torch.hub.load", "S1258 0._target_"],
  ["_target_: numpy.load", "S1258 0._target_"],
  ["_target_: numpy.lib._npyio_impl.load", "S1258 0._target_"],
  ["_target_: jax.numpy.load", "S1258 0._target_"],
  ["_target_: torch.storage._load_from_bytes", "S1258 0._target_"],
  ["_target_: pathlib.Path.unlink", "S1258 0._target_"],
  ["_target_: tensorflow.python.ops.gen_io_ops.read_file", "S1258 0._target_"],
  ["_target_: tensorflow.raw_ops.WriteFile", "S1258 0._target_"],
  ["_target_: transformers.modeling_utils.load_state_dict", "S1258 0._target_"],
  ["_target_: fairseq.checkpoint_utils.load_checkpoint_to_cpu", "S1258 0._target_"],
  ["_target_: accelerate.commands.launch.main", "S1258 0._target_"],
  ["_target_: functools.partial", "S1258 0._target_"],
  ["_target_: nemo.utils.os.system", "S1258 0._target_"],
  ["_target_: torch.nn.Linear.__init__.__globals__", "S1258 0._target_"],
  ["target: os.system", "S1258 0.target"],
  ["_target_: pathlib.Path.write_text", "S1258 0._target_"],
  ["_target_: sklearn.externals.joblib.load", "S1258 0._target_"],
  ["_target_: copy.copyreg", "S1258 0._target_"],
  ["class_path: os.system", "S1258 0.class_path"],
  ["a: 'text\nthat goes on'\nb: !!python/object/apply:os.system [id]", "S1262 python/object/apply:os.system"],
  ['a:\n  b: "text\n\n  of \\"three\\"\nlines"\n  _target_: os.system', "S1258 0.a._target_"],
  ["_TARGET_: os.system", "S1258 0._TARGET_"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an interpolation of OmegaConf's.
  ["_target_: ${x.y}", "S1260 0._target_"],
  ["_target_: evil_package.run", "S1259 0._target_"],
  ["_target_: transformers.AutoModel.from_pretrained\ntrust_remote_code: true", "S1261 0._target_"],
  ["x: !!python/object/apply:os.system [id]", "S1262 python/object/apply:os.system"],
  ["x: !!python/name:os.system", "S1262 python/name:os.system"],
  ["%TAG !p! tag:yaml.org,2002:python/\n---\nx: !p!object/apply:os.system [id]", "S1262 python/object/apply:os.system"],
  ["x: !<tag:yaml.org,2002:python/object/new:os.system> [id]", "S1262 python/object/new:os.system"],
  ["a: 1\n---\n_target_: os.system", "S1258 1._target_"],
])("%s", async (text, expected) => {
  expect(await judge(text)).toContain(expected);
});

test.each([
  "_target_: nemo.collections.asr.modules.ConvASREncoder",
  "_target_: torch.nn.Linear\nin_features: 3",
  "_target_: builtins.dict",
  "_target_: pathlib.Path",
  "_target_: torch.storage.UntypedStorage",
  "_target_: torch.utils.data.DataLoader",
  "_target_: tensorflow.keras.layers.Dense",
  "_target_: transformers.AutoModel.from_pretrained\npretrained_model_name_or_path: bert",
  "_target_: pathlib.Path",
  "class_path: lightning.pytorch.Trainer",
  "target: nemo.collections.asr.models.EncDecCTCModel",
  "target: The price of os.system",
  "target: ldm.models.diffusion.ddpm.LatentDiffusion",
  "description: '_target_: os.system'",
  "x: !!python/tuple [1, 2]",
  "x: &a [1]\ny: *a",
])("nothing: %s", async (text) => {
  expect(await judge(text)).toEqual([]);
});

test("aliases that grow without end are a problem, not a hang", async () => {
  const lines = ["a: &a [x, x, x, x, x, x, x, x, x]"];
  for (let level = 0; level < 12; level++) {
    const name = String.fromCharCode(98 + level);
    lines.push(
      `${name}: &${name} [${Array(9)
        .fill(`*${String.fromCharCode(97 + level)}`)
        .join(", ")}]`,
    );
  }
  expect((await drive(parseYaml(lines.join("\n")))).problem).toBeDefined();
});
