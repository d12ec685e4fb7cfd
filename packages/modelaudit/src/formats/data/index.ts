import { beginsWith } from "../../detectors/bytes/begins-with.js";
import type { Format } from "../../engine/format.js";

/** Media and document formats that no model loader executes or parses: magic bytes at an offset. */
const MAGICS: readonly (readonly [offset: number, bytes: string])[] = [
  [0, "\x89PNG\r\n\x1a\n"],
  [0, "\xff\xd8\xff"],
  [0, "GIF87a"],
  [0, "GIF89a"],
  [8, "WEBPVP8"],
  [8, "WAVEfmt "],
  [0, "fLaC"],
  [0, "OggS\0"],
  [4, "ftyp"],
  [0, "ID3\x03\0"],
  [0, "ID3\x04\0"],
  [0, "%PDF-"],
  [0, "wOFF"],
  [0, "wOF2"],
];

export const format: Format = {
  id: "data",
  className: "DataScanner",
  description: "Images, sound, documents and fonts, which no model loader reads",
  extensions: [".png", ".jpg", ".jpeg", ".gif", ".webp", ".wav", ".flac", ".ogg", ".mp3", ".mp4", ".pdf", ".woff", ".woff2"],
  tags: ["data"],
  surest: "likely",
  sniff: ({ head, size }) => (size === 0 || MAGICS.some(([offset, magic]) => beginsWith(head, magic, offset)) ? "likely" : undefined),
  load: () => import("./scanner.js"),
};
