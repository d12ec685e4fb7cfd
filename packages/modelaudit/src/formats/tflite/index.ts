import { beginsWith } from "../../detectors/bytes/begins-with.js";
import type { Format } from "../../engine/format.js";

export const format: Format = {
  id: "tflite",
  className: "TFLiteScanner",
  description: "TensorFlow Lite (LiteRT) models",
  extensions: [".tflite"],
  tags: ["graph"],
  // The identifier of the FlatBuffer stands behind the offset of its root table.
  sniff: ({ head, size }) => (size >= 16 && beginsWith(head, "TFL3", 4) ? "certain" : undefined),
  load: () => import("./scanner.js"),
};
