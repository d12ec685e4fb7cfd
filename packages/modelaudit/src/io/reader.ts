import { Malformed } from "../engine/errors.js";

/** Either the value itself or a promise of it. Local bytes come at once, remote ones later. */
export type Later<T> = T | Promise<T>;

/**
 * The only way to touch bytes: exact range reads over a file, memory, a slice, a spool or a server.
 *
 * `read` gives exactly `length` bytes or throws {@link Malformed}; short reads are handled inside the
 * implementations, never by a caller. The returned view must not be written to and may be shared.
 */
export interface Reader {
  /** Length in bytes. */
  readonly size: number;
  read(offset: number, length: number): Later<Uint8Array>;
  /** Gives back what the reader holds (a descriptor, a temporary file). Safe to call twice. */
  close?(): void;
}

/** Throws unless `[offset, offset + length)` lies inside `size` bytes. Every implementation calls it first. */
export function checkRange(size: number, offset: number, length: number): void {
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0 || offset + length > size) {
    throw new Malformed(offset, `${length} bytes`, `${Math.max(0, size - offset)} bytes left`);
  }
}

/** A reader over bytes already in memory. Reads are views, not copies. */
export function bytesReader(bytes: Uint8Array): Reader {
  return {
    size: bytes.length,
    read(offset, length) {
      checkRange(bytes.length, offset, length);
      return bytes.subarray(offset, offset + length);
    },
  };
}

/** The part `[start, end)` of another reader, without a copy. Closing a slice does not close its parent. */
export function sliceReader(parent: Reader, start: number, end: number = parent.size): Reader {
  checkRange(parent.size, start, end - start);
  const size = end - start;
  return {
    size,
    read(offset, length) {
      checkRange(size, offset, length);
      return parent.read(start + offset, length);
    },
  };
}

/** Several readers behind one another, as one. Used for split archives and tensors stored in pieces. */
export function joinReaders(parts: readonly Reader[]): Reader {
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  return {
    size,
    read(offset, length) {
      checkRange(size, offset, length);
      const wanted: Later<Uint8Array>[] = [];
      let start = 0;
      for (const part of parts) {
        const from = Math.max(offset, start);
        const to = Math.min(offset + length, start + part.size);
        if (from < to) wanted.push(part.read(from - start, to - from));
        start += part.size;
      }
      if (wanted.length === 1) return wanted[0] as Later<Uint8Array>;
      if (wanted.some((bytes) => bytes instanceof Promise)) return Promise.all(wanted).then(concatBytes);
      return concatBytes(wanted as Uint8Array[]);
    },
    close() {
      for (const part of parts) part.close?.();
    },
  };
}

/** One array with the bytes of all `parts`, in order. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0] as Uint8Array;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
