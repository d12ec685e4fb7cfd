import { escapingPath } from "../../detectors/escaping-path/escaping-path.js";
import type { FindingEvent } from "../../findings/finding.js";

/** Findings shown for one index: a hostile one repeats itself for each tensor. */
const SHOWN = 20;

/** `model.safetensors.index.json`, `pytorch_model.bin.index.json`: `{weight_map: {tensor: file}}`. The loader opens each file as it is named. */
export function findShards(tree: unknown): FindingEvent[] {
  const map = typeof tree === "object" && tree !== null ? (tree as Record<string, unknown>)["weight_map"] : undefined;
  if (typeof map !== "object" || map === null || Array.isArray(map)) return [];
  const files = new Set(
    Object.values(map).flatMap((one) => (typeof one === "string" ? [one] : Array.isArray(one) ? one.filter((part) => typeof part === "string") : [])),
  );
  return [...files]
    .filter((file) => escapingPath(file) !== undefined)
    .slice(0, SHOWN)
    .map((path) => ({ kind: "finding", rule: "S405", severity: "critical", args: { what: "A shard of the weights", path }, at: "weight_map" }));
}
