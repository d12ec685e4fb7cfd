import { drive } from "../engine/drive.js";
import type { ArtifactRecord } from "../engine/record.js";
import { type ScanSetup, scanTarget } from "../engine/scan.js";
import type { Work } from "../engine/work.js";
import { countingReader } from "../io/counting-reader.js";
import { bytesReader, type Reader } from "../io/reader.js";
import { windowReader } from "../io/window-reader.js";
import type { LocalFile } from "../sources/local.js";
import { fileReader } from "./file-reader.js";
import { localSurroundings } from "./surroundings.js";

/** Files up to this size are read in one go: a call costs more than the bytes. */
const ONE_READ = 32 * 1024;

/** The scan of one local file, opened but not begun. */
export interface OpenedScan {
  work: Work<ArtifactRecord[]>;
  /** Fills up as the work is driven. */
  records: ArtifactRecord[];
  /** Bytes read from disk so far. */
  bytesRead(): number;
  close(): void;
}

export function openScan(file: LocalFile, setup: ScanSetup, records: ArtifactRecord[] = []): OpenedScan {
  const disk = countingReader(fileReader(file.absolutePath));
  const reader = disk.size <= ONE_READ ? wholeReader(disk) : windowReader(disk);
  const name = file.path.slice(Math.max(file.path.lastIndexOf("/"), file.path.lastIndexOf("\\")) + 1);
  return {
    work: scanTarget({ path: file.path, name, reader, around: localSurroundings(file) }, setup, records),
    records,
    bytesRead: () => disk.count,
    close: () => reader.close?.(),
  };
}

/** Scans one local file in this thread; `records` fills up as it goes. Gives the bytes read from disk. */
export async function runTarget(file: LocalFile, setup: ScanSetup, records: ArtifactRecord[], guard?: <R>(stretch: () => R) => R): Promise<number> {
  const scan = openScan(file, setup, records);
  try {
    await drive(scan.work, guard);
    return scan.bytesRead();
  } finally {
    scan.close();
  }
}

/** All of a small file, which is closed at once. */
function wholeReader(disk: Reader): Reader {
  try {
    return bytesReader(disk.read(0, disk.size) as Uint8Array);
  } finally {
    disk.close?.();
  }
}
