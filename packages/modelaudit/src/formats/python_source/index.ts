import type { Format } from "../../engine/format.js";

/** Never recognised by itself: a script beside a model is not a model. Formats hand back the sources that their loader imports. */
export const format: Format = {
  id: "python_source",
  className: "PythonSourceScanner",
  description: "Python code that a model's loader imports: TorchServe handlers, torch.package modules",
  extensions: [],
  tags: ["serialization", "quick"],
  sniff: () => undefined,
  load: () => import("./scanner.js"),
};
