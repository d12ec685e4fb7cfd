import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, test, vi } from "vitest";
import { file, finding, record, report, SAMPLE_RULES, sampleReport } from "../../test/sample-report.js";
import { jsonReport } from "./json.js";
import type { Report } from "./report.js";

vi.mock("../findings/catalogue.js", () => ({ rulesOf: async () => new Map(SAMPLE_RULES.map((rule) => [rule.id, rule])) }));

const SCHEMA = JSON.parse(readFileSync(new URL("../../../../docs/schema/report.schema.json", import.meta.url), "utf8"));
const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(SCHEMA);

interface Row {
  name?: string;
  status?: string;
  severity: string;
  message: string;
  location: string;
  timestamp: number;
}

async function rows(run: Report): Promise<{ issues: Row[]; checks: Row[]; whole: Record<string, unknown> }> {
  const whole = JSON.parse(JSON.stringify(await jsonReport(run, { verbose: false })));
  expect(validate(whole), JSON.stringify(validate.errors)).toBe(true);
  return { issues: whole.issues, checks: whole.checks, whole };
}

test("the whole report", async () => {
  const { whole } = await rows(sampleReport());
  await expect(`${JSON.stringify(whole, null, 2)}\n`).toMatchFileSnapshot("testdata/report.json");
});

test("the schema refuses what promptfoo would refuse", async () => {
  const { whole } = await rows(sampleReport());
  for (const change of [{ issues: [{ severity: "low", message: "x" }] }, { has_errors: null }, { failed_checks: -1 }, { surprise: 1 }]) {
    expect(validate({ ...whole, ...change })).toBe(false);
  }
});

/** What promptfoo takes as "unsafe". */
function promptfooVerdict({ issues, checks, whole }: Awaited<ReturnType<typeof rows>>): boolean {
  const alarming = issues.some((issue) => ["critical", "error", "warning"].includes(issue.severity));
  return whole.has_errors === true || (whole.failed_checks as number) > 0 || checks.some((check) => check.status === "failed") || alarming;
}

const noted = record(["a.pkl"], { findings: [finding("S901", "info", { extension: ".x" })] });
test.each([
  ["clean", report([file("a.pkl", [record(["a.pkl"])])]), false],
  ["a note", report([file("a.pkl", [noted])]), false],
  ["text only", report([file("a.txt", [record(["a.txt"], { scanners: ["text"], formats: ["text"] })])]), false],
  ["a dry run", report([file("a.pkl", [record(["a.pkl"], { formats: [], scanners: [] })])], { dryRun: true }), false],
  ["findings", report([file("a.pkl", [record(["a.pkl"], { findings: [finding("S902", "warning", {})] })])]), true],
  ["a missing path", report([file("a.pkl", [record(["a.pkl"])])], { problems: [{ path: "x", message: "Path does not exist: x" }] }), true],
])("promptfoo takes a run that is %s as unsafe: see the last column", async (_, run, unsafe) => {
  const result = await rows(run);
  expect(promptfooVerdict(result)).toBe(unsafe);
  if (!unsafe) expect(result.checks.map((check) => check.status)).not.toContain("failed");
});

test("rows can be told apart, failed checks can be sorted to the top, and the counters add up", async () => {
  const twins = [1, 2].map((offset) => finding("S902", "warning", { format: "a", problem: "b" }, { at: `x${offset}` }));
  const { checks, issues, whole } = await rows(report([file("a.pkl", [record(["a.pkl"], { findings: twins })])]));
  const key = (row: Row) => [row.timestamp, row.name, row.location, row.message].join();
  expect(new Set(checks.map(key)).size).toBe(checks.length);
  expect(new Set(issues.map(key)).size).toBe(2);
  expect(checks.every((check) => check.severity)).toBe(true);
  expect([whole.total_checks, whole.failed_checks, whole.passed_checks]).toEqual([2, 2, 0]);
});

test("places are in the form that ModelAudit's callers take apart", async () => {
  const inner = record(["m/a.zip", "in/b.zip", "c.pkl"], { findings: [finding("S902", "warning", {}, { offset: 45 })] });
  const { issues, whole } = await rows(report([file("m/a.zip", [record(["m/a.zip"]), record(["m/a.zip", "in/b.zip"]), inner])]));
  expect(issues[0]?.location).toBe("/work/project/m/a.zip:in/b.zip:c.pkl (pos 45)");
  expect(whole.scannedFilesList).toEqual(["/work/project/m/a.zip"]);
  expect(whole.assets).toMatchObject([
    { path: "/work/project/m/a.zip", contents: [{ contents: [{ path: "/work/project/m/a.zip:in/b.zip:c.pkl" }] }] },
  ]);
});

test("only operational trouble is an error, and success means full coverage", async () => {
  const run = (change: Parameters<typeof record>[1], rest: Partial<Report> = {}) => rows(report([file("a.pkl", [record(["a.pkl"], change)])], rest));
  const gap = (await run({ gaps: [{ reason: "malformed", message: "It ends." }] })).whole;
  const broken = (await run({ failure: "no\n at x" })).whole;
  const missing = (await run({}, { problems: [{ path: "x", message: "Path does not exist: x" }] })).whole;
  const evil = (await run({ findings: [finding("S201", "critical", {})] })).whole;
  expect([gap.has_errors, gap.success, gap.verdict]).toEqual([false, false, "inconclusive"]);
  expect([broken.has_errors, broken.success, broken.verdict]).toEqual([true, false, "failed"]);
  expect([missing.has_errors, missing.success, missing.verdict]).toEqual([true, true, "failed"]);
  expect([evil.has_errors, evil.success, evil.verdict]).toEqual([false, true, "findings"]);
});
