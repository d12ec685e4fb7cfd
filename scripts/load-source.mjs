import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { rolldown } from "rolldown";

const source = resolve(import.meta.dirname, "../packages/modelaudit/src");
const entry = `${source}/wanted.ts`;

/**
 * Runs code of the package from source, so that nothing has to be exported for scripts alone.
 * `text` is a module that exports what is wanted, as if it stood in packages/modelaudit/src.
 */
export async function loadSource(text) {
  const folder = mkdtempSync(join(tmpdir(), "modelaudit-source-"));
  const file = join(folder, "wanted.mjs");
  try {
    const bundler = await rolldown({
      input: entry,
      platform: "node",
      plugins: [{ name: "wanted", resolveId: (id) => (id === entry ? id : null), load: (id) => (id === entry ? text : null) }],
      transform: { define: { __VERSION__: '"source"' } },
      logLevel: "silent",
    });
    await bundler.write({ file, format: "esm", codeSplitting: false });
    await bundler.close();
    return await import(pathToFileURL(file).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
