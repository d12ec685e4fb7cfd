import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { file, record, report } from "../../test/sample-report.js";
import type { FileReport } from "../report/report.js";
import { addDigests } from "./digests.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "digests-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function saved(name: string, text: string, size = text.length): FileReport {
  writeFileSync(join(folder, name), text);
  return file(name, [record([name], { size })], { absolutePath: join(folder, name), size });
}

async function hashOf(files: FileReport[], all = false): Promise<string | undefined> {
  const run = report(files);
  await addDigests(run, undefined, all);
  return run.contentHash;
}

test("digests are those of the standard tools", async () => {
  const abc = saved("abc", "abc");
  await hashOf([abc], true);
  expect(abc.digests).toEqual({
    sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    md5: "900150983cd24fb0d6963f7d28e17f72",
    sha1: "a9993e364706816aba3e25717850c26c9cd0d89d",
    sha512: "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
  });
});

test("a file of several megabytes is hashed whole", async () => {
  const large = saved("large", "x".repeat(3_000_001));
  await hashOf([large]);
  expect(large.digests).toEqual({ sha256: "a3ccf84896e3e6d1185dee335e2f32266f86bd958bdc51fff840792fd520e351" });
});

test("the content hash depends on contents alone", async () => {
  const [a, b, again] = [saved("a", "one"), saved("b", "two"), saved("z", "one")];
  const hash = await hashOf([a, b]);
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(await hashOf([b, a], true)).toBe(hash);
  expect(await hashOf([b, again])).toBe(hash);
  expect(await hashOf([a])).not.toBe(hash);
});

test("there is no content hash unless every file was hashed", async () => {
  expect(await hashOf([])).toBeUndefined();
  expect(await hashOf([saved("a", "one"), file("gone", [record(["gone"])], { absolutePath: join(folder, "gone") })])).toBeUndefined();
  expect(await hashOf([saved("a", "one", 2)])).toBeUndefined();
  const outside = join(folder, "link");
  symlinkSync("/dev/zero", outside);
  const gap = { reason: "link-outside", message: "Not followed" };
  expect(await hashOf([file("link", [record(["link"], { gaps: [gap] })], { absolutePath: outside })])).toBeUndefined();
  const stop = new AbortController();
  stop.abort();
  const run = report([saved("a", "one")]);
  await addDigests(run, stop.signal);
  expect(run.contentHash).toBeUndefined();
});
