#!/usr/bin/env node
/**
 * Loads the files of the command and keeps them compiled between runs: compiling takes longer than a small scan. What is
 * kept lies in the user's own cache folder, since whoever could write to it could run code as the user.
 * NODE_DISABLE_COMPILE_CACHE=1 switches it off.
 */
const { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } = require("node:fs");
const { Script } = require("node:vm");

/** As a multiple of Node's own start, in CPU time. What a longer run leaves behind loads some milliseconds more slowly. */
const SHORT_RUN = 2.5;
/** Behind the names of files that a long run left, for want of better ones. */
const LONG = ".long";
/** Every so many short runs, by chance, one looks whether it compiled more than is kept: that takes some milliseconds. */
const LOOKING = 16;
/** Bytes of compiled code that are worth keeping. */
const WORTH_KEEPING = 1024;
/** What was kept for a program that is no longer used goes after this many milliseconds, 30 days. */
const LONGEST_UNUSED = 30 * 24 * 3600 * 1000;

const start = process.cpuUsage().user;
const program = `${__dirname}/../dist/cli`;
const folder = cacheFolder();
const loaded = new Map();
const scripts = [];
process.on("exit", () => folder && keep());

module.exports = load;
if (require.main === module) load("main.js").main(process.argv.slice(2));

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
  const best = folder && readIfThere(`${folder}/${name}`);
  const cachedData = best ?? (folder && readIfThere(`${folder}/${name}${LONG}`));
  const script = new Script(readFileSync(file, "latin1"), { filename: file, cachedData });
  scripts.push({ name, script, best: best?.length, kept: cachedData !== undefined && !script.cachedDataRejected });
  script.runInThisContext()(module.exports, requireBeside, module, file);
  return module.exports;
}

function requireBeside(id) {
  if (!id.startsWith("./")) return require(id);
  // A Script has no import(): the file that uses it is left to Node.
  return id.startsWith("./load-plugins") ? require(`${program}/${id}`) : load(id.slice("./".length));
}

function keep() {
  const short = process.cpuUsage().user < SHORT_RUN * start;
  const looks = short && (scripts.some(({ best, kept }) => !best || !kept) || process.pid % LOOKING === 0);
  for (const { name, script, best, kept } of scripts) {
    if (kept && !looks) continue;
    const data = script.createCachedData();
    if (kept && best && data.length < best + WORTH_KEEPING) continue;
    try {
      if (mkdirSync(folder, { recursive: true, mode: 0o700 })) removeOld(`${folder}/..`);
      const draft = `${folder}/${name}.${process.pid}`;
      writeFileSync(draft, data, { mode: 0o600 });
      renameSync(draft, `${folder}/${name}${short ? "" : LONG}`);
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
