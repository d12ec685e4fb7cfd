import type { Report } from "../report/report.js";
import type { Flag } from "./flags.js";
import { tell } from "./print.js";

/** Options of the commands that list facts instead of judging. */
export const LISTING_FLAGS: readonly Flag[] = [
  { flags: "--format <format>", description: "text or json", choices: ["text", "json"], default: "text" },
];

export function showProblems(report: Report): void {
  for (const problem of report.problems) tell(`Error: ${problem.message}\n`);
}

/** Listings do not judge: 0 when everything could be opened, else 2. */
export function exitCodeForProblems(report: Report): number {
  return report.problems.length || report.files.some((file) => file.records.some((record) => record.failure !== undefined)) ? 2 : 0;
}
