import { UsageError } from "../engine/errors.js";
import { namedLikeModel } from "../engine/identify.js";
import { FORMATS } from "../formats/registry.generated.js";
import { exitCodeOf, fileOutcome, type Report } from "../report/report.js";
import { run as runScan } from "../run.js";
import { parseWords } from "./flags.js";
import { Interruption } from "./interruption.js";
import { isTerminal, print, tell } from "./print.js";
import { Progress } from "./progress.js";
import { SCAN_FLAGS } from "./scan-flags.js";

interface ScanWords {
  format?: "text" | "json" | "sarif";
  output?: string;
  sbom?: string;
  verbose?: boolean;
  quiet?: boolean;
  strict?: boolean;
  blacklist?: string[];
  trust?: string[];
  timeout?: number;
  maxSize?: number;
  jobs?: number;
  scanners?: string[];
  includeScanner?: string[];
  excludeScanner?: string[];
  listScanners?: boolean;
  plugin?: string[];
  hash?: boolean;
  stream?: boolean;
  dryRun?: boolean;
  progress?: boolean;
}

/** Variables that continuous-integration services set; there the default output is JSON. */
const CI_VARIABLES = [
  "CI",
  "CONTINUOUS_INTEGRATION",
  "BUILD_NUMBER",
  "GITHUB_ACTIONS",
  "GITLAB_CI",
  "JENKINS_URL",
  "TRAVIS",
  "CIRCLECI",
  "BUILDKITE",
];

export const flags = SCAN_FLAGS;

export async function run(words: string[]): Promise<number> {
  const parsed = parseWords("scan", SCAN_FLAGS, words);
  const options = parsed.options as ScanWords;
  const format = options.format ?? (CI_VARIABLES.some((name) => process.env[name]) ? "json" : "text");
  if (options.listScanners) return listScanners(format, options.output);
  const output = await openIfNamed(options.output);
  const sbom = await openIfNamed(options.sbom);
  const delegated = isTrue(process.env["PROMPTFOO_DELEGATED"]);
  const progress = new Progress(options.progress === true, options.quiet === true);
  const interruption = new Interruption(() => {
    progress.end();
    tell("Interrupted: finishing with what was scanned so far. Press again to stop at once.\n");
  });
  const report = await runScan(parsed.operands, {
    policy: { trust: options.trust ?? [], blacklist: options.blacklist ?? [], strict: options.strict ?? false },
    hash: options.hash ? "all" : options.sbom !== undefined || format === "sarif" || (format === "json" && delegated),
    signal: interruption,
    arguments: words,
    onStart: (files, bytes) => progress.start(files, bytes),
    onFile: (file) => progress.done(file.path, file.size),
    onNote: (message) => tell(`Note: ${message}\n`),
    ...(options.scanners ? { scanners: options.scanners } : {}),
    ...(options.includeScanner ? { include: options.includeScanner } : {}),
    ...(options.excludeScanner ? { exclude: options.excludeScanner } : {}),
    ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
    ...(options.maxSize === undefined ? {} : { maxSize: options.maxSize }),
    ...(options.stream ? { jobs: 1 } : options.jobs === undefined ? {} : { jobs: options.jobs }),
    ...(options.plugin ? { plugins: options.plugin } : {}),
    ...(options.dryRun ? { dryRun: true } : {}),
  });
  progress.end();
  interruption.release();
  if (format !== "text" || output || !isTerminal(1)) tellProblems(report);
  if (sbom) {
    const { sbomReport } = await import("../report/cyclonedx.js");
    sbom.write(`${JSON.stringify(await sbomReport(report, { cwd: process.cwd() }), null, 2)}\n`);
  }
  const text = await render(report, format, options, output !== undefined);
  if (output) {
    output.write(text);
    if (!delegated && !options.quiet) tell(`Report written to ${options.output}\n`);
  } else print(text);
  return exitCodeOf(report);
}

async function openIfNamed(path: string | undefined) {
  if (path === undefined) return undefined;
  const { openOutput } = await import("./output.js");
  return openOutput(path);
}

const STRANGE = "Expected a model, by its name; found bytes in no format that --list-scanners names. Is the file cut short?";
/** Files of which a line is said on stderr; the report has them all. */
const FILES_TOLD = 20;

/** One line for each path that was not scanned and each file that was not fully read, where the report is not on screen. */
function tellProblems(report: Report): void {
  for (const problem of report.problems) tell(`Error: ${problem.message}\n`);
  const untold = report.files.flatMap((file) => {
    const { path } = file;
    const [own] = file.records;
    const isStrange = () => fileOutcome(file) === "unknown" && namedLikeModel(FORMATS, path);
    const message = own?.failure ?? own?.gaps[0]?.message ?? (isStrange() ? STRANGE : undefined);
    return message === undefined ? [] : [`${path}: ${message.split("\n")[0]}`];
  });
  for (const line of untold.slice(0, FILES_TOLD)) tell(`Warning: ${line.replace(/\p{C}/gu, "?")}\n`);
  if (untold.length > FILES_TOLD) tell(`Warning: ${untold.length - FILES_TOLD} more files were not fully read; the report names them\n`);
}

async function render(report: Report, format: "text" | "json" | "sarif", options: ScanWords, toFile: boolean): Promise<string> {
  const verbose = options.verbose ?? false;
  if (format === "json") {
    const { jsonReport } = await import("../report/json.js");
    return `${JSON.stringify(await jsonReport(report, { verbose }), null, 2)}\n`;
  }
  if (format === "sarif") {
    const { sarifReport } = await import("../report/sarif.js");
    return `${JSON.stringify(await sarifReport(report, { cwd: process.cwd() }), null, 2)}\n`;
  }
  const { textReport } = await import("../report/text.js");
  const terminal = !toFile && isTerminal(1);
  const color = terminal && !process.env["NO_COLOR"];
  return textReport(report, { color, verbose, quiet: options.quiet ?? false, width: terminal ? Math.min(process.stdout.columns ?? 100, 120) : 100 });
}

async function listScanners(format: string, path: string | undefined): Promise<number> {
  if (format === "sarif") throw new UsageError("--list-scanners prints text or json; SARIF has no place for scanners. Try --format json.");
  const { scannerList } = await import("../report/scanners.js");
  const text = scannerList(FORMATS, format === "json" ? "json" : "text");
  if (path === undefined) print(text);
  else (await import("./output.js")).openOutput(path).write(text);
  return 0;
}

function isTrue(text: string | undefined): boolean {
  return text !== undefined && !["", "0", "false", "no"].includes(text.toLowerCase());
}
