import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

const command = resolve(import.meta.dirname, "../bin/modelaudit.js");
const folder = mkdtempSync(join(tmpdir(), "modelaudit-test-"));
const evil = join(folder, "evil.pkl");
writeFileSync(evil, "cos\nsystem\n(S'true'\ntR.");
afterAll(() => rmSync(folder, { recursive: true }));

function scan(cache: string, more: Record<string, string> = {}, ...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, "scan", evil, "--format", "json", ...words], {
    encoding: "utf8",
    env: { ...process.env, XDG_CACHE_HOME: join(folder, cache), ...more },
  });
  return { status, stderr, found: (JSON.parse(stdout) as { issues: { rule_code: string }[] }).issues.map((issue) => issue.rule_code) };
}

function kept(cache: string): string[] {
  return readdirSync(join(folder, cache, "modelaudit"), { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, cache, "modelaudit", name))
    .filter((path) => statSync(path).isFile());
}

/** A run that is right and silent. */
const RIGHT = { status: 1, stderr: "", found: ["S101"] };

describe("the compiled program", () => {
  test("is kept by the first run and used by the next, for the user alone", () => {
    expect(scan("first")).toEqual(RIGHT);
    const before = kept("first").map((path) => statSync(path).mtimeMs);
    expect(before.length).toBeGreaterThan(1);
    expect(statSync(join(folder, "first/modelaudit")).mode & 0o077).toBe(0);
    expect(scan("first")).toEqual(RIGHT);
    expect(kept("first").map((path) => statSync(path).mtimeMs)).toEqual(before);
  });

  test.each([
    ["cut short", (path: string) => writeFileSync(path, "")],
    ["of another program", (path: string) => writeFileSync(path, Buffer.alloc(statSync(path).size, 7))],
  ])("is made anew when what was kept is %s", (name, damage) => {
    const cache = name.replaceAll(" ", "-");
    scan(cache);
    kept(cache).forEach(damage);
    expect(scan(cache)).toEqual(RIGHT);
    expect(scan(cache)).toEqual(RIGHT);
  });

  test("does not pile up", () => {
    const old = join(folder, "old/modelaudit/v18.0.0-x64-abc");
    mkdirSync(old, { recursive: true });
    utimesSync(old, 0, 0);
    scan("old");
    expect(existsSync(old)).toBe(false);
    expect(kept("old").length).toBeGreaterThan(1);
  });

  test("is done without where nothing can be written, or when the user says so", () => {
    writeFileSync(join(folder, "file"), "");
    expect(scan("file/below")).toEqual(RIGHT);
    mkdirSync(join(folder, "off"));
    expect(scan("off", { NODE_DISABLE_COMPILE_CACHE: "1" })).toEqual(RIGHT);
    expect(readdirSync(join(folder, "off"))).toEqual([]);
  });

  test("loads plugins beside what was kept", () => {
    const plugin = resolve(import.meta.dirname, "plugins/endless.mjs");
    for (let run = 0; run < 2; run++) expect(scan("plugin", {}, "--plugin", plugin)).toEqual(RIGHT);
  });
});
