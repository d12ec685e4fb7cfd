import type { Rule } from "../../findings/rule.js";

export const rules: readonly Rule[] = [
  {
    id: "S1257",
    name: "python-source-encoding",
    severity: "critical",
    title: "The Python source {where} says it is written in {encoding}, which hides code from its readers",
    why: "Python decodes the file before it reads it. What looks like a comment or text here can be code there.",
    remedy: "Do not load the model.",
    cwe: [116],
  },
];
