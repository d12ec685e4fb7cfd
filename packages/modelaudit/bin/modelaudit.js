#!/usr/bin/env node
/**
 * Loads the files of the command and keeps them compiled between runs: compiling takes longer than a small scan. What is
 * kept lies in the user's own cache folder, since whoever could write to it could run code as the user.
 * NODE_DISABLE_COMPILE_CACHE=1 switches it off.
 */
const { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } = require("node:fs");
const { Script } = require("node:vm");

/** Every so many runs, by chance, one looks whether it compiled more than is kept: that takes a few milliseconds. */
const LOOKING = 16;
/** A run of more microseconds of CPU time does not: Node has thrown away what it had compiled for the start by then. */
const LONG_RUN = 1_000_000;
/** Bytes of compiled code that are worth keeping. */
const WORTH_KEEPING = 1024;
/** What was kept for a program that is no longer used goes after this many milliseconds, 30 days. */
const LONGEST_UNUSED = 30 * 24 * 3600 * 1000;

const program = `${__dirname}/../dist/cli`;
const folder = cacheFolder();
const loaded = new Map();
const scripts = [];
process.on("exit", () => folder && keep());

module.exports = load;
if (require.main === module) load("main.js");

/** Another build, Node or machine has another folder. */
function cacheFolder() {
  const { NODE_DISABLE_COMPILE_CACHE: off, XDG_CACHE_HOME, LOCALAPPDATA, HOME } = process.env;
  if (off) return undefined;
  try {
    const parent = XDG_CACHE_HOME || LOCALAPPDATA || `${HOME || require("node:os").homedir()}/.cache`;
    const build = statSync(`${program}/main.js`).mtimeMs.toString(36);
    return `${parent}/modelaudit/${process.version}-${process.arch}-${build}`;
  } catch {
    return undefined;
  }
}

/** Gives what a file of the program exports. The build has put each into a function, in ASCII alone. */
function load(name) {
  const known = loaded.get(name);
  if (known) return known.exports;
  const module = { exports: {} };
  loaded.set(name, module);
  const file = `${program}/${name}`;
  const cachedData = folder && readIfThere(`${folder}/${name}`);
  const script = new Script(readFileSync(file, "latin1"), { filename: file, cachedData });
  scripts.push({ name, script, size: script.cachedDataRejected ? 0 : (cachedData?.length ?? 0) });
  script.runInThisContext()(module.exports, requireBeside, module, file);
  return module.exports;
}

function requireBeside(id) {
  if (!id.startsWith("./")) return require(id);
  // A Script has no import(): the file that uses it is left to Node.
  return id.startsWith("./load-plugins") ? require(`${program}/${id}`) : load(id.slice("./".length));
}

function keep() {
  const looks = process.pid % LOOKING === 0 && process.cpuUsage().user < LONG_RUN;
  for (const { name, script, size } of scripts) {
    if (size > 0 && !looks) continue;
    const data = script.createCachedData();
    if (data.length < size + WORTH_KEEPING) continue;
    try {
      if (mkdirSync(folder, { recursive: true, mode: 0o700 })) removeOld(`${folder}/..`);
      const draft = `${folder}/${name}.${process.pid}`;
      writeFileSync(draft, data, { mode: 0o600 });
      renameSync(draft, `${folder}/${name}`);
    } catch {
      // Without a place to write to, every run compiles anew.
      return;
    }
  }
}

function removeOld(parent) {
  for (const name of readdirSync(parent)) {
    const path = `${parent}/${name}`;
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
