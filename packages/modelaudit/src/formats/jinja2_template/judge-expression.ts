import type { FindingEvent } from "../../findings/finding.js";
import { type Call, type Expression, type Filter, NoExpression } from "./expression.js";
import type { Folder } from "./fold.js";
import {
  ATTRIBUTE_ARGUMENT,
  BUILTINS,
  GLOBALS,
  INNER_NAMES,
  INTERPRETER_NAMES,
  MODULES,
  RUNNERS,
  STRETCHERS,
  SURE_RUNNERS,
  forbiddenIn,
  isDunder,
  isPieceOfForbidden,
} from "./names.js";
import { partsOf, rootOf, within } from "./parts.js";
import type { Possible } from "./values.js";

/** Letters that one expression may make, and repetitions of one loop: beyond, rendering is a way to stop a server. */
const LONGEST_TEXT = 10_000_000;
export const LONGEST_LOOP = 1_000_000;
/** Binary digits of a number; Python computes them all. */
const LONGEST_NUMBER = 10_000_000;
/** Expressions judged; honest templates have some thousands. */
const MOST_STEPS = 200_000;
/** Texts put together that are searched for the fields of a format; those written out are searched whole. */
const LONGEST_COMPUTED = 4096;
/** One way out is enough to refuse a template; a list helps to read it. */
const MOST_FINDINGS = 50;

/** Judges expressions by what they read and call, with what the template's variables can hold. */
export class ExpressionJudge {
  readonly findings: FindingEvent[] = [];
  /** What variables were set to, for the parts of names that cannot be computed. */
  readonly definitions = new Map<string, Expression[]>();
  private readonly folder: Folder;
  private readonly source: string;
  private steps = 0;

  constructor(source: string, folder: Folder) {
    this.source = source;
    this.folder = folder;
  }

  /** Judges an expression and everything in it. The text that a tag writes out (`shown`) may say what it likes. */
  visit(root: Expression, shown = false): void {
    const nodes: Expression[] = [root];
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i] as Expression;
      if (++this.steps > MOST_STEPS) throw new NoExpression(node.at, "the template has more expressions than any honest one");
      for (const part of partsOf(node)) nodes.push(part);
    }
    this.folder.foldAll(nodes);
    for (const node of nodes) {
      this.judge(node);
      if (node.kind !== "name" && !(shown && node === root)) this.judgeTexts(node);
    }
  }

  report(rule: string, offset: number, args: FindingEvent["args"], severity?: FindingEvent["severity"]): void {
    if (this.findings.length === MOST_FINDINGS) return;
    const line = this.source.slice(0, offset).split("\n").length;
    const excerpt = this.source.slice(offset, offset + 80).split("\n")[0] ?? "";
    this.findings.push({ kind: "finding", rule, args: { ...args, excerpt }, offset, line, ...(severity ? { severity } : {}) });
  }

  /** How often a loop over `range(...)` of known numbers runs; 1 for everything else. */
  rangeLength(over: Expression): number {
    if (over.kind !== "call" || over.of.kind !== "name" || over.of.name !== "range") return 1;
    const numbers = over.args.map((arg) => Math.max(...this.folder.fold(arg).values.map(Number)));
    if (!numbers.length || numbers.some((one) => !Number.isFinite(one))) return 1;
    const [first, second, step] = numbers as [number, number?, number?];
    const span = second === undefined ? first : second - first;
    return Math.max(1, Math.floor(span / (step || 1)));
  }

  private judge(node: Expression): void {
    switch (node.kind) {
      case "attribute":
        if (node.of.kind === "name" && node.of.name === "self" && node.name.startsWith("_")) this.report("S1350", node.at, { name: node.name });
        else this.access(node.name, node.at, "attribute");
        return;
      case "item":
        this.named(node.index, node.at, "item");
        return;
      case "name":
        if (/^__\w+__$/.test(node.name)) this.report("S1350", node.at, { name: node.name });
        return;
      case "binary":
        if (node.sign === "*") this.judgeLength([node.left, node.right], node.at);
        if (node.sign === "**") this.judgePower(node);
        if (node.sign === "%") this.judgeFormat(node.left, node.at);
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

  /** A text that is nothing but a forbidden name is there to be used as one, whatever way it takes. */
  private judgeTexts(node: Expression): void {
    for (const value of this.folder.fold(node).values) {
      const short = typeof value === "string" && (value.length <= LONGEST_COMPUTED || node.kind === "constant");
      const name = short ? forbiddenIn(value) : undefined;
      if (name !== undefined) this.report("S1350", node.at, { name });
    }
  }

  private access(given: string, at: number, how: "attribute" | "item" | "filter"): void {
    const name = given.normalize("NFKC");
    if (isDunder(name) || (INTERPRETER_NAMES.has(name) && (how !== "item" || name.includes("_")))) this.report("S1350", at, { name });
    else if (SURE_RUNNERS.has(name)) this.report("S1354", at, { name });
    // A dotted path is resolved step by step by map(attribute=…) and its like.
    else if (how === "filter" && name.includes(".")) for (const part of name.split(".")) this.access(part, at, "attribute");
  }

  /**
   * An expression that names what is read: every name it can come to is judged. One that the template makes by itself in a
   * way that cannot be followed is reported, and as an argument of `attr` also one that the conversation decides.
   */
  private named(expression: Expression | undefined, at: number, how: "item" | "filter" | "attr"): void {
    if (!expression) return;
    const { values, open } = this.folder.fold(expression);
    for (const name of values) if (typeof name === "string") this.access(name, at, how === "item" ? "item" : "filter");
    const own = !open && !values.length;
    if (!own && !(open && (how === "attr" || !values.length))) return;
    const hint = this.hint(expression, own || how === "attr");
    if (hint) this.report(hint.sure ? "S1350" : "S1351", at, { name: hint.text });
    else if (own || how === "attr") this.report("S1351", at, {});
  }

  /** What the parts of a name show that cannot be computed. `certain`: the conversation has no say in it, or only attributes can stand there. */
  private hint(expression: Expression, certain: boolean): { text: string; sure: boolean } | undefined {
    const texts: string[] = [];
    let [source, joined]: [string | undefined, boolean] = [undefined, false];
    for (const node of within(expression, this.definitions)) {
      if (node.kind === "constant" && typeof node.value === "string") texts.push(node.value);
      if (node.kind === "call" || node.kind === "filter") texts.push(...node.named.keys());
      if (node.kind === "name" && GLOBALS.has(node.name)) source ??= node.name;
      if (node.kind === "filter" && node.name === "join") joined = true;
      if (node.kind === "binary" && (node.sign === "~" || node.sign === "+" || node.sign === "%")) joined = true;
    }
    const whole = texts.join("");
    const piece = texts.find((one) => isPieceOfForbidden(one) || (certain && /__[a-z]|[a-z]__/i.test(one))) ?? /__[a-z]+__/.exec(whole)?.[0];
    if (piece !== undefined) return { text: piece, sure: true };
    const inner = texts.find((one) => INNER_NAMES.has(one));
    if (inner !== undefined && (certain || source)) return { text: inner, sure: true };
    if (inner !== undefined && joined) return { text: inner, sure: false };
    return certain && source ? { text: source, sure: true } : undefined;
  }

  private judgeFilter(node: Filter): void {
    if (node.name === "attr") {
      this.named(node.args[0] ?? node.named.get("name"), node.at, "attr");
      return;
    }
    if (node.name === "format") this.judgeFormat(node.of, node.at);
    if (STRETCHERS.has(node.name)) this.judgeLength([...node.args, ...node.named.values()], node.at);
    const position = ATTRIBUTE_ARGUMENT[node.name];
    if (position === undefined) return;
    this.named(node.named.get("attribute") ?? node.args[position], node.at, "filter");
    if (node.name !== "map" || !node.args.length) return;
    // map('attr', name) applies the filter attr to every item.
    const filters = this.folder.fold(node.args[0] as Expression);
    if (filters.open || filters.values.includes("attr")) this.named(node.args[1], node.at, "attr");
  }

  /** Fields of `"{0.__class__}".format(x)` read attributes; widths make long texts. */
  private judgeFormat(pattern: Expression | undefined, at: number): void {
    if (!pattern) return;
    const { values } = this.folder.fold(pattern);
    const texts = values.length
      ? values.map(String)
      : [[...within(pattern)].map((node) => (node.kind === "constant" ? String(node.value) : "")).join("")];
    for (const text of texts) {
      for (const [, field] of text.matchAll(/\{([^{}]*)/g)) for (const [part] of (field ?? "").matchAll(/\w+/g)) this.access(part, at, "attribute");
      const times = Math.max(0, ...[...text.matchAll(/(?:\{[^{}]*:|%)[^{}%a-zA-Z]*?(\d{6,})/g)].map(([, width]) => Number(width)));
      if (times > LONGEST_TEXT) this.report("S1352", at, { times });
    }
  }

  /** Text repeated or padded to a length that fills the memory. */
  private judgeLength(parts: readonly Expression[], at: number): void {
    const values = parts.flatMap((part) => this.folder.fold(part).values);
    const most = Math.max(0, ...values.map((one) => (typeof one === "number" ? one : 0)));
    const lengths = values.map((one) => (typeof one === "string" || Array.isArray(one) ? one.length : 0));
    const times = most * (parts.length === 2 ? Math.max(1, ...lengths) : 1);
    const text = parts.length !== 2 || values.some((one) => typeof one !== "number");
    if (text && times > LONGEST_TEXT) this.report("S1352", at, { times });
  }

  private judgePower({ left, right, at }: Extract<Expression, { kind: "binary" }>): void {
    const largest = (of: Possible) => Math.max(0, ...of.values.map((one) => (typeof one === "number" ? Math.abs(one) : 0)));
    const times = largest(this.folder.fold(right)) * Math.log2(Math.max(1, largest(this.folder.fold(left))));
    if (times > LONGEST_NUMBER) this.report("S1352", at, { times });
  }

  private judgeCall(node: Call): void {
    const { of } = node;
    if (of.kind === "name" && BUILTINS.has(of.name)) this.report("S1354", node.at, { name: of.name });
    if (of.kind === "name" && of.name === "lipsum") this.judgeLength([...node.args, ...node.named.values()], node.at);
    const times = this.rangeLength(node);
    if (times > LONGEST_LOOP) this.report("S1352", node.at, { times });
    if (of.kind === "attribute") {
      const root = rootOf(of);
      if (root && MODULES.has(root)) this.report("S1354", node.at, { name: `${root}.${of.name}` });
      if (of.name === "format" || of.name === "format_map") this.judgeFormat(of.of, node.at);
      if (STRETCHERS.has(of.name)) this.judgeLength(node.args, node.at);
    }
    for (const name of this.calledNames(of)) if (typeof name === "string" && RUNNERS.has(name)) this.report("S1354", node.at, { name });
  }

  private calledNames(of: Expression): readonly unknown[] {
    if (of.kind === "attribute") return [of.name];
    if (of.kind === "item") return this.folder.fold(of.index).values;
    return of.kind === "filter" && of.name === "attr" && of.args[0] ? this.folder.fold(of.args[0]).values : [];
  }
}
