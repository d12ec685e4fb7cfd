import type { Format, Glimpse } from "../../engine/format.js";

/** The reference reader refuses headers above 100 MB. */
export const LONGEST_HEADER = 100_000_000;

/** u64 header length, then JSON that opens an object. A length beyond the file is still ours when the name says so. */
function sniff({ head, size, extension }: Glimpse): "certain" | "likely" | undefined {
  if (size < 10 || head[8] !== 0x7b) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length < 2 || length > LONGEST_HEADER) return extension === ".safetensors" ? "likely" : undefined;
  const next = [...head.subarray(9, 64)].find((byte) => byte > 0x20);
  const opensObject = next === 0x22 || next === 0x7d;
  if (!opensObject) return undefined;
  if (length > size - 8) return extension === ".safetensors" ? "certain" : undefined;
  return "certain";
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
