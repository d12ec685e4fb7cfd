import type { Work } from "../../engine/work.js";
import { parseJson } from "../../io/json.js";

/** Nodes of the tree that are walked: graphs of large models have some hundred thousand. */
const MOST_NODES = 5_000_000;
/** Findings of one program. */
const KEPT = 20;
/** Characters of a text that are shown. */
const SHOWN = 100;
/** What a symbolic size looks like: names, numbers, arithmetic, comparisons, and sympy's own functions. */
const PLAIN_EXPRESSION = /^[\w\s+\-*/%(),.<>=!&|~^]*$/;
/** Names that sympy would look up among Python's, or attributes that lead out of its own. */
const SUSPECT_NAME =
  /__|\b(?:eval|exec|open|compile|import|getattr|setattr|globals|locals|vars|lambda|os|sys|subprocess|breakpoint|input|builtins|exit|quit|help)\b|[A-Za-z_)]\s*\.\s*[A-Za-z_]/;

/** Judges the graph of an exported program: its symbolic sizes are handed to sympy, which evaluates text. */
export function* judgeProgram(bytes: Uint8Array, part: string): Work<void> {
  const { value, problem } = parseJson(new TextDecoder().decode(bytes));
  if (problem !== undefined) {
    yield { kind: "incomplete", reason: "json-syntax", message: `The program ${part} is no JSON: ${problem}.` };
    return;
  }
  const open: unknown[] = [value];
  let found = 0;
  for (let nodes = 0; open.length && nodes < MOST_NODES && found < KEPT; nodes++) {
    const node = open.pop();
    if (typeof node !== "object" || node === null) continue;
    for (const [key, inner] of Object.entries(node)) {
      if (typeof inner === "object") open.push(inner);
      else if (key === "expr_str" && typeof inner === "string" && isSuspect(inner)) {
        found++;
        yield { kind: "finding", rule: "S1274", args: { text: inner.slice(0, SHOWN) }, at: inner.slice(0, SHOWN) };
      }
    }
  }
}

function isSuspect(expression: string): boolean {
  // sympy's own notation puts the name of a symbol in quotes, `Symbol('s0', positive=True)`, and nothing else.
  const plain = expression.replace(/\b(Symbol|Dummy|Wild)\('\w+'/g, "$1(0").replace(/\d\.\d*/g, "0");
  return !PLAIN_EXPRESSION.test(plain) || SUSPECT_NAME.test(plain);
}
