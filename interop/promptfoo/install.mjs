import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Installs a package into a folder of its own unless it is there. `version` "latest" keeps what is there for a day. */
function install(folder, name, version) {
  const manifest = join(folder, "node_modules", name, "package.json");
  const stamp = join(folder, "installed.json");
  const known = existsSync(stamp) && existsSync(manifest) ? JSON.parse(readFileSync(stamp, "utf8")) : {};
  const fresh = known.version === version && Date.now() - known.time < 24 * 3600 * 1000;
  if (!fresh) {
    mkdirSync(folder, { recursive: true });
    if (!existsSync(join(folder, "package.json"))) writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
    console.log(`Installing ${name}@${version}; this takes a few minutes the first time.`);
    execFileSync("npm", ["install", "--no-audit", "--no-fund", "--silent", "--prefix", folder, `${name}@${version}`], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    writeFileSync(stamp, JSON.stringify({ version, time: Date.now() }));
  }
  return { folder: join(folder, "node_modules", name), manifest: JSON.parse(readFileSync(manifest, "utf8")) };
}

/** Gives the installed promptfoo and a Node that it accepts: this one, or a newer one installed beside it. */
export function installPromptfoo(cache, version) {
  const { folder, manifest } = install(join(cache, "promptfoo"), "promptfoo", version);
  const wanted = Number(/\d+/.exec(manifest.engines?.node ?? "0")?.[0]);
  const node = Number(process.versions.node.split(".")[0]) >= wanted ? process.execPath : newerNode(cache);
  return { node, entry: join(folder, manifest.bin.promptfoo), version: manifest.version };
}

function newerNode(cache) {
  const name = `node-${process.platform}-${process.arch}`;
  return join(install(join(cache, "node24"), name, "24").folder, "bin", process.platform === "win32" ? "node.exe" : "node");
}
