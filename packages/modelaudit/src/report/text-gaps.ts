import { grouped } from "./grouped.js";
import { count } from "./measures.js";
import { memberPath } from "./places.js";
import { printable } from "./printable.js";
import type { FileReport } from "./report.js";
import { columnLines, type Pen, sentenceLines } from "./text-pen.js";

/** Gaps of one file that are shown before the rest is only counted. */
const MOST_GAPS = 5;
/** Members named for one gap before the rest is only counted. */
const MOST_MEMBERS = 3;
/** Width of `✖ critical`; the label of a gap is as wide. */
const BADGE = 10;

/** What was not read or not understood, as loud as a finding: no finding there proves nothing. */
export function gapLines(pen: Pen, file: FileReport): string[] {
  const told = file.records.flatMap((record) => {
    const member = memberPath(record);
    const tell = (label: string, text: string) => ({ label, message: printable(firstLine(text, pen.options.verbose)), member });
    return [...(record.failure === undefined ? [] : [tell("! failed", record.failure)]), ...record.gaps.map((gap) => tell("! partial", gap.message))];
  });
  const alike = [...grouped(told, ({ label, message }) => `${label} ${message}`).values()];
  const most = pen.options.verbose ? alike.length : MOST_GAPS;
  const lines = alike.slice(0, most).flatMap((group) => {
    const { label, message } = group[0] as (typeof told)[number];
    return [...sentenceLines(pen, pen.colors.magenta(label.padEnd(BADGE)), "", message), ...columnLines(pen, membersText(pen, group), "cyan")];
  });
  if (alike.length > most) lines.push(...columnLines(pen, `and ${count(alike.length - most, "more gap")} in this file (--verbose lists all)`, "dim"));
  return lines;
}

function membersText(pen: Pen, group: readonly { member: string }[]): string {
  const named = group.map(({ member }) => member).filter(Boolean);
  const most = pen.options.verbose ? named.length : MOST_MEMBERS;
  const rest = named.length > most ? ` and ${count(named.length - most, "more place")}` : "";
  return named.length ? `in ${named.slice(0, most).join("; ")}${rest}` : "";
}

/** A broken scanner's stack is for its authors, so only `--verbose` shows more than the first line. */
function firstLine(message: string, whole: boolean): string {
  return whole ? message.replace(/\s*\n\s*/g, " | ") : (message.split("\n")[0] ?? "");
}
