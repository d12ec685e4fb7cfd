import type { FindingEvent } from "../findings/finding.js";
import type { Format, Glimpse } from "./format.js";

/** Formats whose files run code when loaded as what they are. */
const RUNS_CODE = "serialization";
/** Extensions that tell people "this is safe to load": nothing that runs code belongs behind them. */
const SAFE_EXTENSIONS: ReadonlySet<string> = new Set([
  ".safetensors",
  ".gguf",
  ".ggml",
  ".onnx",
  ".tflite",
  ".pte",
  ".json",
  ".txt",
  ".md",
  ".msgpack",
  ".yaml",
  ".yml",
  ".csv",
  ".png",
  ".jpg",
]);

/**
 * What to say when a file's extension promises another format than its bytes are: nothing when the extension
 * is free for any use, a note when only a person is misled, a warning when a check by extension would be.
 */
export function mismatch(all: readonly Format[], found: readonly Format[], look: Glimpse): FindingEvent | undefined {
  if (!look.extension || !found.length || look.size === 0) return undefined;
  if (found.some((format) => format.extensions.includes(look.extension) || format.names?.includes(look.name.toLowerCase()))) return undefined;
  const promised = all.filter((format) => format.extensions.includes(look.extension));
  if (!promised.length && !SAFE_EXTENSIONS.has(look.extension)) return undefined;
  const runs = found.some((format) => format.tags.includes(RUNS_CODE));
  return {
    kind: "finding",
    rule: "S901",
    severity: runs && SAFE_EXTENSIONS.has(look.extension) ? "warning" : "info",
    args: { extension: look.extension, promised: promised.map((f) => f.id).join(" or ") || "data", found: found.map((f) => f.id).join(" and ") },
  };
}
