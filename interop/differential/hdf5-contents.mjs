#!/usr/bin/env node
/**
 * What our HDF5 reader sees: every object by its first path, its attributes' texts, its shape. One JSON line per file named.
 * It runs the source itself, so that nothing has to be exported for it.
 */
import { readFileSync } from "node:fs";
import { loadSource } from "../../scripts/load-source.mjs";

const { bytesReader, drive, findSuperblock, openHdf5, readAttributes, readDataset, readLinks, readMessages, textsOf } = await loadSource(`
  export * from "./formats/hdf5/dataset.js";
  export * from "./formats/hdf5/members.js";
  export * from "./formats/hdf5/object-header.js";
  export * from "./formats/hdf5/signature.js";
  export * from "./formats/hdf5/superblock.js";
  export * from "./formats/hdf5/values.js";
  export * from "./engine/drive.js";
  export * from "./io/reader.js";`);

function* contents(reader) {
  const file = yield* openHdf5(reader, yield* findSuperblock(reader));
  const objects = {};
  const pending = [{ address: file.root, path: "/" }];
  const seen = new Set([file.root]);
  for (let next = pending.pop(); next; next = pending.pop()) {
    const messages = yield* readMessages(file, next.address);
    const object = { attributes: {}, links: [] };
    objects[next.path] = object;
    for (const attribute of yield* readAttributes(file, messages)) {
      object.attributes[attribute.name] = (yield* textsOf(file, attribute)) ?? null;
    }
    const dataset = yield* readDataset(file, messages);
    if (dataset) {
      object.shape = dataset.layout?.kind === "virtual" ? null : (dataset.shape ?? null);
      // Compounds (6), variable lengths (9) and arrays (10) are not compared.
      object.size = [6, 9, 10].includes(dataset.datatype?.class) ? null : (dataset.datatype?.size ?? null);
      object.filters = dataset.filters;
      continue;
    }
    const below = [];
    for (const link of yield* readLinks(file, messages)) {
      object.links.push([link.name, link.kind, link.file ?? null]);
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
