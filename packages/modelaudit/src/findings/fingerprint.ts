import type { Args } from "./rule.js";

/**
 * 64 bits of FNV-1a as 16 hex digits. Not a secret and not a proof: it only tells one finding from another, the same on
 * every machine and run.
 */
export function fingerprint(rule: string, segments: readonly string[], args: Args, at: string | number | undefined): string {
  const inside = segments.slice(1).join("!/");
  const sorted = Object.keys(args)
    .sort()
    .map((key) => `${key}=${args[key]}`);
  const text = [rule, baseName(segments[0] ?? ""), inside, ...sorted, at ?? ""].join("\u001f");
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, "0");
}

function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
