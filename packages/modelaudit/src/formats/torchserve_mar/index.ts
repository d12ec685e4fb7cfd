import type { Format } from "../../engine/format.js";
import { tarNames } from "../tar/parser.js";
import { zipNames } from "../zip/directory.js";

/** Where the archiver puts its manifest, in lower case. */
export const MANIFEST = "mar-inf/manifest.json";

export function plainName(name: string): string {
  return name
    .replaceAll("\\", "/")
    .replace(/^(?:\.?\/)+/, "")
    .toLowerCase();
}

export const format: Format = {
  id: "torchserve_mar",
  className: "TorchServeMarScanner",
  description: "TorchServe archives: handler code, requirements, the serialized model whatever its name",
  extensions: [".mar"],
  tags: ["serialization", "archive", "quick"],
  refines: ["zip", "tar"],
  sniff: () => undefined,
  *probe(reader, { head }) {
    const names = head[0] === 0x50 ? yield* zipNames(reader) : yield* tarNames(reader);
    return names.some((name) => plainName(name) === MANIFEST) ? "certain" : undefined;
  },
  load: () => import("./scanner.js"),
};
