#!/usr/bin/env node
/**
 * Prints what the pickle reader sees: reads file names from stdin, one a line, and writes one JSON line per file, a list
 * of traces (one per stream). The reader is bundled from source for this run; it is no part of the package.
 */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { loadSource } from "./load-source.mjs";

const { readStreams, traceJson, bytesReader, drive } = await loadSource(`
  export { readStreams } from "./formats/pickle/parser.js";
  export { traceJson } from "../test/pickle-trace.js";
  export { bytesReader } from "./io/reader.js";
  export { drive } from "./engine/drive.js";`);

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
