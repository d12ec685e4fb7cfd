import { constants, createGunzip, createInflate, createInflateRaw, gunzipSync, inflateRawSync, inflateSync } from "node:zlib";
import { Malformed } from "../engine/errors.js";
import type { CodecId, Codecs, Decoder } from "../io/codec.js";
import { portableDecoder } from "../io/codecs/index.js";

const STREAMS = { deflate: createInflateRaw, zlib: createInflate, gzip: createGunzip } as const;
const AT_ONCE = { deflate: inflateRawSync, zlib: inflateSync, gzip: gunzipSync } as const;

/** Node's native inflate for the deflate family, portable decoders for the rest. */
export const nodeCodecs: Codecs = {
  open(codec) {
    if (codec in STREAMS) return nativeDecoder(codec as keyof typeof STREAMS);
    return portableDecoder(codec);
  },
  decodeSmall(codec: CodecId, bytes, limit) {
    if (!(codec in AT_ONCE)) return undefined;
    try {
      return AT_ONCE[codec as keyof typeof AT_ONCE](bytes, { maxOutputLength: limit });
    } catch {
      // Too large or damaged: the stream says which, and gives what there is before the damage.
      return undefined;
    }
  },
};

/** A native zlib stream behind the {@link Decoder} interface. Ends exactly at the stream's own end mark. */
function nativeDecoder(codec: keyof typeof STREAMS): Decoder {
  const stream = STREAMS[codec]({ chunkSize: 256 * 1024, finishFlush: constants.Z_SYNC_FLUSH });
  let pieces: Uint8Array[] = [];
  let failure: Error | undefined;
  let finished = false;
  stream.on("data", (piece: Uint8Array) => pieces.push(piece));
  stream.on("error", (error) => {
    failure = error;
  });
  stream.on("end", () => {
    finished = true;
  });

  function taken(): Uint8Array[] {
    if (failure) throw new Malformed(stream.bytesWritten, `${codec} data`, failure.message);
    const out = pieces;
    pieces = [];
    return out;
  }

  return {
    write: (chunk) =>
      new Promise<void>((resolve) => {
        if (failure || finished || stream.destroyed) return resolve();
        const settle = () => {
          stream.off("error", settle);
          resolve();
        };
        stream.once("error", settle);
        stream.write(chunk, settle);
      }).then(taken),
    end: () =>
      new Promise<void>((resolve) => {
        if (failure || finished || stream.destroyed) return resolve();
        stream.once("error", () => resolve());
        stream.once("close", () => resolve());
        stream.end();
      }).then(taken),
    get finished() {
      return finished;
    },
    get consumed() {
      return stream.bytesWritten;
    },
    close() {
      stream.destroy();
    },
  };
}
