import { run as runScan } from "../run.js";
import type { FileReport } from "../report/report.js";
import { exitCodeForProblems, LISTING_FLAGS, showProblems } from "./listing.js";
import { parseWords } from "./flags.js";
import { print } from "./print.js";

export const flags = LISTING_FLAGS;

/** `modelaudit metadata PATH…`: what the formats say of each model, without judging it. */
export async function run(words: string[]): Promise<number> {
  const { operands, options } = parseWords("metadata", flags, words);
  const report = await runScan(operands, { arguments: words });
  const files = report.files.map(factsOf);
  if (options["format"] === "json") print(`${JSON.stringify({ files }, null, 2)}\n`);
  else {
    const { factsText } = await import("../report/facts.js");
    print(files.map(factsText).join("\n"));
  }
  showProblems(report);
  return exitCodeForProblems(report);
}

/** A file's own facts, and those of the parts that have any. */
function factsOf(file: FileReport) {
  const [own, ...inner] = file.records;
  return {
    path: file.path,
    size: file.size,
    formats: own?.formats ?? [],
    metadata: own?.metadata ?? {},
    members: inner.filter((record) => Object.keys(record.metadata).length).map(({ path, formats, metadata }) => ({ path, formats, metadata })),
  };
}
