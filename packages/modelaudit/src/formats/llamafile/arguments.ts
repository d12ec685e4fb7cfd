import { words } from "../../detectors/names/words.js";

/** An argument that the program is started with, and what is wrong with it. */
export interface ArgumentFault {
  kind: "shell" | "remote-model" | "outside-file";
  argument: string;
}

/** Options whose value is text for the model: prompts, templates and grammars hold any character. */
const TEXT_OPTIONS =
  words(`-p --prompt -sys --system-prompt -r --reverse-prompt --in-prefix --in-suffix --chat-template --grammar -j --json-schema --composite-prompt
  --cfg-negative-prompt`);
const MODEL_OPTIONS = new Set(["-m", "--model", "-mu", "--model-url", "--mmproj", "-md", "--model-draft", "--lora", "--lora-base"]);
const FILE_OPTIONS = words("-f --file -bf --binary-file --grammar-file --prompt-cache --path --slot-save-path --log-file --api-key-file");

/** What a shell would run if the argument ever reached one: substitution, or a further command behind `;`, `&`, `|`. */
const SHELL = /\$\(|`[^`]+`|(?:^|[^\\])(?:;|&&|\|\|?|\n)\s*[\w./~$-]+|>\s*\/|<\(/;

/** Judges the lines of a llamafile's `.args`. The server's address is the owner's choice; text for the model may hold anything. */
export function argumentFaults(lines: readonly string[]): ArgumentFault[] {
  const faults: ArgumentFault[] = [];
  let option = "";
  for (const argument of lines) {
    const isOption = /^--?[A-Za-z]/.test(argument);
    if (!TEXT_OPTIONS.has(option) || isOption) {
      if (SHELL.test(argument)) faults.push({ kind: "shell", argument });
      else if (MODEL_OPTIONS.has(option) && /^[a-z][a-z0-9+.-]*:\/\//i.test(argument)) faults.push({ kind: "remote-model", argument });
      else if ((FILE_OPTIONS.has(option) || MODEL_OPTIONS.has(option)) && leaves(argument)) faults.push({ kind: "outside-file", argument });
    }
    option = isOption ? argument : "";
  }
  return faults;
}

/** Absolute paths other than `/zip/`, where a llamafile sees its own members, and paths that climb. */
function leaves(path: string): boolean {
  return (path.startsWith("/") && !path.startsWith("/zip/")) || path.startsWith("~") || path.split("/").includes("..");
}
