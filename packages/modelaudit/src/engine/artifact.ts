import type { Later, Reader } from "../io/reader.js";

/** What the file beside an artifact turned out to be. */
export type Neighbour =
  | { kind: "file"; size: number; open(): Later<Reader> }
  | { kind: "folder" }
  | { kind: "missing" }
  /** The path, or a link on its way, leaves the folder the model lives in. It is never opened. */
  | { kind: "outside"; target: string };

/** The folder (or archive) an artifact lives in. Formats that point to other files look them up here. */
export interface Surroundings {
  /** `path` is relative to the artifact's own folder, with `/`. Never follows a link out of the scanned root. */
  look(path: string): Later<Neighbour>;
  /** Names of the files and folders beside the artifact, at most `limit`. */
  names(limit: number): Later<string[]>;
}

/** One thing to scan: a file, a member of an archive, a pickle inside a tensor. */
export interface Artifact {
  /** Path for people; nesting by `!/`: `a.zip!/b.tar!/c.pkl`. The first part is the path as the user gave it. */
  readonly path: string;
  /** Last part of the path, for its extension and well-known names. */
  readonly name: string;
  readonly reader: Reader;
  readonly around?: Surroundings;
  readonly parent?: Artifact;
  /** 0 for what the user named. */
  readonly depth: number;
  /** What the parent knows of how this will be loaded; keys are agreed between formats (documented in docs/formats.md). */
  readonly hints: Readonly<Record<string, unknown>>;
}
