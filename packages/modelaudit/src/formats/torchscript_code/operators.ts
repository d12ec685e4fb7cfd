import { words } from "../../detectors/names/words.js";

/** What a called name means: nothing of note, an effect outside of the computation, or an operator nobody knows. */
export type OperatorVerdict = { effect: string } | { unknown: string } | undefined;

/** Operator libraries that ship with PyTorch and its own domain packages. Others need a library that must be loaded first. */
const NAMESPACES =
  words(`aten prim prims quantized _quantized quantized_decomposed sparse mkldnn mkldnn_prepacked mkl onednn prepacked xnnpack metal metal_prepacked vulkan vulkan_prepack
  _caffe2 caffe2 cuda cudnn c10d c10d_functional _c10d_functional fbgemm profiler rnn static_runtime tensorexpr nvprims inductor higher_order debugprims rngprims
  torchvision image video torchaudio torchaudio_sox torchaudio_ffmpeg torchtext torchrec fb torch_sparse torch_scatter torch_cluster torch_spline_conv torch_geometric pyg
  detectron2 torch_ipex ipex_prepack torch_tensorrt tensorrt neuron mps _test symm_mem mobile bundled_inputs dim_order_ops executorch torchao`);

/** Operators of those libraries that reach out of the computation, by `namespace.name`. */
const EFFECTS: readonly (readonly [pattern: RegExp, effect: string])[] = [
  [/^(?:aten|prim)\.(?:save|from_file|load)(?:\.|$)/, "reads or writes a file"],
  [/^image\.(?:read_file|write_file)$/, "reads or writes a file"],
  [/^video\.(?:read_video_from_file|probe_video_from_file)$/, "reads a file"],
  [
    /^torchaudio(?:_\w+)?\.(?:sox_io_(?:load|save|get_info)\w*|\w*(?:load|save)_audio_file\w*|sox_effects_apply_effects_file)$/,
    "reads or writes a file",
  ],
  [/^torchtext\.(?:_?load_\w+_file|_build_vocab_from_text_file\w*)$/, "reads a file"],
  [/^(?:aten|prim)\.(?:rpc_\w+|to_here|backward_rpc)$/, "calls another machine"],
  [/^(?:aten|prim)\.(?:system|exec|spawn|popen|fork_exec)/, "runs commands"],
];

/** Python's words: as a call, a statement or the root of a dotted name they never occur in what PyTorch writes. */
const PYTHON_CALLS = words("exec eval execfile compile open __import__ globals locals vars breakpoint delattr");
const PYTHON_ROOTS = words(
  "os sys subprocess socket shutil pty ctypes importlib builtins __builtins__ pickle marshal runpy urllib requests http ftplib smtplib posix nt multiprocessing tempfile base64 codecs",
);

/** Judges a name that is called. `torch.x` stands for `aten::x`, `ops.n.x` for `n::x`. */
export function judgeCall(name: string): OperatorVerdict {
  const [root = "", second = "", ...rest] = name.split(".");
  if (PYTHON_CALLS.has(name)) return { effect: "is Python, not TorchScript" };
  if (PYTHON_ROOTS.has(root) && second) return { effect: "is Python, not TorchScript" };
  if (name.endsWith(".load_library")) return { effect: "loads a native library" };
  if (/^rpc_(?:a?sync|remote)$/.test(name)) return { effect: "calls another machine" };
  if (root === "torch") {
    if (/^torch\.(?:load|hub|jit\.load|package|ops\.load_library|classes\.load_library|utils|multiprocessing|distributed\.rpc)\b/.test(name))
      return { effect: "is Python, not TorchScript" };
    if (second === "ops") return judgeOperator(rest.join("."));
    return judgeOperator(`aten.${[second, ...rest].join(".")}`);
  }
  return root === "ops" && second ? judgeOperator([second, ...rest].join(".")) : undefined;
}

function judgeOperator(operator: string): OperatorVerdict {
  for (const [pattern, effect] of EFFECTS) if (pattern.test(operator)) return { effect };
  const namespace = operator.split(".")[0] as string;
  return NAMESPACES.has(namespace) ? undefined : { unknown: operator };
}

/** Libraries whose `torch.classes` come with PyTorch and its domain packages. */
const CLASS_LIBRARIES = words(
  "quantized sparse mkldnn xnnpack metal vulkan rnn cudnn _nnapi profiling dist_c10d dist_rpc fbgemm torchaudio torchtext tensorrt onednn _TorchScriptTesting cuda c10d __backends__ ao",
);

/** Judges a type or constructor under `torch.classes`: the library that a file would need, or undefined when it is known. */
export function unknownClass(name: string): string | undefined {
  const found = /(?:^|\.)torch\.classes\.(\w+)\.(\w+)/.exec(name);
  return found && !CLASS_LIBRARIES.has(found[1] as string) ? `${found[1]}.${found[2]}` : undefined;
}
