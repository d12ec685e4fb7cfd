import type { Format } from "../../engine/format.js";
import { isSeveralArchives } from "./boundaries.js";

export const format: Format = {
  id: "pytorch_distcp",
  className: "PyTorchDistcpScanner",
  description: "Shards of distributed PyTorch checkpoints: several archives behind one another",
  extensions: [".distcp"],
  tags: ["serialization", "archive"],
  refines: ["zip"],
  sniff: () => undefined,
  *probe(reader, look) {
    // Behind any other extension, a loader would read one of the archives only: then the rest is hidden content.
    if (look.extension !== ".distcp" && look.extension !== "") return undefined;
    return (yield* isSeveralArchives(reader)) ? "certain" : undefined;
  },
  load: () => import("./scanner.js"),
};
