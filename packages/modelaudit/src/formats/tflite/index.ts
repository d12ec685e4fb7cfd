import type { Format, Glimpse } from "../../engine/format.js";

/** FlatBuffer identifier `TFL3`, behind the offset of the root table. */
function isTflite({ head, size }: Glimpse): boolean {
  return size >= 16 && head[4] === 0x54 && head[5] === 0x46 && head[6] === 0x4c && head[7] === 0x33;
}

export const format: Format = {
  id: "tflite",
  className: "TFLiteScanner",
  description: "TensorFlow Lite (LiteRT) models",
  extensions: [".tflite"],
  tags: ["graph"],
  sniff: (look) => (isTflite(look) ? "certain" : undefined),
  load: () => import("./scanner.js"),
};
