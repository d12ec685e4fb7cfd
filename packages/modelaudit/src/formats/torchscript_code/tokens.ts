/** A piece of TorchScript. Dotted names are one token: `torch.nn`, `__torch__.a.b`; one after a bracket begins with a dot. */
export interface Token {
  kind: "name" | "number" | "text" | "sign" | "line" | "bad";
  text: string;
  /** 1-based. */
  line: number;
}

const PIECES =
  /(?<blank>[ \t\r\f]+|\\\r?\n|#[^\n]*)|(?<line>\n)|(?<name>\.?[A-Za-z_]\w*(?:(?:\s|\\\r?\n|#[^\n]*\n)*\.(?:\s|\\\r?\n|#[^\n]*\n)*[A-Za-z_]\w*)*)|(?<number>(?:\d[\w.]*|\.\d\w*)(?:(?<=[eE])[-+]\d+)?)|(?<text>"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*')|(?<sign>[-+*/%@&|^~<>=!]=?|[()[\]{},:;.?$])|(?<bad>[\s\S])/gy;

/** Splits TorchScript source, whose lexical shape is Python's but for a few signs. A character that belongs to nothing is a `bad` token. */
export function* tokens(source: string): Generator<Token> {
  let line = 1;
  PIECES.lastIndex = 0;
  const pattern = new RegExp(PIECES.source, PIECES.flags);
  for (let found = pattern.exec(source); found; found = pattern.exec(source)) {
    const groups = found.groups as Record<string, string | undefined>;
    const start = line;
    const text = found[0];
    if (groups.line) line++;
    else if (text.includes("\n")) line += text.split("\n").length - 1;
    const kind = (["line", "name", "number", "text", "sign", "bad"] as const).find((one) => groups[one] !== undefined);
    if (kind) yield { kind, text: kind === "name" ? text.replace(/#[^\n]*\n|\\|\s+/g, "") : text, line: start };
  }
}
