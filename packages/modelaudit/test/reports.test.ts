import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sbomReport } from "../src/report/cyclonedx.js";
import { jsonReport } from "../src/report/json.js";
import { exitCodeOf, type Report } from "../src/report/report.js";
import { sarifReport } from "../src/report/sarif.js";
import { textReport } from "../src/report/text.js";
import { run } from "../src/run.js";

/** A real run over real files, through all reports: what scanners report must fit the schemas too. */
let folder: string;
let report: Report;

function compile(path: string) {
  const ajv = new Ajv({ strict: false });
  (addFormats as unknown as (instance: Ajv) => void)(ajv);
  return ajv.compile(JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")));
}

function safetensors(): Uint8Array {
  const header = Buffer.from(JSON.stringify({ __metadata__: { license: "mit" }, weight: { dtype: "F32", shape: [2], data_offsets: [0, 8] } }));
  const length = Buffer.alloc(8);
  length.writeUInt32LE(header.length);
  return Buffer.concat([length, header, Buffer.alloc(8)]);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "reports-"));
  writeFileSync(join(folder, "honest model.safetensors"), safetensors());
  writeFileSync(join(folder, "cut.safetensors"), safetensors().subarray(0, 40));
  writeFileSync(join(folder, "banned.safetensors"), safetensors());
  writeFileSync(join(folder, "chat.jinja"), "{{ ''.__class__.__mro__[1].__subclasses__() }}");
  writeFileSync(
    join(folder, "noise.xyz"),
    Uint8Array.from({ length: 300 }, (_, index) => (index * 167) % 251),
  );
  report = await run([folder, join(folder, "missing.pkl")], { policy: { blacklist: ["banned"] }, hash: "all", arguments: ["scan", folder] });
});
afterAll(() => rmSync(folder, { recursive: true }));

test("the JSON fits its schema and tells findings, gaps and the missing path", async () => {
  const json = JSON.parse(JSON.stringify(await jsonReport(report, { verbose: true })));
  const validate = compile("../../../docs/schema/report.schema.json");
  expect(validate(json), JSON.stringify(validate.errors)).toBe(true);
  expect(exitCodeOf(report)).toBe(1);
  expect(json).toMatchObject({ verdict: "findings", has_errors: true });
  expect(json.issues.map((issue: { rule_code?: string }) => issue.rule_code)).toContain("S1001");
  expect(Object.keys(json.file_metadata[join(folder, "chat.jinja")].file_hashes)).toEqual(["sha256", "md5", "sha1", "sha512"]);
  expect(json).not.toHaveProperty("content_hash");
});

test("the SARIF and the bill of materials fit their schemas", async () => {
  const sarif = JSON.parse(JSON.stringify(await sarifReport(report, { cwd: folder })));
  const validate = compile("../src/report/testdata/sarif-schema-2.1.0.json");
  expect(validate(sarif), JSON.stringify(validate.errors)).toBe(true);
  expect(sarif.runs[0].artifacts.map((one: { location: { uri: string } }) => one.location.uri)).toContain("honest%20model.safetensors");
  expect(sarif.runs[0].invocations[0]).toMatchObject({ exitCode: 1, executionSuccessful: false });
  const bill = JSON.stringify(await sbomReport(report, { cwd: folder }));
  expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(bill)).toBeNull();
  expect(bill).not.toContain(folder);
});

test("the text names every file with something to say", async () => {
  const text = await textReport(report, { color: false, verbose: false, quiet: false, width: 100 });
  for (const part of ["banned.safetensors", "chat.jinja", "cut.safetensors", "noise.xyz", "missing.pkl", "→ exit 1"]) expect(text).toContain(part);
  expect(text).not.toMatch(/\{\w+\}/);
});
