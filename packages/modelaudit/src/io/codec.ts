import type { Later } from "./reader.js";

/**
 * One running decompression: compressed bytes in, plain bytes out, piece by piece.
 *
 * The caller owns all limits: it counts what comes out and stops feeding. A decoder holds no more than its
 * window and one output piece.
 */
export interface Decoder {
  /** Feeds compressed bytes and gives the plain bytes they yield, in pieces of bounded size. Throws `Malformed` on bad data. */
  write(chunk: Uint8Array): Later<Uint8Array[]>;
  /** No more input: gives what is left. Throws `Malformed` when the stream is cut short. */
  end(): Later<Uint8Array[]>;
  /** True once the stream has reached its own end mark; input after that is not looked at. */
  readonly finished: boolean;
  /** Compressed bytes used so far, exact once `finished`, so that what follows the stream can be found. */
  readonly consumed: number;
  /** Stops the work and gives back what is held. Must be called when reading ends early. */
  close(): void;
}

/** Names of the compressions that a {@link Codecs} may know. `deflate` is raw (RFC 1951), as in ZIP. */
export type CodecId = "deflate" | "zlib" | "gzip" | "bzip2" | "xz" | "lzma" | "lz4" | "zstd";

/** Where decoders come from. Node's native ones, or portable ones in a browser page. */
export interface Codecs {
  /** A decoder for one stream (one member, for formats with several), or undefined where none is known. */
  open(codec: CodecId): Later<Decoder | undefined>;
  /**
   * All plain bytes of a small stream at once, or undefined when the result would pass `limit` bytes or the
   * platform has no synchronous way. Saves the cost of a stream on the common small member.
   */
  decodeSmall?(codec: CodecId, bytes: Uint8Array, limit: number): Uint8Array | undefined;
}
