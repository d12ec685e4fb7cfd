import type { Severity } from "../findings/severity.js";
import { RULE_SEVERITIES } from "../findings/severities.generated.js";

/** The severity a rule has by itself. A table of its own, so that a scan needs no rule texts. */
export function severityOf(rule: string): Severity {
  const severity = RULE_SEVERITIES[rule];
  if (!severity) throw new Error(`rule ${rule} is in no format's rules.ts; run "npm run generate"`);
  return severity;
}
