import { LimitExceeded, Malformed } from "../../engine/errors.js";
import { textOfUnits } from "../../io/text-of-units.js";
import { concatBytes } from "../../io/reader.js";

/** Messages by name, with their fields: number, and `s` for text, `v` for numbers and enums, or a message. */
export type TextSchema = Readonly<Record<string, Readonly<Record<string, readonly [number: number, kind: string]>>>>;

/** As in the protobuf libraries. */
const MAX_DEPTH = 100;

interface Frame {
  /** Undefined inside a message that the schema does not know. */
  message: string | undefined;
  /** Field number in the frame around. */
  number: number;
  close: string;
  pieces: Uint8Array[];
  /** Inside `name: [ {…}, {…} ]`: the number and kind of its items. */
  list?: readonly [number: number, kind: string];
}

/**
 * The protobuf text format, written as wire format, as far as the schema names its fields. Fields it does not name are
 * read over. https://protobuf.dev/reference/protobuf/textformat-spec/
 */
export function encodeText(bytes: Uint8Array, schema: TextSchema, root: string): Uint8Array {
  const tokens = new Tokens(bytes);
  const frames: Frame[] = [{ message: root, number: 0, close: "", pieces: [] }];
  for (;;) {
    const frame = frames[frames.length - 1] as Frame;
    const token = tokens.next();
    if (token === "," || token === ";") continue;
    if (frame.list) {
      if (token === "]") delete frame.list;
      else if (token === "{" || token === "<") open(frames, token, frame.list);
      else throw new Malformed(tokens.start, "an item of a list", JSON.stringify(token.slice(0, 40)));
      continue;
    }
    if (token === frame.close) {
      if (frames.length === 1) return concatBytes(frame.pieces.length ? frame.pieces : [new Uint8Array(0)]);
      frames.pop();
      const outer = frames[frames.length - 1] as Frame;
      if (frame.message) outer.pieces.push(...delimited(frame.number, frame.pieces));
      continue;
    }
    if (!/^(?:[A-Za-z_]\w*|\[.*\])$/.test(token)) throw new Malformed(tokens.start, "a field name", JSON.stringify(token.slice(0, 40)));
    const [number, kind] = (frame.message ? schema[frame.message]?.[token] : undefined) ?? [0, ""];
    let after = tokens.peek();
    if (after === ":") {
      tokens.next();
      after = tokens.peek();
    }
    if (after === "{" || after === "<") {
      open(frames, tokens.next(), [number, kind]);
    } else if (after === "[") {
      tokens.next();
      after = tokens.peek();
      if (after === "{" || after === "<") frame.list = [number, kind];
      else tokens.list((value) => frame.pieces.push(...scalar(number, kind, value)));
    } else {
      frame.pieces.push(...scalar(number, kind, tokens.value()));
    }
  }
}

function open(frames: Frame[], bracket: string, [number, kind]: readonly [number, string]): void {
  if (frames.length > MAX_DEPTH) throw new LimitExceeded("protobufDepth", frames.length);
  frames.push({ message: kind.length > 1 ? kind : undefined, number, close: bracket === "{" ? "}" : ">", pieces: [] });
}

function scalar(number: number, kind: string, value: Uint8Array | string): Uint8Array[] {
  if (kind === "s" && typeof value !== "string") return delimited(number, [value]);
  if (kind === "v" && typeof value === "string") return [varint(number * 8), varint(numberOf(value))];
  return [];
}

/** Enum values go by name; of all element types only text matters here. */
function numberOf(value: string): number {
  if (value === "DT_STRING") return 7;
  if (value === "true" || value === "t") return 1;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.startsWith("DT_") ? 1 : 0;
}

function delimited(number: number, pieces: Uint8Array[]): Uint8Array[] {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  // Joined at once: a message of a hundred thousand nodes must not be copied piece by piece at each level.
  return [varint(number * 8 + 2), varint(length), ...(pieces.length > 64 ? [concatBytes(pieces)] : pieces)];
}

function varint(value: number): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** Tokens of the text format; the empty token is the end. */
class Tokens {
  start = 0;
  private readonly text: string;
  private at = 0;

  /** Each byte becomes one character, so that text comes out as it went in. */
  constructor(bytes: Uint8Array) {
    this.text = textOfUnits(bytes);
  }

  private skip(): void {
    const gap = /(?:\s|#[^\n]*)*/y;
    gap.lastIndex = this.at;
    gap.exec(this.text);
    this.at = gap.lastIndex;
  }

  peek(): string {
    const at = this.at;
    const token = this.next();
    this.at = at;
    return token;
  }

  next(): string {
    this.skip();
    this.start = this.at;
    const token = /[A-Za-z_][\w]*|\[[\w./]+\]|[-+]?[\w.][\w.+-]*|./sy;
    token.lastIndex = this.at;
    const found = token.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }

  /** One scalar: text as bytes (neighbouring literals are one), anything else as written. */
  value(): Uint8Array | string {
    const pieces: Uint8Array[] = [];
    for (this.skip(); this.text[this.at] === '"' || this.text[this.at] === "'"; this.skip()) pieces.push(this.literal());
    if (pieces.length) return concatBytes(pieces);
    const token = this.next();
    return token === "-" ? token + this.next() : token;
  }

  /** The items of a list whose bracket was read, and the bracket behind them. */
  list(use: (value: Uint8Array | string) => void): void {
    for (let token = this.peek(); token !== "]"; token = this.peek()) {
      if (token === "") throw new Malformed(this.start, "the end of a list", "the end of the file");
      if (token === ",") this.next();
      else use(this.value());
    }
    this.next();
  }

  private literal(): Uint8Array {
    const quote = this.text[this.at] as string;
    const bytes: number[] = [];
    for (this.at++; this.text[this.at] !== quote; ) {
      if (this.at >= this.text.length) throw new Malformed(this.start, "the end of a text", "the end of the file");
      if (this.text[this.at] !== "\\") bytes.push(this.text.charCodeAt(this.at++));
      else bytes.push(...this.escape());
    }
    this.at++;
    return Uint8Array.from(bytes);
  }

  private escape(): Iterable<number> {
    const code = /\\([0-7]{1,3})|\\[xX]([0-9A-Fa-f]{1,2})|\\(?:u([0-9A-Fa-f]{4})|U(00[01][0-9A-Fa-f]{5}))/y;
    code.lastIndex = this.at;
    const [all, octal, hex, short, long] = code.exec(this.text) ?? [];
    this.at += all?.length ?? 2;
    const point = Number.parseInt(short ?? long ?? "", 16);
    if (point <= 0x10ffff) return new TextEncoder().encode(String.fromCodePoint(point));
    if (all) return [Number.parseInt(octal ?? (hex as string), octal ? 8 : 16) & 0xff];
    const letter = this.text[this.at - 1] ?? "";
    return [ESCAPES[letter] ?? letter.charCodeAt(0)];
  }
}
