import { expect, test, vi } from "vitest";
import { file, finding, HOSTILE, record, report, SAMPLE_RULES, sampleReport } from "../../test/sample-report.js";
import { type TextOptions, textReport } from "./text.js";

vi.mock("../findings/catalogue.js", () => ({ rulesOf: async () => new Map(SAMPLE_RULES.map((rule) => [rule.id, rule])) }));

const PLAIN: TextOptions = { color: false, verbose: false, quiet: false, width: 100 };

test("the whole report", async () => {
  await expect(await textReport(sampleReport(), PLAIN)).toMatchFileSnapshot("testdata/report.txt");
});

test("the whole report with every detail", async () => {
  await expect(await textReport(sampleReport(), { ...PLAIN, verbose: true })).toMatchFileSnapshot("testdata/report.verbose.txt");
});

test("lines fit the terminal, apart from words that are longer", async () => {
  for (const width of [60, 80, 120]) {
    const long = (await textReport(sampleReport(), { ...PLAIN, width })).split("\n").filter((line) => line.length > width);
    expect(long.filter((line) => line.trim().includes(" ") && !/^\S/.test(line))).toEqual([]);
  }
});

test("nothing from a model reaches the terminal as a control, and no colour without being asked", async () => {
  const hostile = record([`models/${HOSTILE}`, HOSTILE], {
    findings: [finding("S201", "critical", { callable: HOSTILE, argument: HOSTILE }, { at: HOSTILE })],
    gaps: [{ reason: "x", message: HOSTILE }],
    failure: HOSTILE,
  });
  const one = report([file(`models/${HOSTILE}`, [record(["a"]), hostile])], { problems: [{ path: HOSTILE, message: HOSTILE }] });
  for (const verbose of [false, true]) {
    const text = await textReport(one, { ...PLAIN, verbose });
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(text).not.toMatch(/^\s*::/m);
    expect(text).not.toContain("##[");
  }
  expect(await textReport(sampleReport(), { ...PLAIN, color: true })).toContain("\u001b[31m");
});

test.each([
  ["clean", report([file("a.pkl", [record(["a.pkl"])])]), "✔ No problems found → exit 0"],
  [
    "only a warning",
    report([file("a.pkl", [record(["a.pkl"], { findings: [finding("S902", "warning", { format: "x", problem: "y" })] })])]),
    "▲ Not vouched for: 1 warning in 1 of 1 file → exit 1",
  ],
  [
    "a note",
    report([file("a.pkl", [record(["a.pkl"], { findings: [finding("S901", "info", { extension: ".x" })] })])]),
    "✔ No problems found, 1 note → exit 0",
  ],
  ["nothing", report([]), "! Inconclusive: there was no file to scan → exit 2"],
  ["unknown only", report([file("a", [record(["a"], { formats: [], scanners: [] })])]), "! Inconclusive: 1 file could not be analysed → exit 2"],
  [
    "missing",
    report([], { problems: [{ path: "x", message: "Path does not exist: x" }] }),
    "✖ The scan is not complete: 1 path could not be read → exit 2",
  ],
  [
    "interrupted",
    report([file("a.pkl", [record(["a.pkl"])])], { interrupted: true }),
    "! Inconclusive: the scan was stopped, interrupted before the end → exit 2",
  ],
])("the last line of a run that is %s", async (_, run, last) => {
  expect((await textReport(run, PLAIN)).trimEnd().split("\n").at(-1)).toBe(last);
});

test("quiet leaves out what was read; a dry run lists files", async () => {
  const clean = report([file("a.pkl", [record(["a.pkl"])])]);
  expect(await textReport(clean, { ...PLAIN, quiet: true })).toBe("✔ No problems found → exit 0\n");
  expect(await textReport({ ...clean, dryRun: true }, PLAIN)).toBe("  a.pkl  1000 B\nDry run: 1 file, 1000 B would be scanned. Nothing was read.\n");
});
