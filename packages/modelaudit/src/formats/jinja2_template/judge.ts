import type { FindingEvent } from "../../findings/finding.js";
import { type Expression, ExpressionReader, NoExpression } from "./expression.js";
import { type Plain, type Possible, fold } from "./fold.js";
import { type Piece, type Token, cutTemplate } from "./lexer.js";

/** Attributes without underscores that lead from an object to the interpreter. */
const INTERPRETER_NAMES: ReadonlySet<string> = new Set(
  "mro subclasses globals builtins func_globals func_code func_closure gi_frame gi_code cr_frame cr_code ag_frame ag_code tb_frame tb_next f_back f_globals f_locals f_builtins co_consts co_names _module _TemplateReference__context".split(
    " ",
  ),
);
/** Dunder names that text handling may honestly touch. */
const HARMLESS_DUNDERS: ReadonlySet<string> = new Set(["__len__", "__str__", "__name__"]);
/** Method names that start processes or evaluate code; no message, tool or text has them. */
const RUNNERS: ReadonlySet<string> = new Set(
  "popen system exec eval execfile check_output check_call Popen spawn __import__ import_module".split(" "),
);
/** Filters and their argument that names an attribute. */
const ATTRIBUTE_ARGUMENT: Readonly<Record<string, number>> = {
  map: -1,
  sort: -1,
  groupby: 0,
  sum: 0,
  unique: -1,
  max: -1,
  min: -1,
  selectattr: 0,
  rejectattr: 0,
};
/** More repetitions than any conversation needs; beyond, rendering is a way to stop a server. */
const LONGEST_LOOP = 1_000_000;
/** Steps of folding and judging; honest templates take some thousands. */
const MOST_STEPS = 200_000;

export interface Judged {
  findings: FindingEvent[];
  /** Tags that are no Jinja; the template then is not vouched for, or is of another language. */
  broken: { at: number; problem: string }[];
  tags: number;
}

/** Judges a template by what its expressions do. Text outside tags is never looked at. */
export function judgeTemplate(source: string): Judged {
  return new Judge(source).run();
}

class Judge {
  private readonly findings: FindingEvent[] = [];
  private readonly broken: { at: number; problem: string }[] = [];
  private readonly scope = new Map<string, Possible>();
  /** Products of the known lengths of the loops that are open. */
  private readonly loops: number[] = [];
  /** `{% set x %}…{% endset %}` blocks that are open, with the text they build. */
  private readonly blocks: { name: string; parts: Possible[] }[] = [];
  private readonly source: string;
  private steps = 0;

  constructor(source: string) {
    this.source = source;
  }

  run(): Judged {
    const pieces = cutTemplate(this.source);
    for (const piece of pieces) {
      try {
        this.piece(piece);
      } catch (error) {
        if (!(error instanceof NoExpression)) throw error;
        this.broken.push({ at: error.at, problem: error.message });
      }
    }
    return { findings: this.findings, broken: this.broken, tags: pieces.filter((piece) => piece.kind !== "data").length };
  }

  private piece(piece: Piece): void {
    const block = this.blocks.at(-1);
    if (piece.kind === "data") block?.parts.push([piece.text]);
    else if (piece.kind === "broken") this.broken.push(piece);
    else if (piece.kind === "output") {
      const reader = new ExpressionReader(piece.tokens);
      if (reader.done) return;
      const value = reader.expression(true);
      this.finish(reader);
      this.visit(value);
      block?.parts.push(fold(value, this.scope));
    } else this.statement(piece.tokens);
  }

  private statement(tokens: readonly Token[]): void {
    const reader = new ExpressionReader(tokens);
    const word = reader.done ? "" : reader.takeName();
    switch (word) {
      case "set":
        return this.set(reader);
      case "endset":
        return this.endSet();
      case "for":
        return this.loop(reader);
      case "endfor":
        this.loops.pop();
        return;
      case "include":
      case "import":
      case "extends":
      case "from":
        return this.reference(word, reader);
      case "macro":
      case "call":
      case "block":
      case "generation":
      case "trans":
      case "autoescape":
      case "filter":
        return this.opening(word, reader);
      default:
        while (!reader.done && word !== "raw") {
          this.visit(reader.expression(true));
          if (!reader.done && !reader.take(",") && !reader.take("=") && !reader.take("as", "name")) break;
        }
        if (!/^(?:if|elif|else|end\w*|with|do|break|continue|print|pluralize|debug)$/.test(word)) {
          throw new NoExpression(tokens[0]?.at ?? 0, `"${word}" is no statement of Jinja`);
        }
    }
  }

  /** `macro name(args)`, `call(args) name()`, `filter name|name`: names are bound, defaults are expressions. */
  private opening(word: string, reader: ExpressionReader): void {
    if (word === "filter") this.visit({ ...reader.filterTail(0), of: undefined });
    else {
      if (word === "macro" || word === "block") reader.takeName();
      while (!reader.done) {
        const before = reader.next;
        if (reader.take("(")) for (const value of reader.callArgs().named.values()) this.visit(value);
        else this.visit(reader.expression());
        if (reader.next === before) break;
      }
    }
  }

  private set(reader: ExpressionReader): void {
    const names: string[] = [];
    do {
      const grouped = reader.take("(");
      let name = reader.takeName();
      while (reader.take(".")) name += `.${reader.takeName()}`;
      names.push(name);
      if (grouped) reader.take(")");
    } while (reader.take(","));
    if (!reader.take("=")) {
      this.blocks.push({ name: names[0] as string, parts: [] });
      return;
    }
    const value = reader.expression(true);
    this.finish(reader);
    this.visit(value);
    if (value.kind === "call" && value.of.kind === "name" && value.of.name === "namespace") {
      for (const [member, inner] of value.named) this.scope.set(`${names[0]}.${member}`, fold(inner, this.scope));
    }
    const possible = fold(value, this.scope);
    names.forEach((name, index) => {
      const own = names.length === 1 ? possible : possible?.flatMap((one) => (Array.isArray(one) && index < one.length ? [one[index] as Plain] : []));
      // A name set twice may hold either value, depending on the branch taken.
      const before = this.scope.get(name);
      this.scope.set(name, own && before ? [...new Set([...before, ...own])].slice(0, 64) : (own ?? before));
    });
  }

  private endSet(): void {
    const block = this.blocks.pop();
    if (!block) return;
    const known = block.parts.every((part) => part?.length === 1);
    this.scope.set(block.name, known ? [block.parts.map((part) => String(part?.[0])).join("")] : undefined);
  }

  private loop(reader: ExpressionReader): void {
    const names: string[] = [];
    do {
      reader.take("(");
      names.push(reader.takeName());
      reader.take(")");
    } while (reader.take(","));
    if (!reader.take("in", "name")) throw new NoExpression(reader.next?.at ?? 0, '"in" is missing');
    const over = reader.expression(true);
    this.visit(over);
    const length = this.rangeLength(over);
    const product = (this.loops.at(-1) ?? 1) * length;
    if (product > LONGEST_LOOP) this.report("S1352", over.at, { times: product });
    this.loops.push(product);
    const possible = fold(over, this.scope);
    const items = possible?.flatMap((one) =>
      Array.isArray(one) ? one : typeof one === "string" ? [...one] : one && typeof one === "object" ? Object.keys(one) : [],
    );
    for (const name of names) this.scope.set(name, names.length === 1 && items?.length ? items.slice(0, 64) : undefined);
    while (!reader.done && (reader.take("if", "name") || reader.take("recursive", "name"))) if (!reader.done) this.visit(reader.expression(true));
  }

  /** How often a loop over `range(...)` of known numbers runs; 1 for everything else. */
  private rangeLength(over: Expression): number {
    if (over.kind !== "call" || over.of.kind !== "name" || over.of.name !== "range") return 1;
    const numbers = over.args.map((arg) => fold(arg, this.scope)?.[0]);
    if (!numbers.length || numbers.some((one) => typeof one !== "number")) return 1;
    const [first, second, step] = numbers as number[];
    const span = second === undefined ? (first as number) : second - (first as number);
    return Math.max(1, Math.floor(span / (step || 1)));
  }

  private reference(word: string, reader: ExpressionReader): void {
    const value = reader.expression();
    this.visit(value);
    const names = fold(value, this.scope)
      ?.flatMap((one) => (Array.isArray(one) ? one : [one]))
      .map(String);
    const outside = !names || names.some((name) => /^(?:[\\/]|[A-Za-z]:|[a-z]+:\/\/)|(?:^|[\\/])\.\.(?:[\\/]|$)/.test(name));
    this.findings.push({
      kind: "finding",
      rule: "S1353",
      severity: outside ? "warning" : "info",
      args: { statement: word, target: names?.join(", ") ?? "a name computed at run time" },
      offset: value.at,
    });
  }

  private finish(reader: ExpressionReader): void {
    if (!reader.done) throw new NoExpression(reader.next?.at ?? 0, `"${reader.next?.value}" is not expected here`);
  }

  /** Judges an expression and everything in it. */
  private visit(root: Expression): void {
    const pending: Expression[] = [root];
    for (let node = pending.pop(); node; node = pending.pop()) {
      if (++this.steps > MOST_STEPS) throw new NoExpression(node.at, "the template has more expressions than any honest one");
      this.judge(node);
      pending.push(...partsOf(node));
    }
  }

  private judge(node: Expression): void {
    switch (node.kind) {
      case "attribute":
        return this.access(node.name, node.at, "attribute");
      case "item":
        for (const name of fold(node.index, this.scope) ?? []) if (typeof name === "string") this.access(name, node.at, "item");
        return;
      case "filter":
        return this.judgeFilter(node);
      case "call":
        return this.judgeCall(node);
      default:
        return;
    }
  }

  private access(name: string, at: number, how: "attribute" | "item" | "filter"): void {
    const dunder = /^__\w+__$/.test(name) && !HARMLESS_DUNDERS.has(name);
    if (dunder || (INTERPRETER_NAMES.has(name) && (how !== "item" || name.includes("_")))) this.report("S1350", at, { name });
    // A dotted path is resolved step by step by map(attribute=…) and its like.
    else if (how === "filter" && name.includes(".")) for (const part of name.split(".")) this.access(part, at, "attribute");
  }

  private judgeFilter(node: Extract<Expression, { kind: "filter" }>): void {
    if (node.name === "attr") return this.namedBy(node.args[0], node.at, true);
    const position = ATTRIBUTE_ARGUMENT[node.name];
    if (position === undefined) return;
    this.namedBy(node.named.get("attribute") ?? node.args[position], node.at, false);
    if (node.name !== "map" || !node.args.length) return;
    // map('attr', name) applies the filter attr to every item.
    const filters = fold(node.args[0] as Expression, this.scope);
    if (!filters || filters.includes("attr")) this.namedBy(node.args[1], node.at, true);
  }

  /** An argument that names an attribute: every name it can be is judged; one that cannot be known is reported. */
  private namedBy(argument: Expression | undefined, at: number, reportUnknown: boolean): void {
    if (!argument) return;
    const names = fold(argument, this.scope);
    if (!names && reportUnknown) this.findings.push({ kind: "finding", rule: "S1351", args: {}, offset: at });
    for (const name of names ?? []) if (typeof name === "string") this.access(name, at, "filter");
  }

  private judgeCall(node: Extract<Expression, { kind: "call" }>): void {
    const { of } = node;
    const names =
      of.kind === "attribute"
        ? [of.name]
        : of.kind === "item"
          ? (fold(of.index, this.scope) ?? [])
          : of.kind === "filter" && of.name === "attr" && of.args[0]
            ? (fold(of.args[0], this.scope) ?? [])
            : [];
    for (const name of names) if (typeof name === "string" && RUNNERS.has(name)) this.report("S1354", node.at, { name });
    if (of.kind === "name" && of.name === "range" && this.rangeLength(node) > LONGEST_LOOP)
      this.report("S1352", node.at, { times: this.rangeLength(node) });
  }

  private report(rule: string, offset: number, args: FindingEvent["args"]): void {
    const line = this.source.slice(0, offset).split("\n").length;
    this.findings.push({
      kind: "finding",
      rule,
      args: { ...args, excerpt: this.source.slice(offset, offset + 80).split("\n")[0] ?? "" },
      offset,
      line,
    });
  }
}

function partsOf(node: Expression): Expression[] {
  switch (node.kind) {
    case "constant":
    case "name":
      return [];
    case "list":
      return node.items;
    case "dict":
      return node.entries.flat();
    case "attribute":
      return [node.of];
    case "item":
      return [node.of, node.index];
    case "slice":
      return [node.of, ...node.parts.filter((part) => part !== undefined)];
    case "call":
      return [node.of, ...node.args, ...node.named.values()];
    case "filter":
      return [...(node.of ? [node.of] : []), ...node.args, ...node.named.values()];
    case "test":
      return [node.of, ...node.args];
    case "unary":
      return [node.of];
    case "binary":
      return [node.left, node.right];
    case "choice":
      return [node.condition, node.yes, ...(node.no ? [node.no] : [])];
  }
}
