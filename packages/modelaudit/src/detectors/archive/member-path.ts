/** What is wrong with a member's name; `escape` means unpacking would write outside of the folder chosen for it. */
export interface PathFault {
  kind: "escape" | "absolute" | "nul";
  /** In words, for a finding: `.. climbs out`. */
  detail: string;
}

/** Lengths of encoded names that are decoded again: two rounds are what a server and a proxy do between them. */
const DECODING_ROUNDS = 2;

/** Without any character that a check below is about. */
const PLAIN_PATH = /^[\w ./-]*\w$/;

/** Whether a path is the one that unpacking makes of it: relative, in plain characters, without `.` and empty parts. */
export function isPlainPath(path: string): boolean {
  return (
    PLAIN_PATH.test(path) && !path.startsWith("/") && !path.startsWith("./") && !path.includes("..") && !path.includes("//") && !path.includes("/./")
  );
}

/**
 * Judges a member's name as unpackers on any system would use it. `\` is a separator (it is on Windows, and some writers
 * store it), so is a slash in another script's width; percent codes are tried decoded. A `..` that stays inside is fine.
 */
export function pathFault(name: string): PathFault | undefined {
  if (isPlainPath(name)) return undefined;
  if (name.includes("\0")) return { kind: "nul", detail: "a NUL byte ends the name early for some readers" };
  for (const form of forms(name)) {
    const path = form.replaceAll("\\", "/");
    if (path.startsWith("//")) return { kind: "absolute", detail: "it names a network share" };
    if (path.startsWith("/")) return { kind: "absolute", detail: "it is absolute" };
    if (/^[A-Za-z]:\//.test(path)) return { kind: "absolute", detail: "it names a drive" };
    // Windows drops blanks at the end of a name.
    if (resolvePath("", path.replace(/(^|\/)\.\. +(?=\/|$)/g, "$1..")) === undefined) return { kind: "escape", detail: ".. climbs out" };
  }
  return undefined;
}

function forms(name: string): string[] {
  const all = [name];
  const long = shortened(name);
  if (long !== name) all.push(long);
  if (/[^\x20-\x7e]/.test(name)) all.push(name.normalize("NFKC"));
  if (!name.includes("%")) return all;
  let decoded = name;
  for (let round = 0; round < DECODING_ROUNDS; round++) {
    decoded = shortened(decoded.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))));
    // Only an escape counts: "%2Fa" is a file name that an honest key may have, and no unpacker decodes it to write there.
    if (/(?:^|[\\/])\.\.(?:[\\/]|$)/.test(decoded) && !decoded.startsWith("/")) all.push(decoded);
  }
  return all;
}

/**
 * The path that `path` leads to from `folder`, both relative to the archive's root, with `/`; undefined when it leaves
 * the root. An absolute `path` leaves it.
 */
export function resolvePath(folder: string, path: string): string | undefined {
  if (path.startsWith("/")) return undefined;
  const parts: string[] = [];
  for (const part of `${folder}/${path}`.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      if (!parts.length) return undefined;
      parts.pop();
    } else parts.push(part);
  }
  return parts.join("/");
}

/** `.` and `/` written with two bytes, which no decoder should take and some did: C0 AE and C0 AF. */
function shortened(name: string): string {
  return name.replaceAll("\xc0\xae", ".").replaceAll("\xc0\xaf", "/");
}

/** Where unpacking puts a member, however its name is spelt: with `/`, and without `.` and empty parts. */
export function plainPath(name: string): string {
  const path = name.replaceAll("\\", "/");
  return resolvePath("", path.replace(/^\/+/, "")) ?? path;
}

/** The folder part of a member's path, without the final slash; empty at the root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
