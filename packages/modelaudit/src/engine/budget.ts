import { LimitExceeded } from "./errors.js";

/** What one top-level artifact, with all that is inside it, may cost. Every number is configurable. */
export interface Limits {
  /** Containers inside containers. Honest models nest three or four deep (tar.gz, zip, gzip, pickle). */
  depth: number;
  /** Members looked at in all archives together. The largest honest archives hold some 100,000 files. */
  members: number;
  /** Plain bytes made by decompression, all members together. Larger than any model that is shipped compressed. */
  expandedBytes: number;
  /** Bytes the scanners may hold in memory at once by reading whole ranges (headers, configs, templates). */
  heldBytes: number;
  /** Wall time in milliseconds; enforced from outside as well, see node/lanes.ts. */
  milliseconds: number;
  /** Set for a first try that is dropped when it reaches a limit: one that is foreseen is then reached at once. */
  firstTry?: boolean;
}

export const DEFAULT_LIMITS: Limits = {
  depth: 16,
  members: 1_000_000,
  expandedBytes: 64 * 2 ** 30,
  heldBytes: 256 * 2 ** 20,
  milliseconds: 300_000,
};

/** Counts what an artifact has cost so far. One budget is shared by the artifact and everything inside it. */
export class Budget {
  readonly limits: Limits;
  private readonly spent = { members: 0, expandedBytes: 0 };
  private readonly start: number;

  constructor(limits: Limits = DEFAULT_LIMITS, now: number = Date.now()) {
    this.limits = limits;
    this.start = now;
  }

  /** Throws {@link LimitExceeded} once more than the limit was spent. */
  spend(what: "members" | "expandedBytes", amount: number): void {
    this.spent[what] += amount;
    if (this.spent[what] > this.limits[what]) throw new LimitExceeded(what, this.spent[what]);
  }

  /** Ends a first try early, before memory is spent on what would pass the limit anyway. */
  foresee(what: "members" | "expandedBytes", amount: number): void {
    if (this.limits.firstTry && this.spent[what] + amount > this.limits[what]) throw new LimitExceeded(what, this.spent[what] + amount);
  }

  /** Throws when one allocation of `bytes` would pass the memory limit. Call before every large read. */
  hold(bytes: number): void {
    if (bytes > this.limits.heldBytes) throw new LimitExceeded("heldBytes", bytes);
  }

  /** Throws when the time is used up. Long loops call it now and then; the lane ends code that does not. */
  checkTime(now: number = Date.now()): void {
    if (now - this.start > this.limits.milliseconds) throw new LimitExceeded("milliseconds", now - this.start);
  }
}
