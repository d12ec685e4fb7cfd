import type { Format } from "../../engine/format.js";

/** `GGUF`, and the older family as its little-endian u32 magics stand on disk: ggml, ggmf, ggjt, ggla, ggsn. */
const MAGICS: ReadonlySet<string> = new Set(["GGUF", "lmgg", "fmgg", "tjgg", "algg", "nsgg"]);

export const format: Format = {
  id: "gguf",
  className: "GgufScanner",
  description: "GGUF and older GGML models: counts and offsets, chat templates, hidden bytes",
  extensions: [".gguf", ".ggml", ".ggmf", ".ggjt", ".ggla", ".ggsa"],
  tags: ["weights", "quick"],
  sniff: ({ head }) => (MAGICS.has(String.fromCharCode(...head.subarray(0, 4))) ? "certain" : undefined),
  load: () => import("./scanner.js"),
};
