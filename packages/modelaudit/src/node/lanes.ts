import type { FileReport } from "../report/report.js";
import type { LocalFile } from "../sources/local.js";
import { INTERRUPTED, OUT_OF_TIME, unscanned } from "./file-reports.js";
import { scanInline } from "./inline-lane.js";
import type { LaneOptions } from "./lane-options.js";
import type { WorkerPool } from "./worker-pool.js";
import type { StopSignal } from "./stop-signal.js";

export interface LaneRun extends LaneOptions {
  /** Files scanned at the same time; defaults to the cores. */
  jobs?: number;
  /** Unix time in milliseconds at which the whole run ends. */
  deadline: number;
  /** Told of every file as it is done. */
  onFile?(report: FileReport): void;
  /** Aborted by the user: no new file is begun, running ones are ended. */
  signal?: StopSignal;
}

/** What the lanes share: the files not begun yet, and where reports go. */
export interface Queue {
  readonly files: readonly LocalFile[];
  /** Indices `[first, last)` are not begun. This thread takes from the front, workers from the back. */
  first: number;
  last: number;
  finish(index: number, report: FileReport): void;
  /** No new file is begun: the time is up, or the user ended the run. */
  over(): boolean;
}

/** From this number of files on, a run is long enough for other threads to matter. */
const MANY = 20;
/** Files given to a worker at once: few messages while there are many, fair shares towards the end. */
const LARGEST_BATCH = 16;

/**
 * Scans files on two kinds of lane: in this thread under a watchdog, and in workers that can be ended, for files that
 * take long or want much memory, and for a share of very many. Gives the reports in the order of the files.
 */
export async function scanFiles(files: readonly LocalFile[], run: LaneRun): Promise<FileReport[]> {
  const reports = new Array<FileReport | undefined>(files.length);
  const queue: Queue = {
    files,
    first: 0,
    last: files.length,
    finish(index, report) {
      reports[index] = report;
      run.onFile?.(report);
    },
    over: () => run.signal?.aborted === true || Date.now() >= run.deadline,
  };
  const jobs = run.jobs ?? (files.length > 1 ? process.getBuiltinModule("node:os").availableParallelism() : 1);
  let pool: WorkerPool | undefined;
  // Loaded when a worker is needed: a small file must not pay for it.
  const openPool = async () => {
    pool ??= new (await import("./worker-pool.js")).WorkerPool(run, queue);
    return pool;
  };
  const help = async () => {
    const takeBatch = () => {
      const size = Math.min(LARGEST_BATCH, Math.ceil((queue.last - queue.first) / (2 * jobs)));
      queue.last -= size;
      return Array.from({ length: size }, (_, at) => queue.last + at);
    };
    await (await openPool()).scan(takeBatch, jobs - 1);
  };
  if (files.length >= MANY) (await import("./yielding-threads.js")).yieldOtherThreads();
  const heavy = await scanInline(run, queue, jobs > 1 ? help : undefined);
  if (heavy.length && !queue.over()) await (await openPool()).scan(() => heavy.splice(0, 1), Math.min(jobs, heavy.length));
  await pool?.close();
  return files.map((file, index) => reports[index] ?? unscanned(file, run.signal?.aborted ? INTERRUPTED : OUT_OF_TIME));
}
