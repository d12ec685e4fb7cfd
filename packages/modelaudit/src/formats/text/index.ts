import type { Format, Glimpse } from "../../engine/format.js";

/** Text: UTF-8 (or UTF-16 with its mark) without control characters other than white space. */
function isText(look: Glimpse): boolean {
  const { head } = look;
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return true;
  for (const byte of head) if (byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13 && byte !== 27) return false;
  // A character may be cut at the end of the glimpse: up to three bytes are left out.
  for (let cut = 0; cut < 4; cut++) {
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(head.subarray(0, head.length - cut));
      return true;
    } catch {
      if (look.size === head.length) return false;
    }
  }
  return false;
}

export const format: Format = {
  id: "text",
  className: "TextScanner",
  description: "Plain text that no model loader reads",
  extensions: [".txt", ".md", ".markdown", ".rst", ".env", ".csv", ".tsv", ".log", ".html", ".css", ".py", ".js", ".sh", ".pl", ".rb"],
  tags: ["text"],
  surest: "possible",
  sniff: (look) => (isText(look) ? "possible" : undefined),
  load: () => import("./scanner.js"),
};
