import { availableParallelism } from "node:os";
import type { Worker } from "node:worker_threads";
import type { Limits } from "../engine/budget.js";
import type { ArtifactRecord, Gap } from "../engine/record.js";
import type { FileReport } from "../report/report.js";
import type { LocalFile } from "../sources/local.js";
import { type LaneOptions, laneSetup } from "./lane-options.js";
import { runTarget } from "./run-target.js";
import { Overrun, watchdog } from "./watchdog.js";
import type { FromWorker, ToWorker } from "./worker.js";

/** What a file may cost in the main thread before it moves to a worker: a fraction of a worker's start, hardly noticed. */
const INLINE_MILLISECONDS = 250;
/** The same for the only file of a run, which keeps nobody waiting: starting over in a worker would cost more. */
const INLINE_MILLISECONDS_ALONE = 1000;
/** Memory and counts in the main thread stay small; a file that wants more is scanned again in a worker. */
const INLINE_LIMITS = { expandedBytes: 64 * 2 ** 20, heldBytes: 64 * 2 ** 20, members: 20_000 } as const;
/** After this time in the main thread, the rest of the files is worth the start of more threads. */
const ALONE_MILLISECONDS = 400;
/** Heap of one worker. A file that needs more is not scanned to its end, and only that worker dies. */
const WORKER_HEAP_MEGABYTES = 512;
/** Space for new objects: a scan makes many that die at once, and more space only delays giving it back. */
const WORKER_NURSERY_MEGABYTES = 8;
/** How long past its own limit a file may go on before its worker is ended: the scanner should have stopped by itself. */
const GRACE_MILLISECONDS = 1000;

export interface LaneRun extends LaneOptions {
  /** Files scanned at the same time; defaults to the cores. */
  jobs?: number;
  /** Unix time in milliseconds at which the whole run ends. */
  deadline: number;
  /** Told of every file as it is done. */
  onFile?(report: FileReport): void;
  /** Aborted by the user: no new file is begun, running ones are ended. */
  signal?: AbortSignal;
}

/**
 * Scans files on two kinds of lane: small ones in this thread under a watchdog, and those that take long, want much
 * memory, or are many, in workers that can be ended. Gives the reports in the order of the files.
 */
export async function scanFiles(files: readonly LocalFile[], run: LaneRun): Promise<FileReport[]> {
  const reports = new Array<FileReport | undefined>(files.length);
  const finish = (index: number, report: FileReport) => {
    reports[index] = report;
    run.onFile?.(report);
  };
  const waiting = await scanInline(files, run, finish);
  if (waiting.length) await scanInWorkers(files, waiting, run, finish);
  return files.map((file, index) => reports[index] ?? unscanned(file, run.signal?.aborted ? INTERRUPTED : OUT_OF_TIME));
}

const INTERRUPTED: Gap = { reason: "interrupted", message: "Not scanned: the run was interrupted." };
const OUT_OF_TIME: Gap = { reason: "limit-timeout", message: "Not scanned: the time for the whole run was used up. Raise --timeout." };
const FILE_TIME: Gap = { reason: "limit-milliseconds", message: "Stopped: this file took too long. Raise --timeout to give it more time." };
const FILE_MEMORY: Gap = { reason: "limit-memory", message: "Stopped: scanning this file took more memory than a scan may use." };

function over(run: LaneRun): boolean {
  return run.signal?.aborted === true || Date.now() >= run.deadline;
}

/** Scans what can be scanned at once; gives the indices of the files that need a worker. */
async function scanInline(files: readonly LocalFile[], run: LaneRun, finish: (index: number, report: FileReport) => void): Promise<number[]> {
  const jobs = run.jobs ?? availableParallelism();
  const milliseconds = Math.min(files.length === 1 ? INLINE_MILLISECONDS_ALONE : INLINE_MILLISECONDS, run.limits.milliseconds);
  const limits: Limits = { ...run.limits, milliseconds: 2 * milliseconds };
  for (const [name, value] of Object.entries(INLINE_LIMITS)) {
    limits[name as keyof typeof INLINE_LIMITS] = Math.min(value, run.limits[name as keyof typeof INLINE_LIMITS]);
  }
  const setup = await laneSetup(run, limits);
  const heavy: number[] = [];
  const start = Date.now();
  for (let index = 0; index < files.length && !over(run); index++) {
    if (jobs > 1 && Date.now() - start > ALONE_MILLISECONDS && files.length - index > jobs) {
      for (let rest = index; rest < files.length; rest++) heavy.push(rest);
      break;
    }
    const file = files[index] as LocalFile;
    const records: ArtifactRecord[] = [];
    const began = Date.now();
    try {
      const bytesRead = await within(2 * milliseconds, runTarget(file, setup, records, watchdog(milliseconds)));
      if (records.some((record) => record.gaps.some((gap) => gap.reason.startsWith("limit-")))) heavy.push(index);
      else finish(index, fileReport(file, records, bytesRead, Date.now() - began));
    } catch (error) {
      if (error instanceof Overrun) heavy.push(index);
      else finish(index, failed(file, error as Error));
    }
  }
  return heavy;
}

/** The watchdog ends calls that do not return; this ends the wait for a promise that never settles. */
function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Overrun()), milliseconds);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Scans the waiting files in workers, each ended when its file is over its time or its memory. */
async function scanInWorkers(
  files: readonly LocalFile[],
  waiting: readonly number[],
  run: LaneRun,
  finish: (index: number, report: FileReport) => void,
): Promise<void> {
  const queue = [...waiting];
  const count = Math.min(run.jobs ?? availableParallelism(), queue.length);
  const lanes = Array.from({ length: count }, async () => {
    let worker: Worker | undefined;
    while (queue.length && !over(run)) {
      worker ??= await startWorker(run);
      const index = queue.shift() as number;
      const file = files[index] as LocalFile;
      const { report, alive } = await scanWith(worker, index, file, run);
      finish(index, report);
      if (!alive) worker = undefined;
    }
    await worker?.terminate();
  });
  await Promise.all(lanes);
}

async function startWorker(run: LaneRun): Promise<Worker> {
  // Loaded when a worker is needed: a small file must not pay for it.
  const { Worker } = await import("node:worker_threads");
  const { policy, limits, only, plugins, keepAll = false } = run;
  const workerData: LaneOptions = { policy, limits, only, plugins, keepAll };
  const worker = new Worker(new URL("./worker.js", import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MEGABYTES, maxYoungGenerationSizeMb: WORKER_NURSERY_MEGABYTES },
  });
  // A worker that breaks between two files is noticed by the next one.
  worker.on("error", () => {});
  return worker;
}

/** One file on one worker. `alive` is false when the worker had to be ended. */
function scanWith(worker: Worker, index: number, file: LocalFile, run: LaneRun): Promise<{ report: FileReport; alive: boolean }> {
  return new Promise((resolve) => {
    const began = Date.now();
    let partial: ArtifactRecord[] = [];
    const settle = (report: FileReport, alive: boolean) => {
      clearTimeout(timer);
      run.signal?.removeEventListener("abort", interrupt);
      // Named listeners only: the worker keeps listeners of its own, without which it falls silent.
      worker.off("message", hear);
      worker.off("error", fail);
      worker.off("exit", gone);
      if (!alive) worker.terminate();
      resolve({ report, alive });
    };
    const cutShort = (gap: Gap) => settle(fileReport(file, withGap(file, partial, gap), 0, Date.now() - began), false);
    const interrupt = () => cutShort(INTERRUPTED);
    const allowed = Math.min(run.limits.milliseconds + GRACE_MILLISECONDS, Math.max(1, run.deadline - Date.now()));
    const timer = setTimeout(() => cutShort(Date.now() >= run.deadline ? OUT_OF_TIME : FILE_TIME), allowed);
    run.signal?.addEventListener("abort", interrupt, { once: true });
    const hear = (message: FromWorker) => {
      if (message.kind === "ready" || message.index !== index) return;
      partial = message.records;
      if (message.kind === "partial") return;
      if (message.failure !== undefined) settle(failed(file, new Error(message.failure)), true);
      else settle(fileReport(file, message.records, message.bytesRead, Date.now() - began), true);
    };
    const fail = (error: NodeJS.ErrnoException) => {
      if (error.code === "ERR_WORKER_OUT_OF_MEMORY") cutShort(FILE_MEMORY);
      else settle(failed(file, error, partial), false);
    };
    const gone = () => fail(new Error("the worker ended by itself"));
    worker.on("message", hear);
    worker.on("error", fail);
    worker.on("exit", gone);
    worker.postMessage({ index, file } satisfies ToWorker);
  });
}

function fileReport(file: LocalFile, records: ArtifactRecord[], bytesRead: number, milliseconds: number): FileReport {
  return { path: file.path, absolutePath: file.absolutePath, size: file.size, records, bytesRead, milliseconds };
}

function emptyRecord(file: LocalFile): ArtifactRecord {
  const { path, size } = file;
  return { path, segments: [path], size, depth: 0, role: "member", formats: [], scanners: [], findings: [], gaps: [], metadata: {} };
}

function withGap(file: LocalFile, records: ArtifactRecord[], gap: Gap): ArtifactRecord[] {
  const all = records.length ? records : [emptyRecord(file)];
  (all[0] as ArtifactRecord).gaps.push(gap);
  return all;
}

function failed(file: LocalFile, error: Error, records: ArtifactRecord[] = []): FileReport {
  const all = records.length ? records : [emptyRecord(file)];
  (all[0] as ArtifactRecord).failure = error.message;
  return fileReport(file, all, 0, 0);
}

/** A file that was not begun, with the reason. */
export function unscanned(file: LocalFile, gap: Gap): FileReport {
  return fileReport(file, withGap(file, [], gap), 0, 0);
}
