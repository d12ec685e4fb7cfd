import { words } from "../../../detectors/names/words.js";
import type { Value } from "../values.js";
import { classify, deniedCapability, type Verdict } from "./classify.js";
import type { Judgement, LoadContext } from "./judgement.js";
import { packageOf } from "./names.js";
import type { Capability } from "./stdlib.js";
import { isNumber, isText } from "../questions.js";

/** Rules of ModelAudit's catalogue that stand for one module. */
const MODULE_RULES: Readonly<Record<string, string>> = {
  os: "S101",
  sys: "S102",
  subprocess: "S103",
  importlib: "S107",
  runpy: "S108",
  webbrowser: "S109",
  antigravity: "S109",
  ctypes: "S110",
  socket: "S301",
  requests: "S302",
  urllib: "S302",
  urllib3: "S302",
  httpx: "S302",
  aiohttp: "S302",
  http: "S303",
  httplib2: "S303",
  ftplib: "S304",
  telnetlib: "S305",
  smtplib: "S306",
  pathlib: "S402",
  shutil: "S403",
  tempfile: "S404",
};

const CAPABILITY_RULES: Readonly<Record<Capability, string>> = {
  process: "S1220",
  code: "S1221",
  import: "S1222",
  call: "S1223",
  load: "S1224",
  file: "S1225",
  network: "S1226",
  native: "S1227",
  crash: "S1228",
  tamper: "S1229",
  builtin: "S115",
};

/** The rule for a denied name. */
export function deniedRule(module: string, name: string, capability: Capability): string {
  if (module === "builtins") {
    const [first = ""] = name.split(".", 1);
    if (first === "eval" || first === "exec") return "S104";
    if (first === "compile") return "S105";
    if (first === "__import__") return "S106";
    return first === "open" ? "S401" : "S115";
  }
  if ((module === "io" || module === "codecs") && /^open/.test(name)) return "S401";
  return MODULE_RULES[packageOf(module)] ?? CAPABILITY_RULES[capability];
}

/** Packages whose enumerations grow with every release, so that no table is complete. */
const ENUM_PACKAGES = words(
  "torch torchvision torchaudio transformers accelerate sklearn lightning pytorch_lightning lightning_fabric torchmetrics diffusers peft trl sentence_transformers xgboost lightgbm catboost pandas numpy scipy ultralytics timm omegaconf pyannote setfit optimum tokenizers",
);
const ENUM_NAME =
  /^(?:[A-Z]\w*)(?:Type|Types|Strategy|Mode|Enum|Names|_Weights|_QuantizedWeights|Option|Options|Backend|Status|Stage|Precision|Level|Kind|Format|Task|Reason|Policy|Method|Scheme|Reduction|Direction|Category|Role|Phase|Choice|Choices)$/;

/** What a model of these libraries gives: a dict with named fields, pickled as a call of its class with their values. */
export function isModelOutput(module: string, name: string): boolean {
  return /^(?:transformers|diffusers)\./.test(module) && /^[A-Z]\w*Outputs?(?:With[A-Z]\w*)?$/.test(name);
}

/** An enumeration member of a well-known library: a class with an enumeration's name, called with one short plain value. */
export function isEnumLike(module: string, name: string, args: readonly Value[] | undefined): boolean {
  const [only, ...rest] = args ?? [];
  if (name === "AutoBackend" || !ENUM_PACKAGES.has(packageOf(module)) || !ENUM_NAME.test(name) || rest.length) return false;
  return isNumber(only) || (isText(only) && only.value.length <= 64 && !/[/\\:]/.test(only.value));
}

/** A class of the program that saved the file, called with plain values, as enumerations and exceptions are; no file brings `__main__` along. */
export function isOwnClass(module: string, name: string, args: readonly Value[] | undefined): boolean {
  if (packageOf(module) !== "__main__" || !/(?:^|\.)_*[A-Z]\w*$/.test(name)) return false;
  return args?.every((value) => (value.kind === "constant" && value.cut === undefined) || (value.kind === "container" && value.plain)) ?? false;
}

/** Libraries whose saved files were recorded: the allow tables hold every function that their reducers name. */
const RECORDED = words(
  "torch torchvision numpy scipy pandas sklearn joblib tensorflow keras transformers tokenizers accelerate xgboost lightgbm catboost lightning pytorch_lightning torchmetrics networkx omegaconf PIL sympy onnx onnxruntime",
);

/** Of this one only the functions: its figures hold methods of all kinds. */
const FUNCTIONS_RECORDED = "matplotlib";

export function isRecorded(name: string): boolean {
  return RECORDED.has(name);
}

/** How reducers of other versions name what they call: a class, or a function that says it rebuilds. */
const REBUILDS = /^_*(?:[A-Z]|(?:re)?build|reconstruct|(?:pyx_)?unpickle|restore|new|make|create|from_|load_from_state)/;

/** Cython's own `__pyx_unpickle_Name(class, checksum, state)`: an object of a class of the same package, made by its `__new__`. */
export function isCythonBuilder(module: string, name: string, args: readonly Value[] | undefined): boolean {
  const [cls, checksum, ...rest] = args ?? [];
  if (!/^__pyx_unpickle_\w+$/.test(name) || cls?.kind !== "global" || packageOf(cls.module) !== packageOf(module)) return false;
  return isNumber(checksum) && rest.length === 1;
}

/** True for functions of well-known libraries that are no reconstructors of any version. */
export function isForeignFunction(module: string, name: string): boolean {
  const last = name.slice(name.lastIndexOf(".") + 1);
  const from = packageOf(module);
  return (isRecorded(from) || from === FUNCTIONS_RECORDED) && !REBUILDS.test(last) && !/(?:unpickle|reconstruct|rebuild|_ctor$)/.test(last);
}

/** What a verdict on a name comes to, or undefined where there is nothing to say. The judgement has offset 0. */
export function judgeVerdict(
  verdict: Verdict,
  module: string,
  name: string,
  how: "called" | "referenced" | "built",
  evidence = "",
): Judgement | undefined {
  const callable = module ? `${module}.${name}` : name;
  const does = how === "called" ? "runs" : how === "built" ? "makes an object of" : "refers to";
  const shown = { does, callable, evidence };
  const details = callable === `${verdict.module}.${verdict.name}` ? {} : { details: { canonical: `${verdict.module}.${verdict.name}` } };
  const judgement = (rule: string, severity: Judgement["severity"], args: Judgement["args"]): Judgement => ({ rule, severity, offset: 0, args });
  switch (verdict.kind) {
    case "allowed": {
      // Any other use of an allowed name in a denied module is as bad as the module.
      const around = verdict.uses.includes(how) ? undefined : deniedCapability(verdict);
      return around && { ...judgement(deniedRule(verdict.module, verdict.name, around), "critical", shown), ...details };
    }
    case "method":
      return how === "referenced" ? undefined : judgement("S1244", "warning", { callable, evidence });
    case "denied":
      return { ...judgement(deniedRule(verdict.module, verdict.name, verdict.capability), "critical", shown), ...details };
    case "obscured":
      return { ...judgement("S1231", "critical", { ...shown, why: verdict.why }), ...details };
    case "misspelt": {
      const why = verdict.resembles ? `${verdict.why} and looks like ${verdict.resembles}` : verdict.why;
      return judgement("S1232", verdict.resembles ? "critical" : "warning", { does, callable, why });
    }
    case "unvouched":
      return { ...judgement("S1230", how === "called" ? "critical" : "warning", shown), ...details };
    case "unknown": {
      const { package: from } = verdict;
      if (how === "built") return judgement("S1235", "info", { callable, package: from });
      if (how === "referenced") return judgement("S1236", from === "__main__" ? "info" : "warning", { callable, package: from });
      return judgement("S1234", "warning", { callable, evidence, package: from });
    }
  }
}

/** Judges a name that another format refers to (a skops node, a `_target_`, a YAML tag, a Keras config). */
export function judgeReference(module: string, name: string, how: "called" | "referenced" | "built", load: LoadContext): Judgement | undefined {
  const verdict = classify(module, name);
  return verdict.kind === "unknown" && load.trust.includes(verdict.package) ? undefined : judgeVerdict(verdict, module, name, how);
}
