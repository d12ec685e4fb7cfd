import type { ArtifactRecord } from "../engine/record.js";
import { mediaType } from "./media-types.js";
import { memberSegments } from "./places.js";
import { printable } from "./printable.js";
import { type FileReport, fileOutcome } from "./report.js";
import { riskScore } from "./risk.js";
import { licensesOf } from "./cyclonedx-licenses.js";

export interface Property {
  name: string;
  value: string;
}

export interface Component {
  type: string;
  "bom-ref": string;
  name: string;
  components?: Component[];
  [key: string]: unknown;
}

/** Members listed per file; above it a property tells how many there are. A data set in a ZIP has more than anyone reads. */
const MOST_MEMBERS = 4096;

const DATA_FORMATS: ReadonlySet<string> = new Set(["data", "text", "metadata", "manifest", "jinja2_template"]);
const CONTAINER_FORMATS: ReadonlySet<string> = new Set(["zip", "tar", "sevenzip", "rar", "compressed", "oci_layer"]);

const HASH_NAMES = { sha256: "SHA-256", md5: "MD5", sha1: "SHA-1", sha512: "SHA-512" } as const;

/** A file with what is inside it. */
export function fileComponent(file: FileReport, ref: string, version: string): Component {
  const own = file.records[0];
  const members = membersOf(file);
  return {
    type: typeOf(own),
    "bom-ref": ref,
    "mime-type": mediaType(file.path, own?.formats[0]),
    name: printable(baseName(file.path)),
    ...(file.digests
      ? { hashes: Object.entries(file.digests).map(([name, content]) => ({ alg: HASH_NAMES[name as keyof typeof HASH_NAMES], content })) }
      : {}),
    ...licensesOf(own?.metadata),
    ...(members.length ? { components: memberComponents(memberRefs(file, ref)) } : {}),
    evidence: { occurrences: [{ location: ref.slice("file:".length) }] },
    properties: properties({
      "modelaudit:file:formats": own?.formats.join(" ") || undefined,
      "modelaudit:file:members": members.length ? String(members.length) : undefined,
      "modelaudit:risk:score": riskScore(file).toFixed(1),
      "modelaudit:scan:outcome": fileOutcome(file),
      risk_score: riskScore(file).toFixed(1),
      "security:scanned": String(own !== undefined && own.scanners.length > 0),
      "security:scanner": "ModelAudit",
      "security:scanner_version": `v${version}`,
      size: String(file.size),
    }),
  };
}

/** Flat, although members may nest: consumers flatten anyway, and the reference shows the nesting. */
function memberComponents(refs: ReadonlyMap<ArtifactRecord, string>): Component[] {
  return [...refs].map(([record, ref]) => ({
    type: typeOf(record) === "machine-learning-model" ? "machine-learning-model" : "file",
    "bom-ref": ref,
    name: printable(record.segments.at(-1) || "member"),
    properties: properties({ "modelaudit:file:formats": record.formats.join(" ") || undefined, size: String(record.size) }),
  }));
}

/** The references of a file's listed members, `file:models/a.zip!/inner/data.pkl`. */
export function memberRefs(file: FileReport, fileRef: string): Map<ArtifactRecord, string> {
  const taken = new Map<string, number>();
  const members = membersOf(file).slice(0, MOST_MEMBERS);
  return new Map(
    members.map((record) => {
      const path = [fileRef, ...memberSegments(record).map(printable)].join("!/");
      const times = (taken.get(path) ?? 0) + 1;
      taken.set(path, times);
      // A ZIP may hold two members of one name, and references must be unique.
      return [record, times === 1 ? path : `${path}#${times}`];
    }),
  );
}

function membersOf(file: FileReport): ArtifactRecord[] {
  return file.records.slice(1).filter((record) => record.role === "member");
}

/** A list sorted by name, without absent values. */
export function properties(values: Readonly<Record<string, string | undefined>>): Property[] {
  return Object.entries(values)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ({ name, value }));
}

function typeOf(record: ArtifactRecord | undefined): string {
  const formats = record?.formats ?? [];
  if (formats.some((id) => !DATA_FORMATS.has(id) && !CONTAINER_FORMATS.has(id))) return "machine-learning-model";
  return formats.some((id) => CONTAINER_FORMATS.has(id)) || !formats.length ? "file" : "data";
}

function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) || path;
}
