#!/usr/bin/env node
/**
 * Checks the direction of all imports, and that the scanning core asks for nothing of Node.
 * A layer may import itself and what is listed for it; see docs/architecture.md.
 */
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const src = resolve(import.meta.dirname, "../packages/modelaudit/src");
const CORE = ["io", "engine", "findings", "detectors", "formats", "report"];
const ALLOWED = {
  io: ["engine/errors"],
  findings: ["formats/*/rules", "formats/pickle/policy/rules", "detectors/*/rules"],
  engine: ["io", "findings"],
  detectors: ["io", "findings", "engine"],
  formats: ["io", "findings", "engine", "detectors"],
  report: ["engine", "findings", "formats/registry.generated"],
  sources: ["io", "engine", "report"],
  node: ["io", "engine", "findings", "formats/registry.generated", "report", "sources", "version"],
  cli: ["io", "engine", "findings", "formats", "report", "sources", "node", "run", "version", "config"],
};

const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
const wrong = [];
for (const file of files) {
  const layer = file.includes("/") ? file.split("/")[0] : undefined;
  const text = readFileSync(join(src, file), "utf8");
  for (const [, target] of text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)) {
    if (target.startsWith("node:") && CORE.includes(layer)) wrong.push(`${file}: the core must not import ${target}`);
    if (!target.startsWith(".") || layer === undefined) continue;
    const to = relative(src, resolve(src, dirname(file), target)).replace(/\.js$/, "");
    const toLayer = to.split("/")[0];
    // A declaration (index.ts) may give a second id to another format's scanner: it shares a scanner, it does not call one.
    if (layer === "formats" && toLayer === "formats" && to.endsWith("/scanner") && dirname(file) !== dirname(to) && !file.endsWith("/index.ts")) {
      wrong.push(`${file}: a scanner is never called by another format (${to}); hand back a child`);
    }
    if (toLayer === layer) continue;
    const allowed = (ALLOWED[layer] ?? []).some((one) =>
      one.includes("*") ? new RegExp(`^${one.replace("*", "[^/]+")}$`).test(to) : to === one || to.startsWith(`${one}/`),
    );
    if (!allowed) wrong.push(`${file}: ${layer} must not import ${to}`);
  }
  if (
    CORE.includes(layer) &&
    !file.includes("generated") &&
    /\bBuffer\b|\bprocess\./.test(text.replace(/\/\*[\s\S]*?\*\/|\/\/.*|"[^"\n]*"|`[^`]*`/g, ""))
  ) {
    wrong.push(`${file}: the core must not use Node's globals`);
  }
}
for (const line of wrong) console.error(line);
process.exitCode = wrong.length ? 1 : 0;
