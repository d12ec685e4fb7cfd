import type { CodecId, Decoder } from "../codec.js";

/** Portable decoders, each imported on first use. Undefined for a codec that has none. */
export async function portableDecoder(codec: CodecId): Promise<Decoder | undefined> {
  switch (codec) {
    default:
      return undefined;
  }
}
