import type { Finding } from "../findings/finding.js";
import type { Rule } from "../findings/rule.js";
import type { Severity } from "../findings/severity.js";
import type { RuleBook } from "./rule-book.js";
import { WEAKNESSES } from "./weaknesses.js";

/** How a severity reads in SARIF. `security` is GitHub's score, a string by its definition; `problem` is CodeQL's word. */
export const LEVELS: Readonly<Record<Severity, { level: string; rank: number; security: string; problem: string }>> = {
  critical: { level: "error", rank: 95, security: "9.5", problem: "error" },
  warning: { level: "warning", rank: 55, security: "5.5", problem: "warning" },
  info: { level: "note", rank: 25, security: "2.5", problem: "recommendation" },
};

interface Taxonomy extends Record<string, unknown> {
  name: string;
  guid: string;
}

interface SarifRules {
  rules: Record<string, unknown>[];
  /** Absent when no rule refers to a weakness. */
  taxonomy?: Taxonomy;
  indexOf(rule: string): number;
}

/** The rules that have results, sorted by number, with the part of the weakness list (CWE) they refer to. */
export function sarifRules(findings: readonly Finding[], book: RuleBook): SarifRules {
  const ids = [...new Set(findings.map((finding) => finding.rule))].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  const rules = ids.map((id) => book.rule(id));
  const weaknesses = [...new Set(rules.flatMap((rule) => rule.cwe))].sort((a, b) => a - b);
  return {
    rules: rules.map((rule) => describe(rule, weaknesses)),
    indexOf: (rule) => ids.indexOf(rule),
    ...(weaknesses.length ? { taxonomy: taxonomyOf(weaknesses) } : {}),
  };
}

function describe(rule: Rule, weaknesses: readonly number[]): Record<string, unknown> {
  const { level, rank, security, problem } = LEVELS[rule.severity];
  const references = (rule.references ?? []).filter((one) => /^https?:\/\//.test(one));
  return {
    id: rule.id,
    name: pascalCase(rule.name),
    shortDescription: { text: `${firstUpper(rule.name.replaceAll("-", " "))}.` },
    fullDescription: { text: rule.why },
    help: {
      text: [rule.remedy, ...references].join("\n"),
      markdown: [`**${rule.remedy}**`, ...references.map((one) => `- <${one}>`)].join("\n\n"),
    },
    ...(references[0] ? { helpUri: references[0] } : {}),
    defaultConfiguration: { enabled: true, level, rank },
    ...(rule.cwe.length ? { relationships: rule.cwe.map((number) => relationship(number, weaknesses.indexOf(number))) } : {}),
    properties: {
      tags: ["security", "ml-model", ...rule.cwe.map((number) => `external/cwe/cwe-${number}`)],
      precision: "very-high",
      "problem.severity": problem,
      "security-severity": security,
    },
  };
}

function relationship(number: number, index: number): Record<string, unknown> {
  return { target: { id: `CWE-${number}`, index, toolComponent: { name: "CWE", index: 0 } }, kinds: ["superset"] };
}

function taxonomyOf(weaknesses: readonly number[]): Taxonomy {
  return {
    name: "CWE",
    // The id that tools agree on for this list.
    guid: "25f72d7e-8a92-459d-ad67-64853f788765",
    organization: "MITRE",
    version: "4.20",
    informationUri: "https://cwe.mitre.org/",
    shortDescription: { text: "Common Weakness Enumeration." },
    isComprehensive: false,
    taxa: weaknesses.map((number) => {
      const name = WEAKNESSES[number];
      return {
        id: `CWE-${number}`,
        ...(name === undefined ? {} : { name: pascalCase(name), shortDescription: { text: `${name}.` } }),
        helpUri: `https://cwe.mitre.org/data/definitions/${number}.html`,
      };
    }),
  };
}

function pascalCase(text: string): string {
  return text
    .split(/[^A-Za-z0-9]+/)
    .map(firstUpper)
    .join("");
}

function firstUpper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
