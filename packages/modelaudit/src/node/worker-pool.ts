import { Worker } from "node:worker_threads";
import type { ArtifactRecord, Gap } from "../engine/record.js";
import type { LocalFile } from "../sources/local.js";
import { cutShort, failed, fileReport, INTERRUPTED, OUT_OF_TIME } from "./file-reports.js";
import type { LaneOptions } from "./lane-options.js";
import type { LaneRun, Queue } from "./lanes.js";
import type { FromWorker, ToWorker } from "./worker.js";

/** Heap of one worker. A file that needs more is not scanned to its end, and only that worker dies. */
const WORKER_HEAP_MEGABYTES = 512;
/** Space for new objects: a scan makes many that die at once, and more space only delays giving it back. */
const WORKER_NURSERY_MEGABYTES = 8;
/** How long past its own limit a file may go on before its worker is ended: the scanner should have stopped by itself. */
const GRACE_MILLISECONDS = 1000;

const FILE_TIME: Gap = { reason: "limit-milliseconds", message: "Stopped: this file took too long. Raise --timeout to give it more time." };
const FILE_MEMORY: Gap = { reason: "limit-memory", message: "Stopped: scanning this file took more memory than a scan may use." };

/** Workers that scan files, each ended when its file is over its time or its memory. They are kept from one use to the next. */
export class WorkerPool {
  private readonly run: LaneRun;
  private readonly queue: Queue;
  private readonly workers: (Worker | undefined)[] = [];

  constructor(run: LaneRun, queue: Queue) {
    this.run = run;
    this.queue = queue;
  }

  /** Scans the files, by index, that `take` gives until it gives none, on `count` workers at the same time. */
  async scan(take: () => number[], count: number): Promise<void> {
    await Promise.all(
      Array.from({ length: count }, async (_, slot) => {
        for (let batch = take(); batch.length; batch = take()) {
          while (batch.length && !this.queue.over()) batch = await this.scanBatch(slot, batch);
        }
      }),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker?.terminate()));
  }

  /** Gives those of `batch` that were not begun because the worker had to be ended. */
  private scanBatch(slot: number, batch: number[]): Promise<number[]> {
    const { run, queue } = this;
    const worker = this.workers[slot] ?? startWorker(run);
    this.workers[slot] = worker;
    return new Promise((resolve) => {
      const waiting = [...batch];
      let partial: ArtifactRecord[] = [];
      let began = 0;
      let timer: NodeJS.Timeout | undefined;
      const file = () => queue.files[waiting[0] as number] as LocalFile;
      const finish = (report: ReturnType<typeof fileReport>) => queue.finish(waiting.shift() as number, report);
      const begin = () => {
        clearTimeout(timer);
        if (!waiting.length) return settle();
        partial = [];
        began = Date.now();
        const allowed = Math.min(run.limits.milliseconds + GRACE_MILLISECONDS, Math.max(1, run.deadline - Date.now()));
        timer = setTimeout(() => end(Date.now() >= run.deadline ? OUT_OF_TIME : FILE_TIME), allowed);
      };
      const settle = () => {
        clearTimeout(timer);
        run.signal?.removeEventListener("abort", interrupt);
        // Named listeners only: the worker keeps listeners of its own, without which it falls silent.
        worker.off("message", hear);
        worker.off("error", fail);
        worker.off("exit", gone);
        resolve(waiting);
      };
      const dismiss = () => {
        this.workers[slot] = undefined;
        worker.terminate();
        settle();
      };
      const end = (gap: Gap) => {
        finish(cutShort(file(), partial, gap, Date.now() - began));
        dismiss();
      };
      const interrupt = () => end(INTERRUPTED);
      const hear = (message: FromWorker) => {
        if (message.index !== waiting[0]) return;
        partial = message.records;
        if (message.kind === "partial") return;
        if (message.failure !== undefined) finish(failed(file(), new Error(message.failure)));
        else finish(fileReport(file(), message.records, message.bytesRead, Date.now() - began));
        begin();
      };
      const fail = (error: NodeJS.ErrnoException) => {
        if (error.code === "ERR_WORKER_OUT_OF_MEMORY") return end(FILE_MEMORY);
        finish(failed(file(), error, partial));
        dismiss();
      };
      const gone = () => fail(new Error("the worker ended by itself"));
      run.signal?.addEventListener("abort", interrupt, { once: true });
      worker.on("message", hear);
      worker.on("error", fail);
      worker.on("exit", gone);
      begin();
      worker.postMessage(batch.map((index) => ({ index, file: queue.files[index] as LocalFile })) satisfies ToWorker);
    });
  }
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
