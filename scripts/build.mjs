#!/usr/bin/env node
/** Bundles the package into dist/: the command, the library, the worker and the browser-ready core, sharing chunks; then the types. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { build } from "esbuild";

const root = resolve(import.meta.dirname, "../packages/modelaudit");
const { version } = JSON.parse(readFileSync(`${root}/package.json`, "utf8"));
const shared = {
  bundle: true,
  format: "esm",
  target: "es2023",
  legalComments: "eof",
  define: { __VERSION__: JSON.stringify(version) },
  logLevel: "warning",
  absWorkingDir: root,
};

// Built beside its place and moved there whole: a failed build leaves the old one, and nothing ever runs half of one.
const draft = `.dist-${process.pid}`;
process.on("exit", () => rmSync(`${root}/${draft}`, { recursive: true, force: true }));
// The command is one CommonJS file: Node starts it without its module loader, which costs more than a small scan.
await build({
  ...shared,
  platform: "node",
  format: "cjs",
  minify: true,
  entryPoints: ["src/cli/main.ts"],
  outfile: `${draft}/main.cjs`,
  define: { ...shared.define, "import.meta.url": "__moduleUrl" },
  banner: { js: 'const __moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
});
await build({
  ...shared,
  platform: "node",
  entryPoints: ["src/index.ts", "src/node/worker.ts"],
  entryNames: "[name]",
  chunkNames: "[name]-[hash]",
  splitting: true,
  outdir: draft,
  // Bundled CommonJS parts call require for Node's own modules.
  banner: { js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);' },
});
// The core must run in a page: built for the browser, it fails here if anything in it asks for a Node module.
await build({
  ...shared,
  platform: "browser",
  entryPoints: ["src/core.ts"],
  entryNames: "[name]",
  chunkNames: "core-[name]-[hash]",
  splitting: true,
  outdir: draft,
});
if (!process.argv.includes("--no-types")) {
  execFileSync(
    process.execPath,
    [resolve(import.meta.dirname, "../node_modules/typescript/bin/tsc"), "-p", `${root}/tsconfig.build.json`, "--outDir", `${root}/${draft}/types`],
    {
      stdio: "inherit",
    },
  );
}
const old = `${root}/.dist-old-${process.pid}`;
if (existsSync(`${root}/dist`)) renameSync(`${root}/dist`, old);
renameSync(`${root}/${draft}`, `${root}/dist`);
rmSync(old, { recursive: true, force: true });
