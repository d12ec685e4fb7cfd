#!/usr/bin/env node
/**
 * Prints what our parsers see in archives, one JSON line for each path on standard input: names, types, and a SHA-256 of
 * every member's bytes. For archives.py, which holds it against what Python sees.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { loadSource } from "../load-source.mjs";

const { readZip, openWithNotes, readTar, openTarMember, drive, Budget, bytesReader, nodeSetup } = await loadSource(`
  export { readZip } from "./formats/zip/parser.js";
  export { openWithNotes } from "./formats/zip/open-member.js";
  export { readTar, openTarMember } from "./formats/tar/parser.js";
  export { drive } from "./engine/drive.js";
  export { Budget } from "./engine/budget.js";
  export { bytesReader } from "./io/reader.js";
  export { nodeSetup } from "./node/platform.js";`);

async function digest(reader, length = reader.size) {
  return createHash("sha256")
    .update(await reader.read(0, Math.min(length, reader.size)))
    .digest("hex");
}

async function list(path) {
  const context = { ...nodeSetup({}), budget: new Budget() };
  const reader = bytesReader(new Uint8Array(readFileSync(path)));
  const members = [];
  if (path.endsWith(".zip")) {
    const archive = await drive(readZip(reader, context));
    for (const entry of archive.entries) {
      const member = { name: entry.name, otherNames: entry.otherNames ?? [], listed: entry.listed };
      try {
        const opened = await drive(openWithNotes(archive, entry, context));
        // A stored member may claim fewer plain bytes than it takes: Python stops there, we scan all.
        Object.assign(member, { sha256: await digest(opened.reader, entry.method === 0 ? entry.size : undefined), problem: opened.problem });
      } catch (error) {
        member.error = error.message;
      }
      members.push(member);
    }
    return { path, members, problems: archive.problems, strays: archive.strays, overlaps: archive.overlaps.length };
  }
  const archive = await drive(readTar(reader, context));
  for (const entry of archive.entries) {
    const member = { name: entry.name, type: entry.type, link: entry.linkName, afterEnd: entry.afterEnd ?? false };
    if (!"1234567".slice(0, 6).includes(entry.type)) member.sha256 = await digest(openTarMember(archive, entry));
    members.push(member);
  }
  return { path, members, badHeaders: archive.badHeaders, strays: archive.strays };
}

for await (const path of createInterface({ input: process.stdin })) {
  let line;
  try {
    line = await list(path);
  } catch (error) {
    line = { path, error: error.message };
  }
  console.log(JSON.stringify(line));
}
