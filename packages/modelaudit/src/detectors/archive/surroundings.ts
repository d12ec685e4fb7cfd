import { drive } from "../../engine/drive.js";
import type { Neighbour, Surroundings } from "../../engine/artifact.js";
import type { Work } from "../../engine/work.js";
import type { Reader } from "../../io/reader.js";
import { folderOf, resolvePath } from "./member-path.js";

/** A member as its siblings see it. */
export interface Sibling {
  path: string;
  size: number;
  open(): Work<Reader>;
}

/** Finds members of an archive by path. Made once per archive; the index is built on the first look-up. */
export class Siblings {
  private readonly list: () => Iterable<Sibling>;
  private files?: Map<string, Sibling>;
  private folders?: Map<string, Set<string>>;

  constructor(list: () => Iterable<Sibling>) {
    this.list = list;
  }

  /** What a member at `path` has around it. */
  around(path: string): Surroundings {
    const folder = resolvePath("", folderOf(path)) ?? "";
    return {
      look: (wanted) => this.look(folder, wanted),
      names: (limit) => [...(this.index().folders.get(folder) ?? [])].sort().slice(0, limit),
    };
  }

  private look(folder: string, wanted: string): Neighbour {
    const path = resolvePath(folder, wanted);
    if (path === undefined) return { kind: "outside", target: wanted };
    const { files, folders } = this.index();
    const file = files.get(path);
    if (file) return { kind: "file", size: file.size, open: () => drive(file.open()) };
    return { kind: folders.has(path) ? "folder" : "missing" };
  }

  private index() {
    if (this.files && this.folders) return { files: this.files, folders: this.folders };
    const files = new Map<string, Sibling>();
    const folders = new Map<string, Set<string>>([["", new Set()]]);
    for (const sibling of this.list()) {
      const path = resolvePath("", sibling.path.replaceAll("\\", "/").replace(/^\/+/, ""));
      if (path === undefined || files.has(path)) continue;
      files.set(path, sibling);
      for (let at = path; at; ) {
        const folder = folderOf(at);
        const names = folders.get(folder);
        const name = at.slice(folder ? folder.length + 1 : 0);
        if (names) {
          names.add(name);
          break;
        }
        folders.set(folder, new Set([name]));
        at = folder;
      }
    }
    // A folder met for the first time is named in its own parent by the loop above; the root always exists.
    this.files = files;
    this.folders = folders;
    return { files, folders };
  }
}
