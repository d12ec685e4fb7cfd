import type pc from "picocolors";
import type { Severity } from "../findings/severity.js";
import { wrap } from "./printable.js";
import type { RuleBook } from "./rule-book.js";

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

/** A line with a badge and a rule, then a sentence in the text column, wrapped and bold. */
export function sentenceLines(pen: Pen, badge: string, rule: string, sentence: string): string[] {
  const [first, ...rest] = wrap(sentence, textWidth(pen));
  return [`  ${badge}  ${pen.colors.dim(rule.padEnd(5))}  ${pen.colors.bold(first ?? "")}`, ...rest.map((line) => indent(pen.colors.bold(line)))];
}

/** Wrapped lines in the text column; none for an empty text. */
export function columnLines(pen: Pen, text: string, color: "dim" | "cyan"): string[] {
  return text ? wrap(text, textWidth(pen)).map((line) => indent(pen.colors[color](line))) : [];
}

/** A severity in a fixed width. */
export function badgeOf(pen: Pen, severity: Severity): string {
  if (severity === "critical") return pen.colors.red("✖ critical");
  return severity === "warning" ? pen.colors.yellow("▲ warning ") : pen.colors.blue("i note    ");
}

function textWidth(pen: Pen): number {
  return Math.max(NARROWEST_TEXT, pen.options.width - TEXT_COLUMN);
}

function indent(text: string): string {
  return `${" ".repeat(TEXT_COLUMN)}${text}`;
}
