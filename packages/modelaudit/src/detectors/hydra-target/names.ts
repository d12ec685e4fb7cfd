import { words } from "../names/words.js";

/** What naming a callable in `_target_` comes to. */
export type TargetVerdict = "denied" | "known" | "unknown";

/** Packages of which everything is refused: commands, code, files, the network, other loaders, calls by name. */
const DENIED_ROOTS =
  words(`os posix nt subprocess pty commands popen2 pexpect sh plumbum fabric invoke runpy importlib imp _imp zipimport pkgutil pydoc code codeop timeit
  cprofile profile pdb bdb trace doctest unittest idlelib pickle _pickle cpickle dill cloudpickle joblib marshal shelve dbm jsonpickle yaml shutil tempfile
  glob fileinput io _io mmap tarfile zipfile gzip bz2 lzma sqlite3 socket _socket ssl socketserver http httplib urllib urllib2 urllib3 requests httpx aiohttp
  ftplib smtplib telnetlib poplib imaplib nntplib xmlrpc paramiko webbrowser asyncio multiprocessing concurrent threading _thread ctypes _ctypes cffi
  operator _operator functools _functools sys gc inspect types builtins __builtin__ site atexit signal resource faulthandler distutils setuptools pip
  ensurepip venv pkg_resources numexpr antigravity test lib2to3 ipython ptpython fsspec s3fs gcsfs smart_open boto3 botocore`);

/** Plain values and containers, which configs do name. */
const HARMLESS =
  /^(?:builtins|__builtin__)\.(?:dict|list|tuple|set|frozenset|int|float|str|bool|bytes|complex|range|slice|len|min|max|sum|abs|round|sorted|zip|enumerate|object)$|^sys\.maxsize$/i;

/** Names inside of otherwise welcome packages. */
const DENIED: readonly RegExp[] = [
  /^hydra\.utils\.(?:get_class|get_method|get_static_method|get_object|call|instantiate)$/i,
  /^hydra\._internal\./i,
  /^omegaconf\..*(?:load|register\w*resolver|save)$/i,
  /^(?:np|numpy|jax\.numpy|jnp)\.(?:load|fromfile|fromregex|memmap|loadtxt|genfromtxt|save\w*|DataSource|lib\._?(?:npyio|datasource|format)\w*\..*|f2py\..*|distutils\..*|testing\..*|ctypeslib\..*)$/i,
  /^torch\.(?:load|save|hub\..*|jit\.load|jit\.\w*compile\w*|package\..*|serialization\..*|from_file|_?ops\.load_library|classes\.load_library|utils\.cpp_extension\..*|utils\.collect_env\..*|utils\.model_zoo\..*|distributed\.rpc\..*|distributed\.(?:run|launch\w*|elastic)\b.*|multiprocessing\..*|_inductor\..*|_dynamo\..*|testing\._internal\..*|fx\.graph_module\..*|export\.load|storage\..*load\w*|_C\..*|utils\.(?:bundled_inputs|model_dump|file_baton)\..*|utils\.data\.datapipes\.utils\.decoder\..*)$/i,
  /^(?:pd|pandas)\.(?:eval|read_\w+|io\..*|core\.computation\..*)$/i,
  /^(?:tf|tensorflow)\.(?:load_library|load_op_library|io\..*|py_function|numpy_function|saved_model\.load|keras\.models\.load_model|keras\.utils\.get_file)$/i,
  /^(?:tf|tensorflow)\.(?:python|raw_ops|data)\./i,
  /^pathlib\.\w*Path\.\w+$/i,
  /^(?:transformers|timm|fairseq2?)\..*load_(?:checkpoint|state_dict)\w*$|^fairseq2?\.checkpoint_utils\./i,
  /^(?:accelerate\.commands|deepspeed\.(?:launcher|ops\.op_builder)|ultralytics\.utils\.(?:downloads|checks)|lightning_fabric\.utilities\.cloud_io|sklearn\.(?:externals|utils\._joblib))\./i,
  /^keras\..*(?:load_model|get_file|deserialize\w*)$/i,
  /^(?:mlflow|skops)\..*load\w*$/i,
  /^transformers\.(?:dynamic_module_utils\..*|utils\.import_utils\..*)$/i,
  /^(?:pytorch_lightning|lightning)\..*(?:load_from_checkpoint|run_and_parse|cli\.LightningCLI|utilities\.cloud_io\..*)$/i,
  /^(?:scipy|sympy)\..*(?:lambdify|sympify|parse_expr|weave\..*|io\.loadmat)$/i,
  /^pathlib\.\w+\.(?:unlink|write_\w+|read_\w+|open|touch|chmod|lchmod|rename|replace|rmdir|mkdir|symlink_to|hardlink_to|link_to)$/i,
  // A module that pathlib imported.
  /^pathlib\.[a-z]\w*\.\w+/,
  /^string\.Formatter\b/i,
  /^logging\.(?:config\..*|FileHandler|handlers\..*|basicConfig)$/i,
  /^(?:detectron2\.utils\.registry\.locate|mmcv\.Config\.fromfile|mmengine\.Config\.fromfile)$/i,
  /^nemo\..*(?:utils\.(?:app_state|cloud|get_class|import_class_by_path|model_utils\.import_class_by_path)|core\.classes\.common\.safe_instantiate|run_command|subprocess|os\.\w+|sys\.\w+|exec\w*|eval)$/i,
];

/** Inner components that are modules of the standard library reached through another package: `nemo.utils.os.system`. */
const SMUGGLED =
  /\.(?:os|nt|posix|sys|subprocess|builtins|__builtins__|importlib|shutil|socket|_?pickle|cloudpickle|dill|marshal|_?joblib|copyreg|ctypes|pty|runpy)(?:\.|$)|\.__\w+__(?:\.|$)/i;

const KNOWN_ROOTS =
  words(`nemo nemo_text_processing nemo_run megatron apex transformer_engine torch torchvision torchaudio torchtext torchmetrics torchdiffeq torch_geometric pytorch_lightning lightning
  lightning_fabric transformers tokenizers diffusers sentence_transformers timm monai hydra omegaconf numpy scipy sklearn pandas datasets einops librosa accelerate peft bitsandbytes deepspeed
  fairseq fairseq2 detectron2 mmcv mmdet mmengine kornia albumentations xformers flash_attn segment_anything sam2 open_clip clip ultralytics ldm sgm audiocraft k_diffusion lion_pytorch
  collections pathlib datetime math random logging decimal fractions statistics typing itertools copy string re uuid tensorflow keras jax flax optax haiku xgboost lightgbm catboost wandb`);

/** Judges a dotted name as `hydra.utils.instantiate` would resolve it. Case is ignored: some file systems ignore it on import. */
export function judgeTarget(name: string): TargetVerdict {
  const path = name.replaceAll(":", ".").replace(/\s+/g, "");
  const root = (path.split(".")[0] ?? "").toLowerCase();
  if (HARMLESS.test(path)) return "known";
  if (DENIED_ROOTS.has(root) || SMUGGLED.test(path) || DENIED.some((pattern) => pattern.test(path))) return "denied";
  return KNOWN_ROOTS.has(root) ? "known" : "unknown";
}
