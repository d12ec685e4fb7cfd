import { beginsWith } from "../../detectors/bytes/begins-with.js";
import type { Format } from "../../engine/format.js";
import { zipNames } from "../zip/directory.js";

/** An APE program: a DOS stub that is at once the shell script `MZqFpD='...`. */
const APE = "MZqFpD='";

export const format: Format = {
  id: "llamafile",
  className: "LlamafileScanner",
  description: "llamafile: a program with its model in a ZIP at the end",
  extensions: [".llamafile", ".exe"],
  tags: ["executable", "weights"],
  refines: ["executable"],
  sniff: ({ head }) => (beginsWith(head, APE) ? "certain" : undefined),
  *probe(reader, look, context) {
    const names = yield* zipNames(reader, context);
    const model = names.some((name) => name === ".args" || name.endsWith(".gguf"));
    return model || (names.length && look.extension === ".llamafile") ? "certain" : undefined;
  },
  load: () => import("./scanner.js"),
  rules: () => import("./rules.js"),
};
