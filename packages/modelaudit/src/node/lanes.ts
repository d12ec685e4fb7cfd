import { availableParallelism } from "node:os";
import type { FileReport } from "../report/report.js";
import type { LocalFile } from "../sources/local.js";
import { INTERRUPTED, OUT_OF_TIME, unscanned } from "./file-reports.js";
import { scanInline } from "./inline-lane.js";
import type { LaneOptions } from "./lane-options.js";

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

/** What a lane is given besides the files: how the run is set up, and where it puts the reports. */
export interface Lane {
  run: LaneRun;
  jobs: number;
  finish(index: number, report: FileReport): void;
  /** No new file is begun: the time is up, or the user ended the run. */
  over(): boolean;
}

/**
 * Scans files on two kinds of lane: small ones in this thread under a watchdog, and those that take long, want much
 * memory, or are many, in workers that can be ended. Gives the reports in the order of the files.
 */
export async function scanFiles(files: readonly LocalFile[], run: LaneRun): Promise<FileReport[]> {
  const reports = new Array<FileReport | undefined>(files.length);
  const lane: Lane = {
    run,
    jobs: run.jobs ?? availableParallelism(),
    finish(index, report) {
      reports[index] = report;
      run.onFile?.(report);
    },
    over: () => run.signal?.aborted === true || Date.now() >= run.deadline,
  };
  const waiting = await scanInline(files, lane);
  if (waiting.length && !lane.over()) {
    // Loaded when a worker is needed: a small file must not pay for it.
    const { scanInWorkers } = await import("./worker-lane.js");
    await scanInWorkers(files, waiting, lane);
  }
  return files.map((file, index) => reports[index] ?? unscanned(file, run.signal?.aborted ? INTERRUPTED : OUT_OF_TIME));
}
