import type { Args } from "../../../findings/rule.js";
import type { Severity } from "../../../findings/severity.js";

/** What the policy says of one effect: a finding without its format's wrapping. Allowed effects give none. */
export interface Judgement {
  /** Rule id of rules.ts. */
  rule: string;
  severity: Severity;
  offset: number;
  args: Args;
  details?: Record<string, unknown>;
}

/** Where the stream will be loaded; some names are only known to some loaders. */
export interface LoadContext {
  /** `torch`, `torchscript` (read by the C++ unpickler), `joblib`, `pandas`, `numpy`... as the parent format says. */
  loader?: string;
  /** Packages the user vouches for. */
  trust: readonly string[];
}
