/** The library: scan paths from Node, and everything of the core. */
export * from "./core.js";
export { run as scan, type RunOptions as ScanOptions } from "./run.js";
export { type FileReport, type Report, type Verdict, exitCodeOf, fileOutcome, verdictOf } from "./report/report.js";
export { nodeSetup } from "./node/platform.js";
export { fileReader } from "./node/file-reader.js";
export { VERSION } from "./version.js";
