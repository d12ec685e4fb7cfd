import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { bytesOf, scanBytes } from "../../../test/scan-bytes.js";

const EXAMPLE = new URL("../../../../../examples/models/honest/classifier.joblib", import.meta.url);

test("a compressed file of joblib's is clean, and its inside is a joblib file", async () => {
  const scanned = await scanBytes("classifier.joblib", readFileSync(EXAMPLE));
  expect([scanned.outcome, scanned.rules]).toEqual(["clean", []]);
  expect(scanned.records.map((record) => record.formats)).toEqual([["compressed"], ["joblib"]]);
});

test("a plain one is scanned once, by the joblib scanner", async () => {
  const scanned = await scanBytes("a.joblib", bytesOf("\x80\x02cos\nsystem\nU\x04trueq\0\x85R."));
  expect(scanned.worst).toBe("critical");
  expect(scanned.records.map((record) => record.scanners)).toEqual([["joblib"]]);
});
