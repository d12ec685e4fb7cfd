import type { ArtifactRecord } from "../engine/record.js";
import { mediaType } from "./media-types.js";
import type { FileReport, Report } from "./report.js";
import { encodePath, pathUri, relativePath } from "./uris.js";

export interface ArtifactLocation {
  uri: string;
  uriBaseId?: string;
  index?: number;
}

interface SarifArtifact {
  location: ArtifactLocation;
  parentIndex?: number;
  roles: string[];
  mimeType: string;
  length: number;
  hashes?: Record<string, string>;
}

/** The run's artifacts, and how results point to them. */
export interface SarifArtifacts {
  list: SarifArtifact[];
  /** Of a file, or of a member that has findings or gaps. */
  locationOf(file: FileReport, record?: ArtifactRecord): ArtifactLocation;
  /** `models/a.zip`, as people know the file. */
  nameOf(file: FileReport): string;
}

/** All files, and of what is inside them the artifacts that something is said about, with those around them. */
export function sarifArtifacts(report: Report, cwd: string): SarifArtifacts {
  const list: SarifArtifact[] = [];
  const indexes = new Map<FileReport | ArtifactRecord, number>();
  const add = (key: FileReport | ArtifactRecord, artifact: SarifArtifact) => {
    artifact.location.index = list.length;
    indexes.set(key, list.length);
    list.push(artifact);
  };
  for (const file of report.files) {
    const place = relativePath(file.absolutePath, cwd);
    const location = { uri: pathUri(place), ...(place.inside ? { uriBaseId: "%SRCROOT%" } : {}) };
    add(file, {
      location,
      roles: ["analysisTarget"],
      mimeType: mediaType(file.path, file.records[0]?.formats[0]),
      length: file.size,
      ...hashes(file),
    });
  }
  for (const file of report.files) {
    for (const { record, parent } of toldMembers(file)) {
      const name = record.segments.at(-1) ?? "";
      add(record, {
        location: { uri: memberUri(name) },
        parentIndex: indexes.get(parent) as number,
        roles: ["resultFile"],
        mimeType: mediaType(name, record.formats[0]),
        length: record.size,
      });
    }
  }
  return {
    list,
    locationOf(file, record) {
      const index = (record && indexes.get(record)) ?? indexes.get(file);
      return { ...(list[index as number] as SarifArtifact).location };
    },
    nameOf: (file) => relativePath(file.absolutePath, cwd).path,
  };
}

/** Members with findings, gaps or failures, each after the one it lies in. The file itself is not a member. */
function toldMembers(file: FileReport): { record: ArtifactRecord; parent: ArtifactRecord | FileReport }[] {
  const wanted = new Set<ArtifactRecord>();
  const parents = new Map<ArtifactRecord, ArtifactRecord | FileReport>();
  const open: (ArtifactRecord | FileReport)[] = [file];
  for (const record of file.records.slice(1)) {
    parents.set(record, open[record.depth - 1] ?? file);
    open[record.depth] = record;
    if (!record.findings.length && !record.gaps.length && record.failure === undefined) continue;
    let one: ArtifactRecord | FileReport | undefined = record;
    while (one && "segments" in one) {
      wanted.add(one);
      one = parents.get(one);
    }
  }
  return [...parents].filter(([record]) => wanted.has(record)).map(([record, parent]) => ({ record, parent }));
}

/** A member's name as a relative URI. Hostile names (`/etc/x`, `a:b`, empty) must stay valid and must not look like a scheme or host. */
function memberUri(name: string): string {
  const encoded = encodePath(name).replaceAll(":", "%3A");
  return encoded.replace(/^\/+/, (slashes) => "%2F".repeat(slashes.length)) || "%20";
}

function hashes(file: FileReport): Pick<SarifArtifact, "hashes"> {
  if (!file.digests) return {};
  const names = { sha256: "sha-256", sha1: "sha-1", sha512: "sha-512", md5: "md5" } as const;
  return { hashes: Object.fromEntries(Object.entries(file.digests).map(([name, value]) => [names[name as keyof typeof names], value])) };
}
