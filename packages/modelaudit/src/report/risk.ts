import type { Severity } from "../findings/severity.js";
import { placedFindings } from "./places.js";
import type { FileReport } from "./report.js";

/** Weights of ModelAudit's scale, kept so that scores can be compared. */
const WEIGHTS: Readonly<Record<Severity, number>> = { critical: 5, warning: 2, info: 1 };
const HIGHEST = 10;

/** 0 to 10 for a file with all that is inside it. */
export function riskScore(file: FileReport): number {
  const sum = placedFindings(file).reduce((total, { finding }) => total + WEIGHTS[finding.severity], 0);
  return Math.min(HIGHEST, sum);
}
