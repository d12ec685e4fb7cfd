import { beginsWith } from "../../detectors/bytes/begins-with.js";
import type { Format } from "../../engine/format.js";

export const format: Format = {
  id: "sevenzip",
  className: "SevenZipScanner",
  description: "7z archives",
  extensions: [".7z"],
  tags: ["archive"],
  sniff: ({ head }) => (beginsWith(head, "7z\xbc\xaf\x27\x1c") ? "certain" : undefined),
  load: () => import("./scanner.js"),
  rules: () => import("./rules.js"),
};
