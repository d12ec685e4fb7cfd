import type { Format } from "../../engine/format.js";
import { isSeveralArchives } from "../pytorch_distcp/boundaries.js";
import { zipNames } from "../zip/directory.js";
import { layoutOf } from "./layout.js";

export const format: Format = {
  id: "pytorch_zip",
  className: "PyTorchZipScanner",
  description: "PyTorch archives: checkpoints, TorchScript, torch.package, exported programs",
  extensions: [".pt", ".pth", ".ckpt", ".bin", ".pkl", ".jit", ".ptl", ".pt2", ".torchscript", ".distcp"],
  tags: ["serialization", "archive", "quick"],
  refines: ["zip"],
  sniff: () => undefined,
  *probe(reader, _look, context) {
    if (!layoutOf(yield* zipNames(reader, context))) return undefined;
    return (yield* isSeveralArchives(reader)) ? undefined : "certain";
  },
  load: () => import("./scanner.js"),
};
