import { DEFAULT_LIMITS, type Limits } from "./engine/budget.js";
import { DEFAULT_POLICY, type Policy } from "./engine/context.js";
import { UsageError } from "./engine/errors.js";
import { type Selection, selectScanners } from "./engine/select.js";
import { FORMATS } from "./formats/registry.generated.js";
import { unscanned } from "./node/file-reports.js";
import { scanFiles } from "./node/lanes.js";
import type { FileReport, Report } from "./report/report.js";
import { listLocal, type LocalFile, type OutsideLink } from "./sources/local.js";
import { VERSION } from "./version.js";
import type { StopSignal } from "./node/stop-signal.js";

export interface RunOptions extends Selection {
  policy?: Partial<Policy>;
  limits?: Partial<Limits>;
  /** Seconds for the whole run. */
  timeout?: number;
  /** Files above this many bytes are not opened; each is inconclusive. */
  maxSize?: number;
  jobs?: number;
  /** Paths or file URLs of modules that export `formats: Format[]`. */
  plugins?: readonly string[];
  dryRun?: boolean;
  /** Compute SHA-256 digests and the content hash, which reads every file whole. `all`: MD5, SHA-1 and SHA-512 too. */
  hash?: boolean | "all";
  signal?: StopSignal;
  /** Keep a record of every part, also of raw data that is only skipped over; for listings. */
  keepAll?: boolean;
  /** Called when the list of files is known, and after each file. */
  onStart?(files: number, bytes: number): void;
  onFile?(report: FileReport): void;
  /** Told of what is worth a word but changes nothing. */
  onNote?(message: string): void;
  /** As typed, for the report. */
  arguments?: readonly string[];
}

/** Whole run and single file when the user says nothing, in seconds. */
const RUN_SECONDS = 3600;

/**
 * Scans local paths and gives the report. Never throws for what a file contains or for a path that is not there;
 * those are in the report. Throws `UsageError` for options that make no sense.
 */
export async function run(paths: readonly string[], options: RunOptions = {}): Promise<Report> {
  if (!paths.length) throw new UsageError("Expected a file or folder to scan, found none. Try: modelaudit scan model.pkl");
  const startTime = Date.now();
  const seconds = options.timeout ?? RUN_SECONDS;
  const only = selectScanners(FORMATS, options);
  const { files, links, problems, loops } = listLocal(paths);
  for (const loop of loops) options.onNote?.(`${loop}: a link back to a folder that holds it; expected a tree, the loop is not followed`);
  const fits = (file: LocalFile) => options.maxSize === undefined || file.size <= options.maxSize;
  const small = files.filter(fits);
  options.onStart?.(
    small.length,
    small.reduce((sum, file) => sum + file.size, 0),
  );
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };
  if (options.timeout !== undefined) limits.milliseconds = Math.min(limits.milliseconds, 1000 * options.timeout);
  const scanned = options.dryRun
    ? small.map((file) => notOpened(file))
    : await scanFiles(small, {
        policy: { ...DEFAULT_POLICY, ...options.policy },
        limits,
        only,
        plugins: (options.plugins ?? []).map(moduleUrl),
        deadline: startTime + 1000 * seconds,
        ...(options.jobs === undefined ? {} : { jobs: options.jobs }),
        ...(options.onFile ? { onFile: options.onFile } : {}),
        ...(options.signal ? { signal: options.signal } : {}),
        ...(options.keepAll ? { keepAll: true } : {}),
      });
  const large = files.filter((file) => !fits(file)).map((file) => unscanned(file, tooLarge(file, options.maxSize as number)));
  const report: Report = {
    version: VERSION,
    arguments: [...(options.arguments ?? paths)],
    paths: [...paths],
    startTime: startTime / 1000,
    duration: (Date.now() - startTime) / 1000,
    files: [...scanned, ...large, ...links.map(linkReport)],
    problems,
    strict: options.policy?.strict ?? false,
    ...(only
      ? { selection: { requested: options.scanners ? [...options.scanners] : null, enabled: only, excluded: [...(options.exclude ?? [])] } }
      : {}),
    ...(options.dryRun ? { dryRun: true } : {}),
    ...(options.signal?.aborted ? { interrupted: true } : {}),
  };
  if (options.hash && !options.dryRun) {
    const { addDigests } = await import("./node/digests.js");
    await addDigests(report, options.signal, options.hash === "all");
  }
  return report;
}

function moduleUrl(path: string): string {
  return path.startsWith("file:") ? path : new URL(path, `file://${process.cwd()}/`).href;
}

function tooLarge(file: LocalFile, most: number) {
  return { reason: "limit-max-size", message: `File too large to scan: ${file.size} bytes, --max-size allows ${most}.` };
}

function notOpened(file: LocalFile): FileReport {
  const report = unscanned(file, { reason: "dry-run", message: "Would be scanned." });
  for (const record of report.records) record.gaps = [];
  return report;
}

/** A link that leads out of the scanned folder: what a loader would read there was not looked at. */
function linkReport(link: OutsideLink): FileReport {
  const file = { path: link.path, absolutePath: link.absolutePath, size: 0, root: "" };
  const message = `Not followed: the link leads to ${link.target}, outside the scanned folder. Scan that path by itself.`;
  return unscanned(file, { reason: "link-outside", message });
}
