import { bySeverity, SEVERITIES } from "../findings/severity.js";
import { bytesText, count, durationText } from "./measures.js";
import { outcomeCounts } from "./places.js";
import { printable } from "./printable.js";
import { allFindings, exitCodeOf, type FileReport, fileOutcome, type Report, verdictOf } from "./report.js";
import type { Pen } from "./text.js";

/** Names shown of files that no scanner knows. */
const MOST_UNKNOWN = 5;

/** The end of the text report: unreadable paths, what was and was not read, and the verdict with its exit code. */
export function footer(pen: Pen, report: Report): string[] {
  const problems = report.problems.map((problem) => `${pen.colors.red("✖ not scanned")}  ${printable(problem.message)}`);
  if (report.dryRun) return [...problems, ...dryRunLines(pen, report)];
  const lines = pen.options.quiet ? problems : [...problems, ...unknownLines(pen, report), ...readLines(pen, report)];
  return [...lines, verdictLine(pen, report)];
}

function dryRunLines(pen: Pen, report: Report): string[] {
  const bytes = report.files.reduce((sum, file) => sum + file.size, 0);
  const files = report.files.map((file) => `  ${printable(file.path)}  ${pen.colors.dim(bytesText(file.size))}`);
  return [...files, `Dry run: ${count(report.files.length, "file")}, ${bytesText(bytes)} would be scanned. Nothing was read.`];
}

function unknownLines(pen: Pen, report: Report): string[] {
  const unknown = report.files.filter((file) => fileOutcome(file) === "unknown");
  if (!unknown.length) return [];
  const most = pen.options.verbose ? unknown.length : MOST_UNKNOWN;
  const names = unknown.slice(0, most).map((file) => printable(file.path));
  const rest = unknown.length > most ? ` and ${count(unknown.length - most, "more file")} (--verbose lists all)` : "";
  return [pen.colors.magenta(`? Not analysed, since no scanner knows them: ${names.join(", ")}${rest}`)];
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
    [counts.data, "without anything a model loader reads"],
    [counts.unknown, "not analysed"],
  ];
  const parts = named.filter(([number]) => number > 0).map(([number, what]) => `${number.toLocaleString("en-US")} ${what}`);
  const members = sum(files, (file) => Math.max(0, file.records.length - 1));
  const bytes = `${bytesText(sum(files, (file) => file.bytesRead))} read of ${bytesText(sum(files, (file) => file.size))}`;
  const inside = members ? ` and ${count(members, "member")} inside` : "";
  return [
    pen.colors.dim(`${count(files.length, "file")}${inside}${parts.length ? `: ${parts.join(", ")}` : ""}`),
    pen.colors.dim(`${bytes} · ${durationText(report.duration)}`),
  ];
}

function verdictLine(pen: Pen, report: Report): string {
  const verdict = verdictOf(report);
  const exit = pen.colors.dim(` → exit ${exitCodeOf(report)}`);
  const { red, yellow, green, magenta, bold } = pen.colors;
  const counts = outcomeCounts(report);
  const partly = counts.inconclusive + counts.failed + report.problems.length;
  const also = partly ? ", and not everything was read" : "";
  const stopped = report.interrupted ? ", interrupted before the end" : "";
  switch (verdict) {
    case "findings": {
      const severities = allFindings(report)
        .map((finding) => finding.severity)
        .sort(bySeverity);
      const alarms = severities.filter((severity) => severity !== "info").length;
      const each = SEVERITIES.filter((severity) => severity !== "info" && severities.includes(severity)).map(
        (severity) => `${severities.filter((one) => one === severity).length} ${severity}`,
      );
      const color = severities[0] === "critical" ? red : yellow;
      const where = `in ${counts.findings} of ${count(report.files.length, "file")}`;
      return `${color(bold(`✖ Not safe to load: ${count(alarms, "problem")} ${where} (${each.join(", ")})${also}${stopped}`))}${exit}`;
    }
    case "failed":
      return `${red(bold(`✖ The scan could not be completed: ${count(counts.failed + report.problems.length, "path")} could not be read${stopped}`))}${exit}`;
    case "inconclusive":
      return `${magenta(bold(`! Inconclusive: ${inconclusiveText(report, counts)}${stopped}`))}${exit}`;
    case "clean": {
      const notes = allFindings(report).length;
      return `${green(bold(`✔ No problems found${notes ? ` (${count(notes, "note")})` : ""}`))}${exit}`;
    }
  }
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
