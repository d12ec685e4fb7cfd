/** Worst first. `critical`: loading runs code, touches files or the network. `warning`: cannot be vouched for. `info`: a note. */
export const SEVERITIES = ["critical", "warning", "info"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Sort order: worst first. */
export function bySeverity(a: Severity, b: Severity): number {
  return SEVERITIES.indexOf(a) - SEVERITIES.indexOf(b);
}

/** True for severities that change the exit code. */
export function isAlarming(severity: Severity): boolean {
  return severity !== "info";
}
