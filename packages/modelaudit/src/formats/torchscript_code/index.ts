import type { Format } from "../../engine/format.js";

/** Never recognised by itself: PyTorch archives hand back the members under `code/`. */
export const format: Format = {
  id: "torchscript_code",
  className: "TorchScriptCodeScanner",
  description: "The code inside TorchScript models: operators that touch files, libraries or the network",
  extensions: [],
  tags: ["serialization", "graph", "quick"],
  sniff: () => undefined,
  load: () => import("./scanner.js"),
};
