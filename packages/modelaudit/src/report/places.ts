import type { ArtifactRecord, Outcome } from "../engine/record.js";
import type { Finding } from "../findings/finding.js";
import { printable } from "./printable.js";
import { type FileReport, fileOutcome, type Report } from "./report.js";

/** A finding together with the file and the artifact inside it that it belongs to. */
export interface PlacedFinding {
  file: FileReport;
  record: ArtifactRecord;
  finding: Finding;
}

/** All findings of a file, in reading order. */
export function placedFindings(file: FileReport): PlacedFinding[] {
  return file.records.flatMap((record) => record.findings.map((finding) => ({ file, record, finding })));
}

/** The names from the file inwards, empty for the file itself: `["inner.zip", "data.pkl"]`. */
export function memberSegments(record: ArtifactRecord): string[] {
  return record.segments.slice(1);
}

/** `inner.zip!/data.pkl`, safe to print; empty for the file itself. */
export function memberPath(record: ArtifactRecord): string {
  return printable(memberSegments(record).join("!/"));
}

/** Where in its file a finding is, for people: `archive/data.pkl, byte 45, layers[3].config`. Empty for the file as a whole. */
export function placeText({ record, finding }: PlacedFinding): string {
  const parts = [memberPath(record)];
  if (finding.at !== undefined) parts.push(printable(finding.at));
  if (finding.line !== undefined)
    parts.push(finding.column === undefined ? `line ${finding.line}` : `line ${finding.line}, column ${finding.column}`);
  if (finding.offset !== undefined) parts.push(`byte ${finding.offset.toLocaleString("en-US")}`);
  return parts.filter(Boolean).join(", ");
}

/** Files per outcome; every file is in exactly one. */
export function outcomeCounts(report: Report): Record<Outcome, number> {
  const counts: Record<Outcome, number> = { findings: 0, failed: 0, inconclusive: 0, clean: 0, data: 0, unknown: 0 };
  for (const file of report.files) counts[fileOutcome(file)]++;
  return counts;
}

/** What the file was recognised as, for people: `pytorch_zip, zip`. */
export function formatsText(record: ArtifactRecord | undefined): string {
  return record?.formats.join(", ") || "unknown format";
}
