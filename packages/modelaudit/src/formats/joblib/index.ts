import type { Format } from "../../engine/format.js";

/** For those who choose scanners by name: the pickle scanner reads joblib's raw arrays wherever they are. Compressed files come by `compressed`. */
export const format: Format = {
  id: "joblib",
  className: "JoblibScanner",
  description: "joblib files: pickles with raw arrays in them, compressed or not",
  extensions: [".joblib"],
  tags: ["serialization", "quick"],
  refines: ["pickle"],
  sniff: () => undefined,
  *probe(_, { extension }) {
    return extension === ".joblib" ? "certain" : undefined;
  },
  load: () => import("../pickle/scanner.js"),
};
