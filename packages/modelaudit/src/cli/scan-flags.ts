import { byteSize, type Flag, wholeNumber } from "./flags.js";

/** The options of `modelaudit scan`. */
export const SCAN_FLAGS: readonly Flag[] = [
  { flags: "-f, --format <format>", description: "what to print: text, json or sarif (json in CI unless given)", choices: ["text", "json", "sarif"] },
  { flags: "-o, --output <file>", description: "write the report into a file instead of standard output" },
  { flags: "--sbom <file>", description: "also write a CycloneDX bill of materials" },
  { flags: "-v, --verbose", description: "say more: every artifact, every check" },
  { flags: "-q, --quiet", description: "print nothing but the report" },
  { flags: "--strict", description: "fail when anything could not be analysed" },
  { flags: "-b, --blacklist <pattern...>", description: "refuse models whose name contains this (repeatable)", repeat: true, parse: (text) => text },
  {
    flags: "--trust <package...>",
    description: "vouch for a Python package whose classes models use (repeatable)",
    repeat: true,
    parse: (text) => text,
  },
  {
    flags: "-t, --timeout <seconds>",
    description: "time for the whole run, and at most for one file (default 3600, one file 300)",
    parse: wholeNumber("timeout", 1),
  },
  { flags: "--max-size <size>", description: "do not open files above this size, such as 1GB", parse: byteSize },
  { flags: "-j, --jobs <number>", description: "files scanned at the same time (default: the cores)", parse: wholeNumber("jobs", 1) },
  {
    flags: "--scanners <id...>",
    description: "run only these scanners (ids or class names, commas or repeated)",
    repeat: true,
    parse: (text) => text,
  },
  { flags: "--include-scanner <id...>", description: "add scanners to the set that runs", repeat: true, parse: (text) => text },
  { flags: "--exclude-scanner <id...>", description: "leave scanners out", repeat: true, parse: (text) => text },
  { flags: "--list-scanners", description: "list the scanners and stop" },
  { flags: "--plugin <module...>", description: "load own scanners from a JavaScript module (repeatable)", repeat: true, parse: (text) => text },
  { flags: "--hash", description: "compute digests of all files, which reads them whole" },
  { flags: "--stream", description: "one file at a time, with the least memory" },
  { flags: "--dry-run", description: "list what would be scanned, and read nothing" },
  { flags: "--progress", description: "show progress even where it would be left out" },
  { flags: "--no-cache", description: "do not reuse earlier results" },
  { flags: "--no-share", description: "do not share the results" },
];
