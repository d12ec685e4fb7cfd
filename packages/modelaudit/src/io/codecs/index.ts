import type { CodecId, Codecs, Decoder } from "../codec.js";

/** Portable decoders, each imported on first use. */
export async function portableDecoder(codec: CodecId): Promise<Decoder | undefined> {
  switch (codec) {
    case "deflate":
      return (await import("./inflate.js")).inflateDecoder();
    case "deflate64":
      return (await import("./inflate.js")).inflate64Decoder();
    case "gzip": {
      const [{ gzipDecoder }, { inflateDecoder }] = await Promise.all([import("./gzip.js"), import("./inflate.js")]);
      return gzipDecoder(inflateDecoder);
    }
    case "zlib": {
      const [{ zlibDecoder }, { inflateDecoder }] = await Promise.all([import("./gzip.js"), import("./inflate.js")]);
      return zlibDecoder(inflateDecoder);
    }
    case "bzip2":
      return (await import("./bzip2.js")).bzip2Decoder();
    case "xz":
      return (await import("./xz.js")).xzDecoder();
    case "lzma":
      return (await import("./lzma.js")).lzmaDecoder();
    case "lz4":
      return (await import("./lz4.js")).lz4Decoder();
    case "zstd":
      return (await import("./zstd.js")).zstdDecoder();
  }
}

/** Codecs for a browser page. */
export const portableCodecs: Codecs = { open: portableDecoder };
