import type { Token } from "./lexer.js";

/** An expression tree. `at` is the offset in the template. */
export type Expression =
  | { kind: "constant"; value: string | number | boolean | null; at: number }
  | { kind: "name"; name: string; at: number }
  | { kind: "list"; items: Expression[]; at: number }
  | { kind: "dict"; entries: [Expression, Expression][]; at: number }
  | { kind: "attribute"; of: Expression; name: string; at: number }
  | { kind: "item"; of: Expression; index: Expression; at: number }
  | { kind: "slice"; of: Expression; parts: (Expression | undefined)[]; at: number }
  | { kind: "call"; of: Expression; args: Expression[]; named: Map<string, Expression>; at: number }
  | { kind: "filter"; of: Expression | undefined; name: string; args: Expression[]; named: Map<string, Expression>; at: number }
  | { kind: "test"; of: Expression; name: string; args: Expression[]; at: number }
  | { kind: "unary"; sign: string; of: Expression; at: number }
  | { kind: "binary"; sign: string; left: Expression; right: Expression; at: number }
  | { kind: "choice"; condition: Expression; yes: Expression; no: Expression | undefined; at: number };

export type Call = Extract<Expression, { kind: "call" }>;
export type Filter = Extract<Expression, { kind: "filter" }>;

/** The tokens do not form an expression. */
export class NoExpression extends Error {
  override readonly name = "NoExpression";
  readonly at: number;
  constructor(at: number, problem: string) {
    super(problem);
    this.at = at;
  }
}

/** Brackets and operators inside one another; honest templates stay below 20, and each level costs stack. */
const DEEPEST = 200;

/** Binary operators by how tightly they bind, loosest first. `in` and `not in` are comparisons. */
const LEVELS: readonly (readonly string[])[] = [
  ["or"],
  ["and"],
  ["==", "!=", "<", ">", "<=", ">=", "in", "not in"],
  ["~"],
  ["+", "-"],
  ["*", "/", "//", "%"],
];

/** Reads expressions from the tokens of one tag, from left to right. */
export class ExpressionReader {
  private readonly tokens: readonly Token[];
  private position = 0;
  private depth = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  get next(): Token | undefined {
    return this.tokens[this.position];
  }

  get done(): boolean {
    return this.position >= this.tokens.length;
  }

  /** Takes the next token when it is this word or sign. */
  take(value: string, type: Token["type"] = "symbol"): boolean {
    const { next } = this;
    if (next?.value !== value || next.type !== type) return false;
    this.position++;
    return true;
  }

  takeName(): string {
    const { next } = this;
    if (next?.type !== "name") throw new NoExpression(this.at, "a name is missing");
    this.position++;
    return next.value;
  }

  private get at(): number {
    return this.next?.at ?? this.tokens.at(-1)?.at ?? 0;
  }

  /** A whole expression; `tuple` allows `a, b`, `choice` allows `x if y else z`. */
  expression(tuple = false, choice = true): Expression {
    if (++this.depth > DEEPEST) throw new NoExpression(this.at, `nested more than ${DEEPEST} deep`);
    const { at } = this;
    let value = this.binary(0);
    while (choice && this.take("if", "name")) {
      const condition = this.binary(0);
      value = { kind: "choice", condition, yes: value, no: this.take("else", "name") ? this.expression() : undefined, at };
    }
    if (tuple && this.next?.value === ",") {
      const items = [value];
      while (this.take(",") && !this.done && ![")", "]", "="].includes(this.next?.value ?? "")) items.push(this.expression());
      value = { kind: "list", items, at };
    }
    this.depth--;
    return value;
  }

  private binary(level: number): Expression {
    const signs = LEVELS[level];
    if (!signs) return this.unary();
    if (level === 2 && this.take("not", "name")) return { kind: "unary", sign: "not", of: this.binary(2), at: this.at };
    let left = this.binary(level + 1);
    for (;;) {
      const { at } = this;
      const sign = signs.find((one) => this.takeSign(one));
      if (!sign) return left;
      left = { kind: "binary", sign, left, right: this.binary(level + 1), at };
    }
  }

  private takeSign(sign: string): boolean {
    if (sign === "not in") {
      if (this.next?.value !== "not" || this.tokens[this.position + 1]?.value !== "in") return false;
      this.position += 2;
      return true;
    }
    return this.take(sign, /^[a-z]/.test(sign) ? "name" : "symbol");
  }

  private unary(): Expression {
    const { at } = this;
    for (const sign of ["-", "+"]) {
      if (!this.take(sign)) continue;
      if (++this.depth > DEEPEST) throw new NoExpression(at, `nested more than ${DEEPEST} deep`);
      const of = this.unary();
      this.depth--;
      return { kind: "unary", sign, of, at };
    }
    const value = this.postfix(this.primary());
    if (!this.take("**")) return value;
    return { kind: "binary", sign: "**", left: value, right: this.unary(), at };
  }

  private primary(): Expression {
    const { next, at } = this;
    if (!next) throw new NoExpression(at, "the expression ends early");
    this.position++;
    if (next.type === "text") {
      let value = next.value;
      while (this.next?.type === "text") value += (this.tokens[this.position++] as Token).value;
      return { kind: "constant", value, at };
    }
    if (next.type === "number") return { kind: "constant", value: Number(next.value.replaceAll("_", "")), at };
    if (next.type === "name") {
      const constant = { true: true, True: true, false: false, False: false, none: null, None: null }[next.value];
      return constant !== undefined ? { kind: "constant", value: constant, at } : { kind: "name", name: next.value, at };
    }
    if (next.value === "(") {
      if (this.take(")")) return { kind: "list", items: [], at };
      const inner = this.expression(true);
      this.expect(")");
      return inner;
    }
    if (next.value === "[") return { kind: "list", items: this.items("]"), at };
    if (next.value === "{") return this.dict(at);
    throw new NoExpression(at, `"${next.value}" cannot begin an expression`);
  }

  private items(end: string): Expression[] {
    const items: Expression[] = [];
    while (!this.take(end)) {
      items.push(this.expression());
      this.separator(end);
    }
    return items;
  }

  private dict(at: number): Expression {
    const entries: [Expression, Expression][] = [];
    while (!this.take("}")) {
      const key = this.expression();
      this.expect(":");
      entries.push([key, this.expression()]);
      this.separator("}");
    }
    return { kind: "dict", entries, at };
  }

  private postfix(start: Expression): Expression {
    let value = start;
    for (;;) {
      const { at } = this;
      if (this.take(".")) value = this.dotted(value, at);
      else if (this.take("[")) value = this.subscript(value, at);
      else if (this.take("(")) value = { kind: "call", of: value, ...this.callArgs(), at };
      else if (this.take("|")) value = { ...this.filterTail(at), of: value };
      else if (this.take("is", "name")) value = this.testTail(value, at);
      else return value;
    }
  }

  private dotted(of: Expression, at: number): Expression {
    const { next } = this;
    if (next?.type === "number") {
      this.position++;
      return { kind: "item", of, index: { kind: "constant", value: Number(next.value), at }, at };
    }
    return { kind: "attribute", of, name: this.takeName(), at };
  }

  private subscript(of: Expression, at: number): Expression {
    const parts: (Expression | undefined)[] = [undefined];
    let sliced = false;
    while (!this.take("]")) {
      if (this.take(":")) {
        sliced = true;
        parts.push(undefined);
      } else parts[parts.length - 1] = this.expression(true);
      if (this.done) throw new NoExpression(this.at, '"]" is missing');
    }
    if (sliced) return { kind: "slice", of, parts, at };
    const [index] = parts;
    if (!index) throw new NoExpression(at, "an index is missing");
    return { kind: "item", of, index, at };
  }

  callArgs(): { args: Expression[]; named: Map<string, Expression> } {
    const args: Expression[] = [];
    const named = new Map<string, Expression>();
    while (!this.take(")")) {
      const spread = this.take("**") || this.take("*");
      const { next } = this;
      if (!spread && next?.type === "name" && this.tokens[this.position + 1]?.value === "=") {
        this.position += 2;
        named.set(next.value, this.expression());
      } else args.push(this.expression());
      this.separator(")");
    }
    return { args, named };
  }

  /** What follows a `|`, or the words of `{% filter name %}`. */
  filterTail(at: number): Filter {
    let name = this.takeName();
    while (this.take(".")) name += `.${this.takeName()}`;
    const call = this.take("(") ? this.callArgs() : { args: [], named: new Map<string, Expression>() };
    return { kind: "filter", of: undefined, name, ...call, at };
  }

  private testTail(of: Expression, at: number): Expression {
    const negated = this.take("not", "name");
    const name = this.takeName();
    let args: Expression[] = [];
    if (this.take("(")) args = this.callArgs().args;
    else if (this.next && this.next.type !== "symbol" && !["and", "or", "if", "else", "in", "is", "not", "recursive"].includes(this.next.value)) {
      args = [this.postfix(this.primary())];
    }
    const test: Expression = { kind: "test", of, name, args, at };
    return negated ? { kind: "unary", sign: "not", of: test, at } : test;
  }

  /** A comma, or what ends the list. */
  private separator(end: string): void {
    if (!this.take(",") && this.next?.value !== end) throw new NoExpression(this.at, `"${end}" is missing`);
  }

  private expect(sign: string): void {
    if (!this.take(sign)) throw new NoExpression(this.at, `"${sign}" is missing`);
  }
}
