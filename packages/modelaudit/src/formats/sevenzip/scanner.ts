import { checkBombs, countBomb, isBarren, isNestedBomb, isTooDeep, oneLevelShare } from "../../detectors/archive/expansion.js";
import { LONGEST_TARGET, isLinkMode } from "../../detectors/archive/links.js";
import { MemberChecks } from "../../detectors/archive/member-checks.js";
import { Unsupported } from "../../engine/errors.js";
import type { Artifact } from "../../engine/artifact.js";
import type { ScanContext } from "../../engine/context.js";
import type { Scanner } from "../../engine/format.js";
import { type Work, child, readUpTo } from "../../engine/work.js";
import { type Reader, sliceReader } from "../../io/reader.js";
import { BlockMembers, ENCRYPTION, type OpenedMember } from "./members.js";
import { type SevenZipArchive, readSevenZip } from "./parser.js";
import type { Entry } from "./structure.js";

const UNIX = 0x8000;
/** Windows marks links this way; the content is then the target too. */
const REPARSE_POINT = 0x400;

/** Checks names and links and hands back every member that can be unpacked. */
export const scanner: Scanner = {
  version: 1,
  *scan(artifact, context) {
    if (artifact.depth > 0) checkBombs(context.budget);
    const archive = yield* openArchive(artifact.reader, context);
    if (!archive) return;
    yield { kind: "metadata", key: "members", value: archive.entries.length };
    if (isTooDeep(artifact, context.budget)) yield { kind: "finding", rule: "S1304", args: { depth: artifact.depth } };
    yield* gaps(archive);
    yield* scanEntries(artifact, archive, context);
    yield* strayFindings(artifact, archive);
  },
};

/** The archive; undefined, and reported, when its header is encrypted or packed with what has no decoder. */
function* openArchive(reader: Reader, context: ScanContext): Work<SevenZipArchive | undefined> {
  try {
    return yield* readSevenZip(reader, context);
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error;
    yield { kind: "finding", rule: "S1331", args: { count: "All", why: error.what, name: "with their names" } };
    const message = `The list of members is packed with ${error.what}, which is not supported. Unpack the archive and scan the result.`;
    yield { kind: "incomplete", reason: "encrypted-member", message };
    return undefined;
  }
}

function* gaps(archive: SevenZipArchive): Work<void> {
  if (archive.cutShort) {
    yield { kind: "incomplete", reason: "cut-short", message: "The archive is cut short. Fetch the whole file and scan again." };
  }
  if (archive.badChecksum !== undefined) {
    yield { kind: "incomplete", reason: "bad-checksum", message: `The checksum of ${archive.badChecksum} is wrong; readers refuse the archive.` };
  }
}

/** Walks entries in the order of the header, which is the order of their bytes in the blocks too. */
function* scanEntries(artifact: Artifact, archive: SevenZipArchive, context: ScanContext): Work<void> {
  const checks = new MemberChecks();
  const members = new BlockMembers(archive, context);
  try {
    for (const entry of archive.entries) {
      context.budget.checkTime();
      const opened = entry.hasStream ? yield* members.next(entry.name) : undefined;
      yield* scanEntry(artifact, entry, opened, checks, context);
    }
  } finally {
    members.close();
  }
  for (const { count, why, name } of members.closed) {
    yield { kind: "finding", rule: "S1331", args: { count, why, name } };
    const message = `${count} members were not read, ${name} the first of them: ${why} is not supported. Unpack the archive and scan the result.`;
    yield { kind: "incomplete", reason: why === ENCRYPTION ? "encrypted-member" : "unsupported-compression", message };
  }
}

function* scanEntry(artifact: Artifact, entry: Entry, opened: OpenedMember | undefined, checks: MemberChecks, context: ScanContext): Work<void> {
  const { name } = entry;
  const offset = opened?.offset ?? 0;
  if (opened?.problem) {
    yield { kind: "incomplete", reason: "damaged-member", message: `The member ${name} cannot be unpacked as a whole: ${opened.problem}.`, offset };
  }
  if (opened?.reader && isLink(entry)) {
    const target = new TextDecoder().decode(yield* readUpTo(opened.reader, 0, LONGEST_TARGET)).replace(/\0+$/, "");
    opened.reader.close?.();
    yield* checks.check({ name, offset, isFolder: false, link: { kind: "link", target } });
    return;
  }
  yield* checks.check({ name, offset, isFolder: entry.isFolder });
  if (!opened?.reader) return;
  if (opened.reader.size === 0) opened.reader.close?.();
  else yield* scanContent(artifact, name, opened.reader, opened, context);
}

function isLink({ attributes }: Entry): boolean {
  return (attributes & UNIX) !== 0 ? isLinkMode(attributes >>> 16) : (attributes & REPARSE_POINT) !== 0;
}

function* scanContent(artifact: Artifact, name: string, reader: Reader, { packed, offset }: OpenedMember, context: ScanContext): Work<void> {
  const { size } = reader;
  const nested = isNestedBomb(artifact, packed, size);
  if (nested) yield { kind: "finding", rule: "S410", args: { what: name, detail: `${size} bytes from archives inside archives` } };
  const hints = { memberOf: name, packedSize: oneLevelShare(artifact, packed, size) };
  const result = yield* child({ name, reader, role: "member", hints, offset });
  if (nested) countBomb(context.budget);
  else if (isBarren(packed, size, result)) {
    yield { kind: "finding", rule: "S410", args: { what: name, detail: `${size} bytes come out of ${Math.ceil(packed)}, and no model is in them` } };
  }
}

/** Bytes that neither the header nor a packed stream takes. */
function* strayFindings(artifact: Artifact, archive: SevenZipArchive): Work<void> {
  let at = 0;
  const ranges = [...archive.explained].sort((a, b) => a.start - b.start);
  for (const range of [...ranges, { start: artifact.reader.size, end: artifact.reader.size }]) {
    const end = Math.min(range.start, artifact.reader.size);
    if (end > at) yield* stray(artifact, at, end);
    at = Math.max(at, range.end);
  }
}

function* stray(artifact: Artifact, start: number, end: number): Work<void> {
  const result = yield* child({ name: `bytes ${start}`, role: "probe", reader: sliceReader(artifact.reader, start, end), offset: start });
  const where = end === artifact.reader.size ? "behind the end of the archive" : "between its parts";
  yield { kind: "finding", rule: "S1302", severity: result.alarms ? "critical" : "warning", args: { size: end - start, where }, offset: start };
}
