import type { SyntaxNode, Tree } from "@lezer/common";
import { argumentsOf, foldText } from "./fold.js";
import { BUILTINS } from "./names.js";
import { childrenOf } from "./tree.js";

/** Longest chain of attributes and calls that is followed. */
const DEEPEST = 24;
/** Rounds over the assignments: names given on from name to name. */
const ROUNDS = 3;
/** Things one name may stand for in a file. */
const MEANINGS = 4;

/** Tells which importable thing an expression stands for, as a dotted name. */
export class Resolver {
  private readonly source: string;
  private readonly bindings = new Map<string, Set<string>>();
  /** Names that the module itself defines with `def` or `class` at its top. */
  private readonly defined = new Set<string>();
  /** Modules of `from x import *`. */
  private readonly stars: string[] = [];

  constructor(tree: Tree, source: string) {
    this.source = source;
    for (const part of childrenOf(tree.topNode)) {
      const definition = part.name === "DecoratedStatement" ? (part.getChild("FunctionDefinition") ?? part.getChild("ClassDefinition")) : part;
      const name = definition && /^(?:Function|Class)Definition$/.test(definition.name) ? definition.getChild("VariableName") : null;
      if (name) this.defined.add(this.text(name));
    }
    const assignments: SyntaxNode[] = [];
    tree.iterate({
      enter: (node) => {
        if (node.name === "ImportStatement") this.bindImport(node.node);
        else if (node.name === "AssignStatement" || node.name === "NamedExpression" || node.name === "ParamList") assignments.push(node.node);
      },
    });
    for (let round = 0; round < ROUNDS; round++) for (const node of assignments) this.bindAssignment(node);
  }

  /** Python reads names in compatibility form: full-width letters are the plain ones. */
  text(node: SyntaxNode): string {
    return this.source.slice(node.from, node.to).normalize("NFKC");
  }

  private bind(name: string, path: string): void {
    const known = this.bindings.get(name);
    if (!known) this.bindings.set(name, new Set([path]));
    else if (known.size < MEANINGS) known.add(path);
  }

  private bindImport(node: SyntaxNode): void {
    const words = childrenOf(node).map((part) => this.text(part));
    const from = words[0] === "from";
    const split = from ? words.indexOf("import") : 0;
    const module = words.slice(1, split).join("");
    for (const part of words
      .slice(split + 1)
      .filter((word) => word !== "(" && word !== ")")
      .join(" ")
      .split(",")) {
      const [path = "", alias] = part.trim().split(/\s+as\s+/);
      const dotted = path.replace(/\s/g, "");
      if (!dotted) continue;
      if (from && dotted === "*") this.stars.push(module);
      else if (from) this.bind(alias ?? dotted, `${module}.${dotted}`);
      else if (alias) this.bind(alias, dotted);
      else this.bind(dotted.split(".")[0] as string, dotted.split(".")[0] as string);
    }
  }

  /** `a = x`, `a = b = x`, `a, b = x, y`, `a := x` and default values of parameters. */
  private bindAssignment(node: SyntaxNode): void {
    const groups: SyntaxNode[][] = [[]];
    if (node.name === "ParamList") {
      for (const part of childrenOf(node)) {
        const value = part.name === "AssignOp" ? part.nextSibling : null;
        if (value && part.prevSibling?.name === "VariableName") this.bindTo(part.prevSibling, value);
      }
      return;
    }
    for (const part of childrenOf(node)) {
      if (part.name === "AssignOp") groups.push([]);
      else if (part.name !== "," && part.name !== "TypeDef") (groups.at(-1) as SyntaxNode[]).push(part);
    }
    const values = groups.pop() as SyntaxNode[];
    for (const targets of groups) {
      if (targets.length !== values.length) continue;
      targets.forEach((target, index) => {
        this.bindTo(target, values[index] as SyntaxNode);
      });
    }
  }

  private bindTo(target: SyntaxNode, value: SyntaxNode): void {
    if (target.name !== "VariableName") return;
    for (const path of this.resolve(value)) this.bind(this.text(target), path);
  }

  /** Dotted names this expression may stand for; empty when it is nothing known. */
  resolve(node: SyntaxNode, depth = 0): string[] {
    if (depth > DEEPEST) return [];
    const parts = childrenOf(node);
    switch (node.name) {
      case "VariableName":
        return this.resolveName(node);
      case "ParenthesizedExpression":
      case "AwaitExpression":
        return parts[1] ? this.resolve(parts[1], depth + 1) : [];
      case "NamedExpression":
        return parts[2] ? this.resolve(parts[2], depth + 1) : [];
      case "ConditionalExpression":
      case "BinaryExpression":
        return parts.filter((part) => /^[A-Z]/.test(part.name)).flatMap((part) => this.resolve(part, depth + 1));
      case "MemberExpression":
        return this.resolveMember(parts, depth);
      case "CallExpression":
        return this.resolveCall(parts, depth);
      default:
        return [];
    }
  }

  private resolveName(node: SyntaxNode): string[] {
    const name = this.text(node);
    const bound = this.bindings.get(name);
    if (bound) return [...bound];
    if (BUILTINS.has(name) && !this.defined.has(name) && !this.isParameter(node, name))
      return [name === "__builtins__" ? "builtins" : `builtins.${name}`];
    return this.defined.has(name) ? [] : this.stars.map((module) => `${module}.${name}`);
  }

  private isParameter(node: SyntaxNode, name: string): boolean {
    for (let outer = node.parent; outer; outer = outer.parent) {
      const list = /^(?:FunctionDefinition|LambdaExpression)$/.test(outer.name) ? outer.getChild("ParamList") : null;
      if (list && childrenOf(list).some((part) => part.name === "VariableName" && this.text(part) === name)) return true;
    }
    return false;
  }

  private resolveMember(parts: SyntaxNode[], depth: number): string[] {
    const [object, dot, key] = parts;
    if (!object || !dot || !key) return [];
    const bases = this.resolve(object, depth + 1);
    const name = dot.name === "." ? this.text(key) : foldText(key, this.source);
    if (name === undefined) return bases.map((base) => `${base}.*`);
    if (/^__(?:subclasses|globals|builtins|code)__$/.test(name)) return bases.length ? bases.map((base) => `${base}.${name}`) : [`object.${name}`];
    return bases.map((base) => {
      if (base === "sys.modules" || base === "builtins.globals()") return name === "__builtins__" ? "builtins" : name;
      if (dot.name === ".") return name === "__call__" ? base : `${base}.${name}`;
      return `${base.replace(/\.__dict__$/, "")}.${name}`;
    });
  }

  /** What a call gives, for those calls that give modules and attributes. */
  private resolveCall([callee, list]: SyntaxNode[], depth: number): string[] {
    if (!callee || !list) return [];
    const args = argumentsOf(list);
    return this.resolve(callee, depth + 1).flatMap((path) => {
      const text = args[0] ? foldText(args[0], this.source) : undefined;
      switch (path) {
        case "builtins.__import__":
          return text ? [text.split(".")[0] as string] : [];
        case "importlib.import_module":
        case "importlib.__import__":
          return text ? [text] : [];
        case "builtins.globals":
        case "builtins.locals":
          return ["builtins.globals()"];
        case "builtins.vars":
        case "functools.partial":
          return args[0] ? this.resolve(args[0], depth + 1) : [];
        case "builtins.getattr": {
          const name = args[1] ? foldText(args[1], this.source) : undefined;
          return args[0] ? this.resolve(args[0], depth + 1).map((base) => `${base}.${name ?? "*"}`) : [];
        }
        // attrgetter("system")(os) is os.system.
        case "operator.attrgetter":
        case "operator.methodcaller":
          return text ? [`(attribute).${text}`] : [];
        default:
          if (/\.__getattr(?:ibute)?__$/.test(path)) return [`${path.replace(/\.\w+$/, "")}.${text ?? "*"}`];
          if (!path.startsWith("(attribute).") || !args[0]) return [];
          return this.resolve(args[0], depth + 1).map((base) => base + path.slice("(attribute)".length));
      }
    });
  }
}
