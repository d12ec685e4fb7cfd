import type { Format, Glimpse } from "../../engine/format.js";

/** The reference reader refuses headers above 100 MB. */
export const LONGEST_HEADER = 100_000_000;

/** u64 header length, then JSON that opens an object. Whatever a file of that name begins with is judged as one, unless it is surely something else. */
function sniff({ head, size, extension }: Glimpse): "certain" | "likely" | undefined {
  // A length whose bytes are letters belongs to text: the pointer that git-lfs leaves, or the page of an error.
  const named = extension === ".safetensors" && size > 0 && !head.subarray(0, 8).every((byte) => byte >= 0x20 && byte < 0x7f);
  if (size < 10 || head[8] !== 0x7b) return named ? "likely" : undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const length = Number(view.getBigUint64(0, true));
  const next = [...head.subarray(9, 64)].find((byte) => byte > 0x20);
  const opensObject = next === 0x22 || next === 0x7d;
  if (length < 2 || length > LONGEST_HEADER || !opensObject) return named ? "likely" : undefined;
  return named || length <= size - 8 ? "certain" : undefined;
}

export const format: Format = {
  id: "safetensors",
  className: "SafeTensorsScanner",
  description: "SafeTensors weights: header rules, hidden bytes, metadata that loaders act on",
  extensions: [".safetensors"],
  tags: ["weights", "quick"],
  sniff,
  load: () => import("./scanner.js"),
};
