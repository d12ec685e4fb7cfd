import type { Rule } from "../../findings/rule.js";

export const rules: readonly Rule[] = [
  {
    id: "S1281",
    name: "skops-denied",
    severity: "critical",
    title: "Loading the model would reach {name} through a {node}",
    why: "skops imports and calls the types and functions that its schema names.",
    remedy: "Do not load the model, and do not add the name to the trusted types.",
    cwe: [502],
  },
  {
    id: "S1282",
    name: "skops-confused-node",
    severity: "critical",
    title: "A {node} of the schema shows {shown}, but would use {used}",
    why: "skops before 0.12 asks about the one and calls the other, so that a harmless list of types hides a call.",
    remedy: "Do not load the model.",
    cwe: [843],
    references: ["CVE-2025-54412", "CVE-2025-54413"],
  },
  {
    id: "S1283",
    name: "skops-unknown-type",
    severity: "warning",
    title: "Loading the model would reach {name} through a {node}, which is not part of a known package",
    why: "skops imports and calls the types and functions that its schema names.",
    remedy: "Make sure that you know the package before you trust the type.",
    cwe: [502],
  },
  {
    id: "S1284",
    name: "skops-unknown-node",
    severity: "warning",
    title: "The schema has a node of the kind {node}, which skops does not have",
    why: "What a loader makes of it is not known.",
    remedy: "Ask the publisher which program wrote the model.",
    cwe: [20],
  },
];
