import { escapingPath } from "../../detectors/escaping-path/escaping-path.js";
import { judgeTarget } from "../../detectors/hydra-target/names.js";
import type { FindingEvent } from "../../findings/finding.js";
import type { Severity } from "../../findings/severity.js";

/** Objects looked at; these configs have some dozens. */
const MOST_NODES = 200_000;
const SHOWN = 20;
/** Modules of MLflow's own flavours. */
const MLFLOW = /^mlflow(?:\.|$)/;
const SENTENCE_TRANSFORMERS = /^sentence_transformers\./;
/** `owner/repository--module.Class`: the code comes from another repository than the model. */
const FOREIGN = /^[\w.-]+\/[\w.-]+--/;

/** Names in well-known configs that their loader imports: MLflow's `loader_module`, sentence-transformers' `type`, `auto_map`. */
export function findLoaders(tree: unknown, fileName: string): FindingEvent[] {
  const findings: FindingEvent[] = [];
  const pending: { node: object; at: string }[] = typeof tree === "object" && tree ? [{ node: tree, at: "" }] : [];
  const modules = /^modules\.json$/i.test(fileName);
  let nodes = 0;
  for (let next = pending.pop(); next && ++nodes < MOST_NODES && findings.length < SHOWN; next = pending.pop()) {
    const entries: [unknown, unknown][] = next.node instanceof Map ? [...next.node] : Object.entries(next.node);
    const of = new Map(entries);
    for (const [key, value] of entries) {
      const at = next.at ? `${next.at}.${String(key)}` : String(key);
      if (typeof value === "object" && value !== null) pending.push({ node: value, at });
      if (key === "auto_map" && typeof value === "object" && value !== null) findings.push(...foreign(value, at));
      if (typeof value !== "string") continue;
      if (key === "loader_module" && !MLFLOW.test(value)) findings.push(loads(value, "MLflow", at));
      if (modules && key === "type" && of.has("idx") && !SENTENCE_TRANSFORMERS.test(value)) findings.push(loads(value, "sentence-transformers", at));
      const place = (key === "code" && of.has("loader_module")) || (modules && key === "path");
      if (place && escapingPath(value) !== undefined)
        findings.push({ kind: "finding", rule: "S405", severity: "critical", args: { what: "The path", path: value }, at });
    }
  }
  return findings;
}

function loads(name: string, loader: string, at: string): FindingEvent {
  const severity: Severity = judgeTarget(name) === "denied" ? "critical" : "warning";
  return { kind: "finding", rule: "S1371", severity, args: { loader, name }, at };
}

function* foreign(map: object, at: string): Generator<FindingEvent> {
  for (const value of Object.values(map).flat()) {
    if (typeof value === "string" && FOREIGN.test(value))
      yield { kind: "finding", rule: "S1371", severity: "warning", args: { loader: "transformers", name: value }, at };
  }
}
