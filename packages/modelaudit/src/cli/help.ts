import type { Command } from "./commands.js";
import type { Flag } from "./flags.js";

export function helpText(commands: readonly Command[]): string {
  const rows = commands.map((command) => [`modelaudit ${command.name} ${command.usage}`, command.summary] as const);
  return `modelaudit says whether a machine-learning model is safe to load, without loading it.

${table([...rows, ["modelaudit PATH…", "The same as scan"], ["modelaudit --version", "Print the version"]])}
Exit codes: 0 nothing found, 1 findings, 2 something could not be read or understood.
"modelaudit COMMAND --help" lists the options of a command.
`;
}

export function commandHelp(name: string, usage: string, flags: readonly Flag[]): string {
  const rows = flags.filter((flag) => !flag.hidden).map((flag) => [flag.flags, flag.description] as const);
  return `Usage: modelaudit ${name} ${usage} [options]\n\n${table(rows)}`;
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join("");
}
