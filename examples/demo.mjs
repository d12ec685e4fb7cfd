#!/usr/bin/env node
/** Scans the example models and checks that each got the verdict its folder names. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import "./build-hostile.mjs";

const command = join(import.meta.dirname, "../node_modules/.bin/modelaudit");
const folder = join(import.meta.dirname, "models");
const scan = (...words) => spawnSync(command, ["scan", ...words], { encoding: "utf8", maxBuffer: 2 ** 28 });

const shown = spawnSync(command, ["scan", "--format", "text", folder], { stdio: "inherit" });
const { issues, scannedFilesList } = JSON.parse(scan("--format", "json", folder).stdout);
const wrong = scannedFilesList.filter((file) => {
  const alarmed = issues.some((issue) => issue.location.startsWith(file) && ["warning", "critical"].includes(issue.severity));
  return alarmed !== file.includes("/hostile/");
});
for (const file of wrong) console.error(`wrong verdict: ${file}`);
console.log(
  `\n${scannedFilesList.length - wrong.length} of ${scannedFilesList.length} example models got the right verdict. The scan's own exit code is ${shown.status}: 1 means findings.`,
);
process.exitCode = wrong.length || shown.status !== 1 ? 1 : 0;
