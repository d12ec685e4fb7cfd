import type { Format, Glimpse } from "../../engine/format.js";

/** FlatBuffer identifiers at byte 4: programs, programs bundled with test data, separate tensor data. Two digits follow. */
const IDENTIFIERS: readonly string[] = ["ET", "BP", "FT"];

function sniff({ head, size, extension }: Glimpse): "certain" | "likely" | undefined {
  if (size < 12 || head.length < 8) return undefined;
  const text = String.fromCharCode(...head.subarray(4, 8));
  if (!IDENTIFIERS.includes(text.slice(0, 2)) || !/^\d\d$/.test(text.slice(2))) return undefined;
  const root = new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(0, true);
  if (root >= 8 && root + 4 <= size) return "certain";
  return extension === ".pte" || extension === ".ptd" ? "certain" : undefined;
}

export const format: Format = {
  id: "executorch",
  className: "ExecuTorchScanner",
  description: "ExecuTorch programs: segments, delegates, operators, hidden bytes",
  extensions: [".pte", ".ptd", ".bpte"],
  tags: ["graph", "quick"],
  sniff,
  load: () => import("./scanner.js"),
};
