import type { Format } from "../../engine/format.js";

/** The architecture JSON that Keras files carry; their scanners hand it back with the hint that says so. */
export const format: Format = {
  id: "keras_config",
  className: "KerasConfigScanner",
  description: "Keras architecture: what rebuilding the model from its config would import and call",
  extensions: [],
  tags: ["config", "quick"],
  sniff: ({ hints }) => (hints["kind"] === "keras-config" ? "certain" : undefined),
  load: () => import("./scanner.js"),
};
