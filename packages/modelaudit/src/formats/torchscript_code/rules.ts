import type { Rule } from "../../findings/rule.js";

export const rules: readonly Rule[] = [
  {
    id: "S1265",
    name: "torchscript-effect",
    severity: "critical",
    title: "The model's TorchScript calls {name}, which {effect}",
    why: "TorchScript code runs when the model is used, and some of it when it is loaded.",
    remedy: "Do not load or run the model.",
    cwe: [94],
    references: ["CVE-2022-45907"],
  },
  {
    id: "S1266",
    name: "torchscript-python",
    severity: "critical",
    title: "The model's TorchScript holds the Python statement {name}",
    why: "PyTorch never writes such a line. The code was put there by hand, for a loader that runs it as Python.",
    remedy: "Do not load or run the model.",
    cwe: [94],
  },
  {
    id: "S1267",
    name: "torchscript-unknown-operator",
    severity: "warning",
    title: "The model's TorchScript needs {name}, which no known library has",
    why: "An operator or class of one's own is native code, which has to be loaded from a library before the model.",
    remedy: "Find out which library it needs, and whether you trust it.",
    cwe: [829],
  },
];
