import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "../../io/crc32.js";
import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { bytesOf, scanBytes } from "../../../test/scan-bytes.js";
import { plainName } from "./names.js";

// Made by scripts/fixtures/archives-7z.py with the real encoders.
const folder = join(import.meta.dirname, "testdata");
const sample = (name: string) => new Uint8Array(readFileSync(join(folder, name)));
const names = readdirSync(folder);
const EVIL = bytesOf("cposix\nsystem\n(S'echo fixture'\ntR.");
const CONFIG = bytesOf('{"model_type": "bert", "hidden_size": 768}');
const HONEST_PICKLE = bytesOf("\x80\x02}q\0U\x01aK\x01s.");
const reasons = (records: { gaps: { reason: string }[] }[]) => records.flatMap((record) => record.gaps.map((gap) => gap.reason));

test.each(names.filter((name) => name.startsWith("config")))("%s is clean, under any name", async (name) => {
  for (const as of [name, "model"]) {
    const scanned = await scanBytes(as, sample(name));
    expect([scanned.outcome, scanned.worst, scanned.records[0]?.scanners]).toEqual(["clean", undefined, ["compressed"]]);
  }
});

test.each(names.filter((name) => name.startsWith("evil")))(
  "the pickle in %s is found, under any name, once or in the second of two",
  async (name) => {
    const packed = sample(name);
    const config = sample(name.replace("evil.pkl", "config.json"));
    for (const as of [name, "model", "model.bin"]) expect((await scanBytes(as, packed)).rules).toContain("S101");
    expect((await scanBytes("two", bytesOf(config, packed))).rules).toContain("S101");
  },
);

function gzipWith(flags: number, fields: Uint8Array, data: Uint8Array): Uint8Array {
  const sum = crc32(data);
  const trailer = Uint8Array.from([sum, sum >>> 8, sum >>> 16, sum >>> 24, data.length, data.length >> 8, 0, 0]);
  return bytesOf("\x1f\x8b\x08", flags, "\0\0\0\0\0\x03", fields, deflateRawSync(data), trailer);
}

describe("gzip members", () => {
  test.each([
    ["a pickle across two members", bytesOf(gzipSync(EVIL.subarray(0, 11)), gzipSync(EVIL.subarray(11)))],
    ["behind a pickle that ends with its member", bytesOf(gzipSync(HONEST_PICKLE), gzipSync(EVIL))],
    ["behind empty members", bytesOf(gzipSync(""), gzipSync(""), gzipSync(EVIL))],
    ["behind zeros", bytesOf(gzipSync(CONFIG), new Uint8Array(700), gzipSync(EVIL))],
    ["with a reserved flag, which Python ignores", gzipWith(0xe0, new Uint8Array(0), EVIL)],
    ["with every optional field", gzipWith(0x1e, bytesOf("\x03\0abcname.txt\0a comment\0\x12\x34"), EVIL)],
  ])("%s: found", async (_, bytes) => {
    expect((await scanBytes("model.pkl.gz", bytes)).rules).toContain("S101");
  });

  test("a hundred of them are one file", async () => {
    const parts = Array.from({ length: 100 }, (_, i) => gzipSync(`line ${i} of a text that is cut at random places\n`));
    const { outcome, records } = await scanBytes("notes.txt.gz", bytesOf(...parts));
    expect([outcome, records[0]?.metadata.streams, records.length]).toEqual([expect.not.stringMatching("inconclusive"), 100, 2]);
  });

  test("a stored name that climbs is a warning", async () => {
    const { rules, worst } = await scanBytes("model.gz", gzipWith(8, bytesOf("../../.bashrc\0"), CONFIG));
    expect([rules, worst]).toEqual([["S405"], "warning"]);
  });
});

test("joblib's old format: ZF, a size in hex, zlib", async () => {
  for (const [size, gap] of [
    ["0x22", ""],
    ["0x22L", ""],
    ["0x22", " "],
  ]) {
    const { rules, records } = await scanBytes("model.pkl", bytesOf("ZF", (size as string).padEnd(19), gap as string, deflateSync(EVIL)));
    expect([rules.includes("S101"), records[0]?.scanners]).toEqual([true, ["compressed"]]);
  }
});

describe("bytes behind the last stream", () => {
  test("zeros are padding", async () => {
    const { outcome, rules } = await scanBytes("config.json.gz", bytesOf(gzipSync(CONFIG), new Uint8Array(1000)));
    expect([outcome, rules]).toEqual(["clean", []]);
  });
  test("anything else is a warning, a payload critical", async () => {
    const tail = await scanBytes("config.json.gz", bytesOf(gzipSync(CONFIG), "something else"));
    expect([tail.rules, tail.worst]).toEqual([["S1302"], "warning"]);
    const payload = await scanBytes("config.json.gz", bytesOf(gzipSync(CONFIG), "\x80\x02", EVIL));
    expect([payload.rules.includes("S101"), payload.worst]).toEqual([true, "critical"]);
  });
});

test("an empty lzma stream does not hide the one behind it", async () => {
  const empty = Buffer.from("XQAAgAD//////////wCD//v//8AAAAA=", "base64");
  expect((await scanBytes("model.lzma", bytesOf(empty, sample("evil.pkl.lzma")))).rules).toContain("S101");
});

describe("bytes that no decoder gives", () => {
  const size = EVIL.length;
  const skipped = bytesOf("\x5a\x2a\x4d\x18", size, 0, 0, 0, EVIL);
  test.each([
    ["a skippable frame behind Zstandard", bytesOf(sample("config.json.zst"), skipped)],
    ["a skippable frame in front of LZ4", bytesOf(skipped, sample("config.json.lz4"))],
    ["a skippable frame alone", skipped],
    ["a comment", gzipWith(16, bytesOf(EVIL, 0), CONFIG)],
    ["a comment behind a name", gzipWith(24, bytesOf("name\0", EVIL, 0), CONFIG)],
    ["an extra field", gzipWith(4, bytesOf(size + 4, 0, "AB", size, 0, EVIL), CONFIG)],
    ["a tail behind zeros", bytesOf(gzipSync(CONFIG), new Uint8Array(600), EVIL)],
    ["a stream without a magic number behind another", bytesOf(gzipSync(CONFIG), deflateSync(EVIL))],
  ])("%s", async (_, bytes) => {
    const scanned = await scanBytes("model", bytes);
    expect([scanned.rules.includes("S101"), scanned.worst]).toEqual([true, "critical"]);
  });
});

describe("damage", () => {
  test("a stream cut short is inconclusive, and what comes before it is scanned", async () => {
    // Noise that does not compress, so that half of the packed bytes hold the pickle.
    const noise = Uint8Array.from({ length: 4000 }, (_, i) => (Math.imul(i + 1, 2654435761) >>> 13) & 255);
    const packed = gzipSync(bytesOf(EVIL, noise));
    const cut = await scanBytes("model.pkl.gz", packed.subarray(0, packed.length >> 1));
    expect([cut.rules.includes("S101"), reasons(cut.records)]).toEqual([true, expect.arrayContaining(["cut-short"])]);
    const honest = gzipSync(bytesOf(CONFIG, noise));
    expect((await scanBytes("config.gz", honest.subarray(0, honest.length - 9))).outcome).not.toBe("clean");
  });
  test("a wrong checksum is inconclusive", async () => {
    const packed = gzipSync(CONFIG);
    packed[packed.length - 6]! ^= 1;
    const { outcome, records } = await scanBytes("config.json.gz", packed);
    expect([outcome, reasons(records)]).toEqual(["inconclusive", ["damaged-stream"]]);
  });
  test.each([
    ["snappy", bytesOf("\xff\x06\0\0sNaPpY\x01\x05\0\0abcde")],
    ["compress", bytesOf("\x1f\x9d\x90a\x02\x04")],
  ])("%s is not supported, so inconclusive", async (_, bytes) => {
    const { outcome, records } = await scanBytes("model.bin", bytes);
    expect([outcome, reasons(records)]).toEqual(["inconclusive", ["unsupported-compression"]]);
  });
});

describe("bombs", () => {
  const zeros = gzipSync(Buffer.alloc(100 * 2 ** 20));
  test("zeros that are no model", async () => {
    const { rules, worst } = await scanBytes("model.bin.gz", zeros);
    expect([rules, worst]).toEqual([["S410"], "warning"]);
  });
  test("one inside of another", async () => {
    expect((await scanBytes("model.gz", gzipSync(gzipSync(Buffer.alloc(200 * 2 ** 20))))).rules).toEqual(["S410"]);
  });
  test("a model whose weights are all zero is none", async () => {
    const size = 100 * 2 ** 20;
    const header = Buffer.from(`{"w":{"dtype":"F32","shape":[${size / 4}],"data_offsets":[0,${size}]}}`);
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    const { outcome, rules } = await scanBytes("model.safetensors.gz", gzipSync(Buffer.concat([length, header, Buffer.alloc(size)])));
    expect([outcome, rules]).toEqual(["clean", []]);
  });
});

test.each([
  ["x^ is only the start of a text\n", false],
  ["\x78\x9c and then no deflate data, for as long as it takes to see that", false],
  [bytesOf("]\0\0\x80\0", new Uint8Array(8).fill(255), 0, "no range coder would make such bytes, not even by chance. ".repeat(20)), false],
  [bytesOf("\x1f\x8b\x08\xff\xff\xff\xff\xff\xff\x77", new Uint8Array(64).fill(0xa5)), false],
  [new Uint8Array(64), false],
  [deflateSync(CONFIG), true],
] as const)("%#: taken for compressed only when it decodes", async (bytes, compressed) => {
  const { records } = await scanBytes("data.bin", typeof bytes === "string" ? bytesOf(bytes) : bytes);
  expect(records[0]?.formats.includes("compressed")).toBe(compressed);
});

test.each([
  ["model.pkl.gz", undefined, "model.pkl"],
  ["model.tgz", undefined, "model.tar"],
  ["model.tar.xz", "other", "model.tar"],
  ["model.joblib", undefined, "model.joblib"],
  ["download", "../x/model.pkl", "model.pkl"],
  [".gz", undefined, ".gz"],
] as const)("%s (header name %s) holds %s", (name, stored, plain) => {
  expect(plainName(name, stored)).toBe(plain);
});

test("32: a second zlib stream, or a bare pickle, behind one of four bytes", async () => {
  const front = deflateSync(Buffer.from([0x80, 4, 0x7d, 0x2e]));
  const hostile = Buffer.from("cposix\nsystem\n(S'true'\ntR.");
  for (const behind of [deflateSync(hostile), hostile]) {
    expect((await scanBytes("a.joblib", Buffer.concat([front, behind]))).worst).toBe("critical");
  }
});
