import { Malformed } from "../engine/errors.js";

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Synchronous decoding with a moving position over bytes already in memory.
 * Each read past the end throws {@link Malformed} with the absolute offset (`base` + position).
 */
export class Cursor {
  readonly bytes: Uint8Array;
  /** Offset of `bytes[0]` in the artifact; only used to say where an error is. */
  readonly base: number;
  position = 0;
  private readonly view: DataView;

  constructor(bytes: Uint8Array, base = 0) {
    this.bytes = bytes;
    this.base = base;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.bytes.length - this.position;
  }

  /** Absolute offset of the next byte. */
  get offset(): number {
    return this.base + this.position;
  }

  private take(length: number): number {
    if (length < 0 || length > this.left) throw new Malformed(this.offset, `${length} bytes`, `${this.left} bytes left`);
    const at = this.position;
    this.position += length;
    return at;
  }

  skip(length: number): void {
    this.take(length);
  }

  /** A view of the next `length` bytes, not a copy. */
  raw(length: number): Uint8Array {
    const at = this.take(length);
    return this.bytes.subarray(at, at + length);
  }

  /** The next `length` bytes as strict UTF-8. */
  text(length: number): string {
    const at = this.offset;
    const bytes = this.raw(length);
    try {
      return utf8.decode(bytes);
    } catch {
      throw new Malformed(at, "UTF-8 text", "other bytes");
    }
  }

  u8(): number {
    return this.view.getUint8(this.take(1));
  }
  u16(littleEndian = true): number {
    return this.view.getUint16(this.take(2), littleEndian);
  }
  u32(littleEndian = true): number {
    return this.view.getUint32(this.take(4), littleEndian);
  }
  i32(littleEndian = true): number {
    return this.view.getInt32(this.take(4), littleEndian);
  }
  u64(littleEndian = true): bigint {
    return this.view.getBigUint64(this.take(8), littleEndian);
  }
  i64(littleEndian = true): bigint {
    return this.view.getBigInt64(this.take(8), littleEndian);
  }
  f64(littleEndian = true): number {
    return this.view.getFloat64(this.take(8), littleEndian);
  }

  /** An unsigned 64-bit count or length that must fit in a JavaScript number; larger ones are {@link Malformed}. */
  count(littleEndian = true): number {
    const at = this.offset;
    const value = this.u64(littleEndian);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Malformed(at, "a length below 2^53", String(value));
    return Number(value);
  }
}
