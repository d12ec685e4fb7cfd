import { words } from "../../detectors/names/words.js";
import type { FindingEvent } from "../../findings/finding.js";
import { classify } from "../pickle/policy/classify.js";

/** Nodes walked: large forests have some hundred thousand. */
const MOST_NODES = 5_000_000;
/** Findings of one schema. */
const KEPT = 50;

const LOADERS =
  words(`DictNode DefaultDictNode ListNode SetNode TupleNode BytesNode BytearrayNode SliceNode FunctionNode MethodNode PartialNode TypeNode ConstructorFromReduceNode ObjectNode
  JsonNode OperatorFuncNode NdArrayNode MaskedArrayNode DTypeNode RandomStateNode RandomGeneratorNode SparseMatrixNode TreeNode LossNode QuantileForestNode CachedNode
  ReduceNode SGDNode ZoneInfoNode _DictWithDeprecatedKeysNode`);
/** What `numpy.random` builds a generator from, by name. */
const BIT_GENERATORS: ReadonlySet<string> = new Set(["MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64"]);

type Node = Readonly<Record<string, unknown>>;
type Report = (rule: string, args: Record<string, string>, severity?: FindingEvent["severity"]) => void;

/**
 * Judges the tree of nodes in `schema.json`. A node names the type skops shows (`__module__`, `__class__`) and a loader
 * (`__loader__`), which may use other names out of its content: both are judged, and must agree where skops compares them.
 */
export function judgeSchema(tree: unknown, trust: readonly string[]): FindingEvent[] {
  const findings = new Map<string, FindingEvent>();
  const report: Report = (rule, args, severity) => {
    const at = Object.values(args).join(" ");
    if (findings.size < KEPT) findings.set(`${rule} ${at}`, { kind: "finding", rule, args, at, ...(severity ? { severity } : {}) });
  };
  const open: unknown[] = [tree];
  for (let nodes = 0; open.length && nodes < MOST_NODES; nodes++) {
    const value = open.pop();
    if (typeof value !== "object" || value === null) continue;
    if (!Array.isArray(value)) judgeNode(value as Node, trust, report);
    for (const inner of Object.values(value)) if (typeof inner === "object") open.push(inner);
  }
  return [...findings.values()];
}

function judgeNode(node: Node, trust: readonly string[], report: Report): void {
  const loader = text(node.__loader__);
  const [module, name] = [text(node.__module__), text(node.__class__)];
  if (loader === undefined && (module === undefined || name === undefined)) return;
  const shown = loader ?? "node without a loader";
  if (loader !== undefined && !LOADERS.has(loader)) report("S1284", { node: loader });
  // JSON text is parsed as such, whatever type stands beside it; a cached node refers to one that is judged in its place.
  if (module !== undefined && name !== undefined && loader !== "JsonNode" && loader !== "CachedNode") judgeName(module, name, shown, trust, report);
  const content = object(node.content);
  switch (loader) {
    case "FunctionNode": {
      const [path, called] = [text(content?.module_path), text(content?.function)];
      if (path !== undefined && called !== undefined && `${path}.${called}` !== `${module}.${name}`) {
        judgeName(path, called, shown, trust, report);
        report("S1282", { node: loader, shown: `${module}.${name}`, used: `${path}.${called}` });
      }
      break;
    }
    case "MethodNode": {
      const owner = object(content?.obj);
      const [ownerModule, ownerName, method] = [text(owner?.__module__), text(owner?.__class__), text(content?.func)];
      if (owner && ownerModule !== undefined && `${ownerModule}.${ownerName}` !== `${module}.${name}`) {
        report("S1282", { node: loader, shown: `${module}.${name}`, used: `${ownerModule}.${ownerName}.${method ?? ""}` });
      }
      if (method !== undefined) judgeName(ownerModule ?? module ?? "", `${ownerName ?? name}.${method}`, shown, trust, report);
      break;
    }
    case "OperatorFuncNode":
      if (name === undefined) break;
      if (module !== "operator") report("S1282", { node: loader, shown: `${module}.${name}`, used: `operator.${name}` });
      else if (!/^(?:attrgetter|itemgetter|methodcaller)$/.test(name)) report("S1281", { node: loader, name: `operator.${name}` });
      break;
    case "RandomGeneratorNode": {
      const state = object(object(content?.bit_generator)?.content);
      const stored = text(object(state?.bit_generator)?.content);
      if (stored !== undefined && !BIT_GENERATORS.has(stored.replace(/^"|"$/g, ""))) {
        report("S1282", { node: loader, shown: `${module}.${name}`, used: `numpy.random.${stored.replace(/^"|"$/g, "")}` });
      }
      break;
    }
  }
}

function judgeName(module: string, name: string, node: string, trust: readonly string[], report: Report): void {
  const verdict = classify(module, name);
  const args = { name: `${module}.${name}`, node };
  switch (verdict.kind) {
    case "allowed":
    case "method":
      return;
    case "unknown":
      // scipy reaches NumPy through wrappers of its own, of which models keep some.
      if (module.startsWith("scipy._lib.array_api_compat.")) return;
      if (!trust.includes(verdict.package)) report("S1283", args);
      return;
    case "unvouched":
      report("S1283", args);
      return;
    default:
      report("S1281", args);
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function object(value: unknown): Node | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Node) : undefined;
}
