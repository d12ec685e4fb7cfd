import { beginsWith } from "../../detectors/bytes/begins-with.js";
import type { Format } from "../../engine/format.js";

/** The integer 0x1950A86A20F9469CFC6C as a pickle: LONG1, ten bytes, STOP. */
const MAGIC = "\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19\x2e";

/** True when `head` begins with the magic pickle, of whichever protocol: PROTO and, from 4 on, a FRAME come first. */
export function beginsLegacy(head: Uint8Array, at = 0): boolean {
  if (head[at] !== 0x80) return false;
  return beginsWith(head, MAGIC, head[at + 2] === 0x95 ? at + 11 : at + 2);
}

export const format: Format = {
  id: "pytorch_binary",
  className: "PyTorchBinaryScanner",
  description: "PyTorch files from before the archive format: five pickles and raw storages",
  extensions: [".pt", ".pth", ".bin", ".ckpt", ".pkl"],
  tags: ["serialization", "quick"],
  refines: ["pickle"],
  sniff: () => undefined,
  *probe(_, { head }) {
    return beginsLegacy(head) ? "certain" : undefined;
  },
  load: () => import("./scanner.js"),
};
