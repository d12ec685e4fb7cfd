import type { Args } from "./rule.js";

/** Longest text a finding may carry; enough for a command line, too short to carry a file out. */
const LONGEST = 300;

/** `a://b:c@`, the shortest text with something to mask. */
const SHORTEST_SECRET = 8;

/** Shapes of live credentials. They are masked when a finding is made, so no report can leak them. */
const CREDENTIAL =
  /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b|\b(?:gh[pousr]|github_pat|glpat|hf|npm|xox[abeoprs]|sk-ant|sk-proj|sk|r8|gsk|dop_v1)[-_][A-Za-z0-9_-]{16,}|(?<=:\/\/[^\s:/@]{1,64}:)[^\s@/]{1,128}(?=@)|(?<=\b(?:Bearer|Basic) )[A-Za-z0-9+/=._-]{16,}/g;

/** Masks credentials and cuts long text. The first four characters stay, so that its owner knows which it is. */
export function redact(text: string): string {
  if (text.length < SHORTEST_SECRET) return text;
  const masked = text.replace(CREDENTIAL, (secret) => `${secret.slice(0, 4)}…[redacted]`);
  return masked.length > LONGEST ? `${masked.slice(0, LONGEST)}…` : masked;
}

/** {@link redact} over every text in a finding's args. */
export function redactArgs(args: Args): Args {
  return Object.fromEntries(Object.entries(args).map(([key, value]) => [key, typeof value === "string" ? redact(value) : value]));
}

/** {@link redact} over every text in free-form details, at any depth. */
export function redactDeep(value: unknown): unknown {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map(redactDeep);
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redactDeep(inner)]));
  }
  return value;
}
