import type { Rule } from "../../findings/rule.js";

const UNSANDBOXED =
  "Servers that render templates outside a sandbox run this when the first message arrives; sandboxes have been escaped the same way.";
const REFUSE = "Do not serve the model with this template. Replace it with the one of the base model, or ask the publisher.";

export const rules: readonly Rule[] = [
  {
    id: "S1350",
    name: "template-escape",
    severity: "critical",
    title: "Rendering the template reaches {name}, the way out of a template into the Python interpreter",
    why: UNSANDBOXED,
    remedy: REFUSE,
    cwe: [1336, 94],
    references: ["CVE-2024-34359", "CVE-2026-5760", "CVE-2024-56326", "CVE-2025-27516"],
  },
  {
    id: "S1351",
    name: "template-dynamic-attribute",
    severity: "warning",
    title: "The template reads an attribute whose name is only known when it is rendered",
    why: "Chat templates have no use for it; it is how forbidden names are kept out of sight.",
    remedy: "Read the template. Replace it unless you can tell every name it can read.",
    cwe: [1336],
  },
  {
    id: "S1352",
    name: "template-endless",
    severity: "warning",
    title: "Rendering the template takes {times} steps",
    why: "One request would keep a server busy for hours.",
    remedy: REFUSE,
    cwe: [400],
  },
  {
    id: "S1353",
    name: "template-reference",
    severity: "warning",
    title: "The template pulls in another file ({statement} {target})",
    why: "What it pulls in is not part of this file and was not judged with it.",
    remedy: "Look at the other template too.",
    cwe: [829],
  },
  {
    id: "S1354",
    name: "template-command",
    severity: "critical",
    title: "Rendering the template calls {name}()",
    why: UNSANDBOXED,
    remedy: REFUSE,
    cwe: [1336, 78],
  },
];
