import { u32 } from "../little-endian.js";
import { Malformed } from "../../engine/errors.js";

/** Compressed bytes that were pushed and not yet used. Decoders read `bytes` from `at` to `end` and move `at`. */
export class Intake {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  end = 0;
  /** No more bytes will come. */
  final = false;
  private base = 0;
  private owned = false;

  get left(): number {
    return this.end - this.at;
  }

  /** Offset of the next byte in the whole stream. */
  get offset(): number {
    return this.base + this.at;
  }

  /** Offset behind the last byte that was pushed. */
  get endOffset(): number {
    return this.base + this.end;
  }

  /** Bytes from `offset`, which must still be held, to the end. */
  since(offset: number): Uint8Array {
    return this.bytes.subarray(offset - this.base, this.end);
  }

  /** Makes the byte at `offset` the next one. It must still be held. */
  moveTo(offset: number): void {
    this.at = offset - this.base;
  }

  /** Puts `chunk` behind what is left. Only a rest is copied; the copy grows by doubling, so tiny chunks cost no more. */
  add(chunk: Uint8Array): void {
    const { left } = this;
    if (left === 0) {
      this.base += this.at;
      // Node's Buffer has a `slice` that shares memory: decoders must get what they expect.
      this.bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length);
      this.at = 0;
      this.end = chunk.length;
      this.owned = false;
      return;
    }
    if (!this.owned || this.end + chunk.length > this.bytes.length) {
      const wider = new Uint8Array(Math.max(1024, 2 * left, left + chunk.length));
      wider.set(this.bytes.subarray(this.at, this.end));
      this.base += this.at;
      this.at = 0;
      this.end = left;
      this.bytes = wider;
      this.owned = true;
    }
    this.bytes.set(chunk, this.end);
    this.end += chunk.length;
  }

  /** The next `length` bytes, which must be there. A view: used up before the next `add`. */
  take(length: number): Uint8Array {
    const bytes = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return bytes;
  }

  u8(): number {
    return this.bytes[this.at++] as number;
  }

  u32(): number {
    const { bytes, at } = this;
    this.at += 4;
    return u32(bytes, at);
  }

  malformed(expected: string, found: string): Malformed {
    return new Malformed(this.offset, expected, found);
  }
}
