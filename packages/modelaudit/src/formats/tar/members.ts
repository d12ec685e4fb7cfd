import { inherited } from "../../detectors/archive/inherited.js";
import { checkBombs, isNestedBomb, isTooDeep, countBomb, packedShare } from "../../detectors/archive/expansion.js";
import { type Link, MemberChecks } from "../../detectors/archive/member-checks.js";
import { probeRange } from "../../detectors/payload-start/probe-range.js";
import { Siblings } from "../../detectors/archive/surroundings.js";
import type { Artifact } from "../../engine/artifact.js";
import type { ScanContext } from "../../engine/context.js";
import { Malformed } from "../../engine/errors.js";
import { type Work, child } from "../../engine/work.js";
import { type Reader, sliceReader } from "../../io/reader.js";
import { BLOCK } from "./header.js";
import { type TarArchive, type TarEntry, openTarMember } from "./parser.js";

/** What the owner of a TAR knows of one member; as for ZIP, see docs/formats.md. */
export interface TarMemberTreatment {
  formats?: readonly string[];
  alsoIdentify?: boolean;
  role?: "member" | "probe";
  hints?: Readonly<Record<string, unknown>>;
  /** The owner accounts for this member's bytes itself. */
  skip?: boolean;
}

/** Findings of one kind in one archive. */
const MOST_ALIKE = 20;
const DEVICES: Readonly<Record<string, string>> = { "3": "character device", "4": "block device", "6": "named pipe" };
/** Types whose bytes are a file. Unknown types are files to every reader. */
const NO_FILE = new Set(["1", "2", "3", "4", "5", "6", "V", "D"]);
const SET_ID = 0o6000;

/**
 * Reports what is wrong with the archive's structure, its names and links, and hands back every member and every byte
 * range that is none. The scanner that owns the file calls it once.
 *
 * `image` says that the archive is a layer of an image: its root is the root of a file system, so absolute
 * links stay inside, and set-id programs and devices are part of any base image.
 */
export function* scanTarMembers(
  archive: TarArchive,
  artifact: Artifact,
  context: ScanContext,
  treat: (entry: TarEntry) => TarMemberTreatment | undefined = () => undefined,
  image: boolean = artifact.hints.imageRoot === true,
): Work<void> {
  if (artifact.depth > 0) checkBombs(context.budget);
  yield { kind: "metadata", key: "members", value: archive.entries.length };
  yield* structureFindings(archive);
  if (isTooDeep(artifact, context.budget)) yield { kind: "finding", rule: "S1304", args: { depth: artifact.depth } };
  const checks = new MemberChecks({ image });
  const around = siblings(archive);
  for (const entry of archive.entries) {
    yield* checkEntry(entry, checks, image);
    const isFile = !NO_FILE.has(entry.type) && !entry.name.endsWith("/");
    const treatment = treat(entry) ?? {};
    if (treatment.skip && context.listing) yield { kind: "part", name: entry.name, size: entry.size };
    if (treatment.skip || (!isFile && entry.stored === 0)) continue;
    yield* scanMember(archive, entry, artifact, context, treatment, around);
  }
  for (const aside of archive.asides) yield* probeRange(artifact.reader, aside, `bytes ${aside.start}`);
  yield* strayFindings(archive, artifact);
}

function* structureFindings(archive: TarArchive): Work<void> {
  if (archive.cutShort)
    yield { kind: "incomplete", reason: "cut-short", message: "The archive ends inside of a member. Fetch the whole file and scan again." };
  for (const offset of archive.badHeaders.slice(0, MOST_ALIKE)) {
    const message = "The checksum of a member's header is wrong; readers stop there or skip it.";
    yield { kind: "incomplete", reason: "bad-checksum", message, offset };
  }
  for (const bad of archive.badSizes.slice(0, MOST_ALIKE)) {
    yield { kind: "finding", rule: "S1312", args: { name: bad.name, size: String(bad.size) }, offset: bad.offset };
  }
  let conflicts = 0;
  for (const entry of archive.entries) {
    if (entry.conflict === undefined || ++conflicts > MOST_ALIKE) continue;
    yield { kind: "finding", rule: "S1313", args: { name: entry.name, what: entry.conflict }, offset: entry.headerOffset };
  }
  const late = archive.entries.filter((entry) => entry.afterEnd);
  const [first] = late;
  if (first) yield { kind: "finding", rule: "S1314", args: { count: late.length, name: first.name }, offset: first.headerOffset };
}

/** Names, links, devices and set-id bits. */
function* checkEntry(entry: TarEntry, checks: MemberChecks, image: boolean): Work<void> {
  const { name, type, linkName: target, headerOffset: offset } = entry;
  const link: Link | undefined = type === "2" ? { kind: "link", target } : type === "1" ? { kind: "hard link", target } : undefined;
  // A link may come again, as incremental backups have it; a file may not.
  const isFolder = !link && (NO_FILE.has(type) || name.endsWith("/"));
  yield* checks.check({ name, offset, isFolder, ...(link ? { link } : {}) });
  const device = DEVICES[type];
  if (device && !image) yield { kind: "finding", rule: "S1303", args: { path: name, kind: device }, offset };
  if (entry.mode & SET_ID && !image && !NO_FILE.has(type)) yield { kind: "finding", rule: "S1315", args: { path: name }, offset };
}

function* scanMember(
  archive: TarArchive,
  entry: TarEntry,
  artifact: Artifact,
  context: ScanContext,
  treatment: TarMemberTreatment,
  around: Siblings,
): Work<void> {
  let reader: Reader;
  try {
    reader = openTarMember(archive, entry);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const problem = `${entry.name} is a sparse file whose map contradicts itself`;
    yield { kind: "finding", rule: "S902", args: { format: "TAR", problem }, offset: entry.headerOffset };
    reader = sliceReader(archive.reader, entry.dataOffset, Math.min(entry.dataOffset + entry.stored, archive.reader.size));
  }
  if (isNestedBomb(artifact, entry.stored, reader.size)) {
    yield { kind: "finding", rule: "S410", args: { what: entry.name, detail: `${reader.size} bytes from archives inside archives` } };
    countBomb(context.budget);
  }
  const { skip: _, hints, ...how } = treatment;
  yield* child({
    name: entry.name,
    reader,
    role: "member",
    ...how,
    around: around.around(entry.name),
    hints: { memberOf: entry.name, packedSize: packedShare(artifact, entry.stored), ...inherited(artifact), ...hints },
    offset: entry.dataOffset,
  });
}

function siblings(archive: TarArchive): Siblings {
  const files = () => archive.entries.filter(({ type }) => !NO_FILE.has(type));
  return new Siblings(() => files().map((entry) => ({ path: entry.name, size: entry.size, open: () => opening(archive, entry) })));
}

function* opening(archive: TarArchive, entry: TarEntry): Work<Reader> {
  return openTarMember(archive, entry);
}

function* strayFindings(archive: TarArchive, artifact: Artifact): Work<void> {
  for (const { offset, length } of archive.strays) {
    const damaged = archive.badHeaders.includes(offset);
    const result = yield* child({ name: "tail", role: "probe", reader: sliceReader(artifact.reader, offset, offset + length), offset });
    // Readers that go on behind a damaged header find a member there, whose bytes follow.
    if (damaged && length > BLOCK) yield* probeRange(artifact.reader, { start: offset + BLOCK, end: offset + length }, "behind a damaged header");
    const args = { size: length, where: damaged ? "behind a damaged header" : "behind the end of the archive" };
    yield { kind: "finding", rule: "S1302", severity: result.criticals ? "critical" : "warning", args, offset };
  }
}
