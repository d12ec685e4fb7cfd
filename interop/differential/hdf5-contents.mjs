#!/usr/bin/env node
/**
 * What our HDF5 reader sees: every object by its first path, its attributes' texts, its shape. One JSON line per file named.
 * It runs the source itself, so that nothing has to be exported for it.
 */
import { readFileSync, rmSync, writeFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";

const source = resolve(import.meta.dirname, "../../packages/modelaudit/src");
const entry = ["formats/hdf5/file.js", "formats/hdf5/superblock.js", "engine/drive.js", "io/reader.js"]
  .map((path) => `export * from "${source}/${path}";`)
  .join("\n");
const folder = mkdtempSync(join(tmpdir(), "hdf5-"));
process.on("exit", () => rmSync(folder, { recursive: true }));
const { outputFiles } = await build({ stdin: { contents: entry, resolveDir: source }, bundle: true, format: "esm", write: false });
writeFileSync(join(folder, "reader.mjs"), outputFiles[0].contents);
const { Hdf5File, findSuperblock, drive, bytesReader } = await import(join(folder, "reader.mjs"));

function* contents(reader) {
  const file = yield* Hdf5File.open(reader, yield* findSuperblock(reader));
  const objects = {};
  const pending = [{ address: file.root, path: "/" }];
  const seen = new Set([file.root]);
  for (let next = pending.pop(); next; next = pending.pop()) {
    const messages = yield* file.messages(next.address);
    const object = { attributes: {}, links: [] };
    objects[next.path] = object;
    for (const attribute of yield* file.attributes(messages)) {
      const texts = attribute.datatype.class < 0 ? undefined : yield* file.texts(attribute);
      object.attributes[attribute.name] = texts ?? null;
    }
    const dataset = file.dataset(messages);
    if (dataset) {
      object.shape = dataset.facts.shape ?? null;
      object.size = dataset.facts.datatype?.class === 9 ? null : (dataset.facts.datatype?.size ?? null);
      object.filters = dataset.facts.filters;
      continue;
    }
    const below = [];
    for (const link of yield* file.links(messages)) {
      object.links.push([link.name, link.kind, link.target ?? null]);
      if (link.kind !== "hard" || seen.has(link.address)) continue;
      seen.add(link.address);
      below.push({ address: link.address, path: `${next.path === "/" ? "" : next.path}/${link.name}` });
    }
    pending.push(...below.reverse());
  }
  return objects;
}

for (const path of process.argv.slice(2)) {
  let told;
  try {
    told = { path, objects: await drive(contents(bytesReader(new Uint8Array(readFileSync(path))))) };
  } catch (error) {
    told = { path, error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(told)}\n`);
}
