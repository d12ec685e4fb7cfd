import type { Later } from "./reader.js";

/**
 * One running decompression: compressed bytes are pushed in, plain bytes are pulled out piece by piece.
 *
 * The caller owns all limits: it counts what comes out and stops pulling. Nothing is decoded ahead of a pull, so that a
 * few kilobytes that stand for gigabytes never fill the memory. A decoder holds no more than its window, its input and
 * one output piece.
 */
export interface Decoder {
  /** Gives it the next compressed bytes, which must not change until used. Call when `pull` has answered undefined. */
  push(chunk: Uint8Array): void;
  /**
   * The next plain bytes, at most 1 MiB; undefined when more input is needed, or there is nothing more.
   * Throws `Malformed` on bad data, after all pieces in front of it; `Unsupported` for a variant that is not known.
   */
  pull(): Later<Uint8Array | undefined>;
  /** Says that no more input will come. Pull again after it: decoders may hold the last bytes back until then. */
  end(): void;
  /** True once the stream has reached its own end mark. False when all was pulled after `end`: it is cut short. */
  readonly finished: boolean;
  /** Compressed bytes used so far, exact once `finished`, so that what follows the stream can be found. */
  readonly consumed: number;
  /** Stops the work and gives back what is held. Must be called when reading ends early; safe to call twice. */
  close(): void;
}

/** Names of the compressions that a {@link Codecs} may know. `deflate` is raw (RFC 1951), as in ZIP, and `deflate64` its variant with a window twice as large. */
export type CodecId = "deflate" | "deflate64" | "zlib" | "gzip" | "bzip2" | "xz" | "lzma" | "lz4" | "zstd";

/** A whole small stream: its plain bytes and how many compressed ones they took. */
export interface SmallResult {
  plain: Uint8Array;
  consumed: number;
}

/** Where decoders come from. Node's native ones, or portable ones in a browser page. */
export interface Codecs {
  /** A decoder for one stream (one member, for formats with several), or undefined where none is known. */
  open(codec: CodecId): Later<Decoder | undefined>;
  /**
   * The one stream at the start of `bytes` at once, or undefined when it would pass `limit` bytes, is damaged, or the
   * platform has no synchronous way. Saves the cost of a stream on the common small member.
   */
  decodeSmall?(codec: CodecId, bytes: Uint8Array, limit: number): SmallResult | undefined;
}
