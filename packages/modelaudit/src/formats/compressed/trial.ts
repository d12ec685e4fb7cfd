import type { CodecId, Decoder } from "../../io/codec.js";
import { gzipDecoder, zlibDecoder } from "../../io/codecs/gzip.js";
import { inflateDecoder } from "../../io/codecs/inflate.js";
import { lzmaDecoder } from "../../io/codecs/lzma.js";
import { kindOf } from "./kinds.js";

/** Plain bytes after which a start counts as proved: random bytes make a decoder fail within a few dozen. */
const ENOUGH = 64 * 1024;

const DECODERS: Readonly<Partial<Record<CodecId, () => Decoder>>> = {
  gzip: () => gzipDecoder(inflateDecoder),
  zlib: () => zlibDecoder(inflateDecoder),
  lzma: lzmaDecoder,
};

/** True when `head`, the start of a file of `size` bytes, decodes: without an error, and to an end when it is all there is. */
export function decodes(codec: CodecId, head: Uint8Array, size: number): boolean {
  const decoder = DECODERS[codec]?.();
  if (!decoder) return false;
  let made = 0;
  try {
    decoder.push(head);
    if (head.length >= size) decoder.end();
    while (made < ENOUGH) {
      const piece = decoder.pull() as Uint8Array | undefined;
      if (!piece) break;
      made += piece.length;
    }
  } catch {
    return false;
  }
  // A stream that ends after next to nothing, with a file behind it, is a chance. But joblib goes on behind an empty pickle
  // of a few bytes: a checksum that fits, or the thirteen bytes in front of lzma data, are no chance once there is data.
  // Loaders of lzma go on with the next stream behind an empty one.
  const goesOn = codec === "lzma" && kindOf(head.subarray(decoder.consumed))?.codec === codec;
  if (decoder.finished) return made > 0 || goesOn || decoder.consumed >= size;
  return (made > 0 && head.length >= MOST_TELLING) || made >= ENOUGH;
}

/** A start of this length that decodes without an error is no chance. Shorter files have to decode to their end. */
const MOST_TELLING = 256;
