import { words } from "../../detectors/names/words.js";
import { escapingPath } from "../../detectors/escaping-path/escaping-path.js";
import { judgeTarget } from "../../detectors/hydra-target/names.js";
import type { FindingEvent } from "../../findings/finding.js";
import { isDiffusersLibrary } from "./diffusers.js";

/** Objects looked at; these configs have some dozens. */
const MOST_NODES = 200_000;
const SHOWN = 20;
/** Modules of MLflow's own flavours. */
const MLFLOW = /^mlflow(?:\.|$)/;
const SENTENCE_TRANSFORMERS = /^sentence_transformers\./;
/** `repository--module.Class`: the code comes from another repository than the model. */
const FOREIGN = /--/;
/** What an MLflow flavour loads, relative to the model's folder. */
const MLFLOW_PATHS = words("code data model_path model_data pickled_model python_model saved_model_dir serialized state_dict");

type Entries = ReadonlyMap<string, unknown>;

/**
 * Names in well-known configs that their loader imports, and paths that it opens: MLflow's `loader_module`,
 * sentence-transformers' `type`, `auto_map` and `custom_pipelines` of transformers, `[library, class]` of diffusers.
 */
export function findLoaders(tree: unknown, fileName: string): FindingEvent[] {
  const findings: FindingEvent[] = [];
  const pending: { node: object; at: string }[] = typeof tree === "object" && tree ? [{ node: tree, at: "" }] : [];
  let nodes = 0;
  for (let next = pending.pop(); next && ++nodes < MOST_NODES && findings.length < SHOWN; next = pending.pop()) {
    const { node, at: place } = next;
    const of: Entries = node instanceof Map ? node : new Map(Object.entries(node));
    if (of.has("_diffusers_version")) findings.push(...diffusersParts(of, place));
    for (const [key, value] of of) {
      const at = place ? `${place}.${String(key)}` : String(key);
      if (typeof value === "object" && value !== null) pending.push({ node: value, at });
      if (key === "auto_map" || key === "impl") findings.push(...foreign(value, at));
      if (typeof value === "string") findings.push(...named(key, value, of, fileName, at));
    }
  }
  return findings;
}

function* named(key: string, value: string, of: Entries, fileName: string, at: string): Generator<FindingEvent> {
  const modules = /^modules\.json$/i.test(fileName) && of.has("idx");
  if (key === "loader_module" && !MLFLOW.test(value)) yield loads(value, "MLflow", at);
  if (modules && key === "type" && !SENTENCE_TRANSFORMERS.test(value)) yield loads(value, "sentence-transformers", at);
  const flavour = /^MLmodel$/i.test(fileName) || of.has("loader_module");
  const place = (flavour && MLFLOW_PATHS.has(key)) || (modules && key === "path");
  if (place && escapingPath(value) !== undefined)
    yield { kind: "finding", rule: "S405", severity: "critical", args: { what: "The path", path: value }, at };
}

function* foreign(map: unknown, at: string): Generator<FindingEvent> {
  const values = typeof map === "object" && map !== null ? Object.values(map).flat() : [map];
  for (const value of values) if (typeof value === "string" && FOREIGN.test(value)) yield loads(value, "transformers", at);
}

/** Parts of a pipeline are `[library, class]`; a pipeline of its own code is `[module, class]` under `_class_name`. */
function* diffusersParts(of: Entries, place: string): Generator<FindingEvent> {
  for (const [key, value] of of) {
    if (!Array.isArray(value) || typeof value[0] !== "string") continue;
    if (key === "_class_name" || !isDiffusersLibrary(value[0])) yield loads(value.join("."), "diffusers", place ? `${place}.${key}` : key);
  }
}

function loads(name: string, loader: string, at: string): FindingEvent {
  return { kind: "finding", rule: "S1371", severity: judgeTarget(name) === "denied" ? "critical" : "warning", args: { loader, name }, at };
}
