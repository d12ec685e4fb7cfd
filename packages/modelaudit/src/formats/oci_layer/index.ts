import type { Format, Glimpse } from "../../engine/format.js";
import { kindOf } from "../compressed/kinds.js";
import { BLOCK, tarHeader } from "../tar/header.js";
import { isBlobName } from "./names.js";

/** JSON documents of an image, by the keys that only they have. A document larger than the glimpse shows them early. */
function isImageDocument(look: Glimpse): boolean {
  const name = look.name.toLowerCase();
  if (look.head[0] !== 0x7b && look.head[0] !== 0x5b) return false;
  if (name.endsWith(".manifest")) return true;
  const text = new TextDecoder().decode(look.head);
  return /"(?:imageLayoutVersion|schemaVersion)"\s*:/.test(text) || /"Layers"\s*:\s*\[/.test(text);
}

/** A blob of a model store, whose name is its digest whatever it holds. Layers are known by `probe`. */
function isModelBlob({ name, head }: Glimpse): boolean {
  return (
    name.includes("sha256-") && /(?:^|[\\/])sha256-/.test(name) && isBlobName(name) && !tarHeader(head.subarray(0, BLOCK)) && !kindOf(head)?.sure
  );
}

export const format: Format = {
  id: "oci_layer",
  className: "OciLayerScanner",
  description: "Container images: OCI layouts, docker-save archives, their manifests and layers",
  extensions: [".manifest"],
  names: ["oci-layout", "layer.tar"],
  tags: ["archive", "config"],
  refines: ["tar", "compressed"],
  sniff: (look) => (isImageDocument(look) ? "likely" : isModelBlob(look) ? "certain" : undefined),
  *probe(_, look) {
    return isBlobName(look.name) || look.name === "layer.tar" ? "certain" : undefined;
  },
  load: () => import("./scanner.js"),
  rules: () => import("./rules.js"),
};
