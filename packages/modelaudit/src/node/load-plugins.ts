import type { Format } from "../engine/format.js";

/**
 * The formats of plugins, by file URL. A file of its own that imports nothing of ours: it is the one place that loads
 * foreign code, which the command's own loader (bin/modelaudit.js) leaves to Node.
 */
export async function loadPlugins(urls: readonly string[]): Promise<Format[]> {
  const modules = await Promise.all(urls.map((url) => import(url) as Promise<{ formats: Format[] }>));
  return modules.flatMap((module) => module.formats);
}
