import { checkBombs, isTooDeep, packedShare } from "../../detectors/archive/expansion.js";
import { MemberChecks } from "../../detectors/archive/member-checks.js";
import { probeRange } from "../../detectors/payload-start/probe-range.js";
import type { Artifact } from "../../engine/artifact.js";
import type { Scanner } from "../../engine/format.js";
import { type Work, child, readUpTo } from "../../engine/work.js";
import { sliceReader } from "../../io/reader.js";
import type { RarArchive, RarMember } from "./members.js";
import { readRar4 } from "./parser4.js";
import { readRar5 } from "./parser5.js";
import { rarVersion } from "./version.js";

/** Checks names and links and hands back stored members. What cannot be unpacked is said, and is a warning by itself. */
export const scanner: Scanner = {
  version: 1,
  *scan(artifact, context) {
    if (artifact.depth > 0) checkBombs(context.budget);
    const version = rarVersion(yield* readUpTo(artifact.reader, 0, 8));
    const archive = yield* version === 4 ? readRar4(artifact.reader, context) : readRar5(artifact.reader, context);
    yield { kind: "metadata", key: "version", value: archive.version };
    yield { kind: "metadata", key: "members", value: archive.members.length };
    if (isTooDeep(artifact, context.budget)) yield { kind: "finding", rule: "S1304", args: { depth: artifact.depth } };
    yield* gaps(archive);
    const checks = new MemberChecks();
    for (const member of archive.members) {
      yield* checks.check(member);
      if (!member.isFolder && !member.link && !member.closed && member.size > 0) yield* scanStored(artifact, member);
    }
    yield* closedMembers(archive);
    for (const aside of archive.asides) if (aside.end > aside.start) yield* probeRange(artifact.reader, aside, `block at ${aside.start}`);
    yield* scanTail(artifact, archive);
  },
};

function* gaps(archive: RarArchive): Work<void> {
  if (archive.encryptedHeaders) {
    yield { kind: "incomplete", reason: "encrypted-member", message: "The archive is encrypted, names included. Unpack it and scan the result." };
    yield { kind: "finding", rule: "S1330", args: { count: "All", why: "encrypted", name: "with their names" } };
  }
  if (archive.cutShort) {
    yield { kind: "incomplete", reason: "cut-short", message: "The archive ends inside of a block. Fetch the whole file and scan again." };
  }
  if (archive.badHeaders.length) {
    const message = "The checksum of a header is wrong; readers stop there or skip the member.";
    yield { kind: "incomplete", reason: "bad-checksum", message, offset: archive.badHeaders[0] as number };
  }
}

function* scanStored(artifact: Artifact, { name, dataOffset: offset, size }: RarMember): Work<void> {
  const hints = { memberOf: name, packedSize: packedShare(artifact, size) };
  yield* child({ name, reader: sliceReader(artifact.reader, offset, offset + size), role: "member", hints, offset });
}

function* closedMembers(archive: RarArchive): Work<void> {
  const closed = archive.members.filter((member) => member.closed && !member.isFolder && !member.link);
  for (const why of new Set(closed.map((member) => member.closed as string))) {
    const alike = closed.filter((member) => member.closed === why);
    const { name, offset } = alike[0] as RarMember;
    yield { kind: "finding", rule: "S1330", args: { count: alike.length, why, name }, offset };
    const message = `${alike.length} members are ${why} and were not read, ${name} the first of them. Unpack the archive and scan the result.`;
    yield { kind: "incomplete", reason: why === "encrypted" ? "encrypted-member" : "unsupported-compression", message, offset };
  }
}

function* scanTail(artifact: Artifact, archive: RarArchive): Work<void> {
  const size = artifact.reader.size - archive.end;
  if (size <= 0) return;
  const result = yield* child({ name: "tail", role: "probe", reader: sliceReader(artifact.reader, archive.end), offset: archive.end });
  // The header that a cut goes through is no more than that.
  if (archive.cutShort && !result.formats.length) return;
  const args = { size, where: archive.badHeaders.length ? "behind a damaged header" : "behind the end of the archive" };
  yield { kind: "finding", rule: "S1302", severity: result.alarms ? "critical" : "warning", args, offset: archive.end };
}
