#!/usr/bin/env node
/**
 * Starts the command and keeps its compiled program between runs: compiling takes longer than a small scan. Node 22 and
 * later do so themselves; for Node 20 the command's files are loaded here with V8's code cache. The cache lies in the
 * user's own cache folder, since whoever could write to it could run code as the user. NODE_DISABLE_COMPILE_CACHE=1
 * switches it off.
 */
const { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } = require("node:fs");
const nodeModule = require("node:module");
const { homedir } = require("node:os");
const { basename, dirname, join } = require("node:path");
const { Script } = require("node:vm");

/** A run of more microseconds of CPU time may look whether it compiled more than the cache holds; a shorter one must not wait for that. */
const LONG_RUN = 1_000_000;
/** What was kept for a program that is no longer used goes after this many milliseconds, 30 days. */
const LONGEST_UNUSED = 30 * 24 * 3600 * 1000;

const entry = join(__dirname, "../dist/cli/main.js");
const folder = cacheFolder();
if (nodeModule.enableCompileCache) {
  if (folder) nodeModule.enableCompileCache(folder);
  require(entry);
} else if (folder) {
  // Another build, Node or machine has another cache.
  cachingLoader(join(folder, `${process.version}-${process.arch}-${statSync(entry).mtimeMs.toString(36)}`))(entry);
} else require(entry);

function cacheFolder() {
  if (process.env.NODE_DISABLE_COMPILE_CACHE) return undefined;
  try {
    return join(process.env.XDG_CACHE_HOME || process.env.LOCALAPPDATA || join(homedir(), ".cache"), "modelaudit");
  } catch {
    return undefined;
  }
}

/** Loads CommonJS files and what they require beside them. */
function cachingLoader(versionFolder) {
  const loaded = new Map();
  const scripts = [];
  process.on("exit", () => keep(versionFolder, scripts));

  return function load(file) {
    const known = loaded.get(file);
    if (known) return known.exports;
    const module = { exports: {} };
    loaded.set(file, module);
    // The build writes nothing but ASCII.
    const cachedData = readIfThere(join(versionFolder, basename(file)));
    const script = new Script(nodeModule.wrap(readFileSync(file, "latin1")), { filename: file, cachedData });
    scripts.push({ file, script, size: script.cachedDataRejected ? 0 : (cachedData?.length ?? 0) });
    // A Script has no import(); the one file that uses it, and requires nothing of ours, is left to Node.
    const beside = (id) =>
      id.startsWith("./load-plugins") ? require(join(dirname(file), id)) : id.startsWith("./") ? load(join(dirname(file), id)) : require(id);
    script.runInThisContext().call(module.exports, module.exports, beside, module, file, dirname(file));
    return module.exports;
  };
}

function keep(versionFolder, scripts) {
  for (const { file, script, size } of scripts) {
    if (size > 0 && process.cpuUsage().user < LONG_RUN) continue;
    const data = script.createCachedData();
    if (data.length <= 1.1 * size) continue;
    try {
      if (mkdirSync(versionFolder, { recursive: true, mode: 0o700 })) removeOld(dirname(versionFolder));
      const draft = join(versionFolder, `${basename(file)}.${process.pid}`);
      writeFileSync(draft, data, { mode: 0o600 });
      renameSync(draft, join(versionFolder, basename(file)));
    } catch {
      // Without a place to write to, every run compiles anew.
      return;
    }
  }
}

function removeOld(parent) {
  for (const name of readdirSync(parent)) {
    const path = join(parent, name);
    if (Date.now() - statSync(path).mtimeMs > LONGEST_UNUSED) rmSync(path, { recursive: true, force: true });
  }
}

function readIfThere(path) {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
