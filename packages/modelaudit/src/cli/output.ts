import { lstatSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { UsageError } from "../engine/errors.js";

/**
 * A file a report will be written to. Checked before the scan, so that a long run does not end without its report;
 * written beside its place and then renamed, so that no reader sees half of it.
 */
export function openOutput(path: string): { write(text: string): void } {
  const target = resolve(path);
  const stats = lstatSync(target, { throwIfNoEntry: false });
  if (stats && !stats.isFile() && !isStream(target))
    throw new UsageError(`--output: expected a file to write, found a folder, link or device at ${path}. Name another path.`);
  if (!isStream(target) && !lstatSync(dirname(target), { throwIfNoEntry: false }))
    throw new UsageError(`--output: expected the folder ${dirname(path)} to exist. Create it first.`);
  return {
    write(text) {
      if (isStream(target)) return writeFileSync(target, text);
      const draft = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
      try {
        writeFileSync(draft, text, { flag: "wx", mode: 0o644 });
        renameSync(draft, target);
      } catch (error) {
        rmSync(draft, { force: true });
        throw new UsageError(`Cannot write ${path}: ${(error as Error).message}. Name a folder you may write to.`);
      }
    },
  };
}

function isStream(target: string): boolean {
  return target.startsWith("/dev/") || target.startsWith("/proc/");
}
