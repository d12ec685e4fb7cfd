import type { Finding } from "../findings/finding.js";

/**
 * `clean`: read and understood, nothing to say above info. `findings`: a warning or worse. `inconclusive`: some of it
 * was not read or not understood. `failed`: it could not be read, or a scanner broke. `data`: recognised as something
 * no model loader reads. `unknown`: no scanner knows it.
 */
export type Outcome = "clean" | "findings" | "inconclusive" | "failed" | "data" | "unknown";

/** Why part of an artifact is not vouched for. */
export interface Gap {
  reason: string;
  message: string;
  offset?: number;
}

/** What the engine knows of one artifact after the scan. Plain data, crosses threads. */
export interface ArtifactRecord {
  /** Path for people, `a.zip!/b.pkl`. */
  path: string;
  /** Names from the user's path inwards: `["a.zip", "b.pkl"]`. */
  segments: string[];
  size: number;
  depth: number;
  role: "member" | "probe" | "part";
  formats: string[];
  /** Scanners that ran; fewer than formats when the user's selection left some out. */
  scanners: string[];
  findings: Finding[];
  gaps: Gap[];
  failure?: string;
  metadata: Record<string, unknown>;
  /** On a file's own record: parts with nothing to say that have no record of their own, since there are very many. */
  unlisted?: number;
}

/** The outcome of one artifact by itself. A finding is never hidden by an error. */
export function outcomeOf(record: ArtifactRecord): Outcome {
  if (record.findings.some((finding) => finding.severity !== "info")) return "findings";
  if (record.failure !== undefined) return "failed";
  if (record.gaps.length) return "inconclusive";
  if (!record.scanners.length) return "unknown";
  return record.scanners.every((id) => id === "data" || id === "text") ? "data" : "clean";
}
