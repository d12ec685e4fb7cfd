import type { ArtifactRecord, Gap } from "../engine/record.js";
import type { FileReport } from "../report/report.js";
import type { LocalFile } from "../sources/local.js";

/** Why a file was not begun, or not scanned to its end. */
export const INTERRUPTED: Gap = { reason: "interrupted", message: "Not scanned: the run was interrupted." };
export const OUT_OF_TIME: Gap = {
  reason: "limit-timeout",
  message: "Not scanned: the time for the whole run was used up. Raise --timeout.",
};

/** What became of a file that was scanned, as far as `records` go. */
export function fileReport(file: LocalFile, records: ArtifactRecord[], bytesRead: number, milliseconds: number): FileReport {
  return { path: file.path, absolutePath: file.absolutePath, size: file.size, records, bytesRead, milliseconds };
}

/** A file whose scan was ended early, with the reason. */
export function cutShort(file: LocalFile, records: ArtifactRecord[], gap: Gap, milliseconds: number): FileReport {
  const all = records.length ? records : [emptyRecord(file)];
  (all[0] as ArtifactRecord).gaps.push(gap);
  return fileReport(file, all, 0, milliseconds);
}

/** A file that was not begun, with the reason. */
export function unscanned(file: LocalFile, gap: Gap): FileReport {
  return cutShort(file, [], gap, 0);
}

/** A file that could not be read, or on which a scanner broke. */
export function failed(file: LocalFile, error: Error, records: ArtifactRecord[] = []): FileReport {
  const all = records.length ? records : [emptyRecord(file)];
  (all[0] as ArtifactRecord).failure = error.message;
  return fileReport(file, all, 0, 0);
}

function emptyRecord(file: LocalFile): ArtifactRecord {
  const { path, size } = file;
  return { path, segments: [path], size, depth: 0, role: "member", formats: [], scanners: [], findings: [], gaps: [], metadata: {} };
}
