import type { Format } from "../../engine/format.js";
import { BLOCK, tarHeader } from "./header.js";

export const format: Format = {
  id: "tar",
  className: "TarScanner",
  description: "TAR archives, compressed or not",
  extensions: [".tar", ".tgz", ".tbz2", ".txz", ".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst", ".ova", ".crate"],
  tags: ["archive"],
  // The checksum over the whole block is what readers go by; the magic came later than the format.
  sniff: (look) => (look.head.length >= BLOCK && tarHeader(look.head.subarray(0, BLOCK)) ? "certain" : undefined),
  load: () => import("./scanner.js"),
  rules: () => import("./rules.js"),
};
