import { words } from "../../detectors/names/words.js";
import type { FindingEvent } from "../../findings/finding.js";

/** Keys by which jsonpickle rebuilds Python objects. Those that refer to objects, or hold plain data, are no danger. */
const PYTHON_KEYS = words(
  "py/object py/reduce py/function py/repr py/newargs py/newargsex py/initargs py/type py/class py/mod __reduce__ __reduce_ex__",
);
/** Types that Json.NET gadgets are made of, in libraries that build the type under `$type`. */
const DOTNET =
  /^(?:System\.(?:Diagnostics|Windows|Configuration|Management|Activities|Web|Security|IO|Reflection|CodeDom|Data|Runtime|AppDomain|Workflow)\b|Microsoft\.(?:VisualStudio|Exchange|IdentityModel|PowerShell))[\w.+`]*\s*,/;
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
      if (PYTHON_KEYS.has(key) || (key === "$type" && typeof inner === "string" && DOTNET.test(inner))) {
        findings.push({ kind: "finding", rule: "S1370", args: { key, value: typeof inner === "string" ? inner : "an object" }, at });
      }
      if (typeof inner === "object" && inner !== null) pending.push({ value: inner, at });
    }
  }
  return findings;
}
