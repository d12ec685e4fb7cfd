import { parseJson } from "../../io/json.js";

/** What TorchServe takes from MAR-INF/MANIFEST.json. Paths are as written. */
export interface Manifest {
  modelName?: string;
  /** The handler's file; undefined for one of TorchServe's own, which are named without `.py`. */
  handlerFile?: string;
  handler?: string;
  modelFile?: string;
  serializedFile?: string;
  requirementsFile?: string;
  extraFiles: string[];
  problem?: string;
}

export function readManifest(text: string): Manifest {
  const { value, problem } = parseJson(text);
  const model = (value as { model?: unknown } | undefined)?.model;
  if (problem !== undefined || typeof model !== "object" || model === null) return { extraFiles: [], problem: problem ?? "it describes no model" };
  const field = (name: string) => {
    const found = (model as Record<string, unknown>)[name];
    return typeof found === "string" && found ? found : undefined;
  };
  const handler = field("handler");
  // `handler.py:function` names an entry point of the file.
  const file = handler && /^(.+?\.py)(?::\w+)?$/i.exec(handler)?.[1];
  const manifest: Manifest = { extraFiles: (field("extraFiles") ?? "").split(",").filter(Boolean) };
  for (const name of ["modelName", "modelFile", "serializedFile", "requirementsFile"] as const) {
    const found = field(name);
    if (found) manifest[name] = found;
  }
  if (handler) manifest.handler = handler;
  if (file) manifest.handlerFile = file;
  return manifest;
}

/** Lines of a requirements file that take packages from somewhere else than the index that pip is set up for. */
export function foreignRequirements(text: string): string[] {
  return text
    .replace(/\\\r?\n/g, " ")
    .split("\n")
    .map((line) => line.replace(/(?:^|\s)#.*$/, "").trim())
    .filter((line) =>
      /^(?:-[if](?=\W|http)|--index-url|--extra-index-url|--find-links|--trusted-host)|(?:^|[\s@])(?:git|hg|svn|bzr)\+|(?:^|[\s@=])(?:https?|ftp|file):\/\//.test(
        line,
      ),
    );
}
