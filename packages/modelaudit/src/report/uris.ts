/** Where a file lies for a report that must be the same on every machine: relative to the folder the scan was started in. */
export interface RelativePath {
  /** With `/`, never starting with it when `inside`. */
  path: string;
  /** False for a file outside the folder, which then keeps its absolute path. */
  inside: boolean;
}

/** `absolute` as seen from the folder `cwd`; both absolute, with the separators of their system. */
export function relativePath(absolute: string, cwd: string): RelativePath {
  const path = withSlashes(absolute);
  const base = withSlashes(cwd).replace(/\/+$/, "");
  return path.startsWith(`${base}/`) ? { path: path.slice(base.length + 1), inside: true } : { path, inside: false };
}

/** The deepest folder that all files lie in; empty when there is none. */
export function commonFolder(files: readonly string[]): string {
  const folders = files.map((file) => withSlashes(file).split("/").slice(0, -1));
  const [first = [], ...rest] = folders;
  const same = first.findIndex((part, index) => rest.some((folder) => folder[index] !== part));
  return first.slice(0, same < 0 ? first.length : same).join("/");
}

/** A path of this or another system as a percent-encoded URI reference: relative, or `file:///…` when absolute. */
export function pathUri({ path, inside }: RelativePath): string {
  if (!inside) return `file://${path.startsWith("/") ? "" : "/"}${encodePath(path)}`;
  const encoded = encodePath(path);
  // A colon in the first part would read as a scheme.
  const [first = "", ...rest] = encoded.split("/");
  return [first.replaceAll(":", "%3A"), ...rest].join("/");
}

/** Percent-encodes everything but what RFC 3986 allows in path segments. */
export function encodePath(path: string): string {
  return path
    .replace(/\p{Cs}/gu, "\ufffd")
    .split("/")
    .map(encodeSegment)
    .join("/");
}

function encodeSegment(segment: string): string {
  return encodeURIComponent(segment)
    .replace(/%3A/g, ":")
    .replace(/%40/g, "@")
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Only a Windows path (drive letter or share) has backslashes as separators; elsewhere they are part of a name. */
function withSlashes(path: string): string {
  return /^(?:[A-Za-z]:)?\\/.test(path) || /^[A-Za-z]:\//.test(path) ? path.replaceAll("\\", "/") : path;
}
