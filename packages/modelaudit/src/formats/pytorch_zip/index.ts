import type { Format } from "../../engine/format.js";
import { isSeveralArchives } from "../pytorch_distcp/boundaries.js";
import { readDirectory } from "../zip/directory.js";
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
    const directory = yield* readDirectory(reader, context);
    if (!directory || !layoutOf(directory.names)) return undefined;
    // Where the directory states its own place, right before the end records, the archive begins with the file.
    const whole = directory.shift === 0 && directory.end === (directory.zip64?.start ?? directory.endRecord);
    return !whole && (yield* isSeveralArchives(reader)) ? undefined : "certain";
  },
  load: () => import("./scanner.js"),
};
