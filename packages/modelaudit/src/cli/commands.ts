import type { Flag } from "./flags.js";

/** A word after `modelaudit`. Loaded only when used. */
export interface Command {
  name: string;
  aliases?: readonly string[];
  /** How to call it, behind the name. */
  usage: string;
  summary: string;
  load(): Promise<{ run(words: string[]): Promise<number>; flags: readonly Flag[] }>;
}

/** The first is the one that runs when no command is named. */
export const COMMANDS: readonly Command[] = [
  { name: "scan", aliases: ["scan-model"], usage: "PATH…", summary: "Say whether models are safe to load", load: () => import("./scan.js") },
  { name: "explain", usage: "FILE…", summary: "Show what pickles would do, as readable pseudo-Python", load: () => import("./explain.js") },
  { name: "ls", usage: "FILE…", summary: "Show what is inside, with formats and sizes", load: () => import("./ls.js") },
  { name: "metadata", usage: "PATH…", summary: "Show what models say of themselves: format, producer, tensors", load: () => import("./metadata.js") },
  { name: "rules", usage: "[CODE]", summary: "List the rules, or show one", load: () => import("./rules.js") },
];
