import { readdirSync, realpathSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Neighbour, Surroundings } from "../engine/artifact.js";
import { isHubBlob, isInside } from "../sources/local.js";
import { fileReader } from "./file-reader.js";

/** The folder a local file lives in. Paths and links that leave `root` are named, never opened. */
export function localSurroundings(file: { absolutePath: string; root: string }): Surroundings {
  const folder = dirname(file.absolutePath);
  return {
    look(path): Neighbour {
      const wanted = resolve(folder, path);
      if (!isInside(file.root, wanted) && !isInside(folder, wanted)) return { kind: "outside", target: wanted };
      let real: string;
      try {
        real = realpathSync(wanted);
      } catch {
        return { kind: "missing" };
      }
      if (!isInside(file.root, real) && !isInside(realpathSync(folder), real) && !isHubBlob(wanted, real)) return { kind: "outside", target: real };
      const stats = statSync(real);
      if (stats.isDirectory()) return { kind: "folder" };
      if (!stats.isFile()) return { kind: "missing" };
      return { kind: "file", size: stats.size, open: () => fileReader(real) };
    },
    names(limit) {
      return readdirSync(folder).sort().slice(0, limit);
    },
  };
}
