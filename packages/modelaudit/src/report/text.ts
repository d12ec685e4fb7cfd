import pc from "picocolors";
import type { Outcome } from "../engine/record.js";
import { outcomeOf } from "../engine/record.js";
import { SEVERITIES } from "../findings/severity.js";
import { bytesText, durationText } from "./measures.js";
import { formatsText, placedFindings } from "./places.js";
import { printable } from "./printable.js";
import { allFindings, type FileReport, fileOutcome, OUTCOMES, type Report } from "./report.js";
import { openRuleBook } from "./rule-book.js";
import { findingLines, noteLines } from "./text-findings.js";
import { footer } from "./text-footer.js";
import { gapLines } from "./text-gaps.js";
import type { Pen, TextOptions } from "./text-pen.js";

export type { TextOptions } from "./text-pen.js";

const MARKS: Readonly<Record<Outcome, string>> = { findings: "✖", failed: "!", inconclusive: "!", clean: "✔", data: "·", unknown: "?" };

/** The report for people: files with something to say, worst first, then what was read and the verdict. Ends with a newline. */
export async function textReport(report: Report, options: TextOptions): Promise<string> {
  const pen: Pen = { options, colors: pc.createColors(options.color), book: await openRuleBook(allFindings(report)) };
  const files = report.dryRun ? [] : worstFirst(report.files);
  const noted = options.verbose ? [] : files.filter(hasOnlyNotes);
  const blocks = [...files.filter((file) => !noted.includes(file)).map((file) => fileBlock(pen, file)), noteLines(pen, noted)];
  const lines = blocks.filter((block) => block.length).flatMap((block) => [...block, ""]);
  return `${[...lines, ...footer(pen, report)].join("\n")}\n`;
}

function hasOnlyNotes(file: FileReport): boolean {
  return !["findings", "failed", "inconclusive"].includes(fileOutcome(file)) && placedFindings(file).length > 0;
}

function worstFirst(files: readonly FileReport[]): FileReport[] {
  return files
    .map((file) => {
      const findings = placedFindings(file).map(({ finding }) => SEVERITIES.indexOf(finding.severity));
      const worst = findings.reduce((least, one) => Math.min(least, one), SEVERITIES.length);
      return { file, outcome: OUTCOMES.indexOf(fileOutcome(file)), worst, many: findings.length };
    })
    .sort((a, b) => a.outcome - b.outcome || a.worst - b.worst || b.many - a.many || (a.file.path < b.file.path ? -1 : 1))
    .map(({ file }) => file);
}

/** Lines about one file; none for a file with nothing to say. */
function fileBlock(pen: Pen, file: FileReport): string[] {
  const { verbose } = pen.options;
  const lines = [...findingLines(pen, file), ...gapLines(pen, file)];
  if (!lines.length && !verbose) return [];
  const facts = [formatsText(file.records[0]), bytesText(file.size), ...(verbose ? [durationText(file.milliseconds / 1000)] : [])];
  const heading = `${pen.colors.bold(pen.colors.underline(printable(file.path)))}  ${pen.colors.dim(facts.join(" · "))}`;
  return [heading, ...(verbose ? insideLines(pen, file) : []), ...lines];
}

/** The artifacts inside a file, as a tree. */
function insideLines(pen: Pen, file: FileReport): string[] {
  return file.records.slice(1).map((record) => {
    const facts = pen.colors.dim(`${formatsText(record)} · ${bytesText(record.size)}`);
    return `${"  ".repeat(Math.max(1, record.depth))}└ ${MARKS[outcomeOf(record)]} ${printable(record.segments.at(-1) ?? "")}  ${facts}`;
  });
}
