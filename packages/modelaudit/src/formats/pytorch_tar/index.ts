import type { Format } from "../../engine/format.js";
import { tarNames } from "../tar/parser.js";

export const format: Format = {
  id: "pytorch_tar",
  className: "PyTorchTarScanner",
  description: "PyTorch files of the first releases: a TAR of pickles and storages",
  extensions: [".pt", ".pth", ".bin", ".tar"],
  tags: ["serialization", "archive"],
  refines: ["tar"],
  sniff: () => undefined,
  *probe(reader, _look, context) {
    const names = new Set((yield* tarNames(reader, context)).map((name) => name.replace(/^(?:\.?\/)+/, "")));
    return names.has("pickle") && (names.has("storages") || names.has("tensors") || names.has("sys_info")) ? "certain" : undefined;
  },
  load: () => import("./scanner.js"),
};
