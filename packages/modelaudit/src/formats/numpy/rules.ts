import type { Rule } from "../../findings/rule.js";

export const rules: readonly Rule[] = [
  {
    id: "S1250",
    name: "numpy-object-array",
    severity: "info",
    title: "The array holds Python objects ({dtype}), so loading it unpickles",
    why: "Arrays of objects are stored as a pickle. NumPy before 1.16.3 unpickled without being asked.",
    remedy: "Load it with allow_pickle=False, or store plain numbers and text in place of objects.",
    cwe: [502],
    references: ["CVE-2019-6446"],
  },
  {
    id: "S1251",
    name: "numpy-header-expression",
    severity: "warning",
    title: "The array's header is an expression and no plain description: {text}",
    why: "NumPy writes a literal here. Readers that evaluate the header would run what stands in it.",
    remedy: "Do not load the file. Get the array from its publisher again.",
    cwe: [95],
  },
];
