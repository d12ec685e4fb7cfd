import type { Rule } from "../../findings/rule.js";

export const rules: readonly Rule[] = [
  {
    id: "S1255",
    name: "torch7-function",
    severity: "warning",
    title: "The file carries a Lua function ({size} bytes)",
    why: "Torch7 stores functions as bytecode, and Lua's loader does not check bytecode: a crafted one takes over the process.",
    remedy: "Load only tensors. Convert the model to a format without code on an isolated machine.",
    cwe: [502],
  },
  {
    id: "S1256",
    name: "torch7-dangerous-function",
    severity: "critical",
    title: "A Lua function in the file uses {names}",
    why: "The function is rebuilt at load and runs commands, opens files or loads native code when the model is used.",
    remedy: "Do not load the file.",
    cwe: [94, 502],
  },
];
