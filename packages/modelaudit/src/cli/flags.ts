import { Command, CommanderError, Option } from "commander";
import { UsageError } from "../engine/errors.js";

/** One option of a command, as data: help, parsing and documentation all come from it. */
export interface Flag {
  /** Commander's notation: `-f, --format <format>`, `--scanners <ids...>`. */
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
 * Parses the words behind a command. Gives its operands and options by camel-cased name.
 * Throws `UsageError` with what was expected, what was found and what to try.
 */
export function parseWords(
  name: string,
  operands: string,
  flags: readonly Flag[],
  words: string[],
): { operands: string[]; options: Record<string, unknown> } {
  const command = new Command(name)
    .argument(operands)
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .allowExcessArguments(false);
  for (const flag of flags) {
    const option = new Option(flag.flags, flag.description);
    if (flag.choices) option.choices([...flag.choices]);
    if (flag.default !== undefined) option.default(flag.default);
    if (flag.hidden) option.hideHelp();
    const { parse, repeat } = flag;
    if (parse) option.argParser((text: string, before: unknown) => (repeat ? [...((before as unknown[]) ?? []), parse(text)] : parse(text)));
    command.addOption(option);
  }
  try {
    command.parse(words, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === "commander.helpDisplayed") return { operands: [], options: { help: true } };
    throw new UsageError(`${error.message.replace(/^error: /, "").replace(/\s+/g, " ")}. Try "modelaudit ${name} --help".`);
  }
  return { operands: command.args, options: command.opts() };
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
