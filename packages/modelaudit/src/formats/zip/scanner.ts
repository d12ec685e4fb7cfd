import type { Scanner } from "../../engine/format.js";
import { scanMembers } from "./members.js";
import { readZip } from "./parser.js";

/** Any ZIP that no special format owns: every member is handed back and known by its content. */
export const scanner: Scanner = {
  version: 1,
  *scan(artifact, context) {
    yield* scanMembers(yield* readZip(artifact.reader, context), artifact, context);
  },
};
