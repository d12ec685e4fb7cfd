import type { Format } from "../../engine/format.js";

/**
 * What joblib writes is a pickle with raw arrays between its opcodes, and the pickle scanner reads those wherever they
 * are. This id is for those who choose scanners by name; compressed files come here through `compressed`.
 */
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
