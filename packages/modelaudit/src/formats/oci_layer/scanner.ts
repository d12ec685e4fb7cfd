import { lookBeside } from "../../detectors/archive/look-beside.js";
import type { Artifact, Neighbour } from "../../engine/artifact.js";
import type { ScanContext } from "../../engine/context.js";
import type { Scanner } from "../../engine/format.js";
import { type Work, child, read, readUpTo, wait } from "../../engine/work.js";
import { parseJson } from "../../io/json.js";
import type { Reader } from "../../io/reader.js";
import { Sha256 } from "../../io/sha256.js";
import { tarHeader } from "../tar/header.js";
import { scanTarMembers } from "../tar/members.js";
import { readTar } from "../tar/parser.js";
import { kindOf } from "../compressed/kinds.js";
import { blobPath, digestOf, isBlobName } from "./names.js";
import { type Descriptor, readDocument } from "./parser.js";

/** Documents of an image are some kilobytes; a manifest of 4 MiB is the most that registries accept. */
const LARGEST_DOCUMENT = 4 * 2 ** 20;
/** Blobs above 256 MiB are not hashed: that alone would take seconds. */
const LARGEST_HASHED = 256 * 2 ** 20;
const PIECE = 2 ** 20;

/** Documents of an image are checked against the blobs they name; a layer is scanned with the image's root as its root. */
export const scanner: Scanner = {
  version: 1,
  *scan(artifact, context) {
    const head = yield* readUpTo(artifact.reader, 0, 512);
    const isDocument = head[0] === 0x7b || head[0] === 0x5b;
    const image = !isDocument && (yield* isInImage(artifact));
    // Elsewhere such a name may be the hash of anything, and what was expanded from a blob is not the blob.
    const isBlob = isBlobName(artifact.name) && artifact.hints.compression === undefined && (image || artifact.name.includes("sha256-"));
    if (isBlob) yield* checkDigest(artifact.reader, digestOf(artifact.name), context);
    if (isDocument) yield* scanDocument(artifact, context);
    else yield* scanLayer(artifact, head, context, image);
  },
};

function* scanLayer(artifact: Artifact, head: Uint8Array, context: ScanContext, image: boolean): Work<void> {
  const code = image ? { codeExpected: true } : {};
  if (tarHeader(head))
    return void (yield* scanTarMembers(yield* readTar(artifact.reader, context), artifact, context, () => ({ hints: code }), image));
  if (!kindOf(head)) return;
  // Compressed: its own scanner expands it, and tells the TAR inside whose layer it is.
  yield* child({ name: "layer", formats: ["compressed"], reader: artifact.reader, hints: { ...artifact.hints, ...code, imageRoot: image } });
}

/** Blobs of a layout lie in `blobs/sha256/`, layers of docker-save beside a `json` or under a `manifest.json`. */
function* isInImage(artifact: Artifact): Work<boolean> {
  if (/(?:^|[\\/])blobs[\\/]sha256[\\/][0-9a-f]{64}$/.test(artifact.path)) return true;
  for (const path of artifact.name === "layer.tar" ? ["json", "../manifest.json"] : ["../../oci-layout"]) {
    if ((yield* lookBeside(artifact, path))?.kind === "file") return true;
  }
  return false;
}

function* scanDocument(artifact: Artifact, context: ScanContext): Work<void> {
  if (artifact.reader.size > LARGEST_DOCUMENT) {
    yield { kind: "incomplete", reason: "too-large", message: "The image's document is larger than any registry accepts and was not read." };
    return;
  }
  const text = new TextDecoder().decode(yield* read(artifact.reader, 0, artifact.reader.size));
  const document = readDocument(parseJson(text).value);
  yield { kind: "metadata", key: "document", value: document.kind };
  for (const descriptor of document.descriptors) yield* checkDescriptor(artifact, descriptor, context);
  for (const path of new Set(document.paths)) yield* followPath(artifact, path);
}

/** A blob is looked for from where its document stands: the root of a layout, or among the other blobs. */
function* checkDescriptor(artifact: Artifact, { digest, size }: Descriptor, context: ScanContext): Work<void> {
  const path = blobPath(digest);
  if (path === undefined) {
    if (/^[A-Za-z0-9_+.-]+:[A-Za-z0-9=_-]{16,}$/.test(digest)) return;
    yield { kind: "finding", rule: "S1322", severity: /\.\.|[\\/]/.test(digest) ? "critical" : "warning", args: { digest } };
    return;
  }
  let blob: Neighbour | undefined;
  for (const place of isBlobName(artifact.name) ? [`../../${path}`, path] : [path]) {
    blob = yield* lookBeside(artifact, place);
    if (blob?.kind === "file") break;
  }
  if (blob?.kind !== "file") return;
  if (size !== undefined && blob.size !== size) yield { kind: "finding", rule: "S1321", args: { digest, found: blob.size, stated: size } };
  const [algorithm, hex] = digest.split(":") as [string, string];
  if (algorithm !== "sha256") return;
  const reader = yield* wait(blob.open());
  try {
    yield* checkDigest(reader, hex, context);
  } finally {
    reader.close?.();
  }
}

function* checkDigest(reader: Reader, hex: string, context: ScanContext): Work<void> {
  if (reader.size > LARGEST_HASHED) return;
  const hash = new Sha256();
  for (let at = 0; at < reader.size; at += PIECE) {
    context.budget.checkTime();
    hash.update(yield* read(reader, at, Math.min(PIECE, reader.size - at)));
  }
  if (hash.hex() !== hex) yield { kind: "finding", rule: "S1320", args: { digest: hex } };
}

/** A layer named by its path: outside of the image it is refused, beside the document it is scanned. */
function* followPath(artifact: Artifact, path: string): Work<void> {
  const escapes = /^(?:[\\/]|[A-Za-z]:[\\/])/.test(path);
  const found = escapes ? undefined : yield* lookBeside(artifact, path);
  if (escapes || found?.kind === "outside") yield { kind: "finding", rule: "S405", args: { what: "The layer", path }, at: path };
  // Members of the same archive are scanned as such; a file beside a document is scanned as its layer.
  if (found?.kind !== "file" || artifact.depth > 0) return;
  yield* child({ name: path, reader: yield* wait(found.open()), hints: { imageRoot: true, codeExpected: true } });
}
