import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { expect, test, vi } from "vitest";
import { file, finding, HOSTILE, record, report, SAMPLE_RULES, sampleReport } from "../../test/sample-report.js";
import { sbomReport } from "./cyclonedx.js";
import type { Report } from "./report.js";

vi.mock("../findings/catalogue.js", () => ({ rulesOf: async () => new Map(SAMPLE_RULES.map((rule) => [rule.id, rule])) }));

const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);

// biome-ignore lint/suspicious/noExplicitAny: a bill is walked as the plain JSON that its readers get
type Json = any;

async function bill(one: Report, cwd = "/work/project"): Promise<Json> {
  const text = JSON.stringify(await sbomReport(one, { cwd }));
  expect(await validator.validate(text)).toBeNull();
  const parsed = JSON.parse(text);
  checkReferences(parsed);
  return parsed;
}

/** References must be unique and lead somewhere; no schema says so. */
function checkReferences(parsed: Json): void {
  const refs: string[] = [parsed.metadata.component["bom-ref"], ...parsed.metadata.tools.components.map((one: Json) => one["bom-ref"])];
  for (const component of parsed.components) refs.push(component["bom-ref"], ...(component.components ?? []).map((one: Json) => one["bom-ref"]));
  refs.push(...(parsed.vulnerabilities ?? []).map((one: Json) => one["bom-ref"]));
  const pointed = [
    ...parsed.dependencies.flatMap((one: Json) => [one.ref, ...(one.dependsOn ?? [])]),
    ...(parsed.vulnerabilities ?? []).flatMap((one: Json) => one.affects.map((affected: Json) => affected.ref)),
    ...(parsed.compositions ?? []).flatMap((one: Json) => one.assemblies),
  ];
  const known = new Set(refs);
  expect(known.size).toBe(refs.length);
  expect(pointed.filter((ref) => !known.has(ref))).toEqual([]);
}

test("the whole report", async () => {
  const parsed = await bill(sampleReport());
  await expect(`${JSON.stringify(parsed, null, 2)}\n`).toMatchFileSnapshot("testdata/report.cyclonedx.json");
});

test("the validator refuses a mistake", async () => {
  const parsed = await bill(sampleReport());
  expect(await validator.validate(JSON.stringify({ ...parsed, version: 0 }))).not.toBeNull();
});

test("the same files give the same bytes, wherever and whenever", async () => {
  const moved = sampleReport();
  for (const one of moved.files) one.absolutePath = one.absolutePath.replace("/work/project", "/home/other");
  const elsewhere = { ...moved, startTime: 5, duration: 9, files: [...moved.files].reverse() };
  expect(await bill(elsewhere, "/home/other")).toEqual(await bill(sampleReport()));
});

test("files outside the working folder are named from the folder they share", async () => {
  const parsed = await bill(report([file("m/a.pkl", [record(["a"])]), file("m/b/c.pkl", [record(["c"])])]), "/elsewhere");
  expect(parsed.components.map((one: Json) => one["bom-ref"])).toEqual(["file:a.pkl", "file:b/c.pkl"]);
});

test("the risk score counts what is inside a file", async () => {
  const evil = record(["a.zip", "b.pkl"], { findings: [finding("S201", "critical", {}, { offset: 3 })] });
  const parsed = await bill(report([file("a.zip", [record(["a.zip"]), evil])]));
  expect(parsed.components[0].properties).toContainEqual({ name: "risk_score", value: "5.0" });
});

test("licences are ids of the SPDX list or names", async () => {
  const told = record(["a"], { metadata: { license: "apache-2.0", license_info: [{ spdx_id: "MIT", name: "MIT License" }, { name: "llama3.1" }] } });
  const parsed = await bill(report([file("a", [told])]));
  expect(parsed.components[0].licenses.map((one: Json) => one.license.id ?? one.license.name)).toEqual(["MIT", "Apache-2.0", "llama3.1"]);
});

test("hostile and equal member names", async () => {
  const members = [HOSTILE, HOSTILE, "/etc/passwd", "../x", "", "a:b"].map((name) => record(["a.zip", name]));
  const [component] = (await bill(report([file("a.zip", [record(["a.zip"]), ...members])]))).components;
  expect(component.components.length).toBe(members.length);
});

// Without the validator, which compares every member with every other.
test("more members than are listed", async () => {
  const many = Array.from({ length: 5000 }, (_, index) => record(["a.zip", `m${index}`]));
  (many.at(-1) as Json).findings = [finding("S201", "critical", {})];
  const parsed: Json = await sbomReport(report([file("a.zip", [record(["a.zip"]), ...many])]), { cwd: "/work/project" });
  checkReferences(parsed);
  const [component] = parsed.components;
  expect(component.components.length).toBe(4096);
  expect(component.properties).toContainEqual({ name: "modelaudit:file:members", value: "5000" });
});
