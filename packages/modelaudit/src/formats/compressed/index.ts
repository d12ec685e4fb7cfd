import type { Format } from "../../engine/format.js";
import { kindOf } from "./kinds.js";

export const format: Format = {
  id: "compressed",
  className: "CompressedScanner",
  description: "Files compressed with gzip, bzip2, xz, lzma, lz4, zstd or zlib",
  // Python and R write their serialised objects compressed under the usual names.
  extensions: ".gz .gzip .tgz .bz2 .tbz2 .xz .txz .lzma .lz4 .zst .tzst .zlib .z .joblib .pkl .pickle .rds .rda .rdata".split(" "),
  tags: ["archive"],
  sniff(look) {
    return kindOf(look.head)?.sure ? "certain" : undefined;
  },
  *probe(_reader, look) {
    const kind = kindOf(look.head);
    if (!kind || kind.sure) return undefined;
    if (!kind.codec) return "likely";
    const trial = yield import("./trial.js");
    return (trial as typeof import("./trial.js")).decodes(kind.codec, look.head, look.size) ? "certain" : undefined;
  },
  load: () => import("./scanner.js"),
};
