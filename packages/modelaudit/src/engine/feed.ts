import { Cursor } from "../io/cursor.js";
import type { Reader } from "../io/reader.js";
import { type Work, read } from "./work.js";
import { Malformed } from "./errors.js";

/** Bytes fetched at a time: few enough fetches for speed, little enough to stay in cache. */
const PIECE = 256 * 1024;

/**
 * Sequential decoding of a long structure: `yield* feed.want(n)` makes at least `n` bytes available in `feed.cursor`,
 * which then decodes them synchronously. `skip` moves on by arithmetic, without reading.
 */
export class Feed {
  /** Decoder over the bytes at hand. Replaced by `want` and `skip`. */
  cursor: Cursor;
  private readonly reader: Reader;
  private readonly piece: number;

  constructor(reader: Reader, offset = 0, piece = PIECE) {
    this.reader = reader;
    this.piece = piece;
    this.cursor = new Cursor(new Uint8Array(0), offset);
  }

  /** Absolute offset of the next byte. */
  get offset(): number {
    return this.cursor.offset;
  }

  /** Bytes from here to the end of the reader. */
  get left(): number {
    return this.reader.size - this.offset;
  }

  /** Makes `length` bytes available; throws `Malformed` when the reader ends before. */
  *want(length: number): Work<void> {
    if (this.cursor.left >= length) return;
    const { offset } = this;
    if (length > this.left) throw new Malformed(offset, `${length} bytes`, `${this.left} bytes left`);
    this.cursor = new Cursor(yield* read(this.reader, offset, Math.min(this.left, Math.max(length, this.piece))), offset);
  }

  /** Moves on without reading; throws `Malformed` when that passes the end. */
  skip(length: number): void {
    if (length > this.left) throw new Malformed(this.offset, `${length} bytes`, `${this.left} bytes left`);
    if (length <= this.cursor.left) this.cursor.skip(length);
    else this.cursor = new Cursor(new Uint8Array(0), this.offset + length);
  }
}
