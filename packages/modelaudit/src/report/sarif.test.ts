import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { expect, test, vi } from "vitest";
import { file, finding, HOSTILE, record, report, SAMPLE_RULES, sampleReport } from "../../test/sample-report.js";
import type { Report } from "./report.js";
import { sarifReport } from "./sarif.js";

vi.mock("../findings/catalogue.js", () => ({ rulesOf: async () => new Map(SAMPLE_RULES.map((rule) => [rule.id, rule])) }));

const ajv = new Ajv({ strict: false });
(addFormats as unknown as (instance: Ajv) => void)(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(new URL("testdata/sarif-schema-2.1.0.json", import.meta.url), "utf8")));

// biome-ignore lint/suspicious/noExplicitAny: a log is walked as the plain JSON that its readers get
type Json = any;

async function run(one: Report, cwd = "/work/project"): Promise<Json> {
  const log = JSON.parse(JSON.stringify(await sarifReport(one, { cwd })));
  expect(validate(log), JSON.stringify(validate.errors, null, 1)).toBe(true);
  checkInvariants(log.runs[0]);
  return log.runs[0];
}

/** What the standard asks for and no schema can say. */
function checkInvariants(run: Json): void {
  const { rules, notifications } = run.tool.driver;
  expect(new Set(rules.map((rule: Json) => rule.id)).size).toBe(rules.length);
  const taxa = run.taxonomies?.[0]?.taxa ?? [];
  for (const rule of rules) {
    expect(typeof rule.properties["security-severity"]).toBe("string");
    expect(rule.properties.tags.length).toBeLessThanOrEqual(10);
    expect(rule.name).not.toBe(rule.id);
    for (const { target } of rule.relationships ?? []) expect(taxa[target.index].id).toBe(target.id);
  }
  const locations: Json[] = [];
  for (const result of run.results) {
    expect(rules[result.ruleIndex].id).toBe(result.ruleId);
    expect(result.kind).toBe("fail");
    expect(["error", "warning", "note"]).toContain(result.level);
    expect(result).not.toHaveProperty("suppressions");
    expect(result).not.toHaveProperty("baselineState");
    const [primary] = result.locations;
    expect(run.artifacts[primary.physicalLocation.artifactLocation.index]).not.toHaveProperty("parentIndex");
    locations.push(...result.locations, ...(result.relatedLocations ?? []));
    const ids = (result.relatedLocations ?? []).map((location: Json) => location.id);
    for (const [, id] of result.message.text.matchAll(/(?<!\\)\]\((\d+)\)/g)) expect(ids).toContain(Number(id));
    for (const { index, fullyQualifiedName } of primary.logicalLocations ?? []) {
      expect(run.logicalLocations[index].fullyQualifiedName).toBe(fullyQualifiedName);
    }
  }
  const invocation = run.invocations[0];
  for (const one of invocation.toolExecutionNotifications) {
    expect(notifications[one.descriptor.index].id).toBe(one.descriptor.id);
    locations.push(...(one.locations ?? []));
  }
  const errors = invocation.toolExecutionNotifications.filter((one: Json) => one.level === "error");
  expect(invocation.executionSuccessful).toBe(errors.length === 0);
  for (const { physicalLocation } of locations) {
    const { artifactLocation, region } = physicalLocation;
    const artifact = run.artifacts[artifactLocation.index];
    expect(artifact.location).toEqual(artifactLocation);
    if (artifactLocation.uriBaseId) expect(run.originalUriBaseIds).toHaveProperty(artifactLocation.uriBaseId);
    if (!region) continue;
    expect("startLine" in region && "byteOffset" in region).toBe(false);
    if ("byteOffset" in region) expect(region.byteOffset + (region.byteLength ?? 0)).toBeLessThanOrEqual(artifact.length);
  }
  for (const artifact of run.artifacts) {
    expect(artifact.location.uri).toMatch(/^[A-Za-z0-9\-._~!$&'()*+,;=:@%/]+$/);
    if (artifact.parentIndex !== undefined) expect(artifact.location).not.toHaveProperty("uriBaseId");
    for (const value of Object.values(artifact.hashes ?? {})) expect(value).toMatch(/^[0-9a-f]+$/);
  }
}

test("the whole report", async () => {
  await run(sampleReport());
  const log = await sarifReport(sampleReport(), { cwd: "/work/project" });
  await expect(`${JSON.stringify(log, null, 2)}\n`).toMatchFileSnapshot("testdata/report.sarif");
});

test("a run without findings is valid too", async () => {
  const { results, tool, invocations } = await run(report([file("a.pkl", [record(["a.pkl"])])]));
  expect(results).toEqual([]);
  expect(tool.driver.rules).toEqual([]);
  expect(invocations[0]).toMatchObject({ executionSuccessful: true, exitCode: 0, arguments: ["scan", "models"] });
});

test.each([
  ["a b#c?.pkl", "a%20b%23c%3F.pkl"],
  ["100%.pkl", "100%25.pkl"],
  ["hf:model.pkl", "hf%3Amodel.pkl"],
  ["ünï/模型.pkl", "%C3%BCn%C3%AF/%E6%A8%A1%E5%9E%8B.pkl"],
  ["back\\slash.pkl", "back%5Cslash.pkl"],
  ["x\ud800y", "x%EF%BF%BDy"],
])("the file %j has the address %j", async (path, uri) => {
  const { artifacts } = await run(report([file(path, [record([path])])]));
  expect(artifacts[0].location).toEqual({ uri, uriBaseId: "%SRCROOT%", index: 0 });
});

test("a file outside the working folder has an absolute address without a base", async () => {
  const { artifacts } = await run(report([file("a.pkl", [record(["a.pkl"])])]), "/elsewhere");
  expect(artifacts[0].location).toEqual({ uri: "file:///work/project/a.pkl", index: 0 });
});

test("Windows paths become addresses", async () => {
  const one = file("m\\a b.pkl", [record(["m\\a b.pkl"])], { absolutePath: "C:\\work\\m\\a b.pkl" });
  expect((await run(report([one]), "C:\\work")).artifacts[0].location.uri).toBe("m/a%20b.pkl");
  expect((await run(report([one]), "D:\\")).artifacts[0].location.uri).toBe("file:///C:/work/m/a%20b.pkl");
});

test.each(["../../etc/passwd", "/etc/passwd", "//host/x", "a:b", "", "a\\b", HOSTILE, "x".repeat(5000)])("a member named %j", async (name) => {
  const inner = record(["a.zip", name], { findings: [finding("S201", "critical", { callable: HOSTILE }, { at: HOSTILE, offset: 1 })] });
  const { results } = await run(report([file("a.zip", [record(["a.zip"]), inner])]));
  expect(results[0].message.text.length).toBeLessThan(2048);
  expect(results[0].message.text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});

test("fingerprints do not depend on the folder, and equal findings of one file stay apart", async () => {
  const same = () => finding("S902", "warning", { format: "a", problem: "b" }, { offset: 5 });
  const twice = file("m/a.zip", [
    record(["m/a.zip"]),
    record(["m/a.zip", "x"], { findings: [same()] }),
    record(["m/a.zip", "y"], { findings: [same()] }),
  ]);
  const prints = (log: Json) => log.results.map((result: Json) => result.partialFingerprints.primaryLocationLineHash);
  const here = prints(await run(report([twice])));
  expect(new Set(here).size).toBe(2);
  expect(prints(await run(report([{ ...twice, absolutePath: "/other/m/a.zip" }]), "/other"))).toEqual(here);
});

test("places outside the artifact give no region", async () => {
  const far = [finding("S902", "warning", {}, { offset: 5000 }), finding("S902", "warning", {}, { offset: 990, length: 50, at: "x" })];
  const { results } = await run(report([file("a.pkl", [record(["a.pkl"], { findings: far })])]));
  expect(results.map((result: Json) => result.locations[0].physicalLocation.region)).toEqual([undefined, { byteOffset: 990 }]);
});
