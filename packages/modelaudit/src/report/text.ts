import pc from "picocolors";
import type { ArtifactRecord, Outcome } from "../engine/record.js";
import { outcomeOf } from "../engine/record.js";
import { bySeverity, SEVERITIES, type Severity } from "../findings/severity.js";
import { bytesText, count, durationText } from "./measures.js";
import { formatsText, memberPath, type PlacedFinding, placedFindings, placesText } from "./places.js";
import { printable, wrap } from "./printable.js";
import { allFindings, type FileReport, fileOutcome, type Report } from "./report.js";
import { openRuleBook, type RuleBook } from "./rule-book.js";
import { footer } from "./text-footer.js";

export interface TextOptions {
  color: boolean;
  /** Every file, every artifact inside it, every finding. */
  verbose: boolean;
  /** Findings, gaps and the verdict only. */
  quiet: boolean;
  /** Columns of the terminal. */
  width: number;
}

/** What the parts of the text report share. */
export interface Pen {
  options: TextOptions;
  colors: ReturnType<typeof pc.createColors>;
  book: RuleBook;
}

/** Width of `  ✖ critical  S1001  `, where sentences begin. */
const TEXT_COLUMN = 21;
/** Narrower than this, wrapped text is a ladder of single words. */
const NARROWEST_TEXT = 30;
/** Findings of one rule in one file that are shown before the rest is only counted. */
const MOST_ALIKE = 5;
/** The same for notes, which nobody has to act on. */
const MOST_ALIKE_NOTES = 1;
/** Places named for one sentence before the rest is only counted. */
const MOST_PLACES = 3;
/** Gaps of one file that are shown before the rest is only counted. */
const MOST_GAPS = 5;

const ORDER: readonly Outcome[] = ["findings", "failed", "inconclusive", "unknown", "clean", "data"];

/** The report for people: files with something to say, worst first, then what was read and the verdict. Ends with a newline. */
export async function textReport(report: Report, options: TextOptions): Promise<string> {
  const pen: Pen = { options, colors: pc.createColors(options.color), book: await openRuleBook(allFindings(report)) };
  const files = report.dryRun ? [] : worstFirst(report.files);
  const blocks = files.map((file) => fileBlock(pen, file)).filter((lines) => lines.length);
  return `${[...blocks.flatMap((lines) => [...lines, ""]), ...footer(pen, report)].join("\n")}\n`;
}

function worstFirst(files: readonly FileReport[]): FileReport[] {
  return files
    .map((file) => {
      const severities = placedFindings(file).map(({ finding }) => SEVERITIES.indexOf(finding.severity));
      return { file, outcome: ORDER.indexOf(fileOutcome(file)), worst: Math.min(SEVERITIES.length, ...severities), many: severities.length };
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

function findingLines(pen: Pen, file: FileReport): string[] {
  const groups = new Map<string, PlacedFinding[]>();
  for (const placed of placedFindings(file)) {
    const key = `${placed.finding.severity} ${placed.finding.rule}`;
    groups.set(key, [...(groups.get(key) ?? []), placed]);
  }
  return [...groups.values()]
    .sort(([a], [b]) => bySeverity((a as PlacedFinding).finding.severity, (b as PlacedFinding).finding.severity))
    .flatMap((group) => ruleLines(pen, group));
}

/** The findings of one rule in one file: a sentence and its places each, then once why it matters and what to do. */
function ruleLines(pen: Pen, group: readonly PlacedFinding[]): string[] {
  const { severity, rule } = (group[0] as PlacedFinding).finding;
  const { why, remedy } = pen.book.rule(rule);
  const sentences = new Map<string, PlacedFinding[]>();
  for (const placed of group) {
    const sentence = pen.book.sentence(placed.finding);
    sentences.set(sentence, [...(sentences.get(sentence) ?? []), placed]);
  }
  const most = pen.options.verbose ? Number.POSITIVE_INFINITY : severity === "info" ? MOST_ALIKE_NOTES : MOST_ALIKE;
  const lines: string[] = [];
  let shown = 0;
  for (const [sentence, places] of [...sentences].slice(0, most)) {
    const [first, ...rest] = wrap(sentence, textWidth(pen));
    lines.push(`  ${badge(pen, severity)}  ${pen.colors.dim(rule.padEnd(5))}  ${pen.colors.bold(first ?? "")}`);
    lines.push(...rest.map((line) => indent(pen.colors.bold(line))));
    lines.push(...column(pen, placesText(places, pen.options.verbose ? places.length : MOST_PLACES), "cyan"));
    shown += places.length;
  }
  if (shown < group.length)
    lines.push(...column(pen, `and ${count(group.length - shown, "more finding")} of ${rule} in this file (--verbose lists all)`, "dim"));
  if (severity !== "info" || pen.options.verbose) lines.push(...column(pen, `Why: ${why}`, "dim"), ...column(pen, `Do:  ${remedy}`, "dim"));
  return lines;
}

/** What was not read or not understood, as loud as a finding: no finding there proves nothing. */
function gapLines(pen: Pen, file: FileReport): string[] {
  const told = new Map<string, { label: string; message: string; members: string[] }>();
  const tell = (label: string, text: string, record: ArtifactRecord) => {
    const message = printable(firstLine(text, pen.options.verbose));
    const key = `${label} ${message}`;
    if (!told.has(key)) told.set(key, { label, message, members: [] });
    told.get(key)?.members.push(memberPath(record));
  };
  for (const record of file.records) {
    if (record.failure !== undefined) tell("failed    ", record.failure, record);
    for (const gap of record.gaps) tell("incomplete", gap.message, record);
  }
  const most = pen.options.verbose ? told.size : MOST_GAPS;
  const lines = [...told.values()].slice(0, most).flatMap(({ label, message, members }) => {
    const [first, ...rest] = wrap(message, textWidth(pen));
    const heading = `  ${pen.colors.magenta(`! ${label}`)}       ${pen.colors.bold(first ?? "")}`;
    return [heading, ...rest.map((line) => indent(pen.colors.bold(line))), ...column(pen, membersText(pen, members), "cyan")];
  });
  if (told.size > most) lines.push(...column(pen, `and ${count(told.size - most, "more gap")} in this file (--verbose lists all)`, "dim"));
  return lines;
}

function membersText(pen: Pen, members: readonly string[]): string {
  const named = members.filter(Boolean);
  const most = pen.options.verbose ? named.length : MOST_PLACES;
  const rest = named.length > most ? ` and ${count(named.length - most, "more place")}` : "";
  return named.length ? `in ${named.slice(0, most).join("; ")}${rest}` : "";
}

/** A broken scanner's stack is for its authors, so only `--verbose` shows more than the first line. */
function firstLine(message: string, whole: boolean): string {
  return whole ? message.replace(/\s*\n\s*/g, " | ") : (message.split("\n")[0] ?? "");
}

/** The artifacts inside a file, as a tree. */
function insideLines(pen: Pen, file: FileReport): string[] {
  const marks: Record<Outcome, string> = { findings: "✖", failed: "!", inconclusive: "!", clean: "✔", data: "·", unknown: "?" };
  return file.records.slice(1).map((record) => {
    const name = printable(record.segments.at(-1) ?? "");
    return `${"  ".repeat(Math.max(1, record.depth))}└ ${marks[outcomeOf(record)]} ${name}  ${pen.colors.dim(`${formatsText(record)} · ${bytesText(record.size)}`)}`;
  });
}

function badge(pen: Pen, severity: Severity): string {
  if (severity === "critical") return pen.colors.red("✖ critical");
  return severity === "warning" ? pen.colors.yellow("▲ warning ") : pen.colors.blue("i note    ");
}

function textWidth(pen: Pen): number {
  return Math.max(NARROWEST_TEXT, pen.options.width - TEXT_COLUMN);
}

function column(pen: Pen, text: string, color: "dim" | "cyan"): string[] {
  return text ? wrap(text, textWidth(pen)).map((line) => indent(pen.colors[color](line))) : [];
}

function indent(text: string): string {
  return `${" ".repeat(TEXT_COLUMN)}${text}`;
}
