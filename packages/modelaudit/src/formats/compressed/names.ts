/** Suffixes that compressing adds, and what is left without them. */
const SUFFIXES: readonly [RegExp, string][] = [
  [/\.(?:tgz|tbz2?|txz|tlz|tzst)$/i, ".tar"],
  [/\.(?:gz|gzip|bz2|xz|lzma|lz4|zst|zlib|z)$/i, ""],
];

/** What the content of the file `name` is called: without the suffix, or as its header says, or the same. */
export function plainName(name: string, stored: string | undefined): string {
  for (const [suffix, left] of SUFFIXES) {
    const plain = name.replace(suffix, left);
    if (plain !== name && plain !== "") return plain;
  }
  const last = stored?.slice(stored.search(/[^\\/]*$/));
  return last ? last : name;
}
