import { RULE_FILES } from "./catalogue.generated.js";
import type { Rule } from "./rule.js";

/** The rules with these ids, by id. Loads only the files that hold them: a run without findings loads none. */
export async function rulesOf(ids: Iterable<string>): Promise<Map<string, Rule>> {
  const wanted = new Set(ids);
  const files = RULE_FILES.filter((file) => file.ids.split(" ").some((id) => wanted.has(id)));
  return new Map((await loadAll(files)).map((rule) => [rule.id, rule]));
}

/** Every rule of every format and detector, by number. */
export async function allRules(): Promise<Rule[]> {
  const number = (rule: Rule) => Number(rule.id.slice(1));
  return (await loadAll(RULE_FILES)).sort((a, b) => number(a) - number(b));
}

async function loadAll(files: typeof RULE_FILES): Promise<Rule[]> {
  return (await Promise.all(files.map((file) => file.load()))).flatMap((file) => file.rules);
}
