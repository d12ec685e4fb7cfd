import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Malformed } from "../engine/errors.js";
import { fileReader } from "../node/file-reader.js";
import { fileSpool } from "../node/file-spool.js";
import { type Later, type Reader, bytesReader, joinReaders, sliceReader } from "./reader.js";
import { memorySpool, type Spool } from "./spool.js";
import { windowReader } from "./window-reader.js";

const SIZE = 300_000;
const content = Uint8Array.from({ length: SIZE }, (_, index) => (index * 31 + (index >> 8)) & 255);
const folder = mkdtempSync(join(tmpdir(), "modelaudit-test-"));
const path = join(folder, "content");
writeFileSync(path, content);
afterAll(() => rmSync(folder, { recursive: true }));

/** A reader whose answers come later, as from a server. */
function laterReader(inner: Reader): Reader {
  return { size: inner.size, read: async (offset, length) => inner.read(offset, length) };
}

async function spooled(spool: Spool): Promise<Reader> {
  for (let at = 0; at < SIZE; at += 70_001) await spool.write(content.subarray(at, at + 70_001));
  return spool.finish();
}

/** Every implementation over the same bytes: they must not be told apart. */
const IMPLEMENTATIONS: Record<string, () => Later<Reader>> = {
  bytes: () => bytesReader(content),
  file: () => fileReader(path),
  slice: () => sliceReader(bytesReader(new Uint8Array([9, 9, ...content, 9])), 2, SIZE + 2),
  "slice of a slice": () => sliceReader(sliceReader(bytesReader(new Uint8Array([9, ...content, 9, 9])), 1), 0, SIZE),
  "window over a file": () => windowReader(fileReader(path)),
  "small windows": () => windowReader(bytesReader(content), 512, 3),
  "window over a slow reader": () => windowReader(laterReader(bytesReader(content)), 4096, 4),
  joined: () => joinReaders([bytesReader(content.subarray(0, 1000)), bytesReader(new Uint8Array(0)), bytesReader(content.subarray(1000))]),
  "joined slow": () => joinReaders([laterReader(bytesReader(content.subarray(0, 777))), bytesReader(content.subarray(777))]),
  "memory spool": () => spooled(memorySpool()),
  "file spool": () => spooled(fileSpool()),
};

describe.each(Object.entries(IMPLEMENTATIONS))("%s", (_, make) => {
  test("gives exactly the bytes asked for", async () => {
    const reader = await make();
    expect(reader.size).toBe(SIZE);
    for (const [offset, length] of [
      [0, 0],
      [0, 1],
      [0, SIZE],
      [511, 2],
      [512, 512],
      [65_535, 2],
      [65_536, 65_536],
      [130_000, 70_000],
      [SIZE - 1, 1],
      [SIZE, 0],
    ] as const) {
      expect(Buffer.compare(await reader.read(offset, length), content.subarray(offset, offset + length)), `${offset}+${length}`).toBe(0);
    }
    reader.close?.();
  });

  test("refuses what is not there, and never gives less", async () => {
    const reader = await make();
    for (const [offset, length] of [
      [0, SIZE + 1],
      [SIZE, 1],
      [SIZE + 1, 0],
      [-1, 1],
      [0, -1],
      [0.5, 1],
      [2 ** 60, 1],
    ] as const) {
      await expect((async () => reader.read(offset, length))(), `${offset}+${length}`).rejects.toBeInstanceOf(Malformed);
    }
    reader.close?.();
  });

  test("may be closed twice", async () => {
    const reader = await make();
    reader.close?.();
    expect(() => reader.close?.()).not.toThrow();
  });
});

test("a window reads each block once while it is kept", async () => {
  let reads = 0;
  const source = bytesReader(content);
  const reader = windowReader(
    {
      size: SIZE,
      read: (offset, length) => {
        reads++;
        return source.read(offset, length);
      },
    },
    1024,
    2,
  );
  for (let offset = 0; offset < 2048; offset += 8) await reader.read(offset, 8);
  expect(reads).toBe(2);
});

test("a spool above its memory share leaves nothing in the temporary folder", async () => {
  const { readdirSync } = await import("node:fs");
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith("modelaudit-")).length;
  const spool = fileSpool();
  for (let written = 0; written < 9 * 2 ** 20; written += 2 ** 20) await spool.write(new Uint8Array(2 ** 20).fill(written >> 20));
  const reader = await spool.finish();
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith("modelaudit-")).length).toBe(before);
  expect([...(await reader.read(8 * 2 ** 20, 1))]).toEqual([8]);
  reader.close?.();
});
