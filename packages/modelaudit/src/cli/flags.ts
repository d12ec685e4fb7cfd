import { UsageError } from "../engine/errors.js";

/** One option of a command, as data: help and parsing both come from it. */
export interface Flag {
  /** `-f, --format <format>`, `--scanners <ids...>` (takes the words up to the next option), `--no-cache`, `--strict`. */
  flags: string;
  description: string;
  choices?: readonly string[];
  /** Given several times, or with several values: a list. */
  repeat?: boolean;
  parse?(text: string): unknown;
  hidden?: boolean;
  default?: unknown;
}

/**
 * Parses the words behind a command. Gives its operands and options by camel-cased name; `--no-x` gives `x: false`.
 * Throws `UsageError` with what was expected, what was found and what to try.
 */
export function parseWords(name: string, flags: readonly Flag[], words: readonly string[]): { operands: string[]; options: Record<string, unknown> } {
  const known = new Map<string, Flag>();
  const options: Record<string, unknown> = {};
  for (const flag of flags) {
    for (const spelling of flag.flags.match(/(?<![\w<-])--?[\w-]+/g) ?? []) known.set(spelling, flag);
    if (flag.default !== undefined) options[keyOf(flag)] = flag.default;
  }
  const operands: string[] = [];
  const fail = (message: string): never => {
    throw new UsageError(`${message}. Try "modelaudit ${name} --help".`);
  };
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    if (word === "--") {
      operands.push(...words.slice(at + 1));
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      operands.push(word);
      continue;
    }
    const [spelling, inline] = /^--[^=]+=/.test(word) ? [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)] : [word, undefined];
    const flag = known.get(spelling) ?? fail(`unknown option '${spelling}'`);
    const [, takes] = /<([^>]+)>/.exec(flag.flags) ?? [];
    if (takes === undefined) {
      if (inline !== undefined) fail(`option '${spelling}' takes no value, found "${inline}"`);
      options[keyOf(flag)] = !flag.flags.includes("--no-");
      continue;
    }
    const values: string[] = inline === undefined ? [] : [inline];
    while (inline === undefined && at + 1 < words.length && (values.length === 0 || takes.endsWith("...")) && !isOption(words[at + 1] as string))
      values.push(words[++at] as string);
    if (!values.length) fail(`option '${flag.flags}' expects a value, found none`);
    for (const value of values) {
      if (flag.choices && !flag.choices.includes(value)) fail(`option '${spelling}' expects ${flag.choices.join(", ")}, found "${value}"`);
      const parsed = flag.parse ? flag.parse(value) : value;
      options[keyOf(flag)] = flag.repeat ? [...((options[keyOf(flag)] as unknown[]) ?? []), parsed] : parsed;
    }
  }
  return { operands, options };
}

function isOption(word: string): boolean {
  return word.startsWith("-") && word !== "-";
}

/** `--include-scanner <id...>` is `includeScanner`, `--no-cache` is `cache`. */
function keyOf({ flags }: Flag): string {
  const [, long = ""] = /--(?:no-)?([\w-]+)/.exec(flags) ?? [];
  return long.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** A whole number of at least `least`. */
export function wholeNumber(name: string, least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least) throw new UsageError(`--${name}: expected a whole number of at least ${least}, found "${text}".`);
    return value;
  };
}

const UNITS: Readonly<Record<string, number>> = { B: 1, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30, TB: 2 ** 40 };

/** Bytes from `500MB`, `1.5 GB` or a bare number; units are powers of 1024. */
export function byteSize(text: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([KMGT]?B)?\s*$/i.exec(text);
  if (!match) throw new UsageError(`--max-size: expected a number with B, KB, MB, GB or TB such as 500MB, found "${text}".`);
  return Math.floor(Number(match[1]) * (UNITS[(match[2] ?? "B").toUpperCase()] as number));
}
