import { escapingPath } from "../../detectors/escaping-path/escaping-path.js";
import type { FindingEvent } from "../../findings/finding.js";
import { type Expression, ExpressionReader, type Filter, NoExpression } from "./expression.js";
import { Folder } from "./fold.js";
import { ExpressionJudge, LONGEST_LOOP } from "./judge-expression.js";
import { type Piece, type Token, cutTemplate } from "./lexer.js";
import { within } from "./parts.js";
import { type Possible, combine, each, itemsOf, known } from "./values.js";
import { type Loop, Variables, partOf } from "./variables.js";

/** Statements that only hold expressions, or nothing. */
const PLAIN_STATEMENT = /^(?:if|elif|else|end\w*|do|break|continue|print|pluralize|debug|trans|call|block|generation|autoescape)$/;

export interface Judged {
  findings: FindingEvent[];
  /** Tags that are no Jinja; the template then is not vouched for, or is of another language. */
  broken: { at: number; problem: string }[];
  tags: number;
}

/** Judges a template by what its expressions do. Text outside tags is never looked at. */
export function judgeTemplate(source: string): Judged {
  const pieces = cutTemplate(source);
  const folder = new Folder();
  // Twice: what a macro is called with, or a loop sets at its end, is only known behind the place where it is used.
  new Walk(new ExpressionJudge(source, folder), folder).run(pieces);
  const judge = new ExpressionJudge(source, folder);
  const broken = new Walk(judge, folder).run(pieces);
  return { findings: judge.findings, broken, tags: pieces.filter((piece) => piece.kind !== "data").length };
}

/** A part of the template whose text becomes the value of a variable: `{% set x %}…{% endset %}`, a macro. */
interface Block {
  name: string;
  parts: Possible[];
  /** Filters of `{% set x | upper %}`, around nothing yet. */
  filters: Filter[];
}

/** Goes through the statements of a template. */
class Walk {
  private readonly broken: Judged["broken"] = [];
  private readonly loops: Loop[] = [];
  private readonly blocks: Block[] = [];
  private readonly judge: ExpressionJudge;
  private readonly folder: Folder;
  private readonly variables: Variables;

  constructor(judge: ExpressionJudge, folder: Folder) {
    this.judge = judge;
    this.folder = folder;
    this.variables = new Variables(judge.definitions, folder);
  }

  run(pieces: readonly Piece[]): Judged["broken"] {
    for (const piece of pieces) {
      try {
        this.piece(piece);
      } catch (error) {
        if (!(error instanceof NoExpression)) throw error;
        this.broken.push({ at: error.at, problem: error.message });
      }
    }
    return this.broken;
  }

  private piece(piece: Piece): void {
    const block = this.blocks.at(-1);
    if (piece.kind === "data") block?.parts.push(known(piece.text));
    else if (piece.kind === "broken") this.broken.push(piece);
    else if (piece.kind === "statement") this.statement(piece.tokens);
    else {
      const reader = new ExpressionReader(piece.tokens);
      if (reader.done) return;
      const value = reader.expression(true);
      finish(reader);
      this.visit(value, true);
      block?.parts.push(this.folder.fold(value));
    }
  }

  private statement(tokens: readonly Token[]): void {
    const reader = new ExpressionReader(tokens);
    const word = reader.done ? "" : reader.takeName();
    switch (word) {
      case "set":
        this.set(reader);
        return;
      case "endset":
      case "endmacro":
        this.endBlock();
        return;
      case "for":
        this.loop(reader);
        return;
      case "endfor":
        this.loops.pop();
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
      case "filter":
        this.visit(reader.filterTail(0));
        return;
      case "macro":
        this.macro(reader);
        return;
      case "call":
        if (reader.take("(")) this.parameters("caller", reader);
        break;
      case "block":
        reader.takeName();
        break;
    }
    while (!reader.done) {
      this.visit(reader.expression(true));
      if (!reader.take(",") && !reader.take("=") && !reader.take("as", "name") && word !== "trans" && word !== "block") break;
    }
    if (!PLAIN_STATEMENT.test(word)) throw new NoExpression(tokens[0]?.at ?? 0, `"${word}" is no statement of Jinja`);
  }

  private macro(reader: ExpressionReader): void {
    const name = reader.takeName();
    this.blocks.push({ name: `${name}()`, parts: [], filters: [] });
    if (reader.take("(")) this.parameters(name, reader);
    finish(reader);
  }

  /** Parameters are bound to what their defaults are; calls add what is passed. */
  private parameters(name: string, reader: ExpressionReader): void {
    const { args, named } = reader.callArgs();
    this.variables.macros.set(name, [...args.flatMap((arg) => (arg.kind === "name" ? [arg.name] : [])), ...named.keys()]);
    for (const [parameter, value] of named) {
      this.visit(value);
      this.variables.define(parameter, value);
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
    const [name] = names as [string];
    if (!reader.take("=")) {
      const filters: Block["filters"] = [];
      while (reader.take("|")) filters.push(reader.filterTail(0));
      finish(reader);
      for (const filter of filters) this.visit(filter);
      this.blocks.push({ name, parts: [], filters });
      return;
    }
    const value = reader.expression(true);
    finish(reader);
    this.visit(value);
    if (value.kind === "call" && value.of.kind === "name" && value.of.name === "namespace") this.variables.namespace(name, value);
    const possible = this.folder.fold(value);
    for (const [index, one] of names.entries()) this.variables.define(one, value, partOf(possible, index, names.length));
    const gathered = this.variables.gathered(name, value, this.loops);
    if (gathered) this.folder.bind(name, gathered);
  }

  private with(reader: ExpressionReader): void {
    while (!reader.done) {
      const name = reader.takeName();
      if (!reader.take("=")) throw new NoExpression(reader.next?.at ?? 0, '"=" is missing');
      const value = reader.expression();
      this.visit(value);
      this.variables.define(name, value);
      if (!reader.take(",")) break;
    }
    finish(reader);
  }

  private endBlock(): void {
    const block = this.blocks.pop();
    if (!block) return;
    const text = combine(block.parts, (parts) => parts.map((part) => (part === null ? "" : String(part))).join(""));
    const [first] = text.values;
    let value: Expression | undefined = typeof first === "string" && block.filters.length ? { kind: "constant", value: first, at: 0 } : undefined;
    if (value) for (const filter of block.filters) value = { ...filter, of: value };
    this.folder.bind(block.name, value ? { ...this.folder.fold(value), open: text.open } : text);
  }

  private loop(reader: ExpressionReader): void {
    const names: string[] = [];
    do {
      reader.take("(");
      names.push(reader.takeName());
      reader.take(")");
    } while (reader.take(","));
    if (!reader.take("in", "name")) throw new NoExpression(reader.next?.at ?? 0, '"in" is missing');
    const over = reader.expression(true, false);
    this.visit(over);
    const times = (this.loops.at(-1)?.times ?? 1) * this.judge.rangeLength(over);
    if (times > LONGEST_LOOP) this.judge.report("S1352", over.at, { times });
    const items = each(this.folder.fold(over), (one) => itemsOf(one) ?? []);
    this.loops.push({ names, times, items: this.folder.fold(over).values.flatMap((one) => itemsOf(one) ?? []) });
    // Of pairs, each name takes its part.
    for (const [index, name] of names.entries()) this.variables.define(name, over, partOf(items, index, names.length));
    for (const near of ["loop.nextitem", "loop.previtem"]) this.folder.set(near, items);
    while (!reader.done && (reader.take("if", "name") || reader.take("recursive", "name"))) if (!reader.done) this.visit(reader.expression(true));
    finish(reader);
  }

  private reference(word: string, reader: ExpressionReader): void {
    const value = reader.expression();
    this.visit(value);
    const { values, open } = this.folder.fold(value);
    const names = values.flatMap((one) => (Array.isArray(one) ? one : [one])).map(String);
    const outside = open || !names.length || names.some((name) => escapingPath(name) !== undefined);
    this.judge.report(
      "S1353",
      value.at,
      { statement: word, target: names.join(", ") || "a name computed at run time" },
      outside ? "warning" : "info",
    );
  }

  private visit(root: Expression, shown = false): void {
    const nodes = [...within(root)];
    if (nodes.some(({ kind }) => kind === "call")) this.folder.foldAll(nodes);
    for (const node of nodes) if (node.kind === "call") this.variables.remember(node);
    this.judge.visit(root, shown);
  }
}

function finish(reader: ExpressionReader): void {
  if (!reader.done) throw new NoExpression(reader.next?.at ?? 0, `"${reader.next?.value}" is not expected here`);
}
