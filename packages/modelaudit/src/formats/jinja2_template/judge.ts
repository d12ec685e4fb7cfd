import type { FindingEvent } from "../../findings/finding.js";
import { type Expression, ExpressionReader, NoExpression } from "./expression.js";
import { type Plain, type Possible, fold } from "./fold.js";
import { ATTRIBUTE_ARGUMENT, BUILTINS, GLOBALS, HARMLESS_DUNDERS, INNER_NAMES, INTERPRETER_NAMES, MODULES, RUNNERS, STRETCHERS } from "./names.js";
import { mentions, partsKnown, partsOf, rootOf } from "./parts.js";
import { type Piece, type Token, cutTemplate } from "./lexer.js";

/** More repetitions than any conversation needs; beyond, rendering is a way to stop a server. */
const LONGEST_LOOP = 1_000_000;
/** Letters that one expression may make out of a number. */
const LONGEST_TEXT = 10_000_000;
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
  /** Variables of the loops that are open, with all they go through. */
  private readonly over: { name: string; items: Plain[] }[] = [];
  /** Parameters of the macros seen so far. */
  private readonly macros = new Map<string, string[]>();
  /** `{% set x %}…{% endset %}` blocks that are open, with the text they build. */
  private readonly blocks: { name: string; parts: Possible[] }[] = [];
  private readonly source: string;
  private steps = 0;

  constructor(source: string) {
    this.source = source;
  }

  run(): Judged {
    const pieces = cutTemplate(this.source);
    // Twice: what a macro is called with, or a loop sets at its end, is only known behind the place where it is used.
    this.pass(pieces);
    this.findings.length = 0;
    this.broken.length = 0;
    this.pass(pieces);
    return { findings: this.findings, broken: this.broken, tags: pieces.filter((piece) => piece.kind !== "data").length };
  }

  private pass(pieces: readonly Piece[]): void {
    this.steps = 0;
    this.loops.length = 0;
    this.over.length = 0;
    this.blocks.length = 0;
    for (const piece of pieces) {
      try {
        this.piece(piece);
      } catch (error) {
        if (!(error instanceof NoExpression)) throw error;
        this.broken.push({ at: error.at, problem: error.message });
      }
    }
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
        this.set(reader);
        return;
      case "endset":
        this.endSet();
        return;
      case "for":
        this.loop(reader);
        return;
      case "endfor":
        this.loops.pop();
        this.over.pop();
        return;
      case "endmacro":
        this.endSet();
        return;
      case "with":
        this.with(reader);
        return;
      case "include":
      case "import":
      case "extends":
      case "from":
        this.reference(word, reader);
        return;
      case "macro":
      case "call":
      case "block":
      case "generation":
      case "trans":
      case "autoescape":
      case "filter":
        this.opening(word, reader);
        return;
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
      const name = word === "macro" || word === "block" ? reader.takeName() : "";
      if (word === "macro") {
        this.blocks.push({ name: `${name}()`, parts: [] });
        const { args, named } = reader.take("(") ? reader.callArgs() : { args: [], named: new Map<string, Expression>() };
        this.macros.set(name, [...args.flatMap((arg) => (arg.kind === "name" ? [arg.name] : [])), ...named.keys()]);
        for (const [parameter, value] of named) {
          this.visit(value);
          this.bind(parameter, fold(value, this.scope));
        }
      }
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
      this.bind(name, own);
      const gathered = this.gathered(name, value);
      if (gathered) this.bind(name, gathered);
    });
  }

  /** A name set in several places may hold any of the values, depending on the way taken. */
  private bind(name: string, possible: Possible): void {
    const before = this.scope.get(name);
    this.scope.set(name, possible && before ? [...new Set([...before, ...possible])].slice(0, 64) : (possible ?? before));
  }

  private with(reader: ExpressionReader): void {
    while (!reader.done) {
      const name = reader.takeName();
      if (!reader.take("=")) throw new NoExpression(reader.next?.at ?? 0, '"=" is missing');
      const value = reader.expression();
      this.visit(value);
      this.bind(name, fold(value, this.scope));
      if (!reader.take(",")) break;
    }
  }

  /** `set name = name ~ letter` in a loop over known letters: what stands in the name at the end, read from either side. */
  private gathered(name: string, value: Expression): Possible {
    if (value.kind !== "binary" || (value.sign !== "~" && value.sign !== "+")) return undefined;
    const inner = this.over.find((loop) => mentions(value, loop.name));
    if (!inner || !mentions(value, name)) return undefined;
    const text = inner.items.map(String).join("");
    return [text, [...text].reverse().join("")];
  }

  private endSet(): void {
    const block = this.blocks.pop();
    if (!block) return;
    const known = block.parts.every((part) => part?.length === 1);
    this.bind(block.name, known ? [block.parts.map((part) => String(part?.[0])).join("")] : undefined);
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
    this.over.push({ name: names[0] as string, items: items?.slice(0, 256) ?? [] });
    names.forEach((name, index) => {
      // Of pairs, each name takes its part.
      const own = names.length === 1 ? items : items?.flatMap((one) => (Array.isArray(one) && index < one.length ? [one[index] as Plain] : []));
      this.scope.set(name, own?.length ? own.slice(0, 64) : undefined);
    });
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
        if (node.of.kind === "name" && node.of.name === "self" && node.name.startsWith("_")) this.report("S1350", node.at, { name: node.name });
        else this.access(node.name, node.at, "attribute");
        return;
      case "item": {
        const names = fold(node.index, this.scope);
        for (const name of names ?? []) if (typeof name === "string") this.access(name, node.at, "item");
        if (!names) this.hinted(node.index, node.at, false);
        return;
      }
      case "name":
        if (/^__\w+__$/.test(node.name)) this.report("S1350", node.at, { name: node.name });
        return;
      case "binary":
        if (node.sign === "*") this.judgeLength([node.left, node.right], node.at);
        return;
      case "filter":
        this.judgeFilter(node);
        return;
      case "call":
        this.judgeCall(node);
        return;
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
    if (node.name === "attr") {
      this.namedBy(node.args[0] ?? node.named.get("name"), node.at, true);
      return;
    }
    if (node.name === "format") this.judgeFormat(node.of, node.at);
    if (STRETCHERS.has(node.name)) this.judgeLength([...node.args, ...node.named.values()], node.at);
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
    if (!names && !this.hinted(argument, at, reportUnknown) && reportUnknown)
      this.findings.push({ kind: "finding", rule: "S1351", args: {}, offset: at });
    for (const name of names ?? []) if (typeof name === "string") this.access(name, at, "filter");
  }

  /**
   * A name that cannot be computed here, made of parts that only a forbidden name has. Gives whether it was reported.
   * `certain`: the place takes attributes alone, so that `class` in it is no key of a message.
   */
  private hinted(expression: Expression, at: number, certain: boolean): boolean {
    const { texts, names } = partsKnown(expression, this.scope);
    const text = texts.find((one) => /__[a-z]|[a-z]__/i.test(one)) ?? (/__[a-z]+__/.test(texts.join("")) ? texts.join("") : undefined);
    const source = names.find((one) => GLOBALS.has(one));
    const inner = certain || source ? texts.find((one) => INNER_NAMES.has(one)) : undefined;
    const found = text ?? inner ?? (certain ? source : undefined);
    if (found !== undefined) this.report("S1350", at, { name: found });
    return found !== undefined;
  }

  /** Fields of `"{0.__class__}".format(x)` read attributes. */
  private judgeFormat(pattern: Expression | undefined, at: number): void {
    if (!pattern) return;
    const known = fold(pattern, this.scope);
    const texts = known?.map((one) => (Array.isArray(one) ? one.join("") : String(one))) ?? [partsKnown(pattern, this.scope).texts.join("")];
    for (const text of texts) {
      for (const [, field] of text.matchAll(/\{([^{}]*)/g)) for (const [part] of (field ?? "").matchAll(/\w+/g)) this.access(part, at, "attribute");
    }
  }

  /** Text repeated or padded to a length that fills the memory. */
  private judgeLength(parts: readonly Expression[], at: number): void {
    const times = Math.max(...parts.flatMap((part) => fold(part, this.scope) ?? []).map((one) => (typeof one === "number" ? one : 0)), 0);
    const text = parts.length !== 2 || parts.some((part) => fold(part, this.scope)?.some((one) => typeof one !== "number") ?? false);
    if (text && times > LONGEST_TEXT) this.report("S1352", at, { times });
  }

  /** What a macro is called with, and what is put into a list, is remembered for where it is used. */
  private remember({ of, args, named }: Extract<Expression, { kind: "call" }>): void {
    if (of.kind === "name" && this.macros.has(of.name)) {
      const parameters = this.macros.get(of.name) as string[];
      args.forEach((arg, index) => {
        const parameter = parameters[index];
        if (parameter !== undefined) this.bind(parameter, fold(arg, this.scope));
      });
      for (const [parameter, value] of named) this.bind(parameter, fold(value, this.scope));
    }
    if (of.kind === "attribute" && of.of.kind === "name" && of.name === "append" && args[0]) {
      const [item, list] = [fold(args[0], this.scope)?.[0], this.scope.get(of.of.name)?.at(-1)];
      if (item !== undefined && Array.isArray(list) && list.length < 64) this.bind(of.of.name, [[...list, item]]);
    }
  }

  private judgeCall(node: Extract<Expression, { kind: "call" }>): void {
    const { of } = node;
    this.remember(node);
    if (of.kind === "name" && BUILTINS.has(of.name)) this.report("S1354", node.at, { name: of.name });
    if (of.kind === "name" && of.name === "lipsum") this.judgeLength([...node.args, ...node.named.values()], node.at);
    if (of.kind === "attribute") {
      const root = rootOf(of);
      if (root && MODULES.has(root)) this.report("S1354", node.at, { name: `${root}.${of.name}` });
      if (of.name === "format" || of.name === "format_map") this.judgeFormat(of.of, node.at);
      if (STRETCHERS.has(of.name)) this.judgeLength(node.args, node.at);
    }
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
