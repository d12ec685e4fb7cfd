import type { Artifact } from "../../engine/artifact.js";
import { Unsupported } from "../../engine/errors.js";
import type { Work } from "../../engine/work.js";

export function* scanTextForm(_artifact: Artifact): Work<void> {
  throw new Unsupported("the text form of a graph");
}
