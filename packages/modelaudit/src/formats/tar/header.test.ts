import { expect, test } from "vitest";
import { bytesOf } from "../../../test/scan-bytes.js";
import { paxRecords } from "./header.js";

test("records are read by their lengths", () => {
  const { records, complete } = paxRecords(bytesOf("12 path=a/b\n9 size=1\n"));
  expect([...records]).toEqual([
    ["path", "a/b"],
    ["size", "1"],
  ]);
  expect(complete).toBe(true);
});

test("a record without a length ends the reading instead of being read for ever", () => {
  expect(paxRecords(bytesOf("12 path=a/b\n=noblank\n")).complete).toBe(false);
  expect(paxRecords(bytesOf("0 a=b\n")).complete).toBe(false);
});
