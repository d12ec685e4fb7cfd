import type { Artifact } from "../../engine/artifact.js";

/** Hints that hold for everything inside an artifact: a compressed package is a package. Containers pass them to each child. */
export function inherited(artifact: Artifact): Record<string, unknown> {
  const { codeExpected } = artifact.hints;
  return codeExpected === true ? { codeExpected } : {};
}
