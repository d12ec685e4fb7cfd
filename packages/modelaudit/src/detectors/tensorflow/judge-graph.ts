import { escapingPath } from "../escaping-path/escaping-path.js";
import { probeRange } from "../payload-start/probe-range.js";
import type { Work } from "../../engine/work.js";
import type { Protobuf } from "../../io/protobuf.js";
import { type ConstantText, constantsFeeding, textRanges } from "./constants.js";
import type { Graph } from "./graph.js";
import { type Policy, isPublished, isRegistered, policyOf } from "./ops.js";
import { TENSOR } from "./schema.js";
import { judgeSpecial } from "./special-operators.js";
import { type Spot, attributeTexts, spotOf, textAt } from "./spot.js";

/** What the file around a graph says of it. */
export interface GraphUse {
  /** The graph is there to be run: it has signatures. Otherwise it may be the left-over of a training. */
  served: boolean;
  /** Functions that only save and restore run; `undefined` when the file does not say. */
  saverFunctions: ReadonlySet<string> | undefined;
  /** Nodes that the loader overwrites with the path of an asset or a checkpoint. */
  fedNodes: ReadonlySet<string>;
  /** Constants registered as the path of a vocabulary on the machine that saved the graph. */
  assetNodes: ReadonlySet<string>;
}

/** For a graph alone, of which nothing else is known. */
export const UNKNOWN_USE: GraphUse = { served: false, saverFunctions: undefined, fedNodes: new Set(), assetNodes: new Set() };

/** Places that hold accounts, keys and processes: no vocabulary was ever saved there. */
const SYSTEM_PATH = /^(?:\/(?:etc|proc|sys|dev|root|boot|run|var\/(?:log|run|spool|lib))\b|.*\/\.\w)|[:\\]|\.\.(?:\/|$)/;

/** Most findings of one rule for one operator: a graph of ten thousand readers is told as well by a hundred. */
const MOST_PER_OPERATOR = 100;

/** Judges every node of a graph and of the functions in its library. */
export function* judgeGraph(file: Protobuf, graph: Graph, use: GraphUse): Work<void> {
  const functions = new Set(graph.bodies.map((body) => body.name));
  const told = new Map<string, number>();
  for (const body of graph.bodies) {
    for (const node of body.nodes) {
      const policy = policyOf(node.op);
      const spot = spotOf(file, body, node);
      if (node.op === "Const") yield* judgeConstant(spot);
      else if (policy) {
        const count = told.get(node.op) ?? 0;
        if (count < MOST_PER_OPERATOR) told.set(node.op, count + (yield* judgePolicy(spot, policy, use)));
      } else if (isRegistered(node.op)) yield* judgeSpecial(spot);
      else if (!functions.has(node.op)) yield* judgeUnregistered(spot, told);
    }
  }
}

const PLAIN_RULES = { python: "S1430", remote: "S1432", configure: "S1433" } as const;

/** Gives how many findings that made. */
function* judgePolicy(spot: Spot, policy: Policy, use: GraphUse): Work<number> {
  const { file, body, node, args, place } = spot;
  const input = policy.path === undefined ? undefined : node.inputs[policy.path];
  const fed = input === undefined ? { texts: [], computedBy: [] } : yield* constantsFeeding(file, body, input);
  const texts = fed.texts.filter((text) => text.value);
  const path = JSON.stringify(texts[0]?.value ?? "").slice(1, -1);
  switch (policy.effect) {
    case "python":
    case "remote":
    case "configure":
      yield { kind: "finding", rule: PLAIN_RULES[policy.effect], args, ...place };
      return 1;
    case "read":
    case "write":
      yield {
        ...{ kind: "finding", rule: "S1102", args: { ...args, effect: policy.effect, path: path || "a file named at run time" }, ...place },
        ...(policy.effect === "write" || use.served || path ? {} : { severity: "warning" }),
      };
      return 1;
    case "network":
      yield { kind: "finding", rule: "S1431", args: { ...args, address: path && ` at ${path}` }, ...place };
      return 1;
    case "native": {
      const target = (yield* attributeTexts(spot, "call_target_name")).join(", ") || "unknown";
      yield { kind: "finding", rule: "S1436", args: { ...args, target }, ...place };
      return 1;
    }
    case "checkpoint-write":
    case "checkpoint-read":
      return yield* judgeCheckpoint(spot, policy.effect === "checkpoint-write", texts, fed.computedBy, use);
    case "vocabulary": {
      const foreign = texts.find((text) => leaves(text) && !use.fedNodes.has(text.node));
      if (!foreign) return 0;
      const leftOver = use.assetNodes.has(foreign.node) && !SYSTEM_PATH.test(foreign.value);
      yield { kind: "finding", rule: "S1438", args: { ...args, path: foreign.value }, ...place, ...(leftOver ? { severity: "info" } : {}) };
      return 1;
    }
  }
}

function leaves(text: ConstantText): boolean {
  const how = escapingPath(text.value);
  // What is joined behind a prefix may begin with a slash.
  return how !== undefined && !(text.later && how === "is absolute");
}

/**
 * Every exported model has SaveV2, MergeV2Checkpoints and RestoreV2 in its save and restore functions, with the path that
 * the loader gives. Elsewhere, or with a path of their own, they write and read files like any other operator.
 */
function* judgeCheckpoint(spot: Spot, writes: boolean, texts: ConstantText[], computedBy: string[], use: GraphUse): Work<number> {
  const { args, place, body } = spot;
  const own = texts.find((text) => leaves(text) && !use.fedNodes.has(text.node));
  const stray = body.name !== "" && use.saverFunctions !== undefined && !use.saverFunctions.has(body.name);
  if (!own && !stray && !computedBy.length) return 0;
  const path = own?.value ?? (computedBy.length ? `a file whose name ${computedBy[0]} gives` : "a file named at run time");
  if (writes) yield { kind: "finding", rule: "S1102", args: { ...args, effect: "write", path }, ...place };
  else yield { kind: "finding", rule: "S1437", args: { ...args, path }, ...place };
  return 1;
}

function* judgeUnregistered(spot: Spot, told: Map<string, number>): Work<void> {
  const { node, args, place, file } = spot;
  for (const attribute of node.attributes) {
    for (const range of attribute.texts) {
      const path = yield* textAt(file, range);
      if (!/\.(?:so(?:\.\d+)*|dll|dylib|pyd)$/i.test(path.trim()) || path.includes("\n")) continue;
      yield { kind: "finding", rule: "S1435", args: { ...args, attribute: attribute.key, path }, ...place };
    }
  }
  // A graph names no operator twice here: one finding for each kind says it.
  if (told.has(node.op)) return;
  told.set(node.op, 1);
  yield { kind: "finding", rule: isPublished(node.op) ? "S1439" : "S1434", args, ...place };
}

/** Constants are data; still, something that runs may be hidden in one, or a whole graph that a data set is made from. */
function* judgeConstant({ file, node, args }: Spot): Work<void> {
  for (const range of yield* textRanges(file, node)) yield* probeRange(file.reader, range, args.node);
  for (const place of node.attributes.flatMap((attribute) => attribute.tensors)) {
    const { content, type } = yield* file.decode(place, TENSOR);
    if (content && type !== 7) yield* probeRange(file.reader, content, args.node);
  }
}
