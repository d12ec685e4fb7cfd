import { run as runScan } from "../run.js";
import { exitCodeForProblems, LISTING_FLAGS, showProblems } from "./listing.js";
import { parseWords } from "./flags.js";
import { print } from "./print.js";

export const flags = LISTING_FLAGS;

/** `modelaudit ls FILE…`: the tree of what is inside. */
export async function run(words: string[]): Promise<number> {
  const { operands, options } = parseWords("ls", flags, words);
  const report = await runScan(operands, { keepAll: true, arguments: words });
  const { partsOf, treeText } = await import("../report/tree.js");
  const trees = report.files.map(partsOf);
  print(options["format"] === "json" ? `${JSON.stringify({ files: trees }, null, 2)}\n` : trees.map(treeText).join("\n"));
  showProblems(report);
  return exitCodeForProblems(report);
}
