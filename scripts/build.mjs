#!/usr/bin/env node
/** Bundles the package into dist/: the library with its worker, the browser-ready core, and the command; then the types. `--no-types` leaves those out. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { rolldown } from "rolldown";

const root = resolve(import.meta.dirname, "../packages/modelaudit");
const { version } = JSON.parse(readFileSync(`${root}/package.json`, "utf8"));

// Built beside its place and moved there whole: a failed build leaves the old one, and nothing ever runs half of one.
const draft = `${root}/.dist-${process.pid}`;
process.on("exit", () => rmSync(draft, { recursive: true, force: true }));

/** Bundles `entries` (paths below src) with the code they share and load on demand in files of their own. */
async function bundle(platform, entries, output) {
  const bundler = await rolldown({
    input: Object.fromEntries(entries.map((entry) => [entry.replace(/^.*\//, ""), `${root}/src/${entry}.ts`])),
    platform,
    transform: { target: "es2023", define: { __VERSION__: JSON.stringify(version) } },
    treeshake: { moduleSideEffects: false },
    onLog(level, log, report) {
      // Some lazy imports are only lazy for one of the entries.
      if (log.code === "INEFFECTIVE_DYNAMIC_IMPORT") return;
      // The core must run in a page: it fails here if anything in it asks for a Node module.
      if (level === "warn") throw new Error(log.message);
      report(level, log);
    },
  });
  await bundler.write({ dir: draft, entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js", ...output });
  await bundler.close();
}

/**
 * Makes the files of the command ones that bin/modelaudit.js loads fast: each a function, in ASCII alone, since one other
 * letter doubles a text in memory (they all stand in literals, where an escape is the same), with plain exports in place
 * of getters, with the bundler's few lines of help inside, and with none that only hands on what another one has.
 */
function forCommand(chunks) {
  const fast = (code) =>
    code
      .replace(/[^\x00-\x7f]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .replace(/Object\.defineProperty\(exports,[`"'](\w+)[`"'],\{enumerable:!0,get:function\(\)\{return ([\w$]+)\}\}\)/g, "exports.$1=$2");
  const take = (wanted) => {
    const chunk = Object.values(chunks).find(({ name }) => name === wanted);
    delete chunks[chunk.fileName];
    return chunk;
  };
  const help = take("rolldown-runtime");
  const [, inner] = /exports\.main=\w+\.(\w+)/.exec(take("main").code);
  const { fileName } = Object.values(chunks).find(({ name }) => name === "scan");
  for (const chunk of Object.values(chunks)) {
    let code = fast(chunk.code)
      .replaceAll(`require("./${fileName}")`, 'require("./main.js")')
      .replace(`require("./${help.fileName}")`, () => `(()=>{const exports={};${fast(help.code)};return exports})()`);
    if (chunk.name === "scan") {
      chunk.fileName = "main.js";
      code = code.replace(new RegExp(`exports\\.${inner}=([\\w$]+)`), "exports.main=$1,$&");
    }
    chunk.code = chunk.name === "load-plugins" ? code : `(function(exports,require,module,__filename){${code}\n})`;
  }
}

await bundle("browser", ["core"], { format: "esm", chunkFileNames: "core-[name]-[hash].js" });
await bundle("node", ["index", "node/worker"], { format: "esm" });
// The command is CommonJS, which Node starts faster than modules, in few files: what every scan needs, and what most do.
await bundle("node", ["cli/main", "node/worker"], {
  dir: `${draft}/cli`,
  format: "cjs",
  minify: true,
  entryFileNames: ({ name }) => (name === "worker" ? "worker-lane.js" : `${name}.js`),
  plugins: [{ name: "for-command", generateBundle: (_, chunks) => forCommand(chunks) }],
  codeSplitting: {
    groups: [
      { name: "scan", test: /\/(cli\/(main|scan)|report\/json|io\/codecs\/inflate)\.ts$/, priority: 3 },
      { name: "pickle", test: /formats\/pickle\/(?!index|recognize|rules|policy\/rules|explain|probe)/, priority: 2 },
      { name: "zip", test: /formats\/(zip|pytorch_zip)\/(?!index|directory|records|layout|rules)/, priority: 1 },
    ],
  },
});
// Node itself starts a worker's file.
writeFileSync(`${draft}/cli/worker.js`, 'require("../../bin/modelaudit.js")("worker-lane.js");\n');
writeFileSync(`${draft}/cli/package.json`, '{ "type": "commonjs" }\n');
if (!process.argv.includes("--no-types")) {
  const compiler = resolve(import.meta.dirname, "../node_modules/typescript/bin/tsc");
  execFileSync(process.execPath, [compiler, "-p", `${root}/tsconfig.build.json`, "--outDir", `${draft}/types`], { stdio: "inherit" });
}
const old = `${root}/.dist-old-${process.pid}`;
if (existsSync(`${root}/dist`)) renameSync(`${root}/dist`, old);
renameSync(draft, `${root}/dist`);
rmSync(old, { recursive: true, force: true });
