import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { bytesOf, scanBytes } from "../../../test/scan-bytes.js";

const golden = (name: string) => readFileSync(new URL(`testdata/${name}`, import.meta.url));
const HOSTILE = "\x80\x02cos\nsystem\nU\x04trueq\0\x85R.";
const MAGIC = "\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.";
const VERSION = "\x80\x02M\xe9\x03.";
const SYSTEM = "\x80\x02}.";
const tensor = (items: number) => `\x80\x02(X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\x000X\x03\0\0\0cpuK${String.fromCharCode(items)}NtQ.`;
const KEYS = "\x80\x02]X\x01\0\0\x000a.";
const storage = (items: number) => bytesOf(items, "\0\0\0\0\0\0\0", new Uint8Array(4 * items));

test.each(["state_dict.pth", "module.pth", "protocol4.pth", "tensor.pth"])("%s, saved by PyTorch, is clean", async (name) => {
  for (const file of [name, "weights"]) {
    const scanned = await scanBytes(file, golden(name));
    // A class of one's own, as in module.pth, is noted.
    expect([scanned.outcome, scanned.worst ?? "info"]).toEqual(["clean", "info"]);
    expect(scanned.records.map((record) => record.scanners)).toEqual([["pytorch_binary"], ["pickle"]]);
  }
});

test("the numbers are not read as opcodes, and files behind one another are each read", async () => {
  const one = bytesOf(MAGIC, VERSION, SYSTEM, tensor(8), KEYS, 8, "\0\0\0\0\0\0\0", HOSTILE.padEnd(32, "\0"));
  expect(await scanBytes("a.pt", bytesOf(one, one))).toMatchObject({ outcome: "clean", rules: [] });
});

test.each([
  ["the version", [MAGIC, HOSTILE, SYSTEM, tensor(2), KEYS, storage(2)]],
  ["the system information", [MAGIC, VERSION, HOSTILE, tensor(2), KEYS, storage(2)]],
  ["the object", [MAGIC, VERSION, SYSTEM, HOSTILE, KEYS]],
  ["the keys", [MAGIC, VERSION, SYSTEM, tensor(2), HOSTILE, storage(2)]],
  ["a pickle behind the tensors", [MAGIC, VERSION, SYSTEM, tensor(2), KEYS, storage(2), HOSTILE]],
  ["a magic number that a call gives", [HOSTILE, VERSION, SYSTEM, tensor(2), KEYS, storage(2)]],
  ["a second file", [MAGIC, VERSION, SYSTEM, tensor(2), KEYS, storage(2), MAGIC, VERSION, HOSTILE]],
  ["an object that breaks off", [MAGIC, VERSION, SYSTEM, HOSTILE.slice(0, -1)]],
])("34: %s", async (_, parts) => {
  expect((await scanBytes("a.pth", bytesOf(...parts))).worst).toBe("critical");
});

test.each([
  ["bytes behind the tensors", [MAGIC, VERSION, SYSTEM, tensor(2), KEYS, storage(2), "hidden"], "S902", "warning"],
  ["37: a storage smaller than it claims", [MAGIC, VERSION, SYSTEM, tensor(9), KEYS, storage(2)], "S1270", "critical"],
])("%s are reported", async (_, parts, rule, worst) => {
  const scanned = await scanBytes("a.pth", bytesOf(...parts));
  expect(scanned.rules).toContain(rule);
  expect(scanned.worst).toBe(worst);
});

test("a file cut short is inconclusive", async () => {
  expect((await scanBytes("a.pth", golden("state_dict.pth").subarray(0, -10))).outcome).toBe("inconclusive");
});
