import { drive } from "../src/engine/drive.js";
import type { Limits } from "../src/engine/budget.js";
import type { Policy } from "../src/engine/context.js";
import type { Surroundings } from "../src/engine/artifact.js";
import { type ArtifactRecord, type Outcome, outcomeOf } from "../src/engine/record.js";
import { scanTarget } from "../src/engine/scan.js";
import { countingReader } from "../src/io/counting-reader.js";
import { type Reader, bytesReader } from "../src/io/reader.js";
import { nodeSetup } from "../src/node/platform.js";
import { OUTCOMES } from "../src/report/report.js";

export interface Scanned {
  records: ArtifactRecord[];
  /** Rule ids of all findings at all depths, sorted. */
  rules: string[];
  /** Worst outcome over all records: findings, failed, inconclusive, unknown, data, clean. */
  outcome: Outcome;
  /** Worst severity over all findings. */
  worst: "critical" | "warning" | "info" | undefined;
  bytesRead: number;
}

/** Scans bytes through the whole engine (identification, children, budgets), as a file called `name`. */
export async function scanBytes(
  name: string,
  bytes: Uint8Array | Reader,
  options: { policy?: Partial<Policy>; limits?: Partial<Limits>; around?: Surroundings } = {},
): Promise<Scanned> {
  const reader = countingReader(bytes instanceof Uint8Array ? bytesReader(bytes) : bytes);
  const target = { path: name, name, reader, ...(options.around ? { around: options.around } : {}) };
  const records = await drive(scanTarget(target, nodeSetup(options)));
  const findings = records.flatMap((record) => record.findings);
  const outcomes = new Set(records.map(outcomeOf));
  return {
    records,
    rules: [...new Set(findings.map((finding) => finding.rule))].sort(),
    outcome: OUTCOMES.find((outcome) => outcomes.has(outcome)) ?? "clean",
    worst: (["critical", "warning", "info"] as const).find((level) => findings.some((finding) => finding.severity === level)),
    bytesRead: reader.count,
  };
}

/** Bytes from pieces: text is Latin-1, numbers are single bytes. For building hostile input by hand, inert. */
export function bytesOf(...parts: (string | number | Uint8Array)[]): Uint8Array {
  return Buffer.concat(
    parts.map((part) => (typeof part === "number" ? Buffer.from([part]) : typeof part === "string" ? Buffer.from(part, "latin1") : part)),
  );
}
