import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { SourceError } from "../engine/errors.js";
import { type Reader, checkRange } from "../io/reader.js";

/** A reader over a file of the local disk. Reads are synchronous: a local read costs less than a turn of the event loop. */
export function fileReader(path: string): Reader {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, "r");
  } catch (error) {
    throw new SourceError(`Cannot open ${path}: ${(error as Error).message}`, { cause: error });
  }
  return descriptorReader(descriptor, fstatSync(descriptor).size, path);
}

/** A reader over an open descriptor, which it closes. `label` names the file in errors. */
export function descriptorReader(opened: number, size: number, label: string): Reader {
  let descriptor: number | undefined = opened;
  return {
    size,
    read(offset, length) {
      checkRange(size, offset, length);
      if (descriptor === undefined) throw new SourceError(`${label} was read after it was closed`);
      const bytes = new Uint8Array(length);
      let done = 0;
      while (done < length) {
        let count: number;
        try {
          count = readSync(descriptor, bytes, done, length - done, offset + done);
        } catch (error) {
          throw new SourceError(`Cannot read ${label}: ${(error as Error).message}`, { cause: error });
        }
        if (count === 0) throw new SourceError(`${label} became shorter while it was read`, { retryable: true });
        done += count;
      }
      return bytes;
    },
    close() {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}
