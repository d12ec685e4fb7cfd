import type { Rule } from "../../findings/rule.js";

export const rules: readonly Rule[] = [
  {
    id: "S1500",
    name: "gguf-overflow",
    severity: "critical",
    title: "Loading would overflow memory in native loaders: {problem}",
    why: "The numbers are far beyond what the file can hold. Readers written in C multiply them and write past their buffers.",
    remedy: "Do not load the file. Get the model from its publisher again.",
    cwe: [190, 787],
    references: ["CVE-2024-21802", "CVE-2024-23496", "CVE-2025-53630", "CVE-2026-27940"],
  },
];
