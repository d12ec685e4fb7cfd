#!/usr/bin/env node
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { summary } from "./checks.mjs";
import { checkCommandLine } from "./command-line.mjs";
import { installPromptfoo } from "./install.mjs";
import { writeSamples } from "./samples.mjs";
import { openSession } from "./session.mjs";
import { checkWeb } from "./web.mjs";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const binary = resolve(process.env.MODELAUDIT_BIN ?? join(repository, "packages/modelaudit/bin/modelaudit.js"));
const browser = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";

const promptfoo = installPromptfoo(join(repository, ".cache"), process.env.PROMPTFOO_VERSION ?? "latest");
const root = mkdtempSync(join(tmpdir(), "promptfoo-acceptance-"));
try {
  const session = openSession(root, promptfoo, binary);
  const samples = writeSamples(join(root, "samples"));
  console.log(`promptfoo ${promptfoo.version}, ${binary}`);
  await checkCommandLine(session, samples);
  await checkWeb(session, samples, browser);
} finally {
  rmSync(root, { recursive: true, force: true });
}
process.exitCode = summary();
