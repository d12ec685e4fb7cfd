import type { Artifact } from "../../engine/artifact.js";
import type { Budget } from "../../engine/budget.js";
import { LimitExceeded } from "../../engine/errors.js";
import { type ChildResult, type Work, read } from "../../engine/work.js";
import { Noted } from "../../io/noted.js";
import type { Reader } from "../../io/reader.js";
import { sameBytes } from "../../io/same-bytes.js";

/** Below 64 MiB nothing is worth complaining about: any machine unpacks that. */
const WORTH_NOTING = 64 * 2 ** 20;
/** One level that expands more than this is worth noting when no model comes out: weights that are all zero do the same. */
const RATIO = 250;
/** What an artifact may be without being a model: a file of zeros is one of these. */
const NO_MODEL: ReadonlySet<string> = new Set(["data", "text"]);
/** Largest part compared with the archive itself, to see whether it contains itself. */
const LARGEST_QUINE = 2 ** 20;
/** The most that one deflate stream can do: 258 bytes from two bits. More than this takes archives inside archives. */
const ONE_LEVEL = 1032;
/** A container that itself came out of another one at more than this is not made of models: those hardly compress. */
const PACKED_CONTAINER = 10;
/** One bomb proves the point; after this many, nothing inside this file is opened any more. */
const BOMBS = 4;
/** Honest models nest four deep at most. Reaching the depth limit is itself a finding when the limit is at least this. */
const ODD_DEPTH = 12;

const BOMBS_SEEN = new Noted<number>();

/** How many bytes of the user's file the bytes of `artifact` were made from. */
function packedSize(artifact: Artifact): number {
  const hint = artifact.hints.packedSize;
  return typeof hint === "number" && hint > 0 ? hint : artifact.reader.size;
}

/** The share of {@link packedSize} that belongs to a part of `artifact` taking `stored` of its bytes. At least one byte. */
export function packedShare(artifact: Artifact, stored: number): number {
  return Math.max(1, (packedSize(artifact) * stored) / Math.max(1, artifact.reader.size));
}

/**
 * True when a part of `artifact` that takes `stored` bytes and gives `size` is a nested bomb: out of all proportion to the
 * user's file, and by more than one level of compression. A single member of zeros, however large, is none.
 */
export function isNestedBomb(artifact: Artifact, stored: number, size: number): boolean {
  if (size < WORTH_NOTING || artifact.reader.size < PACKED_CONTAINER * packedSize(artifact)) return false;
  return size / packedShare(artifact, stored) > ONE_LEVEL;
}

/** Counts a bomb that was reported. Throws `LimitExceeded` when enough were seen, which ends this container. */
export function countBomb(budget: Budget): void {
  const seen = (BOMBS_SEEN.get(budget) ?? 0) + 1;
  BOMBS_SEEN.set(budget, seen);
  checkBombs(budget);
}

/** Throws `LimitExceeded` once enough bombs were seen in this file. Containers call it before they open a member. */
export function checkBombs(budget: Budget): void {
  const seen = BOMBS_SEEN.get(budget) ?? 0;
  if (seen >= BOMBS) throw new LimitExceeded("bombs", seen);
}

/** True for a container so deep that its members are beyond the depth limit, deeper than any honest nesting. */
export function isTooDeep(artifact: Artifact, budget: Budget): boolean {
  return artifact.depth >= budget.limits.depth && artifact.depth >= ODD_DEPTH;
}

/**
 * {@link packedShare} for the content of one compressed stream of `stored` bytes that gives `size`. Some compressions do
 * far better than deflate on zeros; what they do beyond {@link ONE_LEVEL} is not counted, as it is still one level.
 */
export function oneLevelShare(artifact: Artifact, stored: number, size: number): number {
  return packedShare(artifact, stored) * Math.max(1, size / Math.max(1, stored) / ONE_LEVEL);
}

/** True when `size` bytes from `stored` are out of all proportion for a single level. */
export function isSwollen(stored: number, size: number): boolean {
  return size > WORTH_NOTING && size / Math.max(1, stored) >= RATIO;
}

/** {@link isSwollen}, and what came out, as its scan showed, is no model. */
export function isBarren(stored: number, size: number, result: ChildResult | undefined): boolean {
  return isSwollen(stored, size) && (!result || result.formats.every((format) => NO_MODEL.has(format)));
}

/** True when a part with the bytes of `reader` is the same as `artifact` or one it lies in: unpacking would never end. */
export function* containsItself(artifact: Artifact, reader: Reader): Work<boolean> {
  for (let outer: Artifact | undefined = artifact; outer; outer = outer.parent) {
    if (outer.reader.size !== reader.size || reader.size > LARGEST_QUINE || reader.size === 0) continue;
    if (sameBytes(yield* read(reader, 0, reader.size), yield* read(outer.reader, 0, reader.size))) return true;
  }
  return false;
}
