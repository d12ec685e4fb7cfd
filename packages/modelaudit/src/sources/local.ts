import { lstatSync, readdirSync, realpathSync, statSync } from "node:fs";
import { basename, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { PathProblem } from "../report/report.js";

/** A regular file to scan. */
export interface LocalFile {
  /** As shown: the user's path, or that path with what lies below it. */
  path: string;
  absolutePath: string;
  size: number;
  /** Absolute path of the folder the user named, or of the file's own folder: neighbours outside it are not read. */
  root: string;
}

/** A link in a scanned folder that leads out of it; it is reported and never followed. */
export interface OutsideLink {
  path: string;
  absolutePath: string;
  target: string;
}

export interface Listing {
  files: LocalFile[];
  links: OutsideLink[];
  problems: PathProblem[];
  /** Links back to a folder that is scanned already: fine, but worth a word. */
  loops: string[];
}

/** Folders with nothing of a model in them: version control and the download bookkeeping of the Hugging Face client. */
const BOOKKEEPING = /(?:^|\/)(?:\.git|\.hg|\.svn|\.cache\/huggingface\/download|\.locks|\.no_exist)$/;

/** Turns what the user typed into files: files, folders (walked, sorted), and patterns with `*`, `?` and `**`. */
export function listLocal(paths: readonly string[]): Listing {
  const listing: Listing = { files: [], links: [], problems: [], loops: [] };
  const seen = new Set<string>();
  for (const path of paths) {
    try {
      list(path, listing, seen);
    } catch (error) {
      listing.problems.push({ path, message: explain(path, error as NodeJS.ErrnoException) });
    }
  }
  return listing;
}

function list(path: string, listing: Listing, seen: Set<string>): void {
  let stats: ReturnType<typeof statSync>;
  try {
    stats = statSync(path);
  } catch (error) {
    const matches = /[*?[]/.test(path) ? expandPattern(path) : [];
    if (!matches.length) throw error;
    for (const match of matches) list(match, listing, seen);
    return;
  }
  const absolute = resolve(path);
  if (stats.isDirectory()) {
    walk(path, realpathSync(absolute), listing, seen);
  } else if (stats.isFile()) {
    add(listing, seen, { path, absolutePath: absolute, size: stats.size, root: realpathSync(resolve(absolute, "..")) });
  } else {
    listing.problems.push({ path, message: `${path}: expected a file or a folder, found a ${kindOf(stats)}; name the file it should be` });
  }
}

function add(listing: Listing, seen: Set<string>, file: LocalFile): void {
  if (seen.has(file.absolutePath)) return;
  seen.add(file.absolutePath);
  listing.files.push(file);
}

/** Walks a folder without recursion. Real paths on the way down are remembered, so that a loop of links ends. */
function walk(shown: string, root: string, listing: Listing, seen: Set<string>): void {
  const pending = [{ shown, real: root }];
  const visited = new Set([root]);
  while (pending.length) {
    const folder = pending.pop() as { shown: string; real: string };
    let entries: string[];
    try {
      entries = readdirSync(folder.real).sort();
    } catch (error) {
      listing.problems.push({ path: folder.shown, message: explain(folder.shown, error as NodeJS.ErrnoException) });
      continue;
    }
    const folders: typeof pending = [];
    // Joined once: with many files it shows.
    const [shownBelow, realBelow] = [join(folder.shown, "x").slice(0, -1), join(folder.real, "x").slice(0, -1)];
    for (const name of entries) {
      const path = shownBelow + name;
      try {
        visit(path, realBelow + name, root, listing, seen, (real) => {
          if (!visited.has(real) && !BOOKKEEPING.test(real.split(sep).join("/"))) folders.push({ shown: path, real });
          visited.add(real);
        });
      } catch (error) {
        listing.problems.push({ path, message: explain(path, error as NodeJS.ErrnoException) });
      }
    }
    pending.push(...folders.reverse());
  }
}

function visit(shown: string, absolute: string, root: string, listing: Listing, seen: Set<string>, enter: (real: string) => void): void {
  let stats = lstatSync(absolute);
  let real = absolute;
  if (stats.isSymbolicLink()) {
    try {
      real = realpathSync(absolute);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOOP" && (error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      listing.problems.push({ path: shown, message: `${shown}: expected a file, found a link that leads nowhere; restore its target or remove it` });
      return;
    }
    if (!isInside(root, real) && !isHubBlob(absolute, real)) {
      listing.links.push({ path: shown, absolutePath: absolute, target: real });
      return;
    }
    stats = statSync(real);
  }
  if (stats.isDirectory()) {
    if (real !== absolute && isInside(real, absolute)) listing.loops.push(shown);
    enter(real);
  }
  if (stats.isFile()) add(listing, seen, { path: shown, absolutePath: absolute, size: stats.size, root });
}

export function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** The Hugging Face cache keeps contents in `blobs/` and links to them from `snapshots/REVISION/`. */
export function isHubBlob(link: string, real: string): boolean {
  const [hub, inSnapshot] = link.split(`${sep}snapshots${sep}`);
  return inSnapshot !== undefined && real === join(hub as string, "blobs", basename(real));
}

function kindOf(stats: NonNullable<ReturnType<typeof statSync>>): string {
  if (stats.isFIFO()) return "named pipe";
  if (stats.isSocket()) return "socket";
  return "device";
}

function explain(path: string, error: NodeJS.ErrnoException): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) return `${path}: remote sources cannot be read by this version; download the model and scan the folder`;
  switch (error.code) {
    case "ENOENT":
      return `Path does not exist: ${path} (no such file or folder; check the spelling and the working folder)`;
    case "EACCES":
    case "EPERM":
      return `${path}: expected a readable file, found permission denied; run as a user who may read it`;
    case "ELOOP":
      return `${path}: expected a file, found a loop of links; name the real file`;
    default:
      return `${path}: cannot be read (${error.message})`;
  }
}

/** Files and folders that match a pattern, sorted. For shells that do not expand patterns themselves. */
function expandPattern(pattern: string): string[] {
  const absolute = pattern.startsWith(sep);
  let found = [absolute ? sep : ""];
  for (const part of pattern.split(sep).filter(Boolean)) {
    if (part === "**") found = found.flatMap((base) => [base, ...foldersBelow(base)]);
    else if (/[*?[]/.test(part)) {
      const test = toRegExp(part);
      found = found.flatMap((base) =>
        childrenOf(base)
          .filter((name) => test.test(name) && !name.startsWith("."))
          .map((name) => join(base, name)),
      );
    } else found = found.map((base) => join(base, part)).filter((path) => statSync(path, { throwIfNoEntry: false }) !== undefined);
  }
  return found.sort();
}

function childrenOf(folder: string): string[] {
  try {
    return readdirSync(folder || ".");
  } catch {
    return [];
  }
}

function foldersBelow(base: string): string[] {
  const below = childrenOf(base)
    .map((name) => join(base, name))
    .filter((path) => lstatSync(path).isDirectory());
  return below.flatMap((path) => [path, ...foldersBelow(path)]);
}

function toRegExp(part: string): RegExp {
  const source = part
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replace(/\*/g, "[^/]*")
    .replace(/\?/g, "[^/]");
  return new RegExp(`^${source}$`);
}
