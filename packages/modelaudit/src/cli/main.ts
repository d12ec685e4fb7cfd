import { VERSION } from "../version.js";
import { COMMANDS } from "./commands.js";
import { print, tell } from "./print.js";

/** Exit codes live here and in report.ts: 0 clean, 1 findings, 2 anything that could not be done, 130 interrupted twice. */
async function answer(words: string[]): Promise<number> {
  const [first = ""] = words;
  if (first === "--version" || first === "-V") {
    print(`modelaudit, version ${VERSION}\n`);
    return 0;
  }
  const command = COMMANDS.find((one) => one.name === first || one.aliases?.includes(first));
  if (!command && (first === "" || first === "--help" || first === "-h" || first === "help")) {
    const { helpText } = await import("./help.js");
    if (first === "") tell(helpText(COMMANDS));
    else print(helpText(COMMANDS));
    return first === "" ? 2 : 0;
  }
  // Everything else is a scan: `modelaudit model.pkl` and `modelaudit -q model.pkl` alike.
  const chosen = command ?? (COMMANDS[0] as (typeof COMMANDS)[number]);
  const rest = command ? words.slice(1) : words;
  const { run, flags } = await chosen.load();
  const end = rest.indexOf("--");
  if (rest.slice(0, end < 0 ? rest.length : end).some((word) => word === "--help" || word === "-h")) {
    const { commandHelp } = await import("./help.js");
    print(commandHelp(chosen.name, chosen.usage, flags));
    return 0;
  }
  return run(rest);
}

/** Runs the command and ends the process: everything is written by then, and an exit at once spares Node the tidying up. */
export function main(words: string[]): void {
  answer(words).then(
    (code) => process.exit(code),
    (error: unknown) => {
      const known = error instanceof Error && ["UsageError", "SourceError"].includes(error.name);
      tell(`Error: ${known ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
      process.exit(2);
    },
  );
}
