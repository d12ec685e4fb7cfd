import { inherited } from "../../detectors/archive/inherited.js";
import { checkBombs, containsItself, countBomb, isNestedBomb, isTooDeep, packedShare } from "../../detectors/archive/expansion.js";
import { LONGEST_TARGET, isLinkMode } from "../../detectors/archive/links.js";
import { MemberChecks } from "../../detectors/archive/member-checks.js";
import { Siblings } from "../../detectors/archive/surroundings.js";
import type { Artifact } from "../../engine/artifact.js";
import type { ScanContext } from "../../engine/context.js";
import { Malformed, Unsupported } from "../../engine/errors.js";
import { type ChildResult, type Work, child, read, readUpTo } from "../../engine/work.js";
import { crc32 } from "../../io/crc32.js";
import { type Reader, sliceReader } from "../../io/reader.js";
import { type OpenedMember, isEncrypted, openMember, openWithNotes, storedBytes } from "./open-member.js";
import type { ZipArchive, ZipEntry } from "./parser.js";
import { nameOf } from "./records.js";
import { structureFindings, strayFindings } from "./structure.js";

/** What the owner of an archive knows of one member. */
export interface MemberTreatment {
  /** As in a child event: formats known from the structure, tried in place of identification unless `alsoIdentify`. */
  formats?: readonly string[];
  alsoIdentify?: boolean;
  /** `probe` for raw data that may be anything, such as a tensor. */
  role?: "member" | "probe";
  hints?: Readonly<Record<string, unknown>>;
  /** The owner accounts for this member's bytes itself. Its name and headers are still checked. */
  skip?: boolean;
  /** The name is a key, not a path: nobody unpacks it. An absolute one is then fine. */
  nameIsKey?: boolean;
}

/** Checksums are checked up to 1 MiB: above, a member is not read for its own sake, and nothing that loads it would care. */
const LARGEST_CHECKED = 2 ** 20;
/** Members that share the very same stored bytes, under the same method: further ones hold nothing new. */
const SAME_BYTES_SCANNED = 4;

const PLAIN_TREATMENT: MemberTreatment = {};
const FILE_TYPE = 0o170000;
/** None stated, file, folder. */
const ORDINARY: ReadonlySet<number> = new Set([0, 0o100000, 0o040000]);
const KINDS: ReadonlyMap<number, string> = new Map([
  [0o010000, "named pipe"],
  [0o020000, "character device"],
  [0o060000, "block device"],
  [0o140000, "socket"],
]);

/**
 * Reports what is wrong with the archive's structure and hands back every member, listed or hidden, and every byte range
 * that no record explains. The scanner that owns the file calls it once.
 */
export function* scanMembers(
  archive: ZipArchive,
  artifact: Artifact,
  context: ScanContext,
  treat: (entry: ZipEntry, index: number) => MemberTreatment | undefined = () => undefined,
): Work<void> {
  if (artifact.depth > 0) checkBombs(context.budget);
  yield { kind: "metadata", key: "members", value: archive.entries.length };
  yield* structureFindings(archive);
  if (!archive.directory) {
    yield {
      kind: "incomplete",
      reason: "no-directory",
      message: "The archive has no directory at its end: it is cut short. Fetch the whole file and scan again.",
    };
  }
  if (archive.split) {
    const message = "The archive is one part of several. Join the parts (zip -s 0) and scan the result.";
    yield { kind: "incomplete", reason: "split-archive", message };
  }
  if (isTooDeep(artifact, context.budget)) yield { kind: "finding", rule: "S1304", args: { depth: artifact.depth } };
  const walk: Walk = {
    archive,
    artifact,
    context,
    last: { place: "", times: 0 },
    siblings: siblings(archive, context),
    checks: new MemberChecks({ foldCase: true }),
  };
  for (let index = 0; index < archive.entries.length; index++) {
    const entry = archive.entries[index] as ZipEntry;
    const treatment = treat(entry, index) ?? PLAIN_TREATMENT;
    const ordinary = !entry.otherNames && ORDINARY.has(entry.mode & FILE_TYPE);
    if (!ordinary || !walk.checks.passes(entry.name, isFolder(entry))) yield* checkName(walk, entry, treatment);
    if (treatment.skip && context.listing) yield { kind: "part", name: entry.name, size: entry.size };
    const result = treatment.skip || isFolder(entry) ? undefined : yield* scanMember(walk, entry, treatment);
    if (entry.asLocal && !treatment.skip)
      yield* scanMember(walk, { ...entry, ...entry.asLocal, name: `${entry.name} (by its local header)` }, treatment);
    if (result && !entry.listed && archive.directory && !archive.split) {
      yield {
        kind: "finding",
        rule: "S1305",
        severity: result.criticals ? "critical" : "warning",
        args: { name: entry.name },
        offset: entry.headerOffset,
      };
    }
  }
  yield* strayFindings(archive, artifact);
}

interface Walk {
  archive: ZipArchive;
  artifact: Artifact;
  context: ScanContext;
  /** The stored bytes scanned last, and how often. Members that share theirs follow one another. */
  last: { place: string; times: number };
  siblings: Siblings;
  checks: MemberChecks;
}

function siblings(archive: ZipArchive, context: ScanContext): Siblings {
  return new Siblings(function* () {
    for (const entry of archive.entries)
      if (!isFolder(entry)) yield { path: entry.name, size: entry.size, open: () => openMember(archive, entry, context) };
  } as () => Iterable<{ path: string; size: number; open(): Work<Reader> }>);
}

function isFolder(entry: ZipEntry): boolean {
  return entry.name.endsWith("/") && entry.packed === 0;
}

function checked(entry: ZipEntry) {
  const { name, otherNames = [], headerOffset: offset } = entry;
  return { name, otherNames, offset, isFolder: isFolder(entry) };
}

function* checkName({ checks }: Walk, entry: ZipEntry, { nameIsKey = false }: MemberTreatment): Work<void> {
  yield* checks.checkName({ ...checked(entry), nameIsKey });
  const kind = KINDS.get(entry.mode & FILE_TYPE);
  // What came through a pipe is marked as one by Info-ZIP, with its bytes.
  if (kind && !(kind === "named pipe" && entry.size > 0))
    yield { kind: "finding", rule: "S1303", args: { path: entry.name, kind }, offset: entry.headerOffset };
}

function* scanMember(walk: Walk, entry: ZipEntry, treatment: MemberTreatment): Work<ChildResult | undefined> {
  const { archive, artifact, context } = walk;
  const place = `${entry.dataOffset}+${entry.packed}/${entry.method}`;
  if (walk.last.place !== place) walk.last = { place, times: 0 };
  if (entry.packed > 0 && ++walk.last.times > SAME_BYTES_SCANNED) return undefined;
  let opened: OpenedMember;
  try {
    opened = yield* openWithNotes(archive, entry, context);
  } catch (error) {
    return yield* cannotOpen(walk, entry, error);
  }
  if (isLinkMode(entry.mode)) {
    const bytes = yield* readUpTo(opened.reader, 0, LONGEST_TARGET);
    opened.reader.close?.();
    yield* walk.checks.checkLink(checked(entry), { kind: "link", target: nameOf(bytes) });
    return undefined;
  }
  if (opened.falselyEncrypted) yield { kind: "finding", rule: "S1307", args: { name: entry.name }, offset: entry.headerOffset };
  if (opened.problem) {
    yield {
      kind: "incomplete",
      reason: "damaged-member",
      message: `The member ${entry.name} cannot be unpacked as a whole: ${opened.problem}.`,
      offset: entry.headerOffset,
    };
  }
  if (opened.leftover !== undefined) yield* checkLeftover(archive, entry, opened.leftover);
  if (treatment.role !== "probe" && !opened.problem) yield* checkCrc(entry, opened.reader);
  if (yield* containsItself(artifact, opened.reader)) {
    yield { kind: "finding", rule: "S410", args: { what: "The archive", detail: `its member ${entry.name} is the archive itself` } };
    opened.reader.close?.();
    return undefined;
  }
  if (isNestedBomb(artifact, entry.packed, opened.reader.size)) {
    yield { kind: "finding", rule: "S410", args: { what: entry.name, detail: `${opened.reader.size} bytes from archives inside archives` } };
    countBomb(context.budget);
  }
  const { skip: _, nameIsKey: __, hints, ...how } = treatment;
  return yield* child({
    name: entry.name,
    reader: opened.reader,
    role: "member",
    ...how,
    around: walk.siblings.around(entry.name),
    hints: {
      memberOf: entry.name,
      packedSize: packedShare(artifact, entry.packed),
      ...(opened.lazy ? { lazy: true } : {}),
      ...inherited(artifact),
      ...hints,
    },
    offset: entry.dataOffset ?? entry.headerOffset,
  });
}

/** Says why a member stays closed. Of an encrypted one the stored bytes are looked at all the same: the flag may be a lie. */
function* cannotOpen(walk: Walk, entry: ZipEntry, error: unknown): Work<ChildResult | undefined> {
  if (error instanceof Malformed) {
    // Where the directory points may be in front of the file.
    const offset = Math.max(0, entry.headerOffset);
    if (entry.dataOffset === undefined && walk.archive.split) return undefined;
    if (entry.dataOffset === undefined) {
      const problem = `the directory lists ${entry.name}, but no such member is where it points`;
      yield { kind: "finding", rule: "S902", args: { format: "ZIP", problem }, offset };
    } else yield { kind: "incomplete", reason: "damaged-member", message: `The member ${entry.name} cannot be unpacked: ${error.message}.`, offset };
    return undefined;
  }
  if (!(error instanceof Unsupported)) throw error;
  const reason = isEncrypted(entry) ? "encrypted-member" : "unsupported-compression";
  yield {
    kind: "incomplete",
    reason,
    message: `The member ${entry.name} was not read: ${error.message}. Unpack it and scan the result.`,
    offset: entry.headerOffset,
  };
  const reader = storedBytes(walk.archive, entry);
  return yield* child({ name: entry.name, role: "probe", reader, offset: entry.dataOffset ?? entry.headerOffset, hints: { memberOf: entry.name } });
}

function* checkCrc(entry: ZipEntry, reader: Reader): Work<void> {
  // PyTorch leaves all checksums 0 when told not to compute them.
  if (entry.crc === 0 || reader.size > LARGEST_CHECKED) return;
  const found = crc32(yield* read(reader, 0, reader.size));
  if (found !== entry.crc) yield { kind: "finding", rule: "S1306", args: { name: entry.name }, offset: entry.headerOffset };
}

/** Stored bytes that no decompression reaches. */
function* checkLeftover(archive: ZipArchive, entry: ZipEntry, offset: number): Work<void> {
  const end = (entry.dataOffset as number) + entry.packed;
  const result = yield* child({ name: `${entry.name} (rest)`, role: "probe", reader: sliceReader(archive.reader, offset, end), offset });
  const severity = result.criticals ? "critical" : "warning";
  yield { kind: "finding", rule: "S1302", severity, args: { size: end - offset, where: `behind the compressed bytes of ${entry.name}` }, offset };
}
