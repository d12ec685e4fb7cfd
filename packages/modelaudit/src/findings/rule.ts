import type { Severity } from "./severity.js";

/** What a rule says of one kind of finding. Plain data: a format's `rules.ts` exports a list of them. */
export interface Rule {
  /** Unique and stable, `S201`. Codes up to S1111 keep the meaning they have in ModelAudit's catalogue; ours start at S1201. */
  id: string;
  /** Short name in kebab case, unique, `pickle-denied-call`. */
  name: string;
  severity: Severity;
  /** The sentence, with `{placeholders}` filled from the finding's args: what would happen. */
  title: string;
  /** Why it matters, one or two sentences. */
  why: string;
  /** What to do. */
  remedy: string;
  /** CWE numbers, `[502]`. */
  cwe: readonly number[];
  references?: readonly string[];
  /** A file or snippet that must give this rule and one that must not; tests run both. Built inert, see test/rule-examples.ts. */
  examples?: { bad: string; good: string };
}

/** Values for a title's placeholders: short, plain, made safe to print by the report. */
export type Args = Readonly<Record<string, string | number | boolean>>;

/** The sentence for a finding: the rule's title with its placeholders filled. */
export function sentence(rule: Rule, args: Args): string {
  return rule.title.replace(/\{(\w+)\}/g, (whole, key: string) => (key in args ? String(args[key]) : whole));
}
