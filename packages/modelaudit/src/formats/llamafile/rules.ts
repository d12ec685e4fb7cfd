import type { Rule } from "../../findings/rule.js";

export const rules: readonly Rule[] = [
  {
    id: "S1324",
    name: "llamafile-program",
    severity: "info",
    title: "The file is a program that carries its own model",
    why: "Starting it runs native code of whoever built it; no scan of the model says anything about that code.",
    remedy: "Get it from its publisher, compare checksums, and run it without special rights. The GGUF inside can be taken out and used alone.",
    cwe: [829],
  },
  {
    id: "S1325",
    name: "llamafile-arguments",
    severity: "critical",
    title: "The program is started with an argument that a shell would run: {argument}",
    why: "Arguments stored in the file are passed on when it starts, unseen by its user.",
    remedy: "Do not run it. No model needs shell commands among its arguments.",
    cwe: [78],
  },
  {
    id: "S1326",
    name: "llamafile-outside-file",
    severity: "warning",
    title: "The program is started with a model or file from elsewhere: {argument}",
    why: "What it loads is then not what was checked.",
    remedy: "Run it with a model that you have scanned.",
    cwe: [829],
  },
];
