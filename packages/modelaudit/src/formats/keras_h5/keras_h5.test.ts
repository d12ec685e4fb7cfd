import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { bytesOf, scanBytes } from "../../../test/scan-bytes.js";

/** Written by h5py, see scripts/fixtures/keras_hdf5.py. */
const folder = new URL("testdata/", import.meta.url);
const load = (name: string) => new Uint8Array(readFileSync(new URL(name, folder)));
const names = readdirSync(folder).sort();
const PICKLE = "cposix\nsystem\n(S'id'\ntR.";

test.each(names.filter((name) => name.startsWith("honest")))("%s is clean", async (name) => {
  const { outcome, rules, records } = await scanBytes(name, load(name));
  expect(records.flatMap(({ gaps }) => gaps)).toEqual([]);
  expect([outcome, rules]).toEqual(["clean", []]);
  if (name.includes("config")) expect(records[1]?.formats).toEqual(["keras_config"]);
});

const EXPECTED: Record<string, [string, string]> = {
  link: ["S1403", "warning"],
  path: ["S1403", "critical"],
  data: ["S1403", "critical"],
  virtual: ["S1403", "critical"],
  bomb: ["S1404", "warning"],
  code: ["S1103", "critical"],
  pickle: ["S101", "critical"],
};

test.each(names.filter((name) => name.startsWith("hostile")))("%s", async (name) => {
  const { rules, worst } = await scanBytes(name, load(name));
  const [rule, severity] = EXPECTED[name.split("-")[1] as string] as [string, string];
  expect([rules, worst]).toEqual([[rule], severity]);
});

describe("bytes outside of the file proper", () => {
  const block = load("honest-user-block.h5");
  test("a pickle in the user block", async () => {
    expect((await scanBytes("m.h5", bytesOf(PICKLE, "\0".repeat(1024 - PICKLE.length), block.subarray(1024)))).worst).toBe("critical");
  });
  // The library looks for the signature up to the end of the file.
  test.each([2 ** 21, 2 ** 22])("a user block of %d bytes", async (length) => {
    const { worst, rules } = await scanBytes("m.h5", bytesOf(new Uint8Array(length), load("hostile-code-moved.h5").subarray(512)));
    expect([worst, rules]).toEqual(["critical", ["S1103"]]);
  });
  test("a pickle behind the end", async () => {
    expect((await scanBytes("m.h5", bytesOf(load("honest-config-variable-latest.h5"), PICKLE))).worst).toBe("critical");
  });
});

describe("damage is never clean, and never more than damage", () => {
  test.each(names.filter((name) => name.startsWith("honest")))("%s cut short", async (name) => {
    const bytes = load(name);
    for (const part of [0.3, 0.6, 0.9]) {
      expect((await scanBytes("m.h5", bytes.subarray(0, Math.floor(bytes.length * part)))).outcome).toBe("inconclusive");
    }
  });
});

test("a file of a gigabyte is read in a few kilobytes", async () => {
  const bytes = load("honest-datasets-earliest.h5");
  const zeros = new Uint8Array(2 ** 20);
  // Behind the end: what is not explained is looked at, not read.
  const reader = {
    size: 2 ** 30,
    read(offset: number, length: number) {
      const part = new Uint8Array(length);
      part.set(offset < bytes.length ? bytes.subarray(offset, offset + length) : zeros.subarray(0, 0));
      return part;
    },
  };
  const { bytesRead, worst } = await scanBytes("m.h5", reader);
  expect(worst).not.toBe("critical");
  expect(bytesRead).toBeLessThan(10 * 2 ** 20);
});
