import type { SyntaxNode } from "@lezer/common";
import { type Work, wait } from "../../engine/work.js";
import { argumentsOf, foldText } from "./fold.js";
import { type Danger, LOADED, dangerOf } from "./names.js";
import { Resolver } from "./resolve.js";
import { type Scope, childrenOf, scopeOf } from "./tree.js";

/** Longest source that is examined: far above any module people write. */
const LONGEST = 8 * 1024 * 1024;
/** Findings kept of one file. */
const KEPT = 20;
/** Texts run as code inside of texts run as code. */
const MOST_UNWRAPPED = 4;
/** Characters of code shown. */
const SHOWN = 80;

/** One thing that a piece of Python source would do. */
export interface PythonEffect {
  effect: string;
  /** The code itself, shortened. */
  evidence: string;
  severity: "critical" | "warning";
  scope: Scope;
  /** 1-based. */
  line: number;
}

export interface PythonJudgement {
  effects: PythonEffect[];
  /** Why part of the source was not understood, in words. */
  problem?: string;
}

/**
 * Judges Python source by its syntax tree: what is called or handed on, after imports, assignments and folded names are
 * resolved, and whether that happens on import or later. Comments, strings and names alone are nothing.
 */
export function* judgePython(source: string): Work<PythonJudgement> {
  if (source.length > LONGEST) return { effects: [], problem: `it is ${source.length} characters long` };
  const { parser } = (yield* wait(import("@lezer/python"))) as typeof import("@lezer/python");
  let text = source;
  for (let round = 0; round < MOST_UNWRAPPED; round++) {
    const plain = unwrapped(parser.parse(text).topNode, text);
    if (plain === text) break;
    text = plain;
  }
  return judgeText(parser, text);
}

/** Source with each top-level `exec` of a literal replaced by that text, which hides nothing and counts as the code it is. */
function unwrapped(root: SyntaxNode, source: string): string {
  let plain = "";
  let done = 0;
  for (const statement of childrenOf(root).flatMap((node) => (node.name === "StatementGroup" ? childrenOf(node) : [node]))) {
    const call = statement.name === "ExpressionStatement" ? statement.firstChild : null;
    const [callee, list] = call?.name === "CallExpression" ? childrenOf(call) : [];
    const args = list ? argumentsOf(list) : [];
    const inner =
      callee && source.slice(callee.from, callee.to) === "exec" && args.length === 1 && /String$/.test(args[0]?.name ?? "")
        ? foldText(args[0] as SyntaxNode, source)
        : undefined;
    if (inner === undefined) continue;
    plain += `${source.slice(done, statement.from)}\n${inner}\n`;
    done = statement.to;
  }
  return plain + source.slice(done);
}

function judgeText(parser: typeof import("@lezer/python").parser, source: string): PythonJudgement {
  const tree = parser.parse(source);
  const resolver = new Resolver(tree, source);
  const effects: PythonEffect[] = [];
  let broken: number | undefined;
  tree.iterate({
    enter(reference) {
      if (reference.type.isError) broken ??= reference.from;
      if (effects.length >= KEPT) return false;
      if (
        reference.name !== "CallExpression" &&
        reference.name !== "MemberExpression" &&
        reference.name !== "VariableName" &&
        reference.name !== "Decorator"
      )
        return undefined;
      const { node } = reference;
      const danger = judgeNode(node, resolver, source);
      const severity = danger && severityOf(danger, scopeOf(node, source));
      if (!danger || !severity) return undefined;
      const shown = node.parent?.name === "CallExpression" && node.parent.from === node.from ? node.parent : node;
      const line = source.slice(0, node.from).split("\n").length;
      if (effects.some((known) => known.line === line && known.effect === danger.effect)) return undefined;
      effects.push({ effect: danger.effect, evidence: shorten(source.slice(shown.from, shown.to)), severity, scope: scopeOf(node, source), line });
      return undefined;
    },
  });
  if (broken === undefined) return { effects };
  return { effects, problem: `line ${source.slice(0, broken).split("\n").length} is no Python that is understood` };
}

function severityOf({ weight }: Danger, scope: Scope): PythonEffect["severity"] | undefined {
  if (scope === "main") return undefined;
  if (weight === "always") return "critical";
  if (scope === "import") return weight === "sends" ? "critical" : "warning";
  return weight === "sends" ? "warning" : undefined;
}

/** What this node does by being called, handed on or read. */
function judgeNode(node: SyntaxNode, resolver: Resolver, source: string): Danger | undefined {
  if (node.name === "CallExpression") return judgeCall(node, resolver, source);
  if (isName(node)) return undefined;
  for (const path of node.name === "Decorator" ? decoratorPaths(node, resolver) : resolver.resolve(node)) {
    const danger = dangerOf(path);
    // A bare reference only counts where the thing itself is dangerous in any hands.
    if (danger && (danger.weight === "always" || node.name === "Decorator" || isCallee(node))) return danger;
    const chosen = chosenPart(path);
    if (chosen) return chosen;
  }
  return undefined;
}

/** A decorator's dotted name stands flat in the tree, not as a member expression. */
function decoratorPaths(node: SyntaxNode, resolver: Resolver): string[] {
  const [, first, ...rest] = childrenOf(node);
  const tail = rest.filter((part) => /Name$/.test(part.name)).map((part) => `.${resolver.text(part)}`);
  return first?.name === "VariableName" ? resolver.resolve(first).map((path) => path + tail.join("")) : [];
}

/** Names that are introduced here and not used: targets, parameters, imports, keywords. The value they get is judged by itself. */
function isName(node: SyntaxNode): boolean {
  const { parent } = node;
  if (!parent || parent.name === "ImportStatement" || parent.name === "Decorator") return true;
  if (parent.name === "MemberExpression" && parent.firstChild?.from === node.from && parent.firstChild.to === node.to)
    return node.name === "VariableName";
  if (/^(?:FunctionDefinition|ClassDefinition)$/.test(parent.name)) return true;
  if (node.nextSibling?.name === "AssignOp" && /^(?:ArgList|ParamList|AssignStatement|NamedExpression)$/.test(parent.name))
    return node.name === "VariableName";
  return parent.name === "ParamList" && node.prevSibling?.name !== "AssignOp";
}

function isCallee(node: SyntaxNode): boolean {
  const { parent } = node;
  if (parent?.name === "Decorator") return true;
  return parent?.name === "CallExpression" && parent.firstChild?.from === node.from && parent.firstChild.to === node.to;
}

/** Calls that depend on their arguments. */
function judgeCall(node: SyntaxNode, resolver: Resolver, source: string): Danger | undefined {
  const [callee, list] = childrenOf(node);
  if (!callee || !list) return undefined;
  const args = argumentsOf(list);
  for (const path of resolver.resolve(callee)) {
    if (path === "builtins.open" && writes(args[1] ?? keyword(list, "mode", source), source)) return { effect: "write a file", weight: "at-import" };
    if (path === "builtins.__import__" || path === "importlib.import_module") {
      if (!args[0] || foldText(args[0], source) === undefined) return { effect: "import a module chosen at run time", weight: "at-import" };
    }
  }
  for (const path of resolver.resolve(node)) {
    const danger = dangerOf(path);
    if (danger?.weight === "always") return danger;
    const chosen = chosenPart(path);
    if (chosen) return chosen;
  }
  return undefined;
}

/** Parts of these modules that are chosen at run time lead anywhere. */
function chosenPart(path: string): Danger | undefined {
  const module = /^(\w+)\.\*$/.exec(path)?.[1];
  return module && LOADED.has(module) ? { effect: `use a part of ${module} that is chosen at run time`, weight: "always" } : undefined;
}

function keyword(list: SyntaxNode, name: string, source: string): SyntaxNode | undefined {
  const found = childrenOf(list).find(
    (part) => part.name === "VariableName" && part.nextSibling?.name === "AssignOp" && source.slice(part.from, part.to) === name,
  );
  return found?.nextSibling?.nextSibling ?? undefined;
}

function writes(mode: SyntaxNode | undefined, source: string): boolean {
  const text = mode && foldText(mode, source);
  return text !== undefined && /[wax+]/.test(text);
}

function shorten(code: string): string {
  const line = code.replace(/\s+/g, " ");
  return line.length > SHOWN ? `${line.slice(0, SHOWN - 3)}...` : line;
}
