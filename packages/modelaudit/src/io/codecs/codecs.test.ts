import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Malformed, Unsupported } from "../../engine/errors.js";
import { nodeCodecs } from "../../node/codecs.js";
import type { CodecId, Codecs, Decoder } from "../codec.js";
import { concatBytes } from "../reader.js";
import { portableCodecs } from "./index.js";

interface Sample {
  file: string;
  codec: CodecId;
  size: number;
  sha256: string;
}

// Made by scripts/fixtures/codecs.py with the real encoders.
const folder = join(import.meta.dirname, "testdata");
const samples: Sample[] = JSON.parse(readFileSync(join(folder, "plain.json"), "utf8"));
const packedOf = (sample: Sample) => new Uint8Array(readFileSync(join(folder, sample.file)));
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const LARGEST_PIECE = 2 ** 20;

interface Run {
  plain: Uint8Array;
  finished: boolean;
  consumed: number;
  error?: unknown;
}

/** Feeds a decoder in steps and takes all that comes, also in front of an error. */
async function decode(decoder: Decoder, packed: Uint8Array, step = packed.length || 1): Promise<Run> {
  const pieces: Uint8Array[] = [];
  let error: unknown;
  const drain = async () => {
    for (let piece = await decoder.pull(); piece; piece = await decoder.pull()) {
      expect(piece.length).toBeGreaterThan(0);
      expect(piece.length).toBeLessThanOrEqual(LARGEST_PIECE);
      pieces.push(piece);
    }
  };
  try {
    for (let offset = 0; offset < packed.length && !decoder.finished; offset += step) {
      decoder.push(packed.slice(offset, offset + step));
      await drain();
    }
    decoder.end();
    await drain();
  } catch (caught) {
    error = caught;
  }
  const run = { plain: concatBytes([new Uint8Array(0), ...pieces]), finished: decoder.finished, consumed: decoder.consumed };
  decoder.close();
  return error === undefined ? run : { ...run, error };
}

const opened = async (codecs: Codecs, codec: CodecId) => (await codecs.open(codec)) as Decoder;

describe.each([
  ["portable", portableCodecs],
  ["node", nodeCodecs],
] as const)("%s codecs", (_, codecs) => {
  test.each(samples.map((sample) => [sample.file, sample] as const))("%s gives what was packed", async (_, sample) => {
    const packed = packedOf(sample);
    const run = await decode(await opened(codecs, sample.codec), packed);
    expect(run.error).toBeUndefined();
    expect({ size: run.plain.length, sha256: sha256(run.plain) }).toEqual({ size: sample.size, sha256: sample.sha256 });
    expect(run).toMatchObject({ finished: true, consumed: packed.length });
  });
});

test.each(samples.map((sample) => [sample.file, sample] as const))("%s byte by byte, and in odd steps", async (_, sample) => {
  const packed = packedOf(sample);
  for (const step of packed.length < 20_000 ? [1, 997] : [997]) {
    const run = await decode(await opened(portableCodecs, sample.codec), packed, step);
    expect([run.error, sha256(run.plain), run.finished, run.consumed]).toEqual([undefined, sample.sha256, true, packed.length]);
  }
});

test.each(samples.map((sample) => [sample.file, sample] as const))("%s with the end known from the start", async (_, sample) => {
  const packed = packedOf(sample);
  const decoder = await opened(portableCodecs, sample.codec);
  decoder.push(packed);
  decoder.end();
  const run = await decode(decoder, new Uint8Array(0));
  expect([run.error, sha256(run.plain), run.finished, run.consumed]).toEqual([undefined, sample.sha256, true, packed.length]);
});

// A legacy LZ4 stream ends where the file does: what follows can only be another stream's magic number.
const ended = samples.filter((sample) => sample.file !== "legacy.lz4");

test.each(ended.map((sample) => [sample.file, sample] as const))("%s ends exactly before what follows", async (_, sample) => {
  const packed = packedOf(sample);
  for (const tail of ["cposix\nsystem\n", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"]) {
    for (const step of [packed.length, packed.length + tail.length, 61]) {
      const run = await decode(await opened(nodeCodecs, sample.codec), concatBytes([packed, Buffer.from(tail)]), step);
      expect([run.error, sha256(run.plain), run.finished, run.consumed]).toEqual([undefined, sample.sha256, true, packed.length]);
    }
  }
});

test("a legacy LZ4 stream ends before the next one", async () => {
  const sample = samples.find(({ file }) => file === "legacy.lz4") as Sample;
  const packed = packedOf(sample);
  const run = await decode(await opened(portableCodecs, "lz4"), concatBytes([packed, packed]));
  expect([sha256(run.plain), run.finished, run.consumed]).toEqual([sample.sha256, true, packed.length]);
});

test.each(ended.filter(({ size }) => size > 0).map((sample) => [sample.file, sample] as const))("%s cut short: never finished", async (_, sample) => {
  const packed = packedOf(sample);
  const whole = (await decode(await opened(portableCodecs, sample.codec), packed)).plain;
  for (const share of [0, 0.01, 0.3, 0.7, 0.98, 1]) {
    const length = Math.min(packed.length - 1, Math.floor(packed.length * share));
    const run = await decode(await opened(portableCodecs, sample.codec), packed.slice(0, length));
    expect(run.finished).toBe(false);
    expect(run.error === undefined || run.error instanceof Malformed).toBe(true);
    expect(Buffer.from(run.plain).equals(whole.subarray(0, run.plain.length))).toBe(true);
  }
});

// What is lost at the end of a stream that is cut short: a block for bzip2, a few symbols for the others.
test.each([
  ["text.gz", 40],
  ["text.zlib", 40],
  ["text.xz", 600],
  ["text.lzma", 40],
  ["wide.lz4", 200],
] as const)("%s cut in the middle gives what came before", async (file, tolerance) => {
  const sample = samples.find((one) => one.file === file) as Sample;
  const packed = packedOf(sample);
  const half = await decode(await opened(portableCodecs, sample.codec), packed.slice(0, packed.length >> 1));
  const more = await decode(await opened(portableCodecs, sample.codec), packed.slice(0, (packed.length >> 1) + tolerance));
  expect(half.plain.length).toBeGreaterThan(0);
  expect(more.plain.length).toBeGreaterThan(half.plain.length);
});

/** Small repeatable random numbers. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Plain bytes after which a damaged stream that turned into a bomb is left, as the engine does. */
const ENOUGH = 4 * 2 ** 20;

test.each(samples.filter(({ file }) => !file.startsWith("empty")).map((sample, seed) => [sample.file, sample, seed] as const))(
  "%s damaged at random: an error or other bytes, never a hang or a crash",
  async (_, sample, seed) => {
    const packed = packedOf(sample);
    const random = dice(seed + 1);
    for (let round = 0; round < 12; round++) {
      const damaged = packed.slice();
      for (let changes = 1 + random(3); changes > 0; changes--)
        damaged[random(round < 5 ? Math.min(40, damaged.length) : damaged.length)] = random(256);
      const decoder = await opened(portableCodecs, sample.codec);
      let made = 0;
      try {
        decoder.push(damaged);
        decoder.end();
        for (let piece = await decoder.pull(); piece && made < ENOUGH; piece = await decoder.pull()) made += piece.length;
      } catch (error) {
        if (!(error instanceof Malformed || error instanceof Unsupported)) throw error;
        // It stays broken: no further pull goes on behind the damage.
        expect(() => decoder.pull()).toThrow();
      }
      decoder.close();
    }
  },
);

test("bytes in front of damage come out before the error", async () => {
  const text = Buffer.from("all of this was packed before the damage. ".repeat(50));
  const packer = deflateRawSync(text, { finishFlush: 2 });
  const damaged = concatBytes([packer, Uint8Array.of(0xff, 0xff, 0xff)]);
  for (const codecs of [portableCodecs, nodeCodecs]) {
    const run = await decode(await opened(codecs, "deflate"), damaged);
    expect(run.error).toBeInstanceOf(Malformed);
    expect(Buffer.from(run.plain).equals(text)).toBe(true);
  }
});

test("a wrong checksum is an error behind all bytes", async () => {
  // In xz the checksum is in front of the index and the footer (8 and 12 bytes).
  for (const [file, fromEnd] of [
    ["text.gz", 5],
    ["text.zlib", 2],
    ["text.bz2", 3],
    ["text.xz", 22],
    ["check-crc32.xz", 22],
  ] as const) {
    const sample = samples.find((one) => one.file === file) as Sample;
    const packed = packedOf(sample);
    packed[packed.length - fromEnd]! ^= 0x10;
    const run = await decode(await opened(portableCodecs, sample.codec), packed);
    expect([file, run.error instanceof Malformed, run.finished, sha256(run.plain)]).toEqual([file, true, false, sample.sha256]);
  }
});

test("deflate, zlib and gzip of any bytes, by both, at any level", async () => {
  const runs = fc.array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 400 })), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(runs, fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 4 }), async (parts, level, strategy) => {
      const plain = Buffer.concat(parts.map(([bytes, times]) => Buffer.concat(new Array(times).fill(bytes))));
      for (const [codec, packed] of [
        ["deflate", deflateRawSync(plain, { level, strategy })],
        ["zlib", deflateSync(plain, { level, strategy })],
        ["gzip", gzipSync(plain, { level, strategy })],
      ] as const) {
        const run = await decode(await opened(portableCodecs, codec), packed);
        expect([run.error, run.finished, run.consumed, plain.equals(run.plain)]).toEqual([undefined, true, packed.length, true]);
        const small = nodeCodecs.decodeSmall?.(codec, concatBytes([packed, Uint8Array.of(1, 2, 3)]), plain.length + 1);
        expect([small?.consumed, small && plain.equals(small.plain)]).toEqual([packed.length, true]);
      }
    }),
    { numRuns: 60 },
  );
});

describe("a small stream at once", () => {
  const packed = gzipSync(Buffer.alloc(1000, 7));
  test.each([
    ["whole", packed, 1000, 1000],
    ["larger than allowed", packed, 999, undefined],
    ["cut short", packed.subarray(0, -3), 1000, undefined],
    ["followed by another member", Buffer.concat([packed, packed]), 4000, 1000],
  ] as const)("%s", (_, bytes, limit, size) => {
    const small = nodeCodecs.decodeSmall?.("gzip", bytes, limit);
    expect(small?.plain.length).toBe(size);
    if (small) expect(small.consumed).toBe(packed.length);
  });
});

test("nothing is decoded ahead of a pull: a bomb costs one piece at a time", async () => {
  for (const codec of ["gzip", "deflate"] as const) {
    const bomb = (codec === "gzip" ? gzipSync : deflateRawSync)(Buffer.alloc(200 * 2 ** 20));
    const decoder = await opened(nodeCodecs, codec);
    decoder.push(bomb);
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 4; i++) expect((await decoder.pull())?.length).toBeLessThanOrEqual(LARGEST_PIECE);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 2 ** 20);
    decoder.close();
    expect(await decoder.pull()).toBeUndefined();
  }
});

test.each([
  ["zstd with a window of 2 GiB", "zstd", [0x28, 0xb5, 0x2f, 0xfd, 0, 0xa8, 1, 0, 0]],
  ["zstd with a dictionary", "zstd", [0x28, 0xb5, 0x2f, 0xfd, 1, 0, 7, 1, 0, 0]],
  ["lz4 with a dictionary", "lz4", [0x04, 0x22, 0x4d, 0x18, 0x41, 0x40, 1, 0, 0, 0, 0]],
] as const)("%s is not supported", async (_, codec, bytes) => {
  const run = await decode(await opened(portableCodecs, codec), Uint8Array.from(bytes));
  expect(run.error).toBeInstanceOf(Unsupported);
});
