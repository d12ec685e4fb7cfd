import { outcomeOf } from "../engine/record.js";
import { jsonAsset } from "./json-assets.js";
import { jsonChecks, type JsonCheck } from "./json-checks.js";
import { jsonFileMetadata } from "./json-metadata.js";
import { outcomeCounts } from "./places.js";
import { allFindings, exitCodeOf, fileOutcome, type Report, verdictOf } from "./report.js";
import { openRuleBook } from "./rule-book.js";

export interface JsonOptions {
  /** Adds durations and the stack of a scanner that broke. */
  verbose: boolean;
}

/** The report as the JSON object that ModelAudit's callers read; `docs/schema/report.schema.json` describes it. */
export async function jsonReport(report: Report, options: JsonOptions): Promise<Record<string, unknown>> {
  const { checks, issues } = jsonChecks(report, await openRuleBook(allFindings(report)), options);
  const records = report.files.flatMap((file) => file.records);
  const scanned = report.dryRun ? [] : report.files.filter((file) => !["unknown", "failed"].includes(fileOutcome(file)));
  const selection = report.selection;
  return {
    version: report.version,
    verdict: verdictOf(report),
    exit_code: exitCodeOf(report),
    paths: report.paths,
    files_scanned: scanned.length,
    bytes_scanned: total(scanned.map((file) => file.size)),
    bytes_read: total(report.files.map((file) => file.bytesRead)),
    ...(report.dryRun ? {} : { file_counts: outcomeCounts(report) }),
    issues,
    checks,
    assets: report.files.map(jsonAsset),
    has_errors: report.problems.length > 0 || records.some((record) => record.failure !== undefined),
    scanner_names: [...new Set(records.flatMap((record) => record.scanners))].sort(),
    ...(selection
      ? {
          scanner_selection: {
            requested_scanner_ids: selection.requested,
            enabled_scanner_ids: selection.enabled,
            excluded_scanner_ids: selection.excluded,
          },
        }
      : {}),
    file_metadata: Object.fromEntries(report.files.map((file) => [file.absolutePath, jsonFileMetadata(file, options)])),
    ...(report.contentHash === undefined ? {} : { content_hash: report.contentHash }),
    start_time: report.startTime,
    duration: report.duration,
    total_checks: checks.length,
    passed_checks: withStatus(checks, "passed"),
    failed_checks: withStatus(checks, "failed"),
    success: !report.interrupted && !records.some((record) => ["inconclusive", "failed"].includes(outcomeOf(record)) || record.gaps.length > 0),
    ...(report.dryRun ? { dry_run: true } : {}),
    ...(report.interrupted ? { interrupted: true } : {}),
    ...(report.problems.length ? { problems: report.problems } : {}),
    scannedFilesList: report.dryRun ? [] : report.files.map((file) => file.absolutePath),
  };
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

function withStatus(checks: readonly JsonCheck[], status: JsonCheck["status"]): number {
  return checks.filter((check) => check.status === status).length;
}
