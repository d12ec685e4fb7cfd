import type { Format } from "../../engine/format.js";
import { zipNames } from "../zip/directory.js";

/** A member's name as the loader looks it up: without `./`, whatever the case. */
export function lookUpName(name: string): string {
  return name.replace(/^(?:\.?\/)+/, "").toLowerCase();
}

export const format: Format = {
  id: "keras_zip",
  className: "KerasZipScanner",
  description: "Keras version 3 archives: config symbols, Lambda code, weights",
  extensions: [".keras"],
  tags: ["graph", "quick", "layers", "archive"],
  refines: ["zip"],
  sniff: () => undefined,
  *probe(reader, _look, context) {
    const stored = yield* zipNames(reader, context);
    if (!stored.some((name) => name.toLowerCase().endsWith("config.json"))) return undefined;
    const names = stored.map(lookUpName);
    const weights = names.some((name) => /^model\.weights\.(?:h5|json)$|^model_\d+\.weights\.h5$/.test(name));
    return names.includes("config.json") && (weights || names.includes("metadata.json")) ? "certain" : undefined;
  },
  load: () => import("./scanner.js"),
};
