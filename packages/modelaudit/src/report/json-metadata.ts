import type { JsonOptions } from "./json.js";
import { locationOf } from "./json-checks.js";
import { type FileReport, fileOutcome } from "./report.js";
import { riskScore } from "./risk.js";

/** What is known of one file: how its scan went, its digests, and the facts its scanners told. */
export function jsonFileMetadata(file: FileReport, options: JsonOptions): Record<string, unknown> {
  const outcome = fileOutcome(file);
  const [own, ...inner] = file.records;
  const gaps = file.records.flatMap((record) => record.gaps);
  const failures = file.records.flatMap((record) => (record.failure === undefined ? [] : [record.failure.split("\n")[0]]));
  const told = inner.filter((record) => Object.keys(record.metadata).length > 0);
  return {
    ...own?.metadata,
    ...(told.length ? { members: Object.fromEntries(told.map((record) => [locationOf(file, record), record.metadata])) } : {}),
    file_size: file.size,
    ...(file.digests ? { file_hashes: file.digests } : {}),
    formats: own?.formats ?? [],
    scanner_dependency_ids: [...new Set(file.records.flatMap((record) => record.scanners))].sort(),
    risk_score: riskScore(file),
    scan_outcome: outcome,
    ...(gaps.length
      ? { analysis_incomplete: true, scan_outcome_reasons: [...new Set(gaps.map((gap) => gap.reason))], failure_reason: gaps[0]?.message }
      : {}),
    ...(failures.length ? { operational_error: true, operational_error_reason: failures[0] } : {}),
    bytes_read: file.bytesRead,
    ...(options.verbose ? { milliseconds: file.milliseconds } : {}),
  };
}
