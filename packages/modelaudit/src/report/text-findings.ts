import { bySeverity } from "../findings/severity.js";
import { grouped } from "./grouped.js";
import { count } from "./measures.js";
import { type PlacedFinding, placedFindings, placesText } from "./places.js";
import { printable } from "./printable.js";
import type { FileReport } from "./report.js";
import { badgeOf, columnLines, type Pen, sentenceLines } from "./text-pen.js";

/** Findings of one rule in one file that are shown before the rest is only counted. */
const MOST_ALIKE = 5;
/** The same for notes, which nobody has to act on. */
const MOST_ALIKE_NOTES = 1;
/** Places named for one sentence, or files for one note, before the rest is only counted. */
const MOST_PLACES = 3;

/** The findings of a file, worst first, by rule. Reason and remedy stand once, also when several rules share them. */
export function findingLines(pen: Pen, file: FileReport): string[] {
  const groups = [...grouped(placedFindings(file), ({ finding }) => `${finding.severity} ${finding.rule}`).values()].sort(([a], [b]) =>
    bySeverity((a as PlacedFinding).finding.severity, (b as PlacedFinding).finding.severity),
  );
  return groups.flatMap((group, index) => {
    const next = groups[index + 1];
    const advice = adviceLines(pen, group);
    return [...ruleLines(pen, group), ...(next && String(adviceLines(pen, next)) === String(advice) ? [] : advice)];
  });
}

/** Notes about files that have nothing worse, by rule. They change nothing, so they take little room. */
export function noteLines(pen: Pen, files: readonly FileReport[]): string[] {
  const notes = grouped(files.flatMap(placedFindings), ({ finding }) => finding.rule);
  return [...notes.values()].flatMap((group) => {
    const [first] = group as [PlacedFinding, ...PlacedFinding[]];
    const paths = [...new Set(group.map(({ file }) => printable(file.path)))];
    const rest = paths.length > MOST_PLACES ? ` and ${count(paths.length - MOST_PLACES, "more file")} (--verbose lists all)` : "";
    return [
      ...sentenceLines(pen, badgeOf(pen, "info"), first.finding.rule, pen.book.sentence(first.finding)),
      ...columnLines(pen, `in ${paths.slice(0, MOST_PLACES).join("; ")}${rest}`, "cyan"),
    ];
  });
}

/** The findings of one rule in one file: each sentence with its places. */
function ruleLines(pen: Pen, group: readonly PlacedFinding[]): string[] {
  const { severity, rule } = (group[0] as PlacedFinding).finding;
  const sentences = grouped(group, ({ finding }) => pen.book.sentence(finding));
  const most = pen.options.verbose ? sentences.size : severity === "info" ? MOST_ALIKE_NOTES : MOST_ALIKE;
  const shown = [...sentences].slice(0, most);
  const lines = shown.flatMap(([sentence, places]) => [
    ...sentenceLines(pen, badgeOf(pen, severity), rule, sentence),
    ...columnLines(pen, placesText(places, pen.options.verbose ? places.length : MOST_PLACES), "cyan"),
  ]);
  const rest = group.length - shown.reduce((sum, [, places]) => sum + places.length, 0);
  return rest ? [...lines, ...columnLines(pen, `and ${count(rest, "more finding")} of ${rule} in this file (--verbose lists all)`, "dim")] : lines;
}

/** Why it matters and what to do. Notes ask for nothing, so theirs are told to those who want to know everything. */
function adviceLines(pen: Pen, group: readonly PlacedFinding[]): string[] {
  const { severity, rule } = (group[0] as PlacedFinding).finding;
  if (severity === "info" && !pen.options.verbose) return [];
  const { why, remedy } = pen.book.rule(rule);
  return [...columnLines(pen, `Why: ${why}`, "dim"), ...columnLines(pen, `Do:  ${remedy}`, "dim")];
}
