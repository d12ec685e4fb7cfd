import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const command = resolve(import.meta.dirname, "../bin/modelaudit.js");
const folder = mkdtempSync(join(tmpdir(), "modelaudit-test-"));
const at = (name: string) => join(folder, name);
const { CI: _, ...environment } = process.env;

function modelaudit(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...words], {
    encoding: "utf8",
    cwd: folder,
    env: { ...environment, NO_COLOR: "1" },
  });
  return { status, stdout, stderr };
}

beforeAll(() => {
  writeFileSync(at("evil.pkl"), Buffer.from("\x80\x02cos\nsystem\nX\x0a\x00\x00\x00echo hello\x85R.", "latin1"));
  writeFileSync(at("safe.pkl"), Buffer.from("\x80\x02X\x05\x00\x00\x00helloq\x00.", "latin1"));
  writeFileSync(at("empty.pkl"), "");
  writeFileSync(at("strange.xyz"), Buffer.from([0xfe, 0x01, 0x9c, 0xff, 0, 1, 2, 3]));
  writeFileSync(at("short.safetensors"), Buffer.concat([Buffer.from([0x40, 1, 0, 0, 0, 0, 0, 0]), Buffer.from('{"a":')]));
  mkdirSync(at("loop/inner"), { recursive: true });
  symlinkSync(at("loop"), at("loop/inner/again"));
  writeFileSync(at("loop/safe.pkl"), readFileSync(at("safe.pkl")));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("exit codes", () => {
  test.each([
    ["clean", ["safe.pkl"], 0],
    ["findings", ["evil.pkl"], 1],
    ["findings beside a missing path", ["missing.pkl", "evil.pkl"], 1],
    ["a missing path", ["missing.pkl", "safe.pkl"], 2],
    ["a file cut short", ["short.safetensors"], 2],
    ["nothing that could be analysed", ["strange.xyz"], 2],
    ["something not analysed beside a clean file", ["strange.xyz", "safe.pkl"], 0],
    ["the same, strict", ["strange.xyz", "safe.pkl", "--strict"], 2],
    ["a loop of folders", ["loop"], 0],
  ])("%s", (_, words, code) => {
    expect(modelaudit("scan", ...words).status).toBe(code);
  });
});

test("a listing names every part, also those that nobody needs to read", () => {
  const checkpoint = resolve(import.meta.dirname, "../src/formats/pytorch_zip/testdata/state_dict.pt");
  const { status, stdout } = modelaudit("ls", checkpoint);
  expect(status).toBe(0);
  expect(stdout).toMatch(/data\.pkl {2}pickle, .*, scanned/);
  expect(stdout).toMatch(/data\/0 {2}–, .*, part of its container/);
});

test("a model that nobody recognises gets a line that says what was expected", () => {
  writeFileSync(at("short.pt"), "PK\x03\x04\x14\0\0\0");
  const { status, stderr } = modelaudit("scan", "short.pt");
  expect(status).toBe(2);
  expect(stderr).toMatch(/^Warning: short\.pt: Expected a model, by its name; found .* cut short\?\n$/);
});

describe("ways to call it", () => {
  test.each([[["scan"]], [["scan-model"]], [[]], [["scan", "-q"]], [["-q"]]])("modelaudit %j evil.pkl", (words) => {
    const { status, stdout } = modelaudit(...words, "evil.pkl");
    expect(status).toBe(1);
    expect(stdout).toContain("os.system");
  });

  test("the version is what promptfoo looks for", () => {
    expect(modelaudit("--version").stdout).toMatch(/^modelaudit, version \d+\.\d+\.\d+\n$/);
  });

  test.each([
    ["include and exclude", ["--include-scanner", "PickleScanner", "NumPyScanner", "--exclude-scanner", "zip"]],
    ["blacklist twice", ["--blacklist", "deepseek", "--blacklist", "qwen"]],
    ["limits", ["--max-size", "1 GB", "--timeout", "600"]],
    ["the rest", ["--no-cache", "--no-share", "--stream", "--strict", "--verbose", "--progress"]],
  ])("%s are accepted before and after the path", (_, flags) => {
    expect(modelaudit("scan", "safe.pkl", ...flags).status).toBe(0);
  });

  test("a blacklisted name is refused", () => {
    expect(modelaudit("scan", "safe.pkl", "--blacklist", "SAFE").status).toBe(1);
  });

  test("a dry run reads nothing", () => {
    const { status, stdout } = modelaudit("scan", "evil.pkl", "--dry-run", "--format", "json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ dry_run: true, issues: [] });
  });

  test("scanners can be listed without a path", () => {
    const { status, stdout } = modelaudit("scan", "--list-scanners", "--format", "json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout).scanners).toContainEqual(expect.objectContaining({ id: "pickle", class: "PickleScanner" }));
  });

  test("only the chosen scanners run", () => {
    expect(modelaudit("scan", "evil.pkl", "--scanners", "numpy").status).not.toBe(1);
    expect(modelaudit("scan", "evil.pkl", "--scanners", "numpy,pickle").status).toBe(1);
  });
});

describe("bad input gives one clear line, and the rest of the run goes on", () => {
  test.each([
    ["a missing path", ["missing.pkl"], /Path does not exist: missing\.pkl/],
    ["an unknown flag", ["safe.pkl", "--fast"], /unknown option '--fast'.*--help/],
    ["a bad size", ["safe.pkl", "--max-size", "10G"], /--max-size: expected .* found "10G"/],
    ["a bad time", ["safe.pkl", "--timeout", "soon"], /--timeout: expected a whole number .* found "soon"/],
    ["an unknown scanner", ["safe.pkl", "--scanners", "pickel"], /Unknown scanner "pickel"\. Did you mean "pickle"\?/],
    ["no path", [], /Expected a file or folder/],
    ["an output that cannot be", ["safe.pkl", "-o", "no/such/folder/x.json"], /expected the folder .* to exist/],
  ])("%s", (_, words, message) => {
    const { status, stderr } = modelaudit("scan", ...words);
    expect(status).toBe(2);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).toMatch(message);
  });

  test("a file that may not be read", () => {
    writeFileSync(at("secret.pkl"), readFileSync(at("evil.pkl")));
    chmodSync(at("secret.pkl"), 0o000);
    // Root may read everything; then the file is simply scanned.
    expect(modelaudit("scan", "secret.pkl").status).toBe(process.getuid?.() === 0 ? 1 : 2);
  });

  test.each([
    ["an empty file", "empty.pkl", /empty\.pkl: Expected a model, found an empty file/, 2],
    ["a header cut short", "short.safetensors", /short\.safetensors: .*cut short/, 2],
    ["a loop of folders", "loop", /loop\/inner\/again: a link back to a folder/, 0],
  ])("%s", (_, path, message, code) => {
    const { status, stderr } = modelaudit("scan", path, "safe.pkl");
    expect(status).toBe(code);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).toMatch(message);
  });

  test("JSON on standard output is one document whatever happens", () => {
    const { stdout, status } = modelaudit("scan", "missing.pkl", "evil.pkl", "--format", "json", "--verbose");
    expect(status).toBe(1);
    expect(JSON.parse(stdout).issues.length).toBeGreaterThan(0);
  });
});

describe("other commands", () => {
  test("explain shows what would happen, where, and marks it", () => {
    const { stdout, status } = modelaudit("explain", "evil.pkl");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ +2 {2}from os import system$/m);
    expect(stdout).toMatch(/_1 = os\.system\("echo hello"\)\n +\^ critical S101/);
  });

  test("ls shows the tree", () => {
    const { stdout, status } = modelaudit("ls", "evil.pkl", "--format", "json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout).files[0]).toMatchObject({ name: "evil.pkl", formats: ["pickle"], read: "scanned" });
  });

  test("metadata shows facts and does not judge", () => {
    const { stdout, status } = modelaudit("metadata", "evil.pkl", "--format", "json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout).files[0].metadata).toMatchObject({ protocol: 2, streams: 1 });
  });

  test("rules lists the catalogue and shows one rule", () => {
    expect(modelaudit("rules").stdout).toMatch(/^S101 /m);
    expect(modelaudit("rules", "s101").stdout).toMatch(/^Why: /m);
    expect(modelaudit("rules", "S9999").status).toBe(2);
  });
});
