import type { Rule } from "../../findings/rule.js";

export const rules: readonly Rule[] = [
  {
    id: "S1330",
    name: "rar-unreadable-member",
    severity: "warning",
    title: "{count} members of the RAR archive cannot be looked into ({why}), {name} the first of them",
    why: "No model loader reads RAR, so its content is only ever unpacked by hand, unseen by scanners.",
    remedy: "Ask the publisher for the plain files. To check this one, unpack it in a sandbox and scan the result.",
    cwe: [693],
  },
];
