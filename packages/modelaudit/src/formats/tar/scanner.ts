import type { Scanner } from "../../engine/format.js";
import { scanTarMembers } from "./members.js";
import { readTar } from "./parser.js";

/** Any TAR that no special format owns: every member is handed back and known by its content. */
export const scanner: Scanner = {
  version: 1,
  *scan(artifact, context) {
    yield* scanTarMembers(yield* readTar(artifact.reader, context), artifact, context);
  },
};
