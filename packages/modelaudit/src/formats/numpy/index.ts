import { beginsWith } from "../../detectors/bytes/begins-with.js";
import type { Format } from "../../engine/format.js";

/** Every `.npy` begins with this. */
export const MAGIC = "\x93NUMPY";

export const format: Format = {
  id: "numpy",
  className: "NumPyScanner",
  description: "NumPy arrays: header, data types, pickled objects inside",
  extensions: [".npy"],
  tags: ["weights", "serialization", "quick"],
  sniff: ({ head }) => (beginsWith(head, MAGIC) ? "certain" : undefined),
  load: () => import("./scanner.js"),
};
