// biome-ignore-all lint/correctness/useYield: text is read from memory behind the same interface.
import { textOfUnits } from "../../io/text-of-units.js";
import { Malformed } from "../../engine/errors.js";
import { Feed } from "../../engine/feed.js";
import { type Work, read } from "../../engine/work.js";
import type { ScanContext } from "../../engine/context.js";
import type { Reader } from "../../io/reader.js";

/** The numbers and texts of a Torch7 file, whichever of its two encodings it has. Text is Latin-1. */
export interface Source {
  /** Absolute offset of what comes next. */
  readonly offset: number;
  int(): Work<number>;
  long(): Work<number>;
  number(): Work<void>;
  text(length: number): Work<string>;
  /** Passes over the items of a storage. */
  skip(items: number, itemBytes: number): Work<void>;
}

/** Little-endian i32, i64 and f64 without padding. */
export function binarySource(reader: Reader): Source {
  const feed = new Feed(reader);
  return {
    get offset() {
      return feed.offset;
    },
    *int() {
      yield* feed.want(4);
      return feed.cursor.i32();
    },
    *long() {
      yield* feed.want(8);
      return Number(feed.cursor.i64());
    },
    *number() {
      yield* feed.want(8);
      feed.cursor.skip(8);
    },
    *text(length) {
      if (length < 0) throw new Malformed(feed.offset, "a length", String(length));
      yield* feed.want(length);
      return textOfUnits(feed.cursor.raw(length));
    },
    *skip(items, itemBytes) {
      feed.skip(items * itemBytes);
    },
  };
}

/** Numbers as words with blanks between them; text as its length, a line feed, the characters, a line feed. */
export function* textSource(reader: Reader, context: ScanContext): Work<Source> {
  context.budget.hold(reader.size);
  const bytes = yield* read(reader, 0, reader.size);
  let at = 0;
  const isBlank = (byte: number | undefined) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
  function word(): string {
    while (isBlank(bytes[at])) at++;
    const start = at;
    while (at < bytes.length && !isBlank(bytes[at])) at++;
    if (start === at) throw new Malformed(at, "a number", "the end");
    const found = textOfUnits(bytes.subarray(start, at));
    if (at < bytes.length) at++;
    return found;
  }
  function whole(): number {
    const start = at;
    const found = word();
    if (!/^-?\d{1,15}$/.test(found)) throw new Malformed(start, "a whole number", JSON.stringify(found.slice(0, 20)));
    return Number(found);
  }
  return {
    get offset() {
      return at;
    },
    *int() {
      return whole();
    },
    *long() {
      return whole();
    },
    *number() {
      word();
    },
    *text(length) {
      if (length < 0 || length > bytes.length - at) throw new Malformed(at, "a length inside the file", String(length));
      const found = textOfUnits(bytes.subarray(at, at + length));
      at += length;
      if (bytes[at] === 0x0a) at++;
      return found;
    },
    *skip(items) {
      if (items > bytes.length - at) throw new Malformed(at, `${items} numbers`, `${bytes.length - at} bytes left`);
      for (let left = items; left > 0; left--) word();
    },
  };
}
