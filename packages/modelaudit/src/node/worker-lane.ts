import { Worker } from "node:worker_threads";
import type { ArtifactRecord, Gap } from "../engine/record.js";
import type { FileReport } from "../report/report.js";
import type { LocalFile } from "../sources/local.js";
import { cutShort, failed, fileReport, INTERRUPTED, OUT_OF_TIME } from "./file-reports.js";
import type { LaneOptions } from "./lane-options.js";
import type { Lane, LaneRun } from "./lanes.js";
import type { FromWorker, ToWorker } from "./worker.js";

/** Heap of one worker. A file that needs more is not scanned to its end, and only that worker dies. */
const WORKER_HEAP_MEGABYTES = 512;
/** Space for new objects: a scan makes many that die at once, and more space only delays giving it back. */
const WORKER_NURSERY_MEGABYTES = 8;
/** How long past its own limit a file may go on before its worker is ended: the scanner should have stopped by itself. */
const GRACE_MILLISECONDS = 1000;

const FILE_TIME: Gap = { reason: "limit-milliseconds", message: "Stopped: this file took too long. Raise --timeout to give it more time." };
const FILE_MEMORY: Gap = { reason: "limit-memory", message: "Stopped: scanning this file took more memory than a scan may use." };

/** Scans the waiting files in workers, each ended when its file is over its time or its memory. */
export async function scanInWorkers(files: readonly LocalFile[], waiting: readonly number[], lane: Lane): Promise<void> {
  const { run, jobs, finish, over } = lane;
  const queue = [...waiting];
  const count = Math.min(jobs, queue.length);
  const lanes = Array.from({ length: count }, async () => {
    let worker: Worker | undefined;
    while (queue.length && !over()) {
      worker ??= startWorker(run);
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

function startWorker(run: LaneRun): Worker {
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
    const end = (gap: Gap) => settle(cutShort(file, partial, gap, Date.now() - began), false);
    const interrupt = () => end(INTERRUPTED);
    const allowed = Math.min(run.limits.milliseconds + GRACE_MILLISECONDS, Math.max(1, run.deadline - Date.now()));
    const timer = setTimeout(() => end(Date.now() >= run.deadline ? OUT_OF_TIME : FILE_TIME), allowed);
    run.signal?.addEventListener("abort", interrupt, { once: true });
    const hear = (message: FromWorker) => {
      if (message.kind === "ready" || message.index !== index) return;
      partial = message.records;
      if (message.kind === "partial") return;
      if (message.failure !== undefined) settle(failed(file, new Error(message.failure)), true);
      else settle(fileReport(file, message.records, message.bytesRead, Date.now() - began), true);
    };
    const fail = (error: NodeJS.ErrnoException) => {
      if (error.code === "ERR_WORKER_OUT_OF_MEMORY") end(FILE_MEMORY);
      else settle(failed(file, error, partial), false);
    };
    const gone = () => fail(new Error("the worker ended by itself"));
    worker.on("message", hear);
    worker.on("error", fail);
    worker.on("exit", gone);
    worker.postMessage({ index, file } satisfies ToWorker);
  });
}
