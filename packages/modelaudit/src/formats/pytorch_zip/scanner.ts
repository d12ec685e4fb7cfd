import type { Artifact } from "../../engine/artifact.js";
import type { ScanContext } from "../../engine/context.js";
import { Malformed, Unsupported } from "../../engine/errors.js";
import type { Scanner } from "../../engine/format.js";
import type { Work } from "../../engine/work.js";
import type { FindingEvent } from "../../findings/finding.js";
import type { Reader } from "../../io/reader.js";
import { type ReadAhead, readAhead } from "../pickle/read-ahead.js";
import { zipNames } from "../zip/directory.js";
import { type MemberTreatment, scanMembers } from "../zip/members.js";
import { openMember, readMember } from "../zip/open-member.js";
import { type ZipArchive, type ZipEntry, readZip } from "../zip/parser.js";
import { judgeProgram } from "./export-program.js";
import { judgeExterns } from "./extern-modules.js";
import { type Layout, layoutOf, type MemberKind, memberKind, within } from "./layout.js";
import { type StorageClaim, storagesOf } from "./storages.js";

/** Notes are a few bytes; the list of a package's modules a few KB. A longer member is looked at like any other. */
const LONGEST_NOTE = 64 * 1024;
/** Storages reported of one file: one broken writer breaks them all. */
const KEPT = 20;
const SKIPPED: MemberTreatment = { skip: true };
const utf8 = new TextDecoder("utf-8", { fatal: true });

export const scanner: Scanner = {
  version: 1,
  *scan(artifact, context) {
    const archive = yield* readZip(artifact.reader, context);
    const layout = layoutOf(yield* zipNames(artifact.reader, context)) as Layout;
    yield { kind: "metadata", key: "layout", value: layout.kind };
    const members = archive.entries.map((entry) => memberOf(entry, layout));
    for (const member of members) member.plainNote = member.kind === "note" && (yield* readNote(archive, member, context));
    const claimed = yield* checkStorages(archive, members, layout, context);
    yield* scanMembers(archive, artifact, context, (_, index) => treat(members[index] as Member, layout, claimed));
    yield* checkPlaces(members, layout, artifact);
  },
};

/** A member and what it is for PyTorch. */
interface Member {
  entry: ZipEntry;
  /** Its name below the root, in lower case; undefined when it lies elsewhere. */
  part: string | undefined;
  kind: MemberKind;
  /** A note that is what it should be, so that no one else needs to look. */
  plainNote: boolean;
  /** The first stream of a pickle that was read for its storages. */
  ahead?: ReadAhead;
}

/** The name that PyTorch goes by is the directory's; one that only a local header has counts where there is no other. */
function memberOf(entry: ZipEntry, layout: Layout): Member {
  const part = within(entry.name, layout.root);
  return { entry, part, kind: part === undefined ? "other" : memberKind(part, layout), plainNote: false };
}

function treat({ entry, part = "", kind, plainNote, ahead }: Member, layout: Layout, claimed: ReadonlySet<string>): MemberTreatment | undefined {
  switch (kind) {
    case "note":
      return plainNote ? SKIPPED : undefined;
    case "pickle":
      return { formats: ["pickle"], hints: { loader: loaderOf(layout), ahead } };
    case "code":
      return { formats: ["torchscript_code"] };
    case "source":
      return { formats: ["python_source"] };
    // Numbers are never interpreted, whatever they spell. What only looks like a storage, and that no pickle names, is a file like any other.
    case "storage":
      return entry.listed && !entry.otherNames?.length && (layout.kind === "export" || claimed.has(keyOf(part))) ? SKIPPED : undefined;
    case "program":
      return SKIPPED;
    default:
      return undefined;
  }
}

function loaderOf({ kind }: Layout): string {
  return kind === "torchscript" ? "torchscript" : kind === "package" ? "torch.package" : "torch";
}

/** Reads what PyTorch notes of its own archive. True when it is what it should be. */
function* readNote(archive: ZipArchive, { entry, part = "" }: Member, context: ScanContext): Work<boolean> {
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
  const name = part.slice(part.lastIndexOf("/") + 1);
  return name.endsWith(".storage") ? name.slice(0, -".storage".length) : name;
}

/**
 * Compares what the pickles say of the storages with the members there are, without reading any number. Gives the keys
 * they name, and the pickles' first streams to their members.
 */
function* checkStorages(archive: ZipArchive, members: readonly Member[], layout: Layout, context: ScanContext): Work<ReadonlySet<string>> {
  const claimed = new Set<string>();
  const sizes = new Map<string, number>();
  for (const { entry, part } of members) if (part !== undefined && entry.listed && !sizes.has(part)) sizes.set(part, entry.size);
  for (const member of members) {
    const { entry, part, kind } = member;
    if (part === undefined) continue;
    if (kind === "program") yield* judgeProgram(yield* readMember(archive, entry, context), part);
    const folder = kind === "pickle" ? storageFolder(part, layout) : undefined;
    if (!folder) continue;
    let reported = 0;
    const first = yield* firstStream(archive, entry, context);
    if (!first) continue;
    member.ahead = first;
    const { claims, outOfBounds } = storagesOf(first.stream);
    if (outOfBounds) {
      yield { kind: "finding", rule: "S902", args: { format: "PyTorch", problem: outOfBounds.problem }, at: `${part}: ${outOfBounds.key}` };
    }
    for (const claim of claims.values()) {
      claimed.add(claim.key.toLowerCase());
      const place = folder(claim.key);
      // Example inputs are described, but their numbers are left out.
      if (reported === KEPT || place.startsWith("traced_inputs/")) continue;
      const finding = checkClaim(claim, sizes.get(place.toLowerCase()));
      if (!finding) continue;
      reported++;
      yield finding;
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

/** Where each pickle's storages lie. The lite interpreter's code shares the constants of the full one. */
const STORAGES: ReadonlyMap<string, string> = new Map([
  ["data.pkl", "data"],
  ["constants.pkl", "constants"],
  ["traced_inputs.pkl", "traced_inputs"],
  ["bytecode.pkl", "constants"],
]);

/** Where the storages of a pickle lie, or undefined when it has none. */
function storageFolder(part: string, layout: Layout): ((key: string) => string) | undefined {
  if (layout.kind === "package") return part.endsWith(".pkl") ? (key) => `.data/${key}.storage` : undefined;
  const folder = STORAGES.get(part);
  return folder === undefined ? undefined : (key) => `${folder}/${key}`;
}

function checkClaim({ key, bytes, location }: StorageClaim, stored: number | undefined): FindingEvent | undefined {
  if (stored === undefined) return location === "meta" || bytes === 0 ? undefined : { kind: "finding", rule: "S1271", args: { key }, at: key };
  if (bytes === undefined || bytes === stored) return undefined;
  return { kind: "finding", rule: "S1270", severity: bytes > stored ? "critical" : "warning", args: { key, claimed: bytes, stored }, at: key };
}

function* checkPlaces(members: readonly Member[], { root }: Layout, artifact: Artifact): Work<void> {
  let reported = 0;
  for (const { entry, part } of members) {
    if (part !== undefined || entry.name.endsWith("/") || ++reported > KEPT) continue;
    yield { kind: "finding", rule: "S1272", severity: "info", args: { name: entry.name, root }, at: `${artifact.name}: ${entry.name}` };
  }
}
