import type { Rule } from "../../findings/rule.js";

export const rules: readonly Rule[] = [
  {
    id: "S1103",
    name: "keras-lambda",
    severity: "warning",
    title: "Loading the model runs Python bytecode of a Lambda layer ({detail})",
    why: "The layer carries a marshalled Python function. Keras builds it from the file and runs it when the model is loaded or called; its safe mode does not protect H5 files.",
    remedy: "Load the model only if you trust its author as you would trust a program, or ask for one without Lambda layers.",
    cwe: [502, 94],
    references: ["CVE-2024-3660", "CVE-2025-9905"],
  },
  {
    id: "S1400",
    name: "keras-symbol",
    severity: "warning",
    title: "Rebuilding the model {effect}: the config names {symbol}",
    why: "Keras imports the module that a config names and builds or calls the name in it.",
    remedy: "Read what the name does. Load the model only with the package it needs, from a source you trust.",
    cwe: [94, 502],
    references: ["CVE-2025-1550", "CVE-2025-8747", "CVE-2025-9906"],
  },
  {
    id: "S1401",
    name: "keras-outside-file",
    severity: "warning",
    title: "Rebuilding the model reads {path} ({layer})",
    why: "The layer loads something that is not part of the model: a file of the machine, or one from the network.",
    remedy: "Ask for a model that carries what it needs.",
    cwe: [73, 918],
    references: ["CVE-2025-12058", "CVE-2026-1462"],
  },
  {
    id: "S1402",
    name: "keras-torch-module",
    severity: "critical",
    title: "Rebuilding the model unpickles a PyTorch module that the config carries",
    why: "TorchModuleWrapper calls torch.load on bytes of the config, whatever the safe mode says.",
    remedy: "Do not load the model with Keras 3.11 or older; see what the scan of the pickle inside says.",
    cwe: [502],
    references: ["CVE-2025-49655"],
  },
];
