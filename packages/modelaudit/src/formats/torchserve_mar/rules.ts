import type { Rule } from "../../findings/rule.js";

export const rules: readonly Rule[] = [
  {
    id: "S1280",
    name: "mar-foreign-requirement",
    severity: "warning",
    title: "Serving the model installs a package from elsewhere: {requirement}",
    why: "TorchServe hands the requirements to pip, and installing a package runs its code.",
    remedy: "Look at what the address serves, or install the requirements yourself.",
    cwe: [829],
  },
];
