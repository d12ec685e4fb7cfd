/** What a Python literal stands for. Tuples and lists keep apart, since readers treat them differently. */
export type Literal =
  | { kind: "text"; value: string }
  | { kind: "bytes"; value: string }
  | { kind: "number"; value: number | bigint }
  | { kind: "constant"; value: boolean | null }
  | { kind: "tuple" | "list" | "set"; items: Literal[] }
  | { kind: "dict"; entries: [Literal, Literal][] };

/** Text that is no literal: `at` is the index of the character where it stops being one. */
export class NotLiteral extends Error {
  override readonly name = "NotLiteral";
  readonly at: number;
  constructor(at: number, expected: string) {
    super(`expected ${expected} at character ${at}`);
    this.at = at;
  }
}

/** Deepest nesting accepted. Headers written by libraries nest three or four deep; Python's own parser stops at some 100. */
const DEEPEST = 64;

/**
 * Reads one Python literal as `ast.literal_eval` would: numbers, text, bytes, tuples, lists, sets, dicts, `None` and
 * booleans, with the `L` that Python 2 put behind long integers. Names, calls, operators and f-strings throw
 * {@link NotLiteral}.
 */
export function parseLiteral(text: string): Literal {
  const reader = new LiteralReader(text);
  const value = reader.value(0);
  reader.blank();
  if (reader.at < text.length) throw new NotLiteral(reader.at, "the end");
  return value;
}

const NUMBER = /[-+]?(?:0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*)?\.?\d[\d_]*\.?(?:[eE][-+]?\d+)?)[lL]?/y;
const STRING =
  /(?:[uUrRbB]|[bB][rR]|[rR][bB])?(?:'''(?:[^\\]|\\[\s\S])*?'''|"""(?:[^\\]|\\[\s\S])*?"""|'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*")/y;
const BLANK = /(?:[ \t\r\n\f]|#[^\n]*|\\\n)*/y;
const WORD = /[A-Za-z_]\w*/y;
const CONSTANTS: Readonly<Record<string, boolean | null>> = { True: true, False: false, None: null };

class LiteralReader {
  at = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  blank(): void {
    this.match(BLANK);
  }

  value(depth: number): Literal {
    if (depth > DEEPEST) throw new NotLiteral(this.at, `nesting of at most ${DEEPEST}`);
    this.blank();
    const first = this.text[this.at];
    if (first === "(") return this.tuple(depth);
    if (first === "[") return { kind: "list", items: this.items("]", depth).items };
    if (first === "{") return this.braces(depth);
    const string = this.match(STRING);
    if (string !== undefined) return this.string(string);
    const number = this.match(NUMBER);
    if (number !== undefined) return { kind: "number", value: toNumber(number) };
    const start = this.at;
    const word = this.match(WORD);
    if (word !== undefined && Object.hasOwn(CONSTANTS, word)) return { kind: "constant", value: CONSTANTS[word] as boolean | null };
    throw new NotLiteral(start, "a literal");
  }

  private tuple(depth: number): Literal {
    const { items, comma } = this.items(")", depth);
    return items.length === 1 && !comma ? (items[0] as Literal) : { kind: "tuple", items };
  }

  /** The items up to `close`, and whether a comma stood among or behind them. */
  private items(close: string, depth: number): { items: Literal[]; comma: boolean } {
    this.at++;
    const items: Literal[] = [];
    let comma = false;
    for (;;) {
      if (this.take(close)) return { items, comma };
      if (items.length && !comma) throw new NotLiteral(this.at, `"," or "${close}"`);
      items.push(this.value(depth + 1));
      comma = this.take(",");
      if (!comma) {
        if (!this.take(close)) throw new NotLiteral(this.at, `"," or "${close}"`);
        return { items, comma: items.length > 1 };
      }
    }
  }

  private braces(depth: number): Literal {
    this.at++;
    if (this.take("}")) return { kind: "dict", entries: [] };
    const first = this.value(depth + 1);
    if (!this.take(":")) {
      if (!this.take(",")) {
        if (!this.take("}")) throw new NotLiteral(this.at, '":", "," or "}"');
        return { kind: "set", items: [first] };
      }
      this.at--;
      return { kind: "set", items: [first, ...this.items("}", depth).items] };
    }
    const entries: [Literal, Literal][] = [[first, this.value(depth + 1)]];
    for (;;) {
      const comma = this.take(",");
      if (this.take("}")) return { kind: "dict", entries };
      if (!comma) throw new NotLiteral(this.at, '"," or "}"');
      const key = this.value(depth + 1);
      if (!this.take(":")) throw new NotLiteral(this.at, '":"');
      entries.push([key, this.value(depth + 1)]);
    }
  }

  /** Strings that stand behind each other are one. */
  private string(first: string): Literal {
    const isBytes = /^[rR]?[bB]/.test(first);
    let value = unquote(first);
    for (;;) {
      this.blank();
      const next = this.match(STRING);
      if (next === undefined) return { kind: isBytes ? "bytes" : "text", value };
      value += unquote(next);
    }
  }

  private take(character: string): boolean {
    this.blank();
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (!found) return undefined;
    this.at += found[0].length;
    return found[0];
  }
}

function toNumber(text: string): number | bigint {
  const plain = text.replace(/_/g, "").replace(/[lL]$/, "");
  if (!/^[-+]?\d+$/.test(plain)) return plain.startsWith("-") ? -Number(plain.slice(1)) : Number(plain);
  const value = BigInt(plain.replace(/^\+/, ""));
  return value >= -(2n ** 53n) && value <= 2n ** 53n ? Number(value) : value;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "0": "\0", a: "\x07", b: "\b", f: "\f", v: "\v", "\n": "" };

function unquote(source: string): string {
  const prefix = /^[a-zA-Z]*/.exec(source)?.[0] ?? "";
  const quote = source.slice(prefix.length).startsWith(source[prefix.length]?.repeat(3) ?? "") && source.length >= prefix.length + 6 ? 3 : 1;
  const body = source.slice(prefix.length + quote, -quote);
  if (/r/i.test(prefix)) return body;
  return body.replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{1,3}|[\s\S])/g, (_, code: string) => {
    if (/^[xuU]./.test(code)) {
      const point = Number.parseInt(code.slice(1), 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : "\ufffd";
    }
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
    return ESCAPES[code] ?? code;
  });
}
