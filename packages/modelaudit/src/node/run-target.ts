import { drive } from "../engine/drive.js";
import type { ArtifactRecord } from "../engine/record.js";
import { type ScanSetup, scanTarget } from "../engine/scan.js";
import { windowReader } from "../io/window-reader.js";
import type { Reader } from "../io/reader.js";
import type { LocalFile } from "../sources/local.js";
import { fileReader } from "./file-reader.js";
import { localSurroundings } from "./surroundings.js";

/** Scans one local file in this thread; `records` fills up as it goes. Gives the bytes read from disk. */
export async function runTarget(file: LocalFile, setup: ScanSetup, records: ArtifactRecord[], guard?: <R>(stretch: () => R) => R): Promise<number> {
  const disk = countingReader(fileReader(file.absolutePath));
  const reader = windowReader(disk);
  try {
    const name = file.path.slice(Math.max(file.path.lastIndexOf("/"), file.path.lastIndexOf("\\")) + 1);
    await drive(scanTarget({ path: file.path, name, reader, around: localSurroundings(file) }, setup, records), guard);
    return disk.count;
  } finally {
    reader.close?.();
  }
}

function countingReader(inner: Reader): Reader & { readonly count: number } {
  let count = 0;
  return {
    size: inner.size,
    read(offset, length) {
      count += length;
      return inner.read(offset, length);
    },
    close: () => inner.close?.(),
    get count() {
      return count;
    },
  };
}
