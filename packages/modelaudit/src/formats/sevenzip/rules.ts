import type { Rule } from "../../findings/rule.js";

export const rules: readonly Rule[] = [
  {
    id: "S1331",
    name: "sevenzip-unreadable-members",
    severity: "warning",
    title: "{count} members of the 7z archive cannot be looked into ({why}), {name} the first of them",
    why: "Their content is only seen by whoever unpacks the archive, not by scanners.",
    remedy: "Ask the publisher for the plain files. To check this archive, unpack it in a sandbox and scan the result.",
    cwe: [693],
  },
];
