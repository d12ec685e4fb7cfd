import type { Limits } from "../engine/budget.js";
import { type Step, advance, drive } from "../engine/drive.js";
import type { ArtifactRecord } from "../engine/record.js";
import type { FileReport } from "../report/report.js";
import type { LocalFile } from "../sources/local.js";
import { failed, fileReport } from "./file-reports.js";
import { laneSetup } from "./lane-options.js";
import type { Lane } from "./lanes.js";
import { type OpenedScan, openScan } from "./run-target.js";
import { Overrun, watchdog } from "./watchdog.js";

/** What a file may cost in the main thread before it moves to a worker: a fraction of a worker's start, hardly noticed. */
const FILE_MILLISECONDS = 250;
/** The same for the only file of a run, which keeps nobody waiting: starting over in a worker would cost more. */
const ONLY_FILE_MILLISECONDS = 2000;
/** Memory and counts in the main thread stay small; a file that wants more is scanned again in a worker. */
const INLINE_LIMITS = { expandedBytes: 64 * 2 ** 20, heldBytes: 64 * 2 ** 20, members: 20_000 } as const;
/** After this time in the main thread, the rest of the files is worth the start of more threads. */
const ALONE_MILLISECONDS = 400;
/** One watchdog looks after as many files in a row as are done in this time: its start costs as much as a small file. */
const WATCH_MILLISECONDS = 50;

/** A file in work, and what its scan came to so far. */
interface Begun {
  file: LocalFile;
  scan: OpenedScan;
  start: number;
  step?: Step<ArtifactRecord[]>;
}

/**
 * Scans what can be scanned at once in this thread; gives the indices of the files that need a worker. What was found of
 * those is dropped, so that nothing depends on where a scan was stopped.
 */
export async function scanInline(files: readonly LocalFile[], { run, jobs, finish, over }: Lane): Promise<number[]> {
  const most = Math.min(files.length === 1 ? ONLY_FILE_MILLISECONDS : FILE_MILLISECONDS, run.limits.milliseconds);
  const limits: Limits = { ...run.limits, milliseconds: 2 * most };
  for (const name of ["expandedBytes", "heldBytes", "members"] as const) limits[name] = Math.min(INLINE_LIMITS[name], run.limits[name]);
  const setup = await laneSetup(run, limits);
  const heavy: number[] = [];
  const start = Date.now();
  let index = 0;
  let done: (FileReport | undefined)[] = [];
  let begun: Begun | undefined;

  /** Scans files in a row until one has to wait or the watch is over. */
  function stretch(): void {
    const end = Date.now() + WATCH_MILLISECONDS;
    do {
      const file = files[index + done.length] as LocalFile;
      try {
        begun = { file, scan: openScan(file, setup), start: Date.now() };
        begun.step = advance(begun.scan.work);
        if (!begun.step.done) return;
        done.push(settled(begun));
      } catch (error) {
        done.push(failed(file, error as Error));
      }
      begun?.scan.close();
      begun = undefined;
    } while (index + done.length < files.length && Date.now() < end);
  }

  while (index < files.length && !over()) {
    if (jobs > 1 && Date.now() - start > ALONE_MILLISECONDS && files.length - index > jobs) break;
    const guard = watchdog(most + WATCH_MILLISECONDS);
    try {
      guard(stretch);
      if (begun) {
        await within(2 * most, drive(begun.scan.work, guard, begun.step));
        done.push(settled(begun));
      }
    } catch (error) {
      done.push(error instanceof Overrun ? undefined : failed(files[index + done.length] as LocalFile, error as Error));
    }
    begun?.scan.close();
    begun = undefined;
    for (const report of done) {
      if (report) finish(index, report);
      else heavy.push(index);
      index++;
    }
    done = [];
  }
  for (; index < files.length; index++) heavy.push(index);
  return heavy;
}

/** The report of a scan that came to its end; nothing when it stopped at a limit that is higher in a worker. */
function settled({ file, scan, start }: Begun): FileReport | undefined {
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
