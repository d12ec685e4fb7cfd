import type { Format } from "../../engine/format.js";
import { BLOCK, tarHeader } from "../tar/header.js";
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
  *probe(reader, { head }, context) {
    // A ZIP may have anything in front of it, so only a real header makes a TAR.
    const isTar = head.length >= BLOCK && tarHeader(head.subarray(0, BLOCK)) !== undefined;
    const names = isTar ? yield* tarNames(reader, context) : yield* zipNames(reader, context);
    return names.some((name) => name.toLowerCase().endsWith("manifest.json") && plainName(name) === MANIFEST) ? "certain" : undefined;
  },
  load: () => import("./scanner.js"),
};
