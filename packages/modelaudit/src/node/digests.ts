import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import type { FileReport, Report } from "../report/report.js";
import type { StopSignal } from "./stop-signal.js";

/** Bytes per read: large enough that the calls cost nothing beside the hashing, small enough to stay in the cache. */
const CHUNK = 1 << 20;

/** Chunks between two turns of the event loop, so that an interrupt is noticed within a fraction of a second. */
const CHUNKS_PER_TURN = 32;

/** All four together take six times as long as SHA-256 alone, which is what a bill of materials and the content hash need. */
const ALGORITHMS = ["sha256", "md5", "sha1", "sha512"] as const;

/** Gaps that say a file must not be opened: a link out of the folder (to a pipe, perhaps), or larger than the user allows. */
const NOT_TO_OPEN: ReadonlySet<string> = new Set(["link-outside", "limit-max-size"]);

type Digests = NonNullable<FileReport["digests"]>;

/**
 * Hashes every file of a report, which reads them whole, and adds the content hash. Files that cannot be read get no
 * digests, and then there is no content hash either; nor is there one after an interrupt or for a file that changed its size.
 * `all` adds MD5, SHA-1 and SHA-512 to SHA-256.
 */
export async function addDigests(report: Report, signal?: StopSignal, all = false): Promise<void> {
  for (const file of report.files) {
    if (signal?.aborted) break;
    if (file.records[0]?.gaps.some((gap) => NOT_TO_OPEN.has(gap.reason))) continue;
    const digests = await fileDigests(file, all ? ALGORITHMS : ALGORITHMS.slice(0, 1), signal);
    if (digests) file.digests = digests;
  }
  const hash = contentHash(report.files);
  if (hash !== undefined && !report.problems.length && !report.interrupted) report.contentHash = hash;
}

/**
 * SHA-256 over the sorted, concatenated hex SHA-256 of the files: the same for the same contents, whatever the order,
 * the names or the flags. Undefined when there is no file or one of them was not hashed.
 */
function contentHash(files: readonly FileReport[]): string | undefined {
  const hashes = files.flatMap((file) => (file.digests ? [file.digests.sha256] : []));
  if (!hashes.length || hashes.length < files.length) return undefined;
  return createHash("sha256").update(hashes.sort().join("")).digest("hex");
}

/** The digests in one pass; undefined when the file cannot be read, is not as long as it was, or the run is interrupted. */
async function fileDigests(file: FileReport, algorithms: readonly string[], signal?: StopSignal): Promise<Digests | undefined> {
  const hashes = algorithms.map((name) => createHash(name));
  const buffer = new Uint8Array(Math.min(CHUNK, Math.max(1, file.size)));
  let total = 0;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file.absolutePath, "r");
    for (let turn = 1; ; turn++) {
      if (signal?.aborted) return undefined;
      const count = readSync(descriptor, buffer, 0, buffer.length, null);
      if (count === 0) break;
      total += count;
      for (const hash of hashes) hash.update(buffer.subarray(0, count));
      if (turn % CHUNKS_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  } catch {
    // An unreadable file is told as a failure by its scan; here it only means that there is no digest.
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
  if (total !== file.size) return undefined;
  return Object.fromEntries(hashes.map((hash, index) => [algorithms[index], hash.digest("hex")])) as Digests;
}
