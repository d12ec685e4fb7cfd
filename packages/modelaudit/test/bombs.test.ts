import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { constants, deflateRawSync, gzipSync, inflateRawSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { crc32 } from "../src/io/crc32.js";
import { type TarPart, buildTar } from "./build-tar.js";
import { type ZipPart, buildZip } from "./build-zip.js";
import { buildSevenZip } from "./build-sevenzip.js";
import { gapsOf, text } from "./containers.js";
import { gzipQuine, zipQuine } from "./quines.js";
import { bytesOf, scanBytes } from "./scan-bytes.js";

/** Far more than any of these takes, and far less than unpacking one would. */
const SOON = 20_000;

// The scans write their temporary files here, so that one left behind is seen.
const folder = mkdtempSync(join(tmpdir(), "bombs-"));
const { TMPDIR } = process.env;
beforeAll(() => {
  process.env.TMPDIR = folder;
});
afterAll(() => {
  const left = readdirSync(folder);
  rmSync(folder, { recursive: true });
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  expect(left).toEqual([]);
});

/** A deflate stream of `megabytes` of zeros, whose blocks are made once: the real one would take its time. */
function zeros(megabytes: number): Uint8Array {
  const block = deflateRawSync(new Uint8Array(2 ** 20), { level: 9, finishFlush: constants.Z_FULL_FLUSH });
  return Buffer.concat([...Array.from({ length: megabytes }, () => block), Buffer.from([3, 0])]);
}

/** 16 archives in each of 16 archives and so on, with 256 MB in each of the innermost. */
function fortyTwo(levels: number): Uint8Array {
  const size = 256 * 2 ** 20;
  const data = zeros(256);
  const fields = { method: 8, size, crc: 0 };
  let bytes = buildZip([{ name: "0.dll", data, local: fields, central: fields }]);
  for (let level = 0; level < levels; level++) {
    bytes = buildZip(Array.from({ length: 16 }, (_, index) => ({ name: `lib ${index}.zip`, data: bytes, method: 8 })));
  }
  return bytes;
}

describe("archives that expand without end", () => {
  test("42.zip's way", { timeout: SOON }, async () => {
    const scanned = await scanBytes("42.zip", fortyTwo(4));
    expect(scanned.rules).toEqual(["S410"]);
    expect(gapsOf(scanned)).toContain("limit-bombs");
  });

  test.each([
    ["a zip", "q.zip", zipQuine()],
    ["a gzip", "q.gz", gzipQuine()],
    ["a gzip in a zip in a tar", "q.tar", buildTar([{ name: "q.zip", data: buildZip([{ name: "q.gz", data: gzipQuine() }]) }])],
  ])("%s that holds itself", async (_, name, bytes) => {
    const scanned = await scanBytes(name, bytes);
    expect(scanned.rules).toEqual(["S410"]);
    expect(scanned.records.length).toBeLessThan(6);
  });

  test("the quines are what they claim to be", () => {
    const zip = Buffer.from(zipQuine());
    expect(inflateRawSync(zip.subarray(35)).equals(zip)).toBe(true);
    expect(crc32(zip)).toBe(zip.readUInt32LE(14));
  });
});

describe("a thousand levels", () => {
  const wrap = {
    zip: (inner: Uint8Array) => buildZip([{ name: "n", data: inner }]),
    tar: (inner: Uint8Array) => buildTar([{ name: "n", data: inner }]),
    gzip: (inner: Uint8Array) => new Uint8Array(gzipSync(inner, { level: 1 })),
    "7z": (inner: Uint8Array) => buildSevenZip("n", inner),
  };
  const nest = (kinds: readonly (keyof typeof wrap)[]) => {
    let bytes: Uint8Array = bytesOf("hello\n");
    for (let level = 0; level < 1000; level++) bytes = wrap[kinds[level % kinds.length]!](bytes);
    return bytes;
  };
  test.each([[["zip"]], [["tar"]], [["gzip"]], [["7z"]], [["zip", "tar", "gzip", "7z"]]] as (keyof typeof wrap)[][][])(
    "of %s",
    { timeout: SOON },
    async (kinds) => {
      const scanned = await scanBytes("nest", nest(kinds));
      expect(scanned.rules).toEqual(["S1304"]);
      expect(gapsOf(scanned)).toEqual(["limit-depth"]);
    },
  );
});

describe("members over the same bytes", () => {
  /** Fifield's: each member quotes the header of the next one in a stored block and goes on with its data. */
  function quoting(count: number): Uint8Array {
    const kernel = zeros(1);
    const names = Array.from({ length: count }, (_, index) => `f${index}`);
    const headers: Buffer[] = [];
    const members: ZipPart[] = [];
    let data = Buffer.from(kernel);
    for (let index = count - 1; index >= 0; index--) {
      const plain = inflateRawSync(data);
      const fields = { method: 8, crc: crc32(plain), packed: data.length, size: plain.length };
      const header = Buffer.from(buildZip([{ name: names[index]!, data, local: fields, central: fields }]).subarray(0, 30 + names[index]!.length));
      headers.unshift(header);
      members.unshift({ name: names[index]!, data, local: fields, central: fields });
      data = Buffer.concat([Buffer.from([0, header.length, 0, ~header.length & 255, 255]), header, data]);
    }
    // One copy of the bytes: the first member's data holds all headers; the directory points into it.
    const bytes = Buffer.from(buildZip([members[0]!, ...members.slice(1).map((part) => ({ ...part, sameAs: 0 }))]));
    let place = 0;
    for (let index = 1, at = bytes.indexOf("PK\x01\x02"); index < count; index++) {
      at = bytes.indexOf("PK\x01\x02", at + 4);
      place += headers[index - 1]!.length + 5;
      bytes.writeUInt32LE(place, at + 42);
    }
    return bytes;
  }

  test("each quoting the next", { timeout: SOON }, async () => {
    const scanned = await scanBytes("z.zip", quoting(40));
    expect(scanned.rules).toEqual(["S1309"]);
    expect(scanned.worst).toBe("critical");
  });

  test("all of them the same ones", { timeout: SOON }, async () => {
    const parts: ZipPart[] = Array.from({ length: 2000 }, (_, index) => ({
      name: `f${index}`,
      data: new Uint8Array(5000),
      method: 8,
      ...(index ? { sameAs: 0 } : {}),
    }));
    const scanned = await scanBytes("z.zip", buildZip(parts.map((part) => ({ ...part, local: { name: "f0" } }))));
    expect(scanned.rules).toContain("S1310");
    expect(scanned.worst).toBe("critical");
  });
});

describe("links in circles", () => {
  const link = (name: string, target: string): TarPart => ({ name, type: "2", link: target });
  const long = Array.from({ length: 12 }, () => "x").join("/");
  test.each([
    ["two that point to each other", [link("a", "b"), link("b", "a"), text("a/model.txt")]],
    ["one that points to itself", [link("a", "a"), text("a/b/c.txt")]],
    [
      "each name twice as long as the one before",
      Array.from({ length: 60 }, (_, i) => link(`x${i}`, `x${i + 1}/x${i + 1}`)).concat(text("x0/a.txt") as TarPart),
    ],
    ["a target of a million folders", [{ ...link("a", "b"), pax: { linkpath: "x/".repeat(500_000) } }, text("a/b.txt")]],
    ["a folder that is itself", [link("x", "."), text(`${long}/a.txt`)]],
  ] as [string, TarPart[]][])("%s", { timeout: SOON }, async (_, parts) => {
    const scanned = await scanBytes("links.tar", buildTar(parts));
    expect(scanned.records.map((record) => record.failure).filter(Boolean)).toEqual([]);
    expect(scanned.worst === "critical" || scanned.outcome === "clean" || scanned.outcome === "data").toBe(true);
  });
});
