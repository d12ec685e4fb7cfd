import type { Rule } from "../../findings/rule.js";

export const rules: readonly Rule[] = [
  {
    id: "S1327",
    name: "program-file",
    severity: "info",
    title: "The file is a program ({kind}), not a model",
    why: "Starting it runs its publisher's code; a scan for models says nothing about what that does.",
    remedy: "Run it only if you trust its publisher.",
    cwe: [829],
  },
];
