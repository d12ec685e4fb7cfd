/** A blob that a document of the image points to. */
export interface Descriptor {
  mediaType: string;
  digest: string;
  size: number | undefined;
}

/** What a document of an image refers to. */
export interface ImageDocument {
  kind: "layout" | "index" | "manifest" | "docker-save" | "other";
  descriptors: Descriptor[];
  /** Layers and configs named by path: docker-save, and manifests of other tools. */
  paths: string[];
}

/** References taken from one document. Real images have some hundred layers at most. */
const MOST_REFERENCES = 10_000;
/** Values walked in a document of unknown shape. */
const MOST_VALUES = 200_000;

/** Reads what a parsed JSON document of an image refers to. */
export function readDocument(value: unknown): ImageDocument {
  const document: ImageDocument = { kind: "other", descriptors: [], paths: [] };
  if (Array.isArray(value)) {
    for (const image of value.slice(0, MOST_REFERENCES)) {
      if (!isObject(image) || !Array.isArray(image.Layers)) continue;
      document.kind = "docker-save";
      for (const path of [image.Config, ...image.Layers]) if (typeof path === "string") document.paths.push(path);
    }
    return document;
  }
  if (!isObject(value)) return document;
  if (typeof value.imageLayoutVersion === "string") document.kind = "layout";
  for (const one of [value.config, ...list(value.layers), ...list(value.manifests), ...list(value.blobs)].slice(0, MOST_REFERENCES)) {
    if (!isObject(one) || typeof one.digest !== "string") continue;
    const size = typeof one.size === "number" ? one.size : undefined;
    document.descriptors.push({ mediaType: typeof one.mediaType === "string" ? one.mediaType : "", digest: one.digest, size });
  }
  if (Array.isArray(value.manifests)) document.kind = "index";
  else if (Array.isArray(value.layers)) document.kind = "manifest";
  document.paths.push(...layerPaths(value));
  return document;
}

/** Every text anywhere in the document that names a layer archive. */
function layerPaths(root: unknown): string[] {
  const found: string[] = [];
  const todo = [root];
  for (let walked = 0; todo.length && walked < MOST_VALUES && found.length < MOST_REFERENCES; walked++) {
    const value = todo.pop();
    if (typeof value === "string") {
      if (/\.(?:tar|tar\.gz|tgz|tar\.zst|tar\.bz2|tar\.xz)$/i.test(value) && !/\s|:\/\//.test(value)) found.push(value);
    } else if (Array.isArray(value)) for (const item of value) todo.push(item);
    else if (isObject(value)) for (const item of Object.values(value)) todo.push(item);
  }
  return found;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
