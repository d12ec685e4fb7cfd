#!/usr/bin/env bash
# Installs what the interop suite needs and prints the Python interpreter to use as its last line.
# MODELAUDIT_VENV names an environment to use or make; without it .cache/venv in this checkout is used.
# An environment whose packages are already those of requirements.txt is left as it is. The list is complete and exact, so
# pip need not look for dependencies (two of the packages ask for versions that exclude each other but work together).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
venv=${MODELAUDIT_VENV:-$here/../.cache/venv}
stamp=$venv/modelaudit-requirements.txt

# Downloads fail now and then; three tries, with a pause, are enough for all but a real outage.
try() {
  local attempt
  for attempt in 1 2 3; do
    "$@" && return 0
    echo "Attempt $attempt failed: $*" >&2
    sleep $((attempt * 5))
  done
  return 1
}

# Command to look for, then the Debian package that has it.
tools=(zip zip 7z p7zip-full xz xz-utils zstd zstd lz4 lz4 bsdtar libarchive-tools chromium chromium)
missing=()
for ((i = 0; i < ${#tools[@]}; i += 2)); do
  command -v "${tools[i]}" >/dev/null || missing+=("${tools[i + 1]}")
done
if ((${#missing[@]})); then
  export DEBIAN_FRONTEND=noninteractive
  try apt-get update -q >&2
  try apt-get install -q -y --no-install-recommends "${missing[@]}" >&2
fi

if ! cmp -s "$here/requirements.txt" "$stamp"; then
  [[ -x $venv/bin/python ]] || python3 -m venv "$venv"
  try "$venv/bin/python" -m pip install --disable-pip-version-check --quiet --no-input --no-deps -r "$here/requirements.txt" >&2
  cp "$here/requirements.txt" "$stamp"
fi
echo "$venv/bin/python"
