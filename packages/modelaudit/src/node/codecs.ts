import { createInflateRaw, inflateRawSync } from "node:zlib";
import * as zlib from "node:zlib";
import { Malformed } from "../engine/errors.js";
import type { Codecs, Decoder, SmallResult } from "../io/codec.js";
import { type Crc32, adler32, gzipDecoder, zlibDecoder } from "../io/codecs/gzip.js";
import { portableDecoder } from "../io/codecs/index.js";
import { crc32 as portableCrc32 } from "../io/crc32.js";

/** In Node from 20.15 and 22.2 on; several times faster than ours. */
const crc32 = ((zlib as { crc32?: Crc32 }).crc32 ?? portableCrc32) as Crc32;

/** Node's native inflate for the deflate family, portable decoders for the rest. */
export const nodeCodecs: Codecs = {
  open(codec) {
    if (codec === "deflate") return nativeInflate();
    if (codec === "gzip") return gzipDecoder(nativeInflate, crc32);
    if (codec === "zlib") return zlibDecoder(nativeInflate);
    return portableDecoder(codec);
  },
  decodeSmall(codec, bytes, limit) {
    try {
      if (codec === "deflate") return inflateAtOnce(bytes, limit);
      if (codec === "zlib") return zlibAtOnce(bytes, limit);
      if (codec === "gzip") return gzipAtOnce(bytes, limit);
    } catch {
      // Too large or damaged: the stream says which, and gives what there is before the damage.
    }
    return undefined;
  },
};
