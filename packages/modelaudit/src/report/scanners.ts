import type { Format } from "../engine/format.js";

/** The scanners as `--list-scanners` shows them: a table for people, `{scanners: [...]}` for programs. */
export function scannerList(formats: readonly Format[], as: "text" | "json"): string {
  const scanners = formats.map((format) => ({
    id: format.id,
    class: format.className,
    description: format.description,
    extensions: [...format.extensions],
    dependencies: [] as string[],
  }));
  if (as === "json") return `${JSON.stringify({ scanners }, null, 2)}\n`;
  const width = Math.max(...scanners.map((scanner) => scanner.id.length));
  return scanners.map((scanner) => `${scanner.id.padEnd(width)}  ${scanner.description} (${scanner.extensions.join(" ")})\n`).join("");
}
