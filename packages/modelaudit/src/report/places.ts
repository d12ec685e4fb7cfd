import type { ArtifactRecord, Outcome } from "../engine/record.js";
import type { Finding } from "../findings/finding.js";
import { count } from "./measures.js";
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

/** Where in its artifact a finding is, for people: `layers[3].config, byte 45`. Empty for the artifact as a whole. */
function spotText({ finding }: PlacedFinding): string {
  const parts: string[] = [];
  if (finding.at !== undefined) parts.push(printable(finding.at));
  if (finding.line !== undefined)
    parts.push(finding.column === undefined ? `line ${finding.line}` : `line ${finding.line}, column ${finding.column}`);
  if (finding.offset !== undefined) parts.push(`byte ${finding.offset.toLocaleString("en-US")}`);
  return parts.join(", ");
}

/** Where in its file a finding is: `archive/data.pkl, byte 45`. Empty for the file as a whole. */
export function placeText(placed: PlacedFinding): string {
  return [memberPath(placed.record), spotText(placed)].filter(Boolean).join(", ");
}

/** At most `most` places in one phrase: `in archive/data.pkl at byte 37; byte 99 and 3 more places`. Empty for the file as a whole. */
export function placesText(places: readonly PlacedFinding[], most: number): string {
  const spots = new Map<string, string[]>();
  for (const placed of places.slice(0, most)) {
    const member = memberPath(placed.record);
    spots.set(member, [...(spots.get(member) ?? []), spotText(placed)]);
  }
  const phrases = [...spots].map(([member, inside]) => {
    const named = [...new Set(inside.filter(Boolean))].join("; ");
    return [member && `in ${member}`, named && `at ${named}`].filter(Boolean).join(" ");
  });
  const text = phrases.filter(Boolean).join("; ");
  return text && places.length > most ? `${text} and ${count(places.length - most, "more place")}` : text;
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
