import type { Artifact } from "../../engine/artifact.js";
import type { ScanContext } from "../../engine/context.js";
import { Malformed, Unsupported } from "../../engine/errors.js";
import type { Scanner } from "../../engine/format.js";
import type { Work } from "../../engine/work.js";
import type { Reader } from "../../io/reader.js";
import { type ReadAhead, readAhead } from "../pickle/read-ahead.js";
import { zipNames } from "../zip/directory.js";
import { type MemberTreatment, scanMembers } from "../zip/members.js";
import { openMember, readMember } from "../zip/open-member.js";
import { type ZipArchive, type ZipEntry, readZip } from "../zip/parser.js";
import { judgeProgram } from "./export-program.js";
import { judgeExterns } from "./extern-modules.js";
import { type Layout, layoutOf, memberKind, within } from "./layout.js";
import { type StorageClaim, outOfBounds, storageClaims } from "./storages.js";

/** Notes are a few bytes; the list of a package's modules a few KB. A longer member is looked at like any other. */
const LONGEST_NOTE = 64 * 1024;
/** Storages reported of one file: one broken writer breaks them all. */
const KEPT = 20;
const utf8 = new TextDecoder("utf-8", { fatal: true });

export const scanner: Scanner = {
  version: 1,
  *scan(artifact, context) {
    const archive = yield* readZip(artifact.reader, context);
    const layout = layoutOf(yield* zipNames(artifact.reader, context)) as Layout;
    yield { kind: "metadata", key: "layout", value: layout.kind };
    const members = new Map(archive.entries.map((entry) => [entry, partOf(entry, layout)]));
    const plainNotes = new Set<ZipEntry>();
    for (const [entry, part] of members) {
      if (part !== undefined && memberKind(part, layout) === "note" && (yield* readNote(archive, entry, part, context))) plainNotes.add(entry);
    }
    const ahead = new Map<ZipEntry, ReadAhead>();
    const claimed = yield* checkStorages(archive, members, layout, context, ahead);
    yield* scanMembers(archive, artifact, context, (entry) =>
      plainNotes.has(entry) ? { skip: true } : treat(entry, members.get(entry), layout, claimed, ahead),
    );
    yield* checkPlaces(archive, members, layout, artifact);
  },
};

/** The name that PyTorch goes by is the directory's; one that only a local header has counts where there is no other. */
function partOf(entry: ZipEntry, layout: Layout): string | undefined {
  return within(entry.name, layout.root);
}

function treat(
  entry: ZipEntry,
  part: string | undefined,
  layout: Layout,
  claimed: ReadonlySet<string>,
  ahead: ReadonlyMap<ZipEntry, ReadAhead>,
): MemberTreatment | undefined {
  if (part === undefined) return undefined;
  switch (memberKind(part, layout)) {
    case "pickle":
      return { formats: ["pickle"], hints: { loader: loaderOf(layout), ahead: ahead.get(entry) } };
    case "code":
      return { formats: ["torchscript_code"] };
    case "source":
      return { formats: ["python_source"] };
    // Numbers are never interpreted, whatever they spell. What only looks like a storage, and that no pickle names, is a file like any other.
    case "storage":
      return entry.listed && !entry.otherNames?.length && (layout.kind === "export" || claimed.has(keyOf(part))) ? { skip: true } : undefined;
    case "program":
      return { skip: true };
    default:
      return undefined;
  }
}

function loaderOf({ kind }: Layout): string {
  return kind === "torchscript" ? "torchscript" : kind === "package" ? "torch.package" : "torch";
}

/** Reads what PyTorch notes of its own archive. True when it is what it should be, so that no one else needs to look. */
function* readNote(archive: ZipArchive, entry: ZipEntry, part: string, context: ScanContext): Work<boolean> {
  if (entry.size > LONGEST_NOTE) return false;
  let text: string;
  try {
    text = utf8.decode(yield* readMember(archive, entry, context, LONGEST_NOTE));
  } catch {
    // Encrypted, damaged or no text: the walk over all members says so.
    return false;
  }
  if (!/^[\x20-\x7e\s]*$/.test(text)) return false;
  if (part === ".data/extern_modules") yield* judgeExterns(text);
  else if (/^\S{0,60}\s*$/.test(text)) yield { kind: "metadata", key: part, value: text.trim() };
  else return false;
  return true;
}

/** A storage's key is its name without folder and suffix. */
function keyOf(part: string): string {
  return part.slice(part.lastIndexOf("/") + 1).replace(/\.storage$/, "");
}

/**
 * Compares what the pickles say of the storages with the members there are, without reading any number. Gives the keys
 * they name, and in `ahead` the streams that were read for it.
 */
function* checkStorages(
  archive: ZipArchive,
  members: ReadonlyMap<ZipEntry, string | undefined>,
  layout: Layout,
  context: ScanContext,
  ahead: Map<ZipEntry, ReadAhead>,
): Work<ReadonlySet<string>> {
  const claimed = new Set<string>();
  const sizes = new Map<string, number>();
  for (const [entry, part] of members) if (part !== undefined && entry.listed && !sizes.has(part)) sizes.set(part, entry.size);
  for (const [entry, part] of members) {
    if (part === undefined) continue;
    if (memberKind(part, layout) === "program") yield* judgeProgram(yield* readMember(archive, entry, context), part);
    const folder = storageFolder(part, layout);
    if (!folder) continue;
    let reported = 0;
    const first = yield* firstStream(archive, entry, context);
    if (!first) continue;
    ahead.set(entry, first);
    const problem = outOfBounds(first.stream);
    if (problem) yield { kind: "finding", rule: "S902", args: { format: "PyTorch", problem: problem.problem }, at: `${part}: ${problem.key}` };
    for (const claim of storageClaims(first.stream).values()) {
      claimed.add(claim.key.toLowerCase());
      // Example inputs are described, but their numbers are left out.
      if (folder(claim.key).startsWith("traced_inputs/")) continue;
      if (reported < KEPT && (yield* checkClaim(claim, sizes.get(folder(claim.key).toLowerCase())))) reported++;
    }
  }
  return claimed;
}

function* firstStream(archive: ZipArchive, entry: ZipEntry, context: ScanContext): Work<ReadAhead | undefined> {
  let reader: Reader | undefined;
  try {
    reader = yield* openMember(archive, entry, context);
    return yield* readAhead(reader, context);
  } catch (error) {
    // Encrypted or damaged: the walk over all members says so.
    if (error instanceof Malformed || error instanceof Unsupported) return undefined;
    throw error;
  } finally {
    reader?.close?.();
  }
}

/** Where the storages of a pickle lie, or undefined when it has none. */
function storageFolder(part: string, layout: Layout): ((key: string) => string) | undefined {
  if (layout.kind === "package") return part.endsWith(".pkl") ? (key) => `.data/${key}.storage` : undefined;
  const name = /^(data|constants|traced_inputs|bytecode)\.pkl$/.exec(part)?.[1];
  // The lite interpreter's code shares the constants of the full one.
  return name ? (key) => `${name === "bytecode" ? "constants" : name}/${key}` : undefined;
}

function* checkClaim({ key, bytes, location }: StorageClaim, stored: number | undefined): Work<boolean> {
  if (stored === undefined) {
    if (location === "meta" || bytes === 0) return false;
    yield { kind: "finding", rule: "S1271", args: { key }, at: key };
    return true;
  }
  if (bytes === undefined || bytes === stored) return false;
  yield { kind: "finding", rule: "S1270", severity: bytes > stored ? "critical" : "warning", args: { key, claimed: bytes, stored }, at: key };
  return true;
}

function* checkPlaces(archive: ZipArchive, members: ReadonlyMap<ZipEntry, string | undefined>, { root }: Layout, artifact: Artifact): Work<void> {
  let reported = 0;
  for (const entry of archive.entries) {
    if (members.get(entry) !== undefined || entry.name.endsWith("/") || ++reported > KEPT) continue;
    yield { kind: "finding", rule: "S1272", severity: "info", args: { name: entry.name, root }, at: `${artifact.name}: ${entry.name}` };
  }
}
