import type { Scanner } from "../../engine/format.js";
import { scanTarMembers } from "../tar/members.js";
import { readTar } from "../tar/parser.js";
import { scanMembers } from "../zip/members.js";
import { readZip } from "../zip/parser.js";

/** Installing a package runs its code anyway: native libraries and scripts are what it is made of. All else is scanned as ever. */
export const scanner: Scanner = {
  version: 1,
  *scan(artifact, context) {
    const code = { hints: { codeExpected: true } };
    const archive = yield* readZip(artifact.reader, context);
    if (archive.directory) yield* scanMembers(archive, artifact, context, () => code);
    else yield* scanTarMembers(yield* readTar(artifact.reader, context), artifact, context, () => code);
  },
};
