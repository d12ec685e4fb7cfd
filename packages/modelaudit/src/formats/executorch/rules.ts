import type { Rule } from "../../findings/rule.js";

export const rules: readonly Rule[] = [
  {
    id: "S1285",
    name: "executorch-delegate-payload",
    severity: "warning",
    title: "The data of the delegate {id} is {kind}, not a compiled model",
    why: "A delegate hands its data to a driver on the device. Programs and pickles do not belong there.",
    remedy: "Ask the publisher what the data is for.",
    cwe: [506],
  },
  {
    id: "S1286",
    name: "executorch-unknown-delegate",
    severity: "info",
    title: "The program needs the delegate {id}, which is not one of ExecuTorch's own",
    why: "A delegate is native code that must be built into the application.",
    remedy: "Make sure that you know where it comes from.",
    cwe: [829],
  },
  {
    id: "S1287",
    name: "executorch-unknown-operator",
    severity: "info",
    title: "The program needs operators of {namespace}, which is not one of ExecuTorch's own libraries",
    why: "Operators are native code that must be built into the application.",
    remedy: "Make sure that you know where they come from.",
    cwe: [829],
  },
];
