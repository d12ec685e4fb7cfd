import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import type { scan as Scan } from "../src/index.js";

/** The built package: lanes start `worker.js` beside them, which only exists there. */
const { scan } = (await import(pathToFileURL(resolve(import.meta.dirname, "../dist/index.js")).href)) as { scan: typeof Scan };
const plugin = resolve(import.meta.dirname, "plugins/endless.mjs");
const folder = mkdtempSync(join(tmpdir(), "modelaudit-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe("no file can hang or kill a scan", () => {
  test.each([
    ["an endless loop", "LOOP", "limit-milliseconds"],
    ["a promise that never settles", "WAIT", "limit-milliseconds"],
    ["one promise after another", "EVER", "limit-milliseconds"],
    ["memory without end", "HEAP", "limit-memory"],
  ])(
    "%s ends, is inconclusive, and the other files are scanned",
    async (_, content, reason) => {
      const paths = [file("a.md", "# text"), file(`${content}.x`, content), file("b.md", "# text")];
      const began = Date.now();
      const report = await scan(paths, { plugins: [plugin], limits: { milliseconds: content === "HEAP" ? 20_000 : 1500 }, jobs: 2 });
      expect(Date.now() - began).toBeLessThan(25_000);
      expect(report.files.map((one) => one.records[0]!.gaps.map((gap) => gap.reason))).toEqual([[], [reason], []]);
      expect(report.files.map((one) => one.records[0]!.scanners)).toEqual([["text"], expect.anything(), ["text"]]);
    },
    40_000,
  );

  test("what was found before the end is kept", async () => {
    const report = await scan([file("find.x", "FIND")], { plugins: [plugin], limits: { milliseconds: 1500 } });
    expect(report.files[0]!.records[0]!.findings.map((finding) => finding.rule)).toEqual(["S902"]);
    expect(report.files[0]!.records[0]!.gaps.map((gap) => gap.reason)).toEqual(["limit-milliseconds"]);
  });

  test("a broken scanner fails its file alone", async () => {
    const report = await scan([file("fail.x", "FAIL"), file("c.md", "# text")], { plugins: [plugin] });
    expect(report.files[0]!.records[0]!.failure).toMatch(/a bug in a scanner/);
    expect(report.files[1]!.records[0]!.failure).toBeUndefined();
  });

  test("the whole run ends at its time, and says which files were not scanned", async () => {
    const paths = Array.from({ length: 6 }, (_, index) => file(`loop${index}.x`, "LOOP"));
    const report = await scan(paths, { plugins: [plugin], timeout: 2, jobs: 1 });
    expect(report.duration).toBeLessThan(6);
    expect(report.files.flatMap((one) => one.records[0]!.gaps.map((gap) => gap.reason))).toContain("limit-timeout");
    expect(report.files.every((one) => one.records[0]!.gaps.length > 0)).toBe(true);
  }, 20_000);

  test("an interrupted run gives a report of what there is", async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 1200);
    const report = await scan([file("i.md", "# text"), file("loop.x", "LOOP")], { plugins: [plugin], signal: stop.signal });
    expect(report.interrupted).toBe(true);
    expect(report.files[0]!.records[0]!.scanners).toEqual(["text"]);
    expect(report.files[1]!.records[0]!.gaps[0]!.reason).toBe("interrupted");
  });
});

test("many files are spread over workers and keep their order", async () => {
  const paths = Array.from({ length: 400 }, (_, index) => file(`many${index}.md`, `# ${index}`));
  const report = await scan([file("first.x", "LOOP"), ...paths], { plugins: [plugin], limits: { milliseconds: 500 }, jobs: 3 });
  expect(report.files.slice(1).map((one) => one.path)).toEqual(paths);
  expect(report.files.slice(1).every((one) => one.records[0]!.scanners[0] === "text")).toBe(true);
}, 20_000);
