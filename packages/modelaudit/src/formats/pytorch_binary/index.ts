import type { Format } from "../../engine/format.js";

/** The integer 0x1950A86A20F9469CFC6C as a pickle: LONG1, ten bytes, STOP. */
const MAGIC = [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];

/** True when `head` begins with the magic pickle, of whichever protocol: PROTO and, from 4 on, a FRAME come first. */
export function beginsLegacy(head: Uint8Array, at = 0): boolean {
  if (head[at] !== 0x80) return false;
  const start = head[at + 2] === 0x95 ? at + 11 : at + 2;
  return MAGIC.every((byte, index) => head[start + index] === byte);
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
