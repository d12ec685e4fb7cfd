import type { Artifact } from "../../engine/artifact.js";
import { type Work, child, readUpTo } from "../../engine/work.js";
import { sliceReader } from "../../io/reader.js";
import { isEncrypted } from "./open-member.js";
import { nameOf } from "./records.js";
import type { Stray, ZipArchive, ZipEntry } from "./parser.js";

/** Findings of one kind in one archive; what is beyond is counted in the last one. */
const MOST_ALIKE = 20;
/** Line ends that an editor or a transfer appends are no hidden content. */
const LINE_END = /^[\r\n\0]*$/;
/** Opcodes that a pickle can begin with: each puts something on the empty stack. */
const PICKLE_START = /^[(\]})cINSVFLKJMGXUTB\x80\x88-\x8f\x95]/;
const WHERE: Readonly<Record<Stray["place"], string>> = {
  prefix: "in front of the first member",
  gap: "between members",
  tail: "behind the end of the archive",
  comment: "in a comment",
  "extra field": "in an extra field",
};

/** What is odd in the records themselves. */
export function* structureFindings(archive: ZipArchive): Work<void> {
  for (const problem of archive.problems.slice(0, MOST_ALIKE)) yield { kind: "finding", rule: "S902", args: { format: "ZIP", problem } };
  if (archive.directory && archive.extraEnds && !archive.split) yield { kind: "finding", rule: "S1308", args: { count: archive.extraEnds + 1 } };
  if (archive.overlaps.length) {
    yield {
      kind: "finding",
      rule: "S1309",
      args: { count: archive.overlaps.length, name: (archive.overlaps[0] as ZipEntry).name },
      offset: (archive.overlaps[0] as ZipEntry).headerOffset,
    };
  }
  let differing = 0;
  for (let index = 0; index < archive.entries.length; index++) {
    const entry = archive.entries[index] as ZipEntry;
    if (entry.listed && entry.method === 0 && entry.packed !== entry.size && !isEncrypted(entry) && ++differing <= MOST_ALIKE) {
      const problem = `the stored member ${entry.name} takes ${entry.packed} bytes and claims ${entry.size}`;
      yield { kind: "finding", rule: "S902", args: { format: "ZIP", problem }, offset: entry.headerOffset };
    }
    if (!entry.differences || ++differing > MOST_ALIKE) continue;
    const what = entry.differences.map((one) => one.field).join(", ");
    yield {
      kind: "finding",
      rule: "S1310",
      // Checksums and flags alone leave the bytes the same; everything else makes two contents of one.
      severity: entry.differences.every(({ field }) => field === "crc" || field === "flags") ? "warning" : "critical",
      args: { name: entry.name, what },
      offset: entry.headerOffset,
      details: { differences: entry.differences },
    };
  }
}

/**
 * Hands back what no record explains. The one line that makes a Python program of an archive is explained well enough. A
 * text in the comment is what comments are for; anything recognised there is not.
 */
export function* strayFindings(archive: ZipArchive, artifact: Artifact): Work<void> {
  for (const stray of archive.strays) {
    const start = nameOf(yield* readUpTo(artifact.reader, stray.offset, Math.min(stray.length, 64)));
    if (stray.place === "prefix" && stray.length < 64 && /^#!\/[^\n]*python[\d.]*\n$/.test(start)) continue;
    if (stray.length <= 8 && (LINE_END.test(start) || isSpannedMark(stray, start))) continue;
    const reader = sliceReader(artifact.reader, stray.offset, stray.offset + stray.length);
    const part = { name: stray.place, role: "probe" as const, reader, offset: stray.offset };
    let result = yield* child(part);
    const known = result.formats;
    // Whoever opens the file as a pickle starts at its first byte; a text pickle has no magic to be recognised by.
    if (!known.length && stray.offset === 0 && archive.directory && PICKLE_START.test(start)) result = yield* child({ ...part, formats: ["pickle"] });
    if (!archive.directory || (archive.split && !known.length) || ((stray.place === "comment" || stray.place === "extra field") && !known.length))
      continue;
    const severity = result.criticals ? ("critical" as const) : ("warning" as const);
    if (known.length) yield { kind: "finding", rule: "S908", severity, args: { first: known.join(" and "), second: "ZIP" }, offset: stray.offset };
    else yield { kind: "finding", rule: "S1302", severity, args: { size: stray.length, where: WHERE[stray.place] }, offset: stray.offset };
  }
}

/** Archives once meant for several disks begin with a mark of four bytes. */
function isSpannedMark(stray: Stray, start: string): boolean {
  return stray.place === "prefix" && stray.length === 4 && (start === "PK\x07\x08" || start === "PK00");
}
