import type { Limits } from "../engine/budget.js";
import { type Step, advance, drive } from "../engine/drive.js";
import type { ArtifactRecord } from "../engine/record.js";
import type { FileReport } from "../report/report.js";
import type { LocalFile } from "../sources/local.js";
import { failed, fileReport } from "./file-reports.js";
import { laneSetup } from "./lane-options.js";
import type { LaneRun, Queue } from "./lanes.js";
import { type OpenedScan, openScan } from "./run-target.js";
import { Overrun, watchdog } from "./watchdog.js";

/** What a file may cost in the main thread before it moves to a worker: a fraction of a worker's start, hardly noticed. */
const FILE_MILLISECONDS = 250;
/** The same for the only file of a run, which keeps nobody waiting: starting over in a worker would cost more. */
const ONLY_FILE_MILLISECONDS = 2000;
/** Memory and counts in the main thread stay small; a file that wants more is scanned again in a worker. */
const INLINE_LIMITS = { expandedBytes: 64 * 2 ** 20, heldBytes: 64 * 2 ** 20, members: 20_000 } as const;
/** One watchdog looks after as many files in a row as are done in this time: its start costs as much as a small file. */
const WATCH_MILLISECONDS = 100;
/** The same while workers scan beside this thread, so that they do not wait for their next files. */
const SHORT_WATCH_MILLISECONDS = 20;
/** When the files that are left will take longer than this in one thread, workers are worth their start. */
const ALONE_MILLISECONDS = 500;

/** A file in work, and what its scan came to so far. */
interface Begun {
  index: number;
  file: LocalFile;
  start: number;
  scan?: OpenedScan;
  step?: Step<ArtifactRecord[]>;
}

/**
 * Scans what can be scanned at once in this thread, calling for `help` when there is much of it. Gives the indices of
 * the files that need a worker; what was found of those is dropped, so that nothing depends on where a scan was stopped.
 */
export async function scanInline(run: LaneRun, queue: Queue, help?: () => Promise<void>): Promise<number[]> {
  const { files } = queue;
  const most = Math.min(files.length === 1 ? ONLY_FILE_MILLISECONDS : FILE_MILLISECONDS, run.limits.milliseconds);
  const limits: Limits = { ...run.limits, milliseconds: 2 * most, firstTry: true };
  for (const name of ["expandedBytes", "heldBytes", "members"] as const) limits[name] = Math.min(INLINE_LIMITS[name], run.limits[name]);
  const setup = await laneSetup(run, limits);
  const heavy: number[] = [];
  let helping: Promise<void> | undefined;
  let done: [number, FileReport][] = [];
  let begun: Begun | undefined;

  /** Waits for as long as the file in work may take. The code of our own scanners comes in any case; that of plugins may not. */
  function patience<R>(wait: Promise<R>, loading: boolean): Promise<R> {
    const left = (begun as Begun).start + 2 * most - Date.now();
    return loading && !run.plugins.length ? wait : within(left, wait);
  }

  function settle(index: number, report: FileReport | undefined): void {
    if (report) done.push([index, report]);
    else heavy.push(index);
    begun?.scan?.close();
    begun = undefined;
  }

  /** Scans files in a row until one has to wait or the watch is over. */
  function stretch(): void {
    const end = Date.now() + (helping ? SHORT_WATCH_MILLISECONDS : WATCH_MILLISECONDS);
    do {
      const index = queue.first++;
      const file = files[index] as LocalFile;
      begun = { index, file, start: Date.now() };
      try {
        begun.scan = openScan(file, setup);
        begun.step = advance(begun.scan.work);
        if (!begun.step.done) return;
        settle(index, reportOf(begun, begun.scan));
      } catch (error) {
        settle(index, failed(file, error as Error));
      }
    } while (queue.first < queue.last && Date.now() < end);
  }

  while (queue.first < queue.last && !queue.over()) {
    const guard = watchdog(most + WATCH_MILLISECONDS);
    const [first, start] = [queue.first, Date.now()];
    try {
      guard(stretch);
      if (begun?.scan) {
        await drive(begun.scan.work, guard, begun.step, patience);
        settle(begun.index, reportOf(begun, begun.scan));
      }
    } catch (error) {
      if (begun) settle(begun.index, error instanceof Overrun ? undefined : failed(begun.file, error as Error));
    }
    for (const [index, report] of done) queue.finish(index, report);
    done = [];
    // The first files say little: they run code that is not compiled yet.
    const left = ((queue.last - queue.first) * (Date.now() - start)) / (queue.first - first);
    if (!helping && help && first > 0 && left > ALONE_MILLISECONDS) helping = help();
    if (helping) await turn();
  }
  await helping;
  return heavy;
}

/** Lets the workers' messages in. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The report of a scan that came to its end; nothing when it stopped at a limit that is higher in a worker. */
function reportOf({ file, start }: Begun, scan: OpenedScan): FileReport | undefined {
  if (scan.records.some((record) => record.gaps.some((gap) => gap.reason.startsWith("limit-")))) return undefined;
  return fileReport(file, scan.records, scan.bytesRead(), Date.now() - start);
}

/** The watchdog ends calls that do not return; this ends the wait for a promise that never settles. */
function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Overrun()), milliseconds);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
