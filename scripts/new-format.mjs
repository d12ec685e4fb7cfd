#!/usr/bin/env node
/** `npm run new:format NAME`: writes the folder of a new format, ready to fill in, and registers it. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

const [name = ""] = process.argv.slice(2);
if (!/^[a-z][a-z0-9_]*$/.test(name)) {
  console.error(`Expected a scanner id of small letters, digits and _, such as my_format; found "${name}".`);
  process.exit(2);
}
const folder = resolve(import.meta.dirname, "../packages/modelaudit/src/formats", name);
if (existsSync(folder)) {
  console.error(`${folder} is there already.`);
  process.exit(2);
}
const className = `${name.replace(/(?:^|_)(\w)/g, (_, letter) => letter.toUpperCase())}Scanner`;
const files = {
  "index.ts": `import type { Format, Glimpse } from "../../engine/format.js";

/** The bytes every file of this format begins with. */
const MAGIC = "${name.slice(0, 4).toUpperCase()}";

function hasMagic(look: Glimpse): boolean {
  return [...MAGIC].every((letter, index) => look.head[index] === letter.charCodeAt(0));
}

export const format: Format = {
  id: "${name}",
  className: "${className}",
  description: "Say in one line what these files are",
  extensions: [".${name}"],
  tags: ["weights"],
  sniff: (look) => (hasMagic(look) ? "certain" : undefined),
  load: () => import("./scanner.js"),
};
`,
  "parser.ts": `import { Cursor } from "../../io/cursor.js";
import type { Reader } from "../../io/reader.js";
import { type Work, read } from "../../engine/work.js";

/** The plain facts of a file, without opinions. */
export interface Header {
  version: number;
}

/** Layout: 4 bytes magic, u32 version (little-endian). Throws \`Malformed\` where the bytes end early. */
export function* readHeader(reader: Reader): Work<Header> {
  const cursor = new Cursor(yield* read(reader, 0, 8));
  cursor.skip(4);
  return { version: cursor.u32() };
}
`,
  "scanner.ts": `import type { Scanner } from "../../engine/format.js";
import { child } from "../../engine/work.js";
import { sliceReader } from "../../io/reader.js";
import { readHeader } from "./parser.js";

export const scanner: Scanner = {
  version: 1,
  *scan(artifact) {
    const header = yield* readHeader(artifact.reader);
    yield { kind: "metadata", key: "version", value: header.version };
    // Every byte is accounted for: what the grammar does not explain goes back to the engine.
    if (artifact.reader.size > 8) yield* child({ name: "tail", role: "probe", reader: sliceReader(artifact.reader, 8), offset: 8 });
  },
};
`,
  "rules.ts": `import type { Rule } from "../../findings/rule.js";

export const rules: readonly Rule[] = [];
`,
  [`${name}.test.ts`]: `import { expect, test } from "vitest";
import { bytesOf, scanBytes } from "../../../test/scan-bytes.js";

test("an honest file is clean", async () => {
  const scanned = await scanBytes("a.${name}", bytesOf("${name.slice(0, 4).toUpperCase()}", 1, 0, 0, 0));
  expect(scanned.outcome).toBe("clean");
});

test("a file cut short is inconclusive", async () => {
  const scanned = await scanBytes("a.${name}", bytesOf("${name.slice(0, 4).toUpperCase()}", 1));
  expect(scanned.outcome).toBe("inconclusive");
});
`,
};
mkdirSync(folder, { recursive: true });
for (const [file, text] of Object.entries(files)) writeFileSync(resolve(folder, file), text);
execFileSync(process.execPath, [resolve(import.meta.dirname, "generate-registry.mjs")], { stdio: "inherit" });
console.log(`Wrote ${folder}. Next: docs/formats.md says what makes a format done.`);
