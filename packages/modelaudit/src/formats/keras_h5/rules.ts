import type { Rule } from "../../findings/rule.js";

export const rules: readonly Rule[] = [
  {
    id: "S1403",
    name: "hdf5-outside-file",
    severity: "warning",
    title: "{what} is read from {target}, outside of this file",
    why: "Opening the model reads that file of the machine and takes its bytes for weights, which then can be sent out with the model.",
    remedy: "Do not load the model. An honest one carries its own weights.",
    cwe: [73, 200],
    references: ["CVE-2026-1669"],
  },
  {
    id: "S1404",
    name: "hdf5-shape-bomb",
    severity: "warning",
    title: "Loading {path} takes {bytes} bytes of memory (shape {shape}), where the file has {size}",
    why: "The loader makes the whole array before it reads it, and the machine runs out of memory.",
    remedy: "Do not load the model.",
    cwe: [789],
    references: ["CVE-2026-0897"],
  },
];
