import type { Artifact, Neighbour } from "../../engine/artifact.js";
import { type Work, wait } from "../../engine/work.js";

/** What stands at `path` beside an artifact; undefined for one that has nothing around it. */
export function* lookBeside(artifact: Artifact, path: string): Work<Neighbour | undefined> {
  return artifact.around ? yield* wait(artifact.around.look(path)) : undefined;
}
