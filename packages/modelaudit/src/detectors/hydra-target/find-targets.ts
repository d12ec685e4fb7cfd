import type { FindingEvent } from "../../findings/finding.js";
import type { PythonTag } from "../yaml-document/parse.js";
import { judgeTarget } from "./names.js";

/** Nodes of a tree that are walked; a config has some thousands. */
const MOST_NODES = 2_000_000;
/** Findings of one config. */
const KEPT = 50;
/** Characters of a name that are shown. */
const SHOWN = 120;

/** How sure it is that something instantiates the config. */
export interface TargetOptions {
  /** Severity of a name from a package nobody knows: a warning where the loader is known to call it, else a note. */
  unknown?: "warning" | "info";
}

/**
 * Judges every `_target_` in a parsed YAML, JSON or TOML tree, at any depth, as Hydra's `instantiate` would call it.
 * `target`, which some configs use in the same way and others for plain data, and Lightning's `class_path` only count
 * when they name something denied.
 */
export function findTargets(tree: unknown, { unknown = "info" }: TargetOptions = {}): FindingEvent[] {
  const findings: FindingEvent[] = [];
  const seen = new Set<object>();
  const open: { value: unknown; at: string }[] = [{ value: tree, at: "" }];
  for (let node = open.pop(); node && seen.size < MOST_NODES && findings.length < KEPT; node = open.pop()) {
    const { value, at } = node;
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    const entries: [unknown, unknown][] = value instanceof Map ? [...value] : Object.entries(value);
    for (const [key, inner] of entries) {
      const path = at ? `${at}.${String(key)}` : String(key);
      if (typeof inner === "string") {
        const found = judge(String(key), inner, entries, unknown);
        if (found) findings.push({ kind: "finding", at: path, ...found });
      } else open.push({ value: inner, at: path });
    }
  }
  return findings;
}

type Verdict = Pick<FindingEvent, "rule" | "args" | "severity">;

function judge(key: string, text: string, siblings: readonly [unknown, unknown][], unknown: "warning" | "info"): Verdict | undefined {
  const plain = key.trim().toLowerCase();
  const target = text.trim();
  const args = { target: target.slice(0, SHOWN) };
  if (plain === "_target_") {
    if (target.includes("${")) return { rule: "S1260", args };
    const verdict = judgeTarget(target);
    if (verdict === "denied") return { rule: "S1258", args };
    if (siblings.some(([name, value]) => name === "trust_remote_code" && value === true)) return { rule: "S1261", args };
    return verdict === "unknown" ? { rule: "S1259", args, severity: unknown } : undefined;
  }
  if ((plain !== "target" && plain !== "class_path") || !/^[\w]+(?:[.:]\w+)+$/.test(target)) return undefined;
  return judgeTarget(target) === "denied" ? { rule: "S1258", args } : undefined;
}

/** Python objects that an unsafe YAML loader would build; plain data is none, and a name that is only looked up a note unless it is denied. */
export function judgePythonTags(tags: readonly PythonTag[]): FindingEvent[] {
  return tags
    .filter(({ tag }) => !/^python\/(?:none|bool|int|long|float|complex|str|unicode|bytes|list|tuple|dict)$/.test(tag))
    .slice(0, KEPT)
    .map(({ tag, offset }) => {
      const looked = /^python\/(?:name|module):(.*)$/s.exec(tag)?.[1];
      const severity = looked !== undefined && judgeTarget(looked) !== "denied" ? "info" : "critical";
      return { kind: "finding", rule: "S1262", severity, args: { tag: tag.slice(0, SHOWN) }, offset, at: tag };
    });
}
