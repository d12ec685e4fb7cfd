import { pathFault } from "../../detectors/archive/member-path.js";
import type { Artifact } from "../../engine/artifact.js";
import type { ScanContext } from "../../engine/context.js";
import type { Scanner } from "../../engine/format.js";
import { type Work, read } from "../../engine/work.js";
import { scanTarMembers } from "../tar/members.js";
import { openTarMember, readTar } from "../tar/parser.js";
import { scanMembers } from "../zip/members.js";
import { readMember } from "../zip/open-member.js";
import { readZip } from "../zip/parser.js";
import { MANIFEST, plainName } from "./index.js";
import { foreignRequirements, readManifest } from "./manifest.js";

/** Manifests and requirements are a few KB. */
const LONGEST_TEXT = 4 * 1024 * 1024;
/** Requirements shown. */
const KEPT = 20;

/** The archive as both of its containers give it: names, and the bytes of a member. */
interface Members {
  names: string[];
  bytes(index: number): Work<Uint8Array>;
  scan(treat: (name: string) => { formats: readonly string[] } | undefined): Work<unknown>;
}

export const scanner: Scanner = {
  version: 1,
  *scan(artifact, context) {
    const start = (yield* read(artifact.reader, 0, 1))[0];
    const members = start === 0x50 ? yield* zipMembers(artifact, context) : yield* tarMembers(artifact, context);
    const requirements = new Set<string>();
    for (const [index, name] of members.names.entries()) {
      if (plainName(name) === MANIFEST) yield* judgeManifest(yield* members.bytes(index), requirements);
    }
    for (const [index, name] of members.names.entries()) {
      if (!requirements.has(plainName(name)) && !/(?:^|\/)requirements[^/]*\.txt$/.test(plainName(name))) continue;
      for (const requirement of foreignRequirements(new TextDecoder().decode(yield* members.bytes(index))).slice(0, KEPT)) {
        yield { kind: "finding", rule: "S1280", args: { requirement }, at: `${name}: ${requirement}` };
      }
    }
    // The handler and the model file are imported, and they may import any other source beside them.
    yield* members.scan((name) => (/\.pyc?$/i.test(name) ? { formats: ["python_source"] } : undefined));
  },
};

function* judgeManifest(bytes: Uint8Array, requirements: Set<string>): Work<void> {
  const manifest = readManifest(new TextDecoder().decode(bytes));
  if (manifest.problem !== undefined) {
    yield { kind: "finding", rule: "S902", args: { format: "TorchServe", problem: `its manifest is none: ${manifest.problem}` } };
    return;
  }
  const { modelName, handler, handlerFile, modelFile, serializedFile, requirementsFile, extraFiles } = manifest;
  yield { kind: "metadata", key: "model", value: modelName };
  yield { kind: "metadata", key: "handler", value: handler };
  if (requirementsFile) requirements.add(plainName(requirementsFile));
  for (const path of [handlerFile, modelFile, serializedFile, requirementsFile, ...extraFiles]) {
    const fault = path === undefined ? undefined : pathFault(path);
    if (fault)
      yield {
        kind: "finding",
        rule: "S405",
        args: { what: "The manifest's path", path: path as string },
        at: path as string,
        details: { why: fault.detail },
      };
  }
}

function* zipMembers(artifact: Artifact, context: ScanContext): Work<Members> {
  const archive = yield* readZip(artifact.reader, context);
  const { entries } = archive;
  return {
    names: entries.map(({ name }) => name),
    bytes: (index) => readMember(archive, entries[index] as (typeof entries)[number], context, LONGEST_TEXT),
    scan: (treat) => scanMembers(archive, artifact, context, ({ name }) => treat(name)),
  };
}

function* tarMembers(artifact: Artifact, context: ScanContext): Work<Members> {
  const archive = yield* readTar(artifact.reader, context);
  const { entries } = archive;
  return {
    names: entries.map(({ name }) => name),
    *bytes(index) {
      const reader = openTarMember(archive, entries[index] as (typeof entries)[number]);
      if (reader.size > LONGEST_TEXT) context.budget.hold(Number.POSITIVE_INFINITY);
      return yield* read(reader, 0, reader.size);
    },
    scan: (treat) => scanTarMembers(archive, artifact, context, ({ name }) => treat(name)),
  };
}
