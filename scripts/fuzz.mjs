#!/usr/bin/env node
/**
 * Fuzzes the built library with damaged and booby-trapped files: `node scripts/fuzz.mjs [--count N] [--seed S]
 * [--family pickle|containers|graphs|all] [--show N]`. Input number i of a seed is always the same.
 *
 * What must hold: no scanner breaks (outcome `failed`), none takes longer than its time, none leaves a temporary file;
 * a pickle that a second opinion finds unfinished is not clean; and a call planted where a loader would run it is found,
 * however it is wrapped.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Script } from "node:vm";
import { mutate } from "./fuzz/mutate.mjs";
import { walk } from "./fuzz/pickle-oracle.mjs";
import { Random } from "./fuzz/random.mjs";
import { seeds } from "./fuzz/seeds.mjs";
import { npy, WRAPPERS } from "./fuzz/wrap.mjs";

/** Milliseconds one small damaged file may take, with room for a busy machine. */
const SLOWEST = 5000;
/** The call that is planted: neutral to the stack, so it may stand between any two opcodes. */
const PLANTED = Buffer.from("cos\nsystem\n(S'true'\ntR0", "latin1");
const EVIL = Buffer.from("\x80\x02cos\nsystem\nX\x04\x00\x00\x00true\x85R.", "latin1");

/** Tensor data without any structure: other files say what part of it is read, so there is no end to be behind. */
const RAW_NUMBERS = /\.data(-\d+-of-\d+)?$/;

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "20000" },
    seed: { type: "string", default: "1" },
    family: { type: "string", default: "all" },
    show: { type: "string", default: "20" },
    keep: { type: "string" },
  },
});

// The library writes its temporary files here, so that one left behind is seen.
const temporary = mkdtempSync(join(tmpdir(), "fuzz-"));
process.env.TMPDIR = temporary;
const { scanTarget, drive, nodeSetup, bytesReader, outcomeOf } = await import("../packages/modelaudit/dist/index.js");
const setup = nodeSetup({ limits: { milliseconds: SLOWEST, expandedBytes: 2 ** 28, heldBytes: 2 ** 27 } });

const script = new Script("globalThis.__stretch()");
/** Ends a synchronous stretch that takes too long. */
function guard(stretch) {
  globalThis.__stretch = stretch;
  return script.runInThisContext({ timeout: 2 * SLOWEST });
}

async function scan(name, bytes) {
  const records = [];
  const start = performance.now();
  try {
    await drive(scanTarget({ path: name, name, reader: bytesReader(bytes) }, setup, records), guard);
  } catch (error) {
    return { outcome: "threw", why: String(error?.stack ?? error), milliseconds: performance.now() - start };
  }
  const outcomes = new Set(records.map(outcomeOf));
  const outcome = ["failed", "findings", "inconclusive", "clean", "data", "unknown"].find((one) => outcomes.has(one));
  const why = records.map((record) => record.failure).find((failure) => failure !== undefined);
  return { outcome: outcomes.has("findings") && outcome !== "failed" ? "findings" : outcome, why, milliseconds: performance.now() - start };
}

/** A case: what is scanned and what must not be said of it. */
function damaged(random, all) {
  const seed = random.pick(all);
  const bytes = mutate(seed.bytes, random, all);
  // Damage may splice in the start of a ZIP or of an array, which no loader reads as a pickle.
  const isPickle = seed.format === "pickle" && seed.name.endsWith(".pkl") && !/^(?:PK\x03\x04|\x93NUMPY)/.test(bytes.toString("latin1", 0, 6));
  const stream = isPickle ? walk(bytes) : undefined;
  // Bytes that are no pickle from the first opcode on are not this oracle's business.
  const unfinished = stream && !stream.complete && stream.borders.length > 3;
  return { name: seed.name, bytes, forbidden: unfinished ? ["clean"] : [], rule: "an unfinished pickle is not clean" };
}

/** Calls are planted in pickles whatever the family: the wrappers put them into containers. */
const pickles = seeds("pickle");

function planted(random) {
  const streams = pickles.filter((seed) => seed.format === "pickle" && walk(seed.bytes).complete && !seed.name.startsWith("framed"));
  const seed = random.pick(streams);
  const { borders } = walk(seed.bytes);
  // Behind PROTO, and before a value is on the stack as well as behind it.
  const at = random.pick(borders.slice(seed.bytes[0] === 0x80 ? 1 : 0));
  let bytes = Buffer.concat([seed.bytes.subarray(0, at), PLANTED, seed.bytes.subarray(at)]);
  let name = seed.name;
  const how = [`a call planted at byte ${at} of ${seed.name}`];
  if (random.chance(0.2)) {
    bytes = npy(bytes);
    name = "array.npy";
    how.push("npy");
  }
  for (let depth = random.below(4); depth > 0; depth--) {
    const kind = random.pick(Object.keys(WRAPPERS));
    bytes = WRAPPERS[kind](bytes, name);
    name = random.pick(["model.bin", "a.pt", "x.zip", "data", "weights.pkl", "model.onnx"]);
    how.push(kind);
  }
  return { name, bytes, forbidden: ["clean", "inconclusive", "data", "unknown"], rule: `must be found: ${how.join(" in ")}` };
}

function appended(random, all) {
  const seed = random.pick(all.filter((one) => !/text|jinja|manifest|python|example/.test(one.format) && !RAW_NUMBERS.test(one.name)));
  const bytes = Buffer.concat([seed.bytes, EVIL]);
  return { name: seed.name, bytes, forbidden: ["clean", "data"], rule: `a pickle behind ${seed.format}/${seed.name} must not be clean` };
}

const all = seeds(values.family);
const kinds = [damaged, damaged, damaged, damaged, damaged, damaged, planted, planted, appended];
const count = Number(values.count);
const start = performance.now();
const tally = {};
const problems = [];
let slowest = { milliseconds: 0, index: -1 };

for (let index = 0; index < count; index++) {
  const random = new Random(Number(values.seed) * 1_000_003 + index);
  const { name, bytes, forbidden, rule } = random.pick(kinds)(random, all);
  const { outcome, why, milliseconds } = await scan(name, bytes);
  tally[outcome] = (tally[outcome] ?? 0) + 1;
  if (milliseconds > slowest.milliseconds) slowest = { milliseconds, index, name };
  const problem = ["failed", "threw"].includes(outcome)
    ? `${outcome}: ${why}`
    : forbidden.includes(outcome)
      ? `${outcome}: ${rule}`
      : milliseconds > SLOWEST
        ? `took ${Math.round(milliseconds)} ms`
        : undefined;
  if (problem === undefined) continue;
  problems.push(problem);
  if (problems.length <= Number(values.show)) console.log(`input ${index} (${name}, ${bytes.length} bytes): ${problem.slice(0, 600)}`);
  if (values.keep) writeFileSync(join(values.keep, `${index}-${name}`), bytes);
}

const left = readdirSync(temporary);
if (left.length) problems.push(`temporary files left: ${left.slice(0, 5).join(", ")}`);
rmSync(temporary, { recursive: true, force: true });
const seconds = (performance.now() - start) / 1000;
console.log(
  `slowest: input ${slowest.index} (${slowest.name}) ${Math.round(slowest.milliseconds)} ms; peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`,
);
console.log(`${all.length} seeds, ${count} inputs in ${Math.round(seconds)} s: ${JSON.stringify(tally)}; problems: ${problems.length}`);
process.exitCode = problems.length || all.length < 5 ? 1 : 0;
