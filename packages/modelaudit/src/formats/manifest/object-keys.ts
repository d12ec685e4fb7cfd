import type { FindingEvent } from "../../findings/finding.js";

/** Keys by which jsonpickle rebuilds Python objects; `py/object` alone is a class, the others call. */
const CALLING: ReadonlySet<string> = new Set([
  "py/reduce",
  "py/function",
  "py/repr",
  "py/newargs",
  "py/newargsex",
  "py/initargs",
  "py/type",
  "py/ref",
]);
const MOST_NODES = 2_000_000;
const KEPT = 20;

/** Objects that a JSON loader with Python types turns back into live ones. */
export function findObjects(tree: unknown): FindingEvent[] {
  const findings: FindingEvent[] = [];
  const pending: { value: object; at: string }[] = typeof tree === "object" && tree ? [{ value: tree, at: "" }] : [];
  let nodes = 0;
  for (let next = pending.pop(); next && ++nodes < MOST_NODES && findings.length < KEPT; next = pending.pop()) {
    for (const [key, inner] of Object.entries(next.value)) {
      const at = next.at ? `${next.at}.${key}` : key;
      if (key.startsWith("py/") && (CALLING.has(key) || key === "py/object") && key !== "py/ref") {
        findings.push({ kind: "finding", rule: "S1370", args: { key, value: typeof inner === "string" ? inner : "an object" }, at });
      }
      if (typeof inner === "object" && inner !== null) pending.push({ value: inner, at });
    }
  }
  return findings;
}
