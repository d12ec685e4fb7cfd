import { escapingPath } from "../../detectors/escaping-path/escaping-path.js";
import { probeRange } from "../../detectors/payload-start/probe-range.js";
import { type Work, child, readUpTo } from "../../engine/work.js";
import { type Reader, sliceReader } from "../../io/reader.js";
import type { Range } from "../../io/waiting.js";
import { type Attribute, type Model, type Node, operatorOf, placeOf } from "./model.js";
import { callsPython, callsServer, isStandardDomain, isStandardOperator, isVendorDomain } from "./operators.js";

/** Longer text is data (a vocabulary, a model), not a path. */
const LONGEST_PATH = 4096;
/** Longer lists are label sets and vocabularies. */
const LONGEST_PATH_LIST = 64;
/** Attributes of standard operators that hold any text the model works on. */
const TEXT_DATA: ReadonlySet<string> = new Set(["value_string", "default_string", "delimiter", "pattern", "equation"]);
const NATIVE_LIBRARY = /\.(?:so(?:\.\d+)*|dll|dylib|pyd)$/i;

/** Judges every operator of a model by its domain and type, and by the attributes that name files. */
export function* judgeNodes(reader: Reader, model: Model): Work<void> {
  const defined = new Set(model.functions.map(({ domain, name }) => `${domain}::${name}`));
  const told = new Set<string>();
  for (const node of model.nodes) {
    yield* judgeOperator(reader, node, defined, told);
    yield* judgeAttributes(reader, node);
  }
  for (const { domain, name } of model.functions) {
    if (!/^(?:ai\.onnx(?:\.ml)?)?$/.test(domain) || !isStandardOperator(domain, name)) continue;
    yield { kind: "finding", rule: "S1457", args: { operator: name }, at: `function ${domain}::${name}` };
  }
}

function* judgeOperator(reader: Reader, node: Node, defined: ReadonlySet<string>, told: Set<string>): Work<void> {
  const place = { at: placeOf(node), offset: node.offset };
  const operator = operatorOf(node);
  if (callsPython(node.type)) {
    yield { kind: "finding", rule: "S1454", args: { operator, node: placeOf(node) }, ...place };
  } else if (callsServer(node.domain, node.type)) {
    const address = (yield* textOf(reader, node.attributes.find((one) => one.name === "model_uri")?.text)) || "a server";
    yield { kind: "finding", rule: "S1460", args: { operator, node: placeOf(node), address }, ...place };
  } else if (node.type === "EPContext") {
    yield* judgeEngine(reader, node);
  } else if (!defined.has(`${node.domain}::${node.type}`) && !isStandardOperator(node.domain, node.type)) {
    const [rule, key] = isStandardDomain(node.domain)
      ? (["S1461", operator] as const)
      : isVendorDomain(node.domain)
        ? (["S1111", node.domain] as const)
        : (["S1453", operator] as const);
    if (told.has(key)) return;
    told.add(key);
    yield { kind: "finding", rule, args: { operator: node.type, domain: node.domain }, ...place };
  }
}

/** An engine compiled for an accelerator: in the node itself, or (mode 0) in a file that the node names. */
function* judgeEngine(reader: Reader, node: Node): Work<void> {
  const place = { at: placeOf(node), offset: node.offset };
  const attribute = (name: string) => node.attributes.findLast((one) => one.name === name);
  // TensorRT's engines name the model they were made from, to weigh them again from it.
  const original = yield* textOf(reader, attribute("onnx_model_filename")?.text);
  if (escapingPath(original) !== undefined)
    yield { kind: "finding", rule: "S405", args: { what: "The engine's original model", path: original }, ...place };
  const context = attribute("ep_cache_context")?.text;
  if (!context) return;
  const mode = attribute("embed_mode");
  if (mode && mode.integer === 0) {
    const path = yield* textOf(reader, context);
    if (escapingPath(path) === undefined) yield { kind: "finding", rule: "S1455", args: { path }, ...place };
    else yield { kind: "finding", rule: "S405", args: { what: "The compiled engine", path }, ...place };
    return;
  }
  const source = (yield* textOf(reader, attribute("source")?.text)) || "an accelerator";
  yield { kind: "finding", rule: "S1462", args: { source }, ...place };
  yield* child({ name: placeOf(node), role: "probe", reader: sliceReader(reader, context.start, context.end), offset: context.start });
}

function* judgeAttributes(reader: Reader, node: Node): Work<void> {
  const standard = isStandardOperator(node.domain, node.type);
  for (const attribute of node.attributes) {
    if (attribute.text) yield* probeRange(reader, attribute.text, `${placeOf(node)}.${attribute.name}`);
    for (const range of pathsIn(attribute, standard)) {
      const path = yield* textOf(reader, range);
      if (!NATIVE_LIBRARY.test(path.trim()) || /[\n\r]/.test(path.trim())) continue;
      yield {
        kind: "finding",
        rule: "S1456",
        args: { attribute: attribute.name, operator: operatorOf(node), path },
        at: placeOf(node),
        offset: range.start,
      };
    }
  }
}

function pathsIn(attribute: Attribute, standard: boolean): Range[] {
  if (standard && TEXT_DATA.has(attribute.name)) return [];
  const ranges = attribute.text ? [attribute.text] : [];
  if (!standard && attribute.texts.length <= LONGEST_PATH_LIST) ranges.push(...attribute.texts);
  // ".so" is the shortest that matters.
  return ranges.filter((range) => range.end - range.start >= 3 && range.end - range.start <= LONGEST_PATH);
}

const utf8 = new TextDecoder();

function* textOf(reader: Reader, range: Range | undefined): Work<string> {
  return range ? utf8.decode(yield* readUpTo(reader, range.start, Math.min(range.end - range.start, LONGEST_PATH))) : "";
}
