import type { ArtifactRecord } from "../engine/record.js";
import { isAlarming } from "../findings/severity.js";
import type { JsonOptions } from "./json.js";
import { memberSegments, type PlacedFinding, placedFindings } from "./places.js";
import { printable } from "./printable.js";
import type { FileReport, Report } from "./report.js";
import type { RuleBook } from "./rule-book.js";

/** `error` marks an operational problem: a path or a scanner that failed, not something a model does. */
type JsonSeverity = "critical" | "error" | "warning" | "info" | "debug";

interface Row {
  message: string;
  severity: JsonSeverity;
  location: string;
  details: Record<string, unknown>;
  timestamp: number;
  why?: string;
  rule_code?: string;
}

export interface JsonCheck extends Row {
  name: string;
  status: "passed" | "failed" | "skipped";
}

export interface JsonIssue extends Row {
  type: string;
  remedy?: string;
  finding_identity?: string;
}

/**
 * Consumers tell rows apart by timestamp, name, place and message, and two findings may share all but the first:
 * each row is this much later, in seconds, than the one before. Unix seconds keep about 2e-7 in a double.
 */
const ROW_STEP = 1e-6;

/**
 * Issues are what people should see; checks are what was examined, passed ones included. A failed check is always an
 * alarm: a note is an issue only, and what could not be examined is skipped, since one failed check of any severity
 * makes promptfoo call the model unsafe.
 */
export function jsonChecks(report: Report, book: RuleBook, options: JsonOptions): { checks: JsonCheck[]; issues: JsonIssue[] } {
  const issues: JsonIssue[] = [];
  const checks: JsonCheck[] = [];
  const now = () => report.startTime + ROW_STEP * (issues.length + checks.length);
  for (const { path, message } of report.problems) {
    trouble({ type: "path_error", name: "Path Readable", severity: "error", message, location: path, details: { path } });
  }
  for (const file of report.dryRun ? [] : report.files) {
    for (const placed of placedFindings(file)) addFinding(placed);
    for (const record of file.records) addTroubles(file, record);
    addPassed(file);
  }
  return { checks, issues };

  function addFinding(placed: PlacedFinding): void {
    const { finding } = placed;
    const { name, why, remedy } = book.rule(finding.rule);
    const row: Omit<Row, "timestamp"> = {
      message: book.sentence(finding),
      severity: finding.severity,
      location: locationOf(placed.file, placed.record, finding.offset),
      details: detailsOf(placed),
      why,
      rule_code: finding.rule,
    };
    issues.push({ ...row, remedy, type: `${finding.scanner}_check`, finding_identity: finding.fingerprint, timestamp: now() });
    if (isAlarming(finding.severity)) checks.push({ name: titleCase(name), status: "failed", ...row, timestamp: now() });
  }

  function addTroubles(file: FileReport, record: ArtifactRecord): void {
    const location = locationOf(file, record);
    if (record.failure !== undefined) {
      const message = firstLine(record.failure);
      const details = options.verbose ? { stack: record.failure } : {};
      trouble({ type: "operational_error", name: "Scan Completed", severity: "error", message, location, details });
    }
    for (const gap of record.gaps) {
      const place = gap.offset === undefined ? location : locationOf(file, record, gap.offset);
      trouble({ type: "coverage_check", name: "Coverage", severity: "info", message: gap.message, location: place, details: { reason: gap.reason } });
    }
  }

  /** One row per scanner and file, so that an archive of 70,000 members does not make 70,000 rows. */
  function addPassed(file: FileReport): void {
    const artifacts = new Map<string, number>();
    for (const record of file.records) {
      if (record.failure !== undefined || record.gaps.length) continue;
      for (const scanner of record.scanners) {
        if (record.findings.some((finding) => finding.scanner === scanner && isAlarming(finding.severity))) continue;
        artifacts.set(scanner, (artifacts.get(scanner) ?? 0) + 1);
      }
    }
    for (const [scanner, number] of artifacts) {
      checks.push({
        name: `${titleCase(scanner)} Analysis`,
        status: "passed",
        message: `Read as ${scanner}: nothing that makes it unsafe to load`,
        severity: "info",
        location: locationOf(file, file.records[0] as ArtifactRecord),
        details: { artifacts: number },
        timestamp: now(),
      });
    }
  }

  function trouble({ type, name, ...rest }: Omit<Row, "timestamp"> & { type: string; name: string }): void {
    const row = { ...rest, message: printable(rest.message), location: printable(rest.location) };
    issues.push({ ...row, type, timestamp: now() });
    checks.push({ name, status: "skipped", ...row, timestamp: now() });
  }
}

/** `/models/a.zip:inner/evil.pkl (pos 45)`, the form ModelAudit's callers take apart. */
export function locationOf(file: FileReport, record: ArtifactRecord, offset?: number): string {
  const path = printable([file.absolutePath, ...memberSegments(record)].join(":"));
  return offset === undefined ? path : `${path} (pos ${offset})`;
}

function detailsOf({ finding }: PlacedFinding): Record<string, unknown> {
  const { offset, length, line, column, at } = finding;
  const place = { position: offset, length, line, column, at };
  return { ...finding.details, ...finding.args, ...Object.fromEntries(Object.entries(place).filter(([, value]) => value !== undefined)) };
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}

/** `pickle-denied-call` and `keras_h5` as `Pickle Denied Call` and `Keras H5`. */
function titleCase(name: string): string {
  return name
    .split(/[-_ ]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ");
}
