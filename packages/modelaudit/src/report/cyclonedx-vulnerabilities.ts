import type { ArtifactRecord } from "../engine/record.js";
import type { Severity } from "../findings/severity.js";
import { grouped } from "./grouped.js";
import { memberRefs } from "./cyclonedx-components.js";
import { type PlacedFinding, placedFindings, placeText } from "./places.js";
import type { FileReport } from "./report.js";
import type { RuleBook } from "./rule-book.js";

const RATINGS: Readonly<Record<Severity, string>> = { critical: "critical", warning: "medium", info: "info" };

/** Places named in one entry before the rest is only counted. */
const MOST_PLACES = 10;

/** One entry per rule and file; members are named in its detail. */
export function vulnerabilities(files: readonly { file: FileReport; ref: string }[], book: RuleBook): Record<string, unknown>[] {
  return files.flatMap(({ file, ref }) => {
    const groups = grouped(placedFindings(file), ({ finding }) => `${finding.rule} ${finding.severity}`);
    const refs = memberRefs(file, ref);
    return [...groups.entries()].sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true })).map(([, group]) => entry(ref, refs, group, book));
  });
}

function entry(ref: string, refs: ReadonlyMap<ArtifactRecord, string>, group: readonly PlacedFinding[], book: RuleBook): Record<string, unknown> {
  const { finding } = group[0] as PlacedFinding;
  const rule = book.rule(finding.rule);
  const sentences = [...new Set(group.map((placed) => book.sentence(placed.finding)))];
  const affected = new Set(group.map(({ record }) => refs.get(record) ?? ref));
  return {
    "bom-ref": `finding:${finding.rule}:${finding.severity}:${ref}`,
    id: finding.rule,
    source: { name: "ModelAudit" },
    ratings: [{ source: { name: "ModelAudit" }, severity: RATINGS[finding.severity], method: "other", justification: rule.why }],
    ...(rule.cwe.length ? { cwes: [...rule.cwe] } : {}),
    description: limited(sentences),
    ...detail(group.map(placeText)),
    recommendation: rule.remedy,
    analysis: { state: "in_triage" },
    affects: [...affected].map((one) => ({ ref: one })),
  };
}

function detail(places: readonly string[]): { detail?: string } {
  const named = [...new Set(places.filter(Boolean))];
  return named.length ? { detail: `At ${limited(named)}.` } : {};
}

function limited(texts: readonly string[]): string {
  const rest = texts.length - MOST_PLACES;
  return `${texts.slice(0, MOST_PLACES).join("; ")}${rest > 0 ? `; and ${rest} more` : ""}`;
}
