/** What {@link parseJson} gives: the value, or why there is none, and keys that stand twice in one object. */
export interface ParsedJson {
  value?: unknown;
  /** Where keys stand twice: what a reader sees that takes the first of them, where `value` has the last. */
  first?: unknown;
  problem?: string;
  /** At most {@link DUPLICATES_KEPT}; each as it stands, without its path. */
  duplicates: string[];
  depth: number;
  /** It holds `NaN` or `Infinity`, which strict readers refuse. */
  tolerated?: boolean;
}

/** Deepest nesting accepted: real configs stay below 50, and some consumers recurse. */
const DEEPEST = 256;
const DUPLICATES_KEPT = 20;
/** Beyond, a vocabulary is broken, and nothing in it is acted on. */
const REPEATS_KEPT = 10_000;

/**
 * Parses JSON text and tells what `JSON.parse` keeps silent about: duplicate keys, of which readers take the first or
 * the last, and nesting deep enough to end a recursive reader. A byte-order mark is skipped; `NaN` and `Infinity`, which
 * Python writes, are accepted outside strings.
 */
export function parseJson(text: string): ParsedJson {
  const plain = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const { duplicates, repeats, depth } = walkKeys(plain);
  if (depth > DEEPEST) return { problem: `nested ${depth} deep`, duplicates, depth };
  try {
    const found: ParsedJson = { value: JSON.parse(plain), duplicates, depth };
    if (repeats.length) found.first = JSON.parse(renamed(plain, repeats));
    return found;
  } catch (error) {
    const tolerant = plain.replace(/"(?:[^"\\]|\\[\s\S])*"|-?\b(?:NaN|Infinity)\b/g, (match) => (match.startsWith('"') ? match : "null"));
    try {
      return { value: JSON.parse(tolerant), duplicates, depth, tolerated: true };
    } catch {
      return { problem: (error as Error).message, duplicates, depth };
    }
  }
}

/** The text with the keys at `ranges` out of the way. */
function renamed(text: string, ranges: readonly (readonly [start: number, end: number])[]): string {
  let [out, at] = ["", 0];
  for (const [index, [start, end]] of ranges.entries()) {
    out += `${text.slice(at, start)}repeated key ${index}`;
    at = end;
  }
  return out + text.slice(at);
}

/** One pass over the tokens: keys per open object, on an explicit stack. Text that is no JSON gives nonsense, not errors. */
function walkKeys(text: string): { duplicates: string[]; repeats: [number, number][]; depth: number } {
  const duplicates: string[] = [];
  const repeats: [number, number][] = [];
  const open: (Set<string> | undefined)[] = [];
  let depth = 0;
  let expectKey = false;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x7b: // {
        open.push(new Set());
        depth = Math.max(depth, open.length);
        expectKey = true;
        break;
      case 0x5b: // [
        open.push(undefined);
        depth = Math.max(depth, open.length);
        expectKey = false;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        open.pop();
        expectKey = false;
        break;
      case 0x2c: // ,
        expectKey = open.at(-1) !== undefined;
        break;
      case 0x22: {
        const start = at + 1;
        for (at = start; at < text.length && text.charCodeAt(at) !== 0x22; at++) if (text.charCodeAt(at) === 0x5c) at++;
        if (!expectKey) break;
        expectKey = false;
        const raw = text.slice(start, at);
        const key = raw.includes("\\") ? unescaped(raw) : raw;
        const keys = open.at(-1) as Set<string>;
        if (keys.has(key)) {
          if (duplicates.length < DUPLICATES_KEPT) duplicates.push(key);
          if (repeats.length < REPEATS_KEPT) repeats.push([start, at]);
        }
        keys.add(key);
        break;
      }
    }
  }
  return { duplicates, repeats, depth };
}

function unescaped(raw: string): string {
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    return raw;
  }
}

/**
 * The text of JSON bytes as Python's `json.loads` reads them: UTF-8, -16 or -32, told by a byte order mark or by where
 * the NUL bytes of the first letters are.
 */
export function jsonText(bytes: Uint8Array): string {
  const [a, b, c, d] = bytes;
  if (bytes.length >= 4) {
    if (a === 0 && b === 0) return utf32(bytes, false);
    if ((a === 0xff && b === 0xfe && c === 0 && d === 0) || (a !== 0 && b === 0 && c === 0 && d === 0)) return utf32(bytes, true);
  }
  if ((a === 0xfe && b === 0xff) || (bytes.length >= 2 && a === 0)) return new TextDecoder("utf-16be").decode(bytes);
  if ((a === 0xff && b === 0xfe) || b === 0) return new TextDecoder("utf-16le").decode(bytes);
  return new TextDecoder().decode(bytes);
}

function utf32(bytes: Uint8Array, little: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const letters: string[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const point = view.getUint32(at, little);
    if (at > 0 || point !== 0xfeff) letters.push(point <= 0x10ffff ? String.fromCodePoint(point) : "\ufffd");
  }
  return letters.join("");
}
