import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bytesOf, scanBytes } from "../../../test/scan-bytes.js";

// Made by scripts/fixtures/archives-7z.py with 7-Zip and py7zr.
const sample = (name: string) => new Uint8Array(readFileSync(join(import.meta.dirname, "testdata", `${name}.7z`)));
const reasons = (records: { gaps: { reason: string }[] }[]) => records.flatMap((record) => record.gaps.map((gap) => gap.reason));

test.each(["honest", "links"])("%s is clean", async (name) => {
  const scanned = await scanBytes("a.7z", sample(name));
  expect([scanned.outcome, scanned.rules, scanned.records[0]?.scanners]).toEqual(["clean", [], ["sevenzip"]]);
});

test.each(["copy", "lzma", "lzma2-solid", "lzma2-single", "plain-header", "deflate", "bzip2", "delta", "x86", "arm", "zstd", "py7zr-x86"])(
  "the pickle packed with %s is found, and everything was read",
  async (name) => {
    const { rules, records } = await scanBytes("a.7z", sample(name));
    expect([rules, reasons(records)]).toEqual([["S101"], []]);
    expect(records.map((record) => record.path)).toEqual(
      expect.arrayContaining(["a.7z!/config.json", expect.stringMatching(/^a\.7z!\/model\/evil\.pkl/)]),
    );
  },
);

test.each([
  ["traversal", "S405", []],
  ["link-outside", "S406", []],
  ["ppmd", "S1331", ["unsupported-compression"]],
  ["aes", "S1331", ["encrypted-member"]],
  ["aes-header", "S1331", ["encrypted-member"]],
])("%s is reported", async (name, rule, gaps) => {
  const { rules, records } = await scanBytes("a.7z", sample(name));
  expect([rules, reasons(records)]).toEqual([[rule], gaps]);
});

test("bytes behind the archive are scanned and reported", async () => {
  const { rules, worst } = await scanBytes("a.7z", bytesOf(sample("honest"), "\x80\x02cposix\nsystem\n(U\x04echotR."));
  expect([rules.includes("S1302"), rules.includes("S101"), worst]).toEqual([true, true, "critical"]);
});

test("a damaged block says so, and what came before it counts", async () => {
  const bytes = sample("copy");
  bytes[40]! ^= 1;
  expect(reasons((await scanBytes("a.7z", bytes)).records)).toEqual(["damaged-member"]);
});

test.each(["honest", "lzma2-single", "plain-header"])("%s cut anywhere is never clean", async (name) => {
  const bytes = sample(name);
  for (let length = 6; length < bytes.length; length += 3) {
    const { outcome, records } = await scanBytes("a.7z", bytes.subarray(0, length));
    expect([length, outcome === "clean", records.find((record) => record.failure)?.failure]).toEqual([length, false, undefined]);
  }
});

test("a damaged archive never breaks the scanner", async () => {
  for (const name of ["plain-header", "lzma2-solid", "x86"]) {
    const bytes = sample(name);
    for (let at = 8; at < bytes.length; at++) {
      const damaged = bytes.slice();
      damaged[at]! ^= 0x81;
      const { records } = await scanBytes("a.7z", damaged);
      expect([name, at, records.find((record) => record.failure)?.failure]).toEqual([name, at, undefined]);
    }
  }
});
