import type { Format } from "../engine/format.js";
import { UsageError } from "../engine/errors.js";
import type { ArtifactRecord } from "../engine/record.js";
import { rulesOf } from "../findings/catalogue.js";
import { sentence } from "../findings/rule.js";
import type { ExplainLine } from "../formats/pickle/explain.js";
import { nodeSetup } from "../node/platform.js";
import { runTarget } from "../node/run-target.js";
import { watchdog } from "../node/watchdog.js";
import { printable } from "../report/printable.js";
import { listLocal } from "../sources/local.js";
import { type Flag, parseWords } from "./flags.js";
import { isTerminal, print, tell } from "./print.js";

export const flags: readonly Flag[] = [{ flags: "--format <format>", description: "text or json", choices: ["text", "json"], default: "text" }];
/** An explanation is read by a person, who waits for it. */
const MILLISECONDS = 60_000;

interface Explained {
  path: string;
  lines: ExplainLine[];
}

/** `modelaudit explain FILE`: what every pickle in the file would do, line by line, with byte offsets. */
export async function run(words: string[]): Promise<number> {
  const { operands, options } = parseWords("explain", flags, words);
  if (!operands.length) throw new UsageError("Expected a file to explain, found none. Try: modelaudit explain model.pkl");
  const { files, problems } = listLocal(operands);
  for (const problem of problems) tell(`Error: ${problem.message}\n`);
  const explained: Explained[] = [];
  const setup = nodeSetup();
  const formats = setup.formats.map((format) => (format.id === "pickle" || format.id === "joblib" ? explaining(format, explained) : format));
  for (const file of files) {
    const records: ArtifactRecord[] = [];
    await runTarget(file, { ...setup, formats }, records, watchdog(MILLISECONDS));
  }
  if (options["format"] === "json") print(`${JSON.stringify({ pickles: explained }, null, 2)}\n`);
  else print(await asText(explained));
  if (!explained.length && files.length) tell("Nothing to explain: expected a pickle, found none inside. modelaudit ls shows what is there.\n");
  return problems.length || !explained.length ? 2 : 0;
}

/** The format with a scanner that also explains; children are scanned as ever, so pickles inside are explained too. */
function explaining(format: Format, into: Explained[]): Format {
  return {
    ...format,
    async load() {
      const [{ scanner }, { explainPickle }] = await Promise.all([format.load(), import("../formats/pickle/explain.js")]);
      return {
        scanner: {
          version: scanner.version,
          *scan(artifact, context) {
            const { loader } = artifact.hints;
            const lines = yield* explainPickle(artifact.reader, { trust: context.policy.trust, ...(typeof loader === "string" ? { loader } : {}) });
            into.push({ path: artifact.path, lines });
            yield* scanner.scan(artifact, context);
          },
        },
      };
    },
  };
}

async function asText(explained: readonly Explained[]): Promise<string> {
  const rules = await rulesOf(explained.flatMap(({ lines }) => lines.flatMap(({ marks }) => marks.map((mark) => mark.rule))));
  const { default: pico } = await import("picocolors");
  const colors = pico.createColors(isTerminal(1) && !process.env["NO_COLOR"]);
  const out: string[] = [];
  for (const { path, lines } of explained) {
    out.push(colors.bold(printable(path)));
    for (const { offset, text, marks } of lines) {
      const bad = marks.some((mark) => mark.severity === "critical");
      const line = `${String(offset).padStart(10)}  ${printable(text)}`;
      out.push(marks.length ? (bad ? colors.red(line) : colors.yellow(line)) : line);
      for (const { rule, severity, args } of marks) {
        const known = rules.get(rule);
        out.push(colors.dim(`            ^ ${severity} ${rule}: ${printable(known ? sentence(known, args) : rule)}`));
      }
    }
    out.push("");
  }
  return out.join("\n");
}
