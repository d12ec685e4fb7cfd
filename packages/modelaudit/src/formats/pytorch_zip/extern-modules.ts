import type { Work } from "../../engine/work.js";

/**
 * Modules that packaged code has no business to take from the host: commands, native code, connections. `os`, `shutil`
 * and the like stand in honest lists too, for paths; what the code does with them is judged in the sources.
 */
const SUSPECT =
  /^(?:posix|nt|subprocess|_posixsubprocess|pty|ctypes|_ctypes|cffi|socket|_socket|socketserver|ftplib|smtplib|telnetlib|paramiko|runpy|code|codeop|marshal|webbrowser)(?:\.|$)/;

/** Judges the list of modules that packaged code imports from the host, one a line. */
export function* judgeExterns(text: string): Work<void> {
  for (const module of text.split("\n").map((line) => line.trim())) {
    if (SUSPECT.test(module)) yield { kind: "finding", rule: "S1273", args: { module }, at: module };
  }
}
