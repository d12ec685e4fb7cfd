import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { crc32 } from "./crc32.js";
import { Sha256 } from "./sha256.js";

test("CRC-32 of the check string is the one its standard gives", () => {
  expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
});

test("CRC-32 goes on from what came before, at any split", () => {
  const bytes = Uint8Array.from({ length: 37 }, (_, i) => (i * 151) & 0xff);
  for (let cut = 0; cut <= bytes.length; cut++) expect(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut)))).toBe(crc32(bytes));
});

test("SHA-256 agrees with the platform's at all lengths around a block", () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 31) & 0xff);
    const hash = new Sha256();
    for (let at = 0; at < length; at += 17) hash.update(bytes.subarray(at, at + 17));
    expect(hash.hex()).toBe(createHash("sha256").update(bytes).digest("hex"));
  }
});
