import assert from "node:assert/strict";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { assertExit, check } from "./checks.mjs";
import { finished } from "./session.mjs";

/** Milliseconds within which an interrupted scan must end. */
const PROMPT_END = 3000;
/** The same when a report about 20,000 files has to be written first. */
const PROMPT_END_WITH_REPORT = 10_000;
/** Milliseconds to be sure that promptfoo has started the scan. */
const UNDER_WAY = 8000;

const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));
const schema = new URL("../../packages/modelaudit/src/report/testdata/sarif-schema-2.1.0.json", import.meta.url);

/** Everything promptfoo does with the scanner from the command line. */
export async function checkCommandLine(session, samples) {
  await check("--version is what promptfoo looks for, and quick", async () => {
    const { code, stdout, milliseconds } = await session.modelaudit("--version");
    assert.equal(code, 0);
    assert.match(stdout, /^modelaudit,? version \d+\.\d+\.\d+\S*$/im);
    assert.ok(milliseconds < 1000, `${milliseconds} ms`);
  });

  await check("a malicious pickle: exit 1, the finding is shown and stored", async () => {
    const scan = await session.promptfoo("scan-model", samples.evil);
    assertExit(scan, 1);
    assert.match(scan.stdout, /CRITICAL/);
    assert.match(scan.stdout, /posix\.system/);
    const [row] = await session.rows();
    assert.equal(row.has_errors, 1);
    assert.match(row.scanner_version, /^\d+\.\d+\.\d+/);
    assert.match(row.content_hash, /^[0-9a-f]{64}$/);
    assert.ok(JSON.parse(row.issues).some((issue) => issue.severity === "critical"));
  });

  await check("a harmless pickle: exit 0, stored as clean", async () => {
    const scan = await session.promptfoo("scan-model", samples.safe);
    assertExit(scan, 0);
    assert.match(scan.stdout, /No issues found/);
    const [row] = await session.rows();
    assert.equal(row.has_errors, 0);
    assert.ok(row.passed_checks > 0);
    assert.deepEqual(
      JSON.parse(row.checks).filter(({ status }) => status === "failed"),
      [],
    );
  });

  await check("-o, --sbom, --strict, --max-size and -b: both files are written", async () => {
    const [json, sbom] = [join(session.work, "r.json"), join(session.work, "s.json")];
    const scan = await session.promptfoo("scan-model", samples.evil, "-o", json, "--sbom", sbom, "--strict", "--max-size", "1GB", "-b", "x");
    assertExit(scan, 1);
    assert.ok(readJson(json).issues.length > 0);
    const bill = readJson(sbom);
    assert.equal(bill.bomFormat, "CycloneDX");
    assert.equal(bill.components[0].hashes[0].alg, "SHA-256");
  });

  await check("--no-write -f sarif -o: exit 1 and valid SARIF", async () => {
    const path = join(session.work, "r.sarif");
    assertExit(await session.promptfoo("scan-model", samples.evil, "--no-write", "-f", "sarif", "-o", path), 1);
    const ajv = new Ajv({ strict: false });
    addFormats(ajv);
    const validate = ajv.compile(readJson(schema));
    assert.ok(validate(readJson(path)), JSON.stringify(validate.errors));
    assert.equal(readJson(path).runs[0].results[0].level, "error");
  });

  await check("--no-write -f json: standard output is one JSON document", async () => {
    const scan = await session.promptfoo("scan-model", samples.evil, "--no-write", "-f", "json");
    assertExit(scan, 1);
    assert.equal(JSON.parse(scan.stdout.slice(scan.stdout.indexOf("{"))).verdict, "findings");
  });

  await check("the same JSON by itself, with --verbose and --progress: nothing else on standard output", async () => {
    const scan = await session.modelaudit("scan", samples.evil, "--format", "json", "--verbose", "--progress", "--timeout", "300");
    assertExit(scan, 1);
    JSON.parse(scan.stdout);
  });

  await check("--no-write in text: the finding, its reason and what to do", async () => {
    const scan = await session.promptfoo("scan-model", samples.evil, "--no-write");
    assertExit(scan, 1);
    for (const part of [/critical/, /Why:/, /Do:/, /exit 1/]) assert.match(scan.stdout, part);
  });

  await check("--list-scanners, as text and as JSON: exit 0", async () => {
    const asText = await session.promptfoo("scan-model", "--list-scanners");
    assertExit(asText, 0);
    assert.match(asText.stdout, /pickle/);
    const asJson = await session.promptfoo("scan-model", "--list-scanners", "-f", "json");
    assertExit(asJson, 0);
    const { scanners } = JSON.parse(asJson.stdout.slice(asJson.stdout.indexOf("{")));
    const pickle = scanners.find(({ id }) => id === "pickle");
    assert.equal(pickle.class, "PickleScanner");
    for (const one of scanners) assert.ok(one.id && one.class && one.description && Array.isArray(one.extensions) && Array.isArray(one.dependencies));
  });

  await check("a folder twice, with other flags and in another order: one content hash", async () => {
    const hashOf = async (...words) => {
      const scan = await session.promptfoo("scan-model", ...words, "--no-write", "-f", "json");
      return JSON.parse(scan.stdout.slice(scan.stdout.indexOf("{"))).content_hash;
    };
    const hash = await hashOf(samples.clean);
    assert.match(hash, /^[0-9a-f]{64}$/);
    assert.equal(await hashOf(samples.clean, "--strict", "--no-cache", "--timeout", "77"), hash);
    assert.equal(await hashOf(samples.safe, samples.second, "--scanners", "pickle"), hash);
    assert.equal(await hashOf(samples.second, samples.safe, "--stream"), hash);
    const renamed = join(session.work, "renamed");
    mkdirSync(renamed);
    for (const name of readdirSync(samples.clean)) copyFileSync(join(samples.clean, name), join(renamed, `z-${name}`));
    assert.equal(await hashOf(renamed), hash);
    assert.notEqual(await hashOf(samples.models), hash);
  });

  await check("a missing path beside a malicious file: the finding is not lost", async () => {
    const json = join(session.work, "partly.json");
    const scan = await session.promptfoo("scan-model", samples.missing, samples.evil, "-o", json);
    assertExit(scan, 1);
    const result = readJson(json);
    assert.equal(result.has_errors, true);
    assert.ok(result.issues.some((issue) => issue.severity === "critical"));
    assert.ok(result.issues.some((issue) => /does not exist/.test(issue.message)));
    assert.equal((await session.rows())[0].has_errors, 1);
  });

  await check("only a missing path: exit 2, and the JSON is written all the same", async () => {
    assertExit(await session.promptfoo("scan-model", samples.missing), 2);
    const path = join(session.work, "missing.json");
    assertExit(await session.modelaudit("scan", samples.missing, "--format", "json", "--output", path), 2);
    assert.equal(readJson(path).has_errors, true);
  });

  await check("an interrupt during a long scan: a quick end and no stray files", () => checkInterrupt(session, samples, "SIGINT"));
  await check("an interrupt among many files: what was scanned is reported, and the rest is said to be missing", () =>
    checkInterruptAmongFiles(session, samples),
  );
  await check("a termination during a long scan: a quick end and no stray files", () => checkInterrupt(session, samples, "SIGTERM"));
}

async function checkInterruptAmongFiles(session, samples) {
  const path = join(session.work, "interrupted.json");
  const child = session.startModelaudit(["scan", samples.many, "--format", "json", "--output", path, "--progress"]);
  const end = finished(child);
  await Promise.race([once(child.stderr, "data"), end]);
  assert.equal(child.exitCode, null, "the scan was over before the signal");
  const sent = Date.now();
  child.kill("SIGINT");
  assertExit(await end, 2);
  assert.ok(Date.now() - sent < PROMPT_END_WITH_REPORT, `it took ${Date.now() - sent} ms`);
  const result = readJson(path);
  assert.deepEqual([result.interrupted, result.success, result.verdict], [true, false, "inconclusive"]);
  assert.ok(result.file_counts.clean > 0 && result.file_counts.inconclusive > 0);
}

async function checkInterrupt(session, samples, signal) {
  const before = readdirSync(session.work);
  const child = session.start(["scan-model", samples.huge]);
  const end = finished(child);
  await new Promise((resolve) => setTimeout(resolve, UNDER_WAY));
  assert.equal(child.exitCode, null, "the scan was over before the signal");
  const sent = Date.now();
  child.kill(signal);
  const { code } = await end;
  assert.ok(Date.now() - sent < PROMPT_END, `it took ${Date.now() - sent} ms`);
  assert.notEqual(code, 0);
  assert.deepEqual(readdirSync(session.work), before);
  const left = readdirSync(session.temporary).filter((name) => /promptfoo|modelaudit|results/i.test(name));
  assert.deepEqual(left, []);
  assert.ok(existsSync(samples.sparse));
}
