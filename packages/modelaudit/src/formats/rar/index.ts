import type { Format } from "../../engine/format.js";
import { rarVersion } from "./version.js";

export const format: Format = {
  id: "rar",
  className: "RarScanner",
  description: "RAR archives: names, links and stored members; compressed ones cannot be read",
  extensions: [".rar"],
  tags: ["archive"],
  sniff: (look) => (rarVersion(look.head) ? "certain" : undefined),
  load: () => import("./scanner.js"),
  rules: () => import("./rules.js"),
};
