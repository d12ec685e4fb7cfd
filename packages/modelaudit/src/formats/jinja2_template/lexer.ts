/** One token inside `{{ }}` or `{% %}`. `at` is the offset in the template, in characters. */
export interface Token {
  type: "name" | "text" | "number" | "symbol";
  value: string;
  at: number;
}

/** A piece of a template: literal text, or the tokens of a tag. */
export type Piece =
  | { kind: "data"; text: string }
  | { kind: "output" | "statement"; tokens: Token[]; at: number }
  | { kind: "broken"; at: number; problem: string };

const SYMBOL = /\*\*|\/\/|[=!<>]=|[-+*/%~<>=()[\]{},.:|]/y;
const SPACE = /\s+/y;
const NAME = /[\p{ID_Start}\p{Pc}]\p{ID_Continue}*/uy;
const NUMBER = /\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?|0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+/y;
const RAW_END = /\{%[-+]?\s*endraw\s*[-+]?%\}/g;

/** Cuts a template into pieces. Text outside tags, comments and raw blocks is data. Behind a tag that is `broken` the rest is read on. */
export function cutTemplate(source: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  while (at < source.length) {
    const open = nextTag(source, at);
    if (open > at) pieces.push({ kind: "data", text: source.slice(at, open) });
    if (open === source.length) break;
    const sign = source[open + 1];
    if (sign === "#") {
      const close = source.indexOf("#}", open + 2);
      at = close < 0 ? source.length : close + 2;
      continue;
    }
    const { piece, end } = readTag(source, open, sign === "{" ? "output" : "statement");
    at = end;
    if (piece.kind === "statement" && piece.tokens[0]?.value === "raw" && piece.tokens.length === 1) {
      RAW_END.lastIndex = at;
      const close = RAW_END.exec(source);
      pieces.push({ kind: "data", text: source.slice(at, close?.index ?? source.length) });
      at = close ? RAW_END.lastIndex : source.length;
      continue;
    }
    pieces.push(piece);
  }
  return pieces;
}

function nextTag(source: string, from: number): number {
  for (let at = source.indexOf("{", from); at >= 0; at = source.indexOf("{", at + 1)) {
    if ("{%#".includes(source[at + 1] ?? " ")) return at;
  }
  return source.length;
}

/** Reads a tag from its opening sign to the closing one outside strings and brackets. */
function readTag(source: string, open: number, kind: "output" | "statement"): { piece: Piece; end: number } {
  const close = kind === "output" ? "}}" : "%}";
  const tokens: Token[] = [];
  const brackets: string[] = [];
  let at = open + 2;
  if ("-+".includes(source[at] ?? " ")) at++;
  for (;;) {
    at = skip(SPACE, source, at);
    if (at >= source.length) return broken(source, open, "it is not closed");
    if (!brackets.length) {
      if (source.startsWith(close, at)) return { piece: { kind, tokens, at: open }, end: at + 2 };
      if ("-+".includes(source[at] as string) && source.startsWith(close, at + 1)) return { piece: { kind, tokens, at: open }, end: at + 3 };
    }
    const token = readToken(source, at);
    if (!token) return broken(source, open, `"${source[at]}" has no meaning in an expression`);
    if ("([{".includes(token.value) && token.type === "symbol") brackets.push(token.value);
    if (")]}".includes(token.value) && token.type === "symbol") brackets.pop();
    tokens.push(token.token);
    at = token.end;
  }
}

function broken(source: string, open: number, problem: string): { piece: Piece; end: number } {
  const close = source.indexOf("}", open + 2);
  return { piece: { kind: "broken", at: open, problem }, end: close < 0 ? source.length : close + (source[close + 1] === "}" ? 2 : 1) };
}

function readToken(source: string, at: number): { token: Token; type: Token["type"]; value: string; end: number } | undefined {
  const first = source[at] as string;
  if (first === '"' || first === "'") {
    let end = at + 1;
    while (end < source.length && source[end] !== first) end += source[end] === "\\" ? 2 : 1;
    if (end >= source.length) return undefined;
    return made("text", unescapeText(source.slice(at + 1, end)), at, end + 1);
  }
  for (const [type, pattern] of [
    ["name", NAME],
    ["number", NUMBER],
    ["symbol", SYMBOL],
  ] as const) {
    const end = skip(pattern, source, at);
    if (end > at) return made(type, source.slice(at, end), at, end);
  }
  return undefined;
}

function made(type: Token["type"], value: string, at: number, end: number) {
  return { token: { type, value, at }, type, value, end };
}

function skip(pattern: RegExp, source: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(source) ? pattern.lastIndex : at;
}

const SIMPLE: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", v: "\v", a: "\x07", "0": "\0", "\n": "" };

/** Python's escapes in a string literal: `\n`, `\x5f`, `_`, `\U0000005f`, octal. Unknown ones keep their backslash. */
function unescapeText(raw: string): string {
  if (!raw.includes("\\")) return raw;
  return raw.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|N\{([A-Z \d-]+)\}|([\s\S]))/g,
    (whole, x, u, wide, octal, named, other) => {
      const hex = x ?? u ?? wide;
      if (hex !== undefined) return codePoint(Number.parseInt(hex, 16), whole);
      if (octal !== undefined) return codePoint(Number.parseInt(octal, 8), whole);
      if (named !== undefined) return namedLetter(named) ?? whole;
      return SIMPLE[other] ?? (`'"\\`.includes(other) ? other : whole);
    },
  );
}

/** Letters by their Unicode names, as far as attribute names are made of them. */
function namedLetter(name: string): string | undefined {
  if (name === "LOW LINE") return "_";
  const [, size, letter] = /^LATIN (SMALL|CAPITAL) LETTER ([A-Z])$/.exec(name) ?? [];
  return letter && (size === "SMALL" ? letter.toLowerCase() : letter);
}

function codePoint(value: number, otherwise: string): string {
  return value <= 0x10ffff ? String.fromCodePoint(value) : otherwise;
}
