import type { Codecs, Decoder } from "../io/codec.js";
import { type Crc32, gzipDecoder, zlibDecoder } from "../io/codecs/gzip.js";
import { inflateDecoder } from "../io/codecs/inflate.js";
import { portableDecoder } from "../io/codecs/index.js";
import { crc32 as portableCrc32 } from "../io/crc32.js";

/** Node's zlib, loaded at the first compressed byte: a small plain file must not pay for it. */
const zlib = () => process.getBuiltinModule("node:zlib");

/** Node's own is several times faster than ours. */
const crc32: Crc32 = (...args) => ((zlib() as { crc32?: Crc32 }).crc32 ?? portableCrc32)(...args);

/**
 * Streams are decoded by the portable decoders: Node's own streams lose what was made before damage and read on over the
 * end of a member. Small ones go through Node's inflate in one call.
 */
export const nodeCodecs: Codecs = {
  open(codec) {
    if (codec === "deflate") return inflateDecoder();
    if (codec === "gzip") return gzipDecoder(inflateDecoder, crc32);
    if (codec === "zlib") return zlibDecoder(inflateDecoder);
    return portableDecoder(codec);
  },
  decodeSmall(codec, bytes, limit) {
    const inflate = () => inflateAtOnce(limit);
    if (codec !== "deflate" && codec !== "gzip" && codec !== "zlib") return undefined;
    const decoder = codec === "deflate" ? inflate() : codec === "gzip" ? gzipDecoder(inflate, crc32) : zlibDecoder(inflate);
    try {
      decoder.push(bytes);
      const plain = (decoder.pull() as Uint8Array | undefined) ?? new Uint8Array(0);
      decoder.pull();
      return decoder.finished ? { plain, consumed: decoder.consumed } : undefined;
    } catch {
      // Too large or damaged: the stream says which, and gives what there is before the damage.
      return undefined;
    }
  },
};

/** Inflates what is pushed in one native call; throws when it is no whole stream, or gives more than `limit` bytes. */
function inflateAtOnce(limit: number): Decoder {
  let input: Uint8Array | undefined;
  let consumed = 0;
  let finished = false;
  return {
    push(chunk) {
      input = chunk;
    },
    pull() {
      if (!input || finished) return undefined;
      // With `info` Node gives the engine too, which knows how much it has read.
      const result = zlib().inflateRawSync(input, { maxOutputLength: limit, info: true }) as unknown as {
        buffer: Uint8Array;
        engine: { bytesWritten: number };
      };
      consumed = result.engine.bytesWritten;
      finished = true;
      return result.buffer.length ? result.buffer : undefined;
    },
    end: () => undefined,
    get finished() {
      return finished;
    },
    get consumed() {
      return consumed;
    },
    close: () => undefined,
  };
}
