#!/usr/bin/env node
/**
 * Prints what the pickle reader sees: reads file names from stdin, one a line, and writes one JSON line per file, a list
 * of traces (one per stream). The reader is bundled from source for this run; it is no part of the package.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const source = resolve(import.meta.dirname, "../packages/modelaudit/src");
const folder = mkdtempSync(join(tmpdir(), "trace-"));
const bundle = join(folder, "trace.mjs");
await build({
  stdin: {
    contents: `export { readStreams } from "./formats/pickle/parser.js";
      export { traceJson } from "./formats/pickle/trace.js";
      export { bytesReader } from "./io/reader.js";
      export { drive } from "./engine/drive.js";`,
    resolveDir: source,
    loader: "ts",
  },
  bundle: true,
  format: "esm",
  platform: "node",
  outfile: bundle,
  logLevel: "error",
});
const { readStreams, traceJson, bytesReader, drive } = await import(pathToFileURL(bundle).href);
rmSync(folder, { recursive: true });

for await (const name of createInterface({ input: process.stdin })) {
  let answer;
  try {
    const streams = await drive(readStreams(bytesReader(readFileSync(name))));
    answer = streams.map(traceJson);
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
