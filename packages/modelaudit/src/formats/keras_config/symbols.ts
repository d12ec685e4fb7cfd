import { words } from "../../detectors/names/words.js";
import { policyOf } from "../../detectors/tensorflow/ops.js";
import type { Severity } from "../../findings/severity.js";
import { judgeReference } from "../pickle/policy/reference.js";

/** What importing and building a symbol named in a config would mean. */
export interface SymbolVerdict {
  severity: Severity;
  /** What would happen, for the sentence. */
  effect: string;
}

/** Packages whose public classes a config may name. */
const KERAS_ROOTS = [
  "keras",
  "tf_keras",
  "keras_core",
  "tensorflow.keras",
  "tensorflow.python.keras",
  "tensorflow.python.keras.engine",
  "keras_hub",
  "keras_nlp",
  "keras_cv",
  "keras_tuner",
];
/** Parts of Keras that hold building blocks; everything else in it (utils, saving, config, export…) is machinery. */
const BLOCKS = words(
  "layers models engine initializers regularizers constraints activations losses metrics optimizers optimizer_v1 optimizer_v2 dtype_policies mixed_precision quantizers ops operations random random_ops distribution applications trainers feature_column premade premade_models tokenizers backbones",
);
/** Parts that read, write, download or rebuild. */
const MACHINERY = words("utils saving config export callbacks datasets wrappers visualization testing");
function byName(effects: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(effects).flatMap(([effect, names]) => names.split(" ").map((name) => [name, effect])));
}

/** Names that act when they are built or called, wherever in Keras they are. */
const GADGETS: Readonly<Record<string, string>> = byName({
  "downloads a file and may unpack it": "get_file",
  "turns Keras' safe mode off": "enable_unsafe_deserialization",
  "loads another model file, with its code": "load_model",
  "reads another file": "load_weights",
  "reads a file": "load_img",
  "writes a file": "save_model save_weights save_img CSVLogger ModelCheckpoint BackupAndRestore",
  "rebuilds a model from text, with its code": "model_from_json",
  "loads YAML, which can run code": "model_from_yaml",
  "rebuilds a model from a config, with its code": "model_from_config clone_and_build_model",
  "imports whatever its argument names": "deserialize_keras_object deserialize from_config",
  "reads files": "image_dataset_from_directory text_dataset_from_directory audio_dataset_from_directory",
  "changes which names are trusted": "custom_object_scope get_custom_objects register_keras_serializable",
  "loads marshalled code": "func_load",
  "marshals code": "func_dump",
  "writes output": "print_msg",
  "loads another model": "SavedModelLayer",
  "runs a command": "run_command",
  "downloads a data set": "load_data",
  "unpacks an archive": "extract_archive",
  "downloads a file": "download",
  "opens connections to other machines": "initialize",
  "sends data to a server": "RemoteMonitor",
  "writes files": "TensorBoard",
});
/** What keras.utils holds that a config may name. */
const PLAIN_UTILITIES = words("FeatureSpace Feature Cross to_categorical normalize");
const TENSORFLOW_GADGET =
  /(?:^|\.)(?:load_library|load_op_library|load_file_system_library|read_file|write_file|matching_files|gfile|py_function|py_func|numpy_function|eager_py_func|saved_model|load_model|get_file|TFRecordWriter|experimental\.dlpack)(?:\.|$)/;
/** Parts of TensorFlow that old configs name for pure arithmetic (`TFOpLambda`). */
const TENSORFLOW_MATH =
  /^(?:tf\.|tensorflow\.)?(?:math|nn|linalg|image|strings|sparse|signal|random|compat\.v1|bitwise|keras\.(?:backend|activations|layers)|audio|dtypes|ragged|sets|experimental\.numpy|__operators__)\./;
/** Parts of NumPy that reach files or compilers; its own root is no warrant. */
const NUMPY_FILES =
  /\.(?:load|save|savez|savez_compressed|fromfile|tofile|memmap|open_memmap|savetxt|loadtxt|genfromtxt|fromregex|DataSource|lib\.npyio|lib\.format|lib\._npyio_impl|f2py|distutils|testing|ctypeslib|show_config|_core|core\.records)(?:\.|$)/;
/** Types of the standard library that a config may name as values. */
const PLAIN_BUILTINS = words(
  "int float str bool list tuple dict set frozenset slice bytes complex object NoneType type abs min max sum len round any all sorted",
);
const DANGEROUS_BUILTINS = words(
  "eval exec compile open __import__ getattr setattr delattr globals locals vars input breakpoint help print memoryview",
);
/** TensorFlow classes that Keras' own writers name. */
const TENSORFLOW_PLAIN =
  /^tensorflow\.python\.(?:trackable|training\.tracking)\.data_structures$|^tensorflow(?:\.python\.framework)?\.(?:dtypes|tensor_shape|tensor|tensor_spec|sparse_tensor)$|^tensorflow\.python\.ops\.(?:init_ops|init_ops_v2|rnn_cell_impl|ragged\.ragged_tensor)$|^tensorflow\.python\.ops\.(?:gen_)?(?:math_ops|array_ops|nn_ops|nn_impl|nn|clip_ops|special_math_ops|image_ops_impl|linalg_ops|standard_ops)$/;

/** Judges `module` + `name` as Keras resolves them: imported, then built or called. Undefined when it is one of Keras' blocks. */
export function judgeSymbol(module: string, name: string, isFunction: boolean, trust: readonly string[]): SymbolVerdict | undefined {
  const dotted = `${module}.${name}`;
  const parts = dotted.split(".");
  if (parts.some((part) => /^__\w+__$/.test(part) && part !== "__main__" && part !== "__operators__"))
    return { severity: "critical", effect: "reaches into the interpreter" };
  const root = KERAS_ROOTS.find((one) => module === one || module.startsWith(`${one}.`));
  if (root) return judgeKeras(module.slice(root.length + 1), name);
  const top = parts[0] as string;
  if (trust.includes(top)) return undefined;
  if (top === "tensorflow" || top === "tf") {
    if (TENSORFLOW_GADGET.test(dotted) || parts.includes("raw_ops"))
      return { severity: "critical", effect: "reads or writes files, or loads native code" };
    if (TENSORFLOW_PLAIN.test(module) || TENSORFLOW_MATH.test(dotted)) return undefined;
    const inside = module.startsWith("tensorflow.python.") || module.startsWith("tensorflow.core.") || module.startsWith("tensorflow.lite.");
    return { severity: inside ? "critical" : "warning", effect: "imports a part of TensorFlow that no Keras model needs" };
  }
  if (top === "builtins" || top === "__builtin__") {
    if (DANGEROUS_BUILTINS.has(name)) return { severity: "critical", effect: "calls a built-in function that runs code or opens files" };
    return PLAIN_BUILTINS.has(name) || isFunction ? undefined : { severity: "warning", effect: "builds an unexpected built-in type" };
  }
  if (
    top === "numpy" &&
    /^numpy(?:\.dtypes)?$/.test(module) &&
    /^(?:dtype|bool_?|u?int\d*|float\d*|complex\d*|str_|bytes_|ndarray|array)$/.test(name)
  )
    return undefined;
  if (top === "numpy" && NUMPY_FILES.test(dotted)) return { severity: "critical", effect: "reads or writes files, or builds native code" };
  if (top === "__main__") return { severity: "info", effect: "needs a class of the training script" };
  const known = judgeReference(module, name, "called", { trust });
  if (known?.severity === "critical") return { severity: "critical", effect: "runs code, or reaches files or the network" };
  return { severity: "warning", effect: `imports the package ${top}` };
}

function judgeKeras(below: string, name: string): SymbolVerdict | undefined {
  const gadget = GADGETS[name.split(".").at(-1) as string];
  if (gadget) return { severity: "critical", effect: gadget };
  // The name may itself lead further: `keras` and `utils.get_file`.
  const parts = `${below}.${name}`
    .split(".")
    .slice(0, -1)
    .filter(
      (part) =>
        part && part !== "src" && part !== "api" && part !== "_tf_keras" && part !== "keras" && part !== "legacy" && part !== "v2" && part !== "_v2",
    );
  const [first] = parts;
  if (!first || BLOCKS.has(first)) return undefined;
  if (first === "backend" || first === "preprocessing" || (first === "utils" && PLAIN_UTILITIES.has(name)))
    return { severity: "info", effect: `uses keras.${first}` };
  if (MACHINERY.has(first)) return { severity: "critical", effect: `uses keras.${first}, which is machinery and no building block` };
  return { severity: "warning", effect: `uses keras.${first}, which is no known part of Keras` };
}

/** What of TensorFlow's API reaches out of the graph; the rest computes. */
const TENSORFLOW_OUTSIDE =
  /^(?:io\.(?:TFRecord\w*|write_graph)|debugging\.(?:experimental|enable_\w+|disable_\w+)|data|train|summary|config|distribute|autograph|test|profiler)(?:\.|$)/;

/** Judges the TensorFlow symbol that a `TFOpLambda` layer calls, such as `math.reduce_mean`, or the operator of a `TensorFlowOpLayer`. */
export function judgeTensorflowOp(symbol: string): SymbolVerdict | undefined {
  const name = symbol.replace(/^(?:tf\.|tensorflow\.)?(?:compat\.v[12]\.)?(?:raw_ops\.)?/, "");
  if (name.startsWith("keras.")) {
    const end = name.lastIndexOf(".");
    return judgeKeras(name.slice("keras.".length, Math.max(end, "keras.".length)), name.slice(end + 1));
  }
  return TENSORFLOW_GADGET.test(name) || TENSORFLOW_OUTSIDE.test(name) || policyOf(name)
    ? { severity: "critical", effect: "reads or writes files, or runs Python code" }
    : undefined;
}
