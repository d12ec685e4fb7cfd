import type { Codecs } from "../io/codec.js";
import type { Spool } from "../io/spool.js";
import type { Budget } from "./budget.js";

/** What the user decided; the same for every artifact of a run. Plain data, crosses threads. */
export interface Policy {
  /** Third-party packages whose names the user vouches for (`--trust PACKAGE`). */
  trust: readonly string[];
  /** Case-insensitive parts of model names that must not occur (`--blacklist`). */
  blacklist: readonly string[];
  strict: boolean;
}

export const DEFAULT_POLICY: Policy = { trust: [], blacklist: [], strict: false };

/** What a scanner may use. Everything from outside the core comes in here. */
export interface ScanContext {
  readonly budget: Budget;
  readonly policy: Policy;
  readonly codecs: Codecs;
  /** Every part is to be named, also those that nobody looks at. */
  readonly listing?: boolean;
  /** A new private store for bytes that must be kept and may be large. */
  spool(): Spool;
}
