import { UsageError } from "./errors.js";
import type { Format } from "./format.js";

/** What the user asked for; each entry may hold several names separated by commas. */
export interface Selection {
  scanners?: readonly string[];
  include?: readonly string[];
  exclude?: readonly string[];
}

/** Older class names that documentation still uses. */
const ALIASES: Readonly<Record<string, string>> = {
  h5: "keras_h5",
  kerash5: "keras_h5",
  tensorflowsavedmodel: "tf_savedmodel",
  tensorflowmetagraph: "tf_metagraph",
};

/**
 * The ids that may run, or null for all. Names are ids or class names; case, `_`, `-` and a final "Scanner" do not matter.
 * Throws `UsageError` for an unknown name (with the nearest known one) and for a choice that leaves nothing.
 */
export function selectScanners(formats: readonly Format[], choice: Selection): string[] | null {
  if (!choice.scanners?.length && !choice.exclude?.length && !choice.include?.length) return null;
  const ids = (names: readonly string[] | undefined) =>
    (names ?? [])
      .flatMap((entry) => entry.split(","))
      .filter((name) => name.trim())
      .map((name) => resolve(formats, name.trim()));
  const chosen = new Set(choice.scanners?.length ? ids(choice.scanners) : formats.map((format) => format.id));
  for (const id of ids(choice.include)) chosen.add(id);
  for (const id of ids(choice.exclude)) chosen.delete(id);
  if (!chosen.size) throw new UsageError("The choice of scanners leaves none. Exclude fewer, or leave --scanners out.");
  return [...chosen];
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/[_-]/g, "")
    .replace(/scanner$/, "");
}

function resolve(formats: readonly Format[], name: string): string {
  const wanted = plain(name);
  const found = formats.find((format) => plain(format.id) === wanted || plain(format.className) === wanted)?.id ?? ALIASES[wanted];
  if (found) return found;
  const near = formats
    .map((format) => ({ id: format.id, distance: editDistance(wanted, plain(format.id)) }))
    .sort((a, b) => a.distance - b.distance)[0];
  const hint = near && near.distance <= 0.4 * Math.max(wanted.length, 3) ? ` Did you mean "${near.id}"?` : "";
  throw new UsageError(`Unknown scanner "${name}".${hint} Known: ${formats.map((format) => format.id).join(", ")}.`);
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
