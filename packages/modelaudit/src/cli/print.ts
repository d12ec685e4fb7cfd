import { fstatSync, writeSync } from "node:fs";

/** How long to wait for a reader that is behind, in milliseconds. */
const PAUSE = 2;

/**
 * Writes to standard output, all of it, before it returns. `process.stdout` would take 4 ms to set up, more than a small
 * scan. A reader that closed the pipe (`| head`) ends the program, which is no error.
 */
export function print(text: string): void {
  write(1, text);
}

/** The same to standard error, for people. */
export function tell(text: string): void {
  write(2, text);
}

function write(descriptor: 1 | 2, text: string): void {
  const bytes = Buffer.from(text);
  let done = 0;
  while (done < bytes.length) {
    try {
      done += writeSync(descriptor, bytes, done);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EPIPE" && descriptor === 1) process.exit(0);
      if (code === "EPIPE") return;
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
    }
  }
}

/** Whether standard output (1) or standard error (2) is a terminal; asks the stream only where it may be one. */
export function isTerminal(descriptor: 1 | 2): boolean {
  try {
    if (!fstatSync(descriptor).isCharacterDevice()) return false;
  } catch {
    return false;
  }
  return (descriptor === 1 ? process.stdout : process.stderr).isTTY === true;
}
