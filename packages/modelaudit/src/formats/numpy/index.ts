import type { Format } from "../../engine/format.js";

/** Every `.npy` begins with this: byte 0x93 and the name. */
export const MAGIC: readonly number[] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

export const format: Format = {
  id: "numpy",
  className: "NumPyScanner",
  description: "NumPy arrays: header, data types, pickled objects inside",
  extensions: [".npy"],
  tags: ["weights", "serialization", "quick"],
  sniff: ({ head }) => (MAGIC.every((byte, index) => head[index] === byte) ? "certain" : undefined),
  load: () => import("./scanner.js"),
};
