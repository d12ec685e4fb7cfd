import { type Token, tokens } from "./tokens.js";
import { judgeCall, unknownClass } from "./operators.js";

export interface CodeFinding {
  kind: "effect" | "statement" | "unknown-operator" | "unknown-class" | "bad";
  /** The name or word as it stands. */
  name: string;
  effect?: string;
  line: number;
}

/** Findings of one file. */
const KEPT = 20;
/** Words that begin a statement in Python and never in TorchScript. */
const FOREIGN: ReadonlySet<string> = new Set(["import", "exec", "global", "nonlocal", "async", "await", "yield", "lambda"]);

/** Judges TorchScript by position: names that are called, words that begin a statement, types of `torch.classes`. All else is nothing. */
export function judgeCode(source: string): CodeFinding[] {
  const findings: CodeFinding[] = [];
  const seen = new Set<string>();
  function report(finding: CodeFinding): void {
    const key = `${finding.kind} ${finding.name}`;
    if (seen.has(key) || findings.length >= KEPT) return;
    seen.add(key);
    findings.push(finding);
  }
  let before: Token | undefined;
  let name: Token | undefined;
  let atStart = true;
  let definition = false;
  for (const token of tokens(source)) {
    if (name) {
      judgeName(name, token, definition, report);
      definition = name.text === "def" || name.text === "class";
      name = undefined;
    }
    if (token.kind === "bad") report({ kind: "bad", name: JSON.stringify(token.text), line: token.line });
    if (token.kind === "name") {
      if (atStart && (FOREIGN.has(token.text) || token.text === "from")) report({ kind: "statement", name: token.text, line: token.line });
      // `value .method`, `(value).method`: an attribute of a value, whose name is the model's own affair.
      const attribute = token.text.startsWith(".") || before?.text === ".";
      if (!attribute) name = token;
    }
    atStart = token.kind === "line" || (token.kind === "sign" && (token.text === ";" || token.text === ":"));
    if (token.kind !== "line") before = token;
  }
  if (name) judgeName(name, { kind: "line", text: "", line: name.line }, definition, report);
  return findings;
}

function judgeName(name: Token, next: Token, definition: boolean, report: (finding: CodeFinding) => void): void {
  const { text, line } = name;
  const foreign = unknownClass(text);
  if (foreign) report({ kind: "unknown-class", name: foreign, line });
  if (definition || next.text !== "(") return;
  const verdict = judgeCall(text);
  if (!verdict) return;
  if ("effect" in verdict) report({ kind: "effect", name: text, effect: verdict.effect, line });
  else report({ kind: "unknown-operator", name: verdict.unknown, line });
}
