import { UsageError } from "../engine/errors.js";
import { allRules } from "../findings/catalogue.js";
import type { Flag } from "./flags.js";
import { parseWords } from "./flags.js";
import { print } from "./print.js";

export const flags: readonly Flag[] = [{ flags: "--format <format>", description: "table or json", choices: ["table", "json"], default: "table" }];

/** `modelaudit rules [CODE]`: the catalogue, or one rule in full. */
export async function run(words: string[]): Promise<number> {
  const { operands, options } = parseWords("rules", flags, words);
  const [code] = operands;
  const chosen = (await allRules()).filter((rule) => code === undefined || rule.id === code.toUpperCase());
  if (!chosen.length) throw new UsageError(`Expected a rule code such as S201, found "${code}". "modelaudit rules" lists them.`);
  if (options["format"] === "json") {
    print(
      `${JSON.stringify(
        chosen.map((rule) => ({ code: rule.id, ...rule })),
        null,
        2,
      )}\n`,
    );
  } else if (code === undefined) {
    for (const rule of chosen) print(`${rule.id.padEnd(6)} ${rule.severity.padEnd(8)} ${rule.name.padEnd(32)} ${rule.title}\n`);
  } else {
    for (const rule of chosen) {
      print(`${rule.id} ${rule.name} (${rule.severity})\n\n${rule.title}\n\nWhy: ${rule.why}\nDo:  ${rule.remedy}\nCWE: ${rule.cwe.join(", ")}\n`);
      for (const reference of rule.references ?? []) print(`See: ${reference}\n`);
    }
  }
  return 0;
}
