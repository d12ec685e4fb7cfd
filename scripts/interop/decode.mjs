#!/usr/bin/env node
/**
 * Decodes files with the built library and prints, for each, the size and SHA-256 of what came out.
 * Reads lines `codec TAB path` from standard input: one or more streams behind one another, to the end of the file.
 */
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { createInterface } from "node:readline";
import { portableDecoder } from "../../packages/modelaudit/dist/core.js";

const STEP = 200_000;

async function decode(codec, path) {
  const file = openSync(path, "r");
  const hash = createHash("sha256");
  let size = 0;
  let streams = 0;
  let position = 0;
  const started = performance.now();
  try {
    for (;;) {
      const chunk = Buffer.alloc(STEP);
      if (readSync(file, chunk, 0, 1, position) === 0 && streams > 0) break;
      const decoder = await portableDecoder(codec);
      for (let at = position; !decoder.finished; ) {
        const input = new Uint8Array(STEP);
        const length = readSync(file, input, 0, STEP, at);
        at += length;
        if (length) decoder.push(input.subarray(0, length));
        else decoder.end();
        for (let piece = await decoder.pull(); piece; piece = await decoder.pull()) {
          hash.update(piece);
          size += piece.length;
        }
        if (!length && !decoder.finished) throw new Error("the stream is cut short");
      }
      position += decoder.consumed;
      streams++;
      decoder.close();
    }
  } finally {
    closeSync(file);
  }
  return `${size}\t${hash.digest("hex")}\t${streams}\t${Math.round(performance.now() - started)}`;
}

for await (const line of createInterface({ input: process.stdin })) {
  const [codec, path] = line.split("\t");
  try {
    console.log(`${path}\t${await decode(codec, path)}`);
  } catch (error) {
    console.log(`${path}\terror\t${error.message}`);
  }
}
