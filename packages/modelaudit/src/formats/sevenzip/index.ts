import type { Format } from "../../engine/format.js";

const MAGIC = [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c];

export const format: Format = {
  id: "sevenzip",
  className: "SevenZipScanner",
  description: "7z archives",
  extensions: [".7z"],
  tags: ["archive"],
  sniff: (look) => (MAGIC.every((byte, index) => look.head[index] === byte) ? "certain" : undefined),
  load: () => import("./scanner.js"),
  rules: () => import("./rules.js"),
};
