import { isAlarming, SEVERITIES } from "../findings/severity.js";
import { bytesText, count, durationText } from "./measures.js";
import { outcomeCounts } from "./places.js";
import { printable, wrap } from "./printable.js";
import { allFindings, exitCodeOf, type FileReport, fileOutcome, type Report, verdictOf } from "./report.js";
import type { Pen } from "./text-pen.js";

/** Names shown of files that no scanner knows. */
const MOST_UNKNOWN = 5;
/** Columns below which lines are not wrapped any further. */
const NARROWEST = 40;

/** The end of the text report: unreadable paths, what was and was not read, and the verdict with its exit code. */
export function footer(pen: Pen, report: Report): string[] {
  const problems = report.problems.flatMap((problem) => painted(pen, `✖ Not scanned: ${printable(problem.message)}`, pen.colors.red));
  if (report.dryRun) return [...problems, ...dryRunLines(pen, report)];
  const lines = pen.options.quiet ? problems : [...problems, ...unknownLines(pen, report), ...readLines(pen, report)];
  return [...lines, ...verdictLines(pen, report)];
}

function dryRunLines(pen: Pen, report: Report): string[] {
  const bytes = sum(report.files, (file) => file.size);
  const files = report.files.map((file) => `  ${printable(file.path)}  ${pen.colors.dim(bytesText(file.size))}`);
  return [...files, `Dry run: ${count(report.files.length, "file")}, ${bytesText(bytes)} would be scanned. Nothing was read.`];
}

function unknownLines(pen: Pen, report: Report): string[] {
  const unknown = report.files.filter((file) => fileOutcome(file) === "unknown");
  if (!unknown.length) return [];
  const most = pen.options.verbose ? unknown.length : MOST_UNKNOWN;
  const names = unknown.slice(0, most).map((file) => printable(file.path));
  const rest = unknown.length > most ? ` and ${count(unknown.length - most, "more file")} (--verbose lists all)` : "";
  return painted(pen, `? Not analysed, since no scanner knows them: ${names.join(", ")}${rest}`, pen.colors.magenta);
}

/** Counts that add up to the number of files, then bytes and time. */
function readLines(pen: Pen, report: Report): string[] {
  const { files } = report;
  const counts = outcomeCounts(report);
  const named: [number, string][] = [
    [counts.findings, "with findings"],
    [counts.failed, "failed"],
    [counts.inconclusive, "not fully read"],
    [counts.clean, "clean"],
    [counts.data, "text or media"],
    [counts.unknown, "not analysed"],
  ];
  const parts = named.filter(([number]) => number > 0).map(([number, what]) => `${number.toLocaleString("en-US")} ${what}`);
  const members = sum(files, (file) => Math.max(0, file.records.length - 1) + (file.records[0]?.unlisted ?? 0));
  const bytes = `${bytesText(sum(files, (file) => file.bytesRead))} read of ${bytesText(sum(files, (file) => file.size))}`;
  const inside = members ? ` and ${count(members, "member")} inside` : "";
  const sentence = `${count(files.length, "file")}${inside}${parts.length ? `: ${parts.join(", ")}` : ""} · ${bytes} · ${durationText(report.duration)}`;
  return painted(pen, sentence, pen.colors.dim);
}

/** The last line says what the run came to and what its exit code is, so that nobody has to look it up. */
function verdictLines(pen: Pen, report: Report): string[] {
  const { text, paint } = verdictText(pen, report);
  const stopped = report.interrupted ? ", interrupted before the end" : "";
  return painted(pen, `${text}${stopped} → exit ${exitCodeOf(report)}`, (line) => paint(pen.colors.bold(line)));
}

function verdictText(pen: Pen, report: Report): { text: string; paint(text: string): string } {
  const { red, yellow, green, magenta } = pen.colors;
  const counts = outcomeCounts(report);
  const unread = counts.failed + report.problems.length;
  const findings = allFindings(report);
  switch (verdictOf(report)) {
    case "findings": {
      const numbers = SEVERITIES.filter(isAlarming).map((severity) => ({
        severity,
        number: findings.filter((one) => one.severity === severity).length,
      }));
      const each = numbers.filter(({ number }) => number > 0).map(({ severity, number }) => `${number} ${severity}`);
      const isCritical = findings.some((finding) => finding.severity === "critical");
      const where = `${each.join(", ")} in ${counts.findings} of ${count(report.files.length, "file")}`;
      const also = unread + counts.inconclusive ? ", and not everything was read" : "";
      return isCritical ? { text: `✖ Not safe to load: ${where}${also}`, paint: red } : { text: `▲ Not vouched for: ${where}${also}`, paint: yellow };
    }
    case "failed":
      return { text: `✖ The scan is not complete: ${count(unread, "path")} could not be read`, paint: red };
    case "inconclusive":
      return { text: `! Inconclusive: ${inconclusiveText(report, counts)}`, paint: magenta };
    case "clean":
      return { text: `✔ No problems found${findings.length ? `, ${count(findings.length, "note")}` : ""}`, paint: green };
  }
}

function painted(pen: Pen, text: string, paint: (line: string) => string): string[] {
  return wrap(text, Math.max(NARROWEST, pen.options.width)).map(paint);
}

function inconclusiveText(report: Report, counts: ReturnType<typeof outcomeCounts>): string {
  if (counts.inconclusive) return `${count(counts.inconclusive, "file")} could not be read or understood in full`;
  if (report.interrupted) return "the scan was stopped";
  if (!report.files.length) return "there was no file to scan";
  return counts.unknown ? `${count(counts.unknown, "file")} could not be analysed` : "no model was found";
}

function sum(files: readonly FileReport[], of: (file: FileReport) => number): number {
  return files.reduce((total, file) => total + of(file), 0);
}
