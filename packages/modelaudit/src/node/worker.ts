import { parentPort, workerData } from "node:worker_threads";
import type { ArtifactRecord } from "../engine/record.js";
import type { LocalFile } from "../sources/local.js";
import { type LaneOptions, laneSetup } from "./lane-options.js";
import { runTarget } from "./run-target.js";

/** A worker lane: scans the files it is sent, one after another, and tells what it found as it goes. */
export type ToWorker = { index: number; file: LocalFile }[];
export type FromWorker =
  /** The records so far, sent whenever an artifact gained a finding: they survive the worker's end. */
  | { kind: "partial"; index: number; records: ArtifactRecord[] }
  | { kind: "done"; index: number; records: ArtifactRecord[]; bytesRead: number; failure?: string };

const port = parentPort;
if (!port) throw new Error("worker.js is started by the scan itself");
const tell = (message: FromWorker) => port.postMessage(message);
const setup = laneSetup(workerData as LaneOptions);

port.on("message", async (batch: ToWorker) => {
  for (const { index, file } of batch) {
    const records: ArtifactRecord[] = [];
    try {
      const watched = { ...(await setup), found: () => tell({ kind: "partial", index, records }) };
      const bytesRead = await runTarget(file, watched, records);
      tell({ kind: "done", index, records, bytesRead });
    } catch (error) {
      tell({ kind: "done", index, records, bytesRead: 0, failure: (error as Error).message });
    }
  }
});
