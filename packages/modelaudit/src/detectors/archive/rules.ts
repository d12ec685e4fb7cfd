import type { Rule } from "../../findings/rule.js";

/** Rules about archives of any kind. */
export const rules: readonly Rule[] = [
  {
    id: "S1301",
    name: "archive-duplicate-name",
    severity: "warning",
    title: "Two members have the name {name}",
    why: "Loaders disagree on which one they take, so what was checked need not be what is loaded.",
    remedy: "Do not load it. Ask its publisher for an archive with each file once.",
    cwe: [436],
  },
  {
    id: "S1302",
    name: "archive-stray-bytes",
    severity: "warning",
    title: "{size} bytes {where} belong to no member",
    why: "Readers of the archive do not show them, but another loader may start there.",
    remedy: "Ask the publisher what the bytes are. A clean archive is made by unpacking and packing again.",
    cwe: [506],
  },
  {
    id: "S1303",
    name: "archive-device",
    severity: "critical",
    title: "The member {path} is a {kind}",
    why: "Unpacking would create a device or pipe, through which data is read or written outside of the model.",
    remedy: "Do not unpack the archive.",
    cwe: [434],
  },
  {
    id: "S1304",
    name: "archive-nesting",
    severity: "warning",
    title: "Archives are nested {depth} deep",
    why: "No model needs it; scanners are made to give up before the innermost archive this way.",
    remedy: "Do not unpack it. Ask its publisher what it is for.",
    cwe: [409],
  },
  {
    id: "S1311",
    name: "zip-names-differ-in-case",
    severity: "info",
    title: "The members {other} and {name} differ in case only",
    why: "PyTorch and Windows take them for the same file.",
    remedy: "Make sure that both are what you expect.",
    cwe: [178],
  },
];
