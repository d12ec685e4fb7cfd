#!/usr/bin/env node
/**
 * Measures whole runs of the command, as a user feels them, side by side with picklescan and with a Node that does
 * nothing: `PYTHON=.cache/venv/bin/python node scripts/bench.mjs [--rounds N] [--only NAME,...] [--folder DIR]`.
 * The programs take turns, so that a busy machine slows all of them; times are medians. Exits 1 when a target is missed.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "7" },
    only: { type: "string" },
    folder: { type: "string", default: join(tmpdir(), "modelaudit-bench") },
  },
});
const root = resolve(import.meta.dirname, "..");
const python = resolve(process.env.PYTHON ?? join(root, ".cache/venv/bin/python"));
const program = process.env.MODELAUDIT_BIN ?? join(root, "packages/modelaudit/bin/modelaudit.js");

/**
 * `times`: the most our run may take as a multiple of picklescan's (`picklescan`) or of a bare Node's (`node`).
 * `megabytes`: peak memory. `read`: bytes read from disk.
 */
const CASES = {
  "evil.pkl": { what: "a small evil pickle", picklescan: 1 },
  checkpoints: { what: "a folder of 300 small .pt", picklescan: 0.7 },
  models: { what: "300 small .pt, no two alike", picklescan: 1 },
  "dicts.pkl": { what: "400,000 small dicts, 19 MB", picklescan: 0.08, megabytes: 200 },
  "state.pt": { what: "a state dict of 512 MB", picklescan: 1, megabytes: 200, read: 2 ** 20 },
  "members.zip": { what: "a ZIP of 100,000 members", megabytes: 200 },
  "zeros.zip": { what: "2 GB of deflated zeros", megabytes: 200 },
  "model.onnx": { what: "an ONNX model of 400 MB", node: 3, megabytes: 150 },
  "model.safetensors": { what: "safetensors of 1 GB", node: 3, megabytes: 150 },
  "model.gguf": { what: "GGUF, 100,000 tensors, 150,000 tokens", node: 3, megabytes: 150 },
  "model.h5": { what: "HDF5 of 300 MB", node: 3, megabytes: 150 },
};

/** Runs a command; gives its wall time in milliseconds. */
function time(command, words) {
  const start = performance.now();
  const { error } = spawnSync(command, words, { stdio: "ignore", cwd: values.folder });
  if (error) throw error;
  return performance.now() - start;
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
}

/** One more run of ours that tells its peak memory and what it read. */
function inside(path) {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const note = join(folder, "memory");
  const hook = `data:text/javascript,import{writeFileSync}from"node:fs";process.on("exit",()=>writeFileSync(${JSON.stringify(note)},String(process.resourceUsage().maxRSS)))`;
  const { stdout } = spawnSync(process.execPath, ["--import", hook, program, "scan", path, "--format", "json"], {
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  const megabytes = Number(readFileSync(note, "utf8")) / 1024;
  rmSync(folder, { recursive: true });
  const report = JSON.parse(stdout);
  return { megabytes, read: report.bytes_read, verdict: report.verdict };
}

const names = values.only?.split(",") ?? Object.keys(CASES);
const made = spawnSync(python, [join(root, "interop/bench-files.py"), values.folder, ...names], { stdio: "inherit" });
if (made.status !== 0) throw new Error("The files could not be written; run interop/setup.sh first.");

const rows = [];
let missed = 0;
for (const name of names) {
  const { what, ...target } = CASES[name];
  const path = join(values.folder, name);
  const runs = { ours: [], picklescan: [], node: [] };
  for (let round = 0; round < Number(values.rounds); round++) {
    runs.ours.push(time(process.execPath, [program, "scan", path, "--format", "json"]));
    runs.node.push(time(process.execPath, ["-e", "0"]));
    if (target.picklescan !== undefined) runs.picklescan.push(time(python, ["-m", "picklescan", "-p", path]));
  }
  const { megabytes, read, verdict } = inside(path);
  const ours = median(runs.ours);
  const ratios = { node: ours / median(runs.node), picklescan: runs.picklescan.length ? ours / median(runs.picklescan) : undefined };
  const misses = [
    ...["node", "picklescan"].filter((other) => target[other] !== undefined && ratios[other] > target[other]),
    ...(target.megabytes !== undefined && megabytes > target.megabytes ? ["memory"] : []),
    ...(target.read !== undefined && read > target.read ? ["bytes read"] : []),
  ];
  missed += misses.length;
  const ratio = (other) =>
    ratios[other] === undefined ? "" : `${ratios[other].toFixed(2)}${target[other] === undefined ? "" : ` of ${target[other]}`}`;
  rows.push({
    what,
    verdict,
    ms: Math.round(ours),
    "x node": ratio("node"),
    "x picklescan": ratio("picklescan"),
    "peak MB": `${Math.round(megabytes)}${target.megabytes ? ` of ${target.megabytes}` : ""}`,
    "MB read": (read / 2 ** 20).toFixed(2),
    missed: misses.join(", "),
  });
}
console.table(rows);
console.log(missed ? `${missed} targets missed` : "all targets met");
process.exitCode = missed ? 1 : 0;
