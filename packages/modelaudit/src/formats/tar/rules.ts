import type { Rule } from "../../findings/rule.js";

export const rules: readonly Rule[] = [
  {
    id: "S1312",
    name: "tar-impossible-size",
    severity: "critical",
    title: "The member {name} claims an impossible size: {size}",
    why: "Readers that trust it jump backwards or over the end; memory errors are reached this way.",
    remedy: "Do not unpack it. No honest writer makes this.",
    cwe: [190],
  },
  {
    id: "S1313",
    name: "tar-header-conflict",
    severity: "warning",
    title: "The headers of the member {name} contradict each other: {what}",
    why: "Readers follow one or the other, and so see different members in the same archive.",
    remedy: "Do not load it. An honest writer says the same twice.",
    cwe: [436],
  },
  {
    id: "S1314",
    name: "tar-members-after-end",
    severity: "warning",
    title: "{count} members follow the end of the archive, {name} the first of them",
    why: "Most readers stop at the end mark and do not show them; some go on.",
    remedy: "Do not load it before its publisher says what they are for.",
    cwe: [436],
  },
  {
    id: "S1315",
    name: "tar-set-id-program",
    severity: "warning",
    title: "The member {path} would run with its owner's rights",
    why: "Unpacked by an administrator, it gives everybody on the machine those rights.",
    remedy: "Do not unpack it as an administrator.",
    cwe: [732],
  },
];
