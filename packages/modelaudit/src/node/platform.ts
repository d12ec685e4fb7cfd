import { DEFAULT_LIMITS, type Limits } from "../engine/budget.js";
import { DEFAULT_POLICY, type Policy } from "../engine/context.js";
import type { ScanSetup } from "../engine/scan.js";
import { FORMATS } from "../formats/registry.generated.js";
import { nodeCodecs } from "./codecs.js";
import { fileSpool } from "./file-spool.js";

/** A scan setup with Node's parts and this program's formats. */
export function nodeSetup(options: { policy?: Partial<Policy>; limits?: Partial<Limits>; only?: ReadonlySet<string> } = {}): ScanSetup {
  return {
    formats: FORMATS,
    selected: (format) => options.only?.has(format.id) ?? true,
    policy: { ...DEFAULT_POLICY, ...options.policy },
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    codecs: nodeCodecs,
    spool: fileSpool,
  };
}
