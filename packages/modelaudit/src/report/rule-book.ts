import { rulesOf } from "../findings/catalogue.js";
import type { Finding } from "../findings/finding.js";
import { type Rule, sentence } from "../findings/rule.js";
import { printable } from "./printable.js";

/** The rules by id, and the sentences made from them. */
export interface RuleBook {
  rule(id: string): Rule;
  /** The finding in one sentence, safe to print. */
  sentence(finding: Finding): string;
}

/** The texts of these findings' rules. */
export async function openRuleBook(findings: readonly Finding[]): Promise<RuleBook> {
  const rules = await rulesOf(findings.map((finding) => finding.rule));
  const rule = (id: string) => rules.get(id) ?? foreignRule(id);
  return { rule, sentence: (finding) => printable(sentence(rule(finding.rule), finding.args)) };
}

/** Stands in for a rule of a plugin that did not bring its texts. */
function foreignRule(id: string): Rule {
  return {
    id,
    name: "rule-of-a-plugin",
    severity: "warning",
    title: `A plugin reports ${id}`,
    why: "The plugin gave no text for this rule.",
    remedy: "Ask the plugin's author what the rule means.",
    cwe: [],
  };
}
