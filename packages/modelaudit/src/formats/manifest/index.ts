import type { Format, Glimpse } from "../../engine/format.js";
import { decodeText, isWide } from "../../io/decode-text.js";

const JSON_START = /^\ufeff?\s*(?:\{\s*(?:"|\}|$)|\[\s*(?:["{[\]\d-]|$))/;
const YAML_EXTENSIONS = [".yaml", ".yml"];
/** Well-known configs without an extension that says what they are. */
const NAMES = ["mlmodel"];

function sniff({ head, extension, name, hints }: Glimpse): "likely" | undefined {
  if (head.includes(0) && !isWide(head)) return undefined;
  if (hints["embedded"] === true || YAML_EXTENSIONS.includes(extension) || NAMES.includes(name.toLowerCase())) return "likely";
  return JSON_START.test(decodeText(head.subarray(0, 256))) ? "likely" : undefined;
}

export const format: Format = {
  id: "manifest",
  className: "ManifestScanner",
  description: "JSON and YAML configs: templates, class names and tags that a loader acts on",
  extensions: [".json", ...YAML_EXTENSIONS],
  tags: ["config", "quick"],
  names: NAMES,
  surest: "likely",
  sniff,
  load: () => import("./scanner.js"),
};
