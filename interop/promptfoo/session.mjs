import { spawn } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";

/** A private place for one run of the checks: promptfoo's folder, a temporary folder, and a PATH with our program. */
export function openSession(root, promptfoo, binary) {
  const places = { config: join(root, "config"), temporary: join(root, "tmp"), work: join(root, "work"), bin: join(root, "bin") };
  for (const folder of Object.values(places)) mkdirSync(folder, { recursive: true });
  symlinkSync(binary, join(places.bin, "modelaudit"));
  const environment = {
    ...process.env,
    PATH: `${places.bin}:${process.env.PATH}`,
    TMPDIR: places.temporary,
    PROMPTFOO_CONFIG_DIR: places.config,
    PROMPTFOO_DISABLE_TELEMETRY: "1",
    PROMPTFOO_DISABLE_UPDATE: "1",
    PROMPTFOO_DISABLE_SHARING: "1",
    NO_COLOR: "1",
    NODE_NO_WARNINGS: "1",
  };
  // Continuous integration changes our default output, not what promptfoo asks for; leave it out to have one behaviour.
  delete environment.CI;

  const start = (program, words, options = {}) =>
    spawn(program, words, { cwd: places.work, env: { ...environment, ...options.env }, stdio: ["ignore", "pipe", "pipe"] });
  const delegated = { env: { PROMPTFOO_DELEGATED: "true" } };

  return {
    ...places,
    /** promptfoo with these words, still running. */
    start: (words) => start(promptfoo.node, [promptfoo.entry, ...words]),
    /** promptfoo with these words, to its end. */
    promptfoo: (...words) => finished(start(promptfoo.node, [promptfoo.entry, ...words])),
    /** Our program by itself, as promptfoo calls it: still running, and to its end. */
    startModelaudit: (words) => start("modelaudit", words, delegated),
    modelaudit: (...words) => finished(start("modelaudit", words, delegated)),
    /** Rows of promptfoo's database, newest first. */
    async rows() {
      const code = `const { DatabaseSync } = require("node:sqlite");
        const rows = new DatabaseSync(process.argv[1], { readOnly: true }).prepare("select * from model_audits order by created_at desc").all();
        console.log(JSON.stringify(rows));`;
      const { stdout } = await finished(start(promptfoo.node, ["-e", code, join(places.config, "promptfoo.db")]));
      return JSON.parse(stdout);
    },
  };
}

/** Waits for a child; gives its exit code, signal, output and milliseconds. */
export function finished(child) {
  const began = Date.now();
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => (output.stdout += chunk));
  child.stderr.on("data", (chunk) => (output.stderr += chunk));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, ...output, milliseconds: Date.now() - began }));
  });
}
