import type { ArtifactRecord } from "../engine/record.js";
import { memberSegments } from "./places.js";
import type { FileReport } from "./report.js";

export interface JsonAsset {
  path: string;
  /** Scanner id, `unknown` when no scanner knows it, `error` when it could not be read. */
  type: string;
  size: number;
  tensors?: string[];
  keys?: string[];
  contents?: JsonAsset[];
}

/** A file and what is inside it, as a tree. Members are named `archive:member`. */
export function jsonAsset(file: FileReport): JsonAsset {
  const [own, ...inner] = file.records;
  const root: JsonAsset = { path: file.absolutePath, type: typeOf(own), size: file.size, ...namesOf(own) };
  // Records come in reading order, parents first; at each depth the latest one is the parent of what follows.
  const parents: JsonAsset[] = [root];
  for (const record of inner) {
    const asset: JsonAsset = {
      path: [file.absolutePath, ...memberSegments(record)].join(":"),
      type: typeOf(record),
      size: record.size,
      ...namesOf(record),
    };
    const parent = parents[record.depth - 1] ?? root;
    parent.contents ??= [];
    parent.contents.push(asset);
    parents[record.depth] = asset;
  }
  return root;
}

function typeOf(record: ArtifactRecord | undefined): string {
  if (!record) return "error";
  return record.scanners[0] ?? record.formats[0] ?? (record.failure === undefined ? "unknown" : "error");
}

/** Names of tensors and of configuration keys, when the scanner told them. */
function namesOf(record: ArtifactRecord | undefined): Pick<JsonAsset, "tensors" | "keys"> {
  const { tensors, keys } = record?.metadata ?? {};
  return { ...(isNames(tensors) ? { tensors } : {}), ...(isNames(keys) ? { keys } : {}) };
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === "string");
}
