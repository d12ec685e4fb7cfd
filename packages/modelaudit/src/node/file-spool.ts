import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { concatBytes, bytesReader } from "../io/reader.js";
import type { Spool } from "../io/spool.js";
import { descriptorReader } from "./file-reader.js";

/** Above 8 MiB the bytes go to disk: below, a file costs more than the memory. */
const IN_MEMORY = 8 * 2 ** 20;

/**
 * A spool over a private temporary file. The file's name is removed as soon as it is open, so nothing is left behind
 * however the process ends. (Windows refuses that; there it is removed on close.)
 */
export function fileSpool(): Spool {
  let parts: Uint8Array[] = [];
  let held = 0;
  let size = 0;
  let descriptor: number | undefined;
  let folder: string | undefined;

  function openFile(): number {
    folder = mkdtempSync(join(process.getBuiltinModule("node:os").tmpdir(), "modelaudit-"));
    descriptor = openSync(join(folder, "spool"), "wx+", 0o600);
    removeFolder();
    return descriptor;
  }

  function removeFolder(): void {
    if (folder === undefined) return;
    try {
      rmSync(folder, { recursive: true });
      folder = undefined;
    } catch {
      // Still open on Windows: removed again after the descriptor is closed.
    }
  }

  function flush(): void {
    const target = descriptor ?? openFile();
    for (const part of parts) {
      let done = 0;
      while (done < part.length) done += writeSync(target, part, done, part.length - done);
    }
    parts = [];
    held = 0;
  }

  return {
    write(bytes) {
      parts.push(bytes);
      held += bytes.length;
      size += bytes.length;
      if (held > IN_MEMORY) flush();
    },
    finish() {
      if (descriptor === undefined) return bytesReader(parts.length ? concatBytes(parts) : new Uint8Array(0));
      flush();
      const reader = descriptorReader(descriptor, size, "temporary file");
      return {
        ...reader,
        close() {
          reader.close?.();
          removeFolder();
        },
      };
    },
    discard() {
      parts = [];
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
      removeFolder();
    },
  };
}
