import type { Format } from "../../engine/format.js";
import { tarNames } from "../tar/parser.js";

/** A member's name without what may lead it: `./pickle`. */
export function plainName(name: string): string {
  return name.replace(/^(?:\.?\/)+/, "");
}

export const format: Format = {
  id: "pytorch_tar",
  className: "PyTorchTarScanner",
  description: "PyTorch files of the first releases: a TAR of pickles and storages",
  extensions: [".pt", ".pth", ".bin", ".tar"],
  tags: ["serialization", "archive"],
  refines: ["tar"],
  sniff: () => undefined,
  *probe(reader, _look, context) {
    const names = new Set((yield* tarNames(reader, context)).map(plainName));
    return names.has("pickle") && (names.has("storages") || names.has("tensors") || names.has("sys_info")) ? "certain" : undefined;
  },
  load: () => import("./scanner.js"),
};
