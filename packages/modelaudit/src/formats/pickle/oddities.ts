import type { ScanEvent } from "../../engine/events.js";
import type { Oddity } from "./values.js";

/** Findings for oddities of one kind shown for one stream. */
const MOST_SHOWN = 5;

const RULES: Readonly<Record<string, string>> = {
  "frame-straddled": "S1202",
  "frame-nested": "S1202",
  "frame-overlong": "S1202",
  "huge-length": "S1204",
  "memo-bomb": "S1204",
  expansion: "S1204",
  nesting: "S1204",
};

/** A stream that ends too early, or needs data from elsewhere, was not read to its end: a gap. All other oddities are no accident of a copy. */
export function* reportOddities(oddities: readonly Oddity[]): Generator<ScanEvent, void> {
  const shown = new Map<string, number>();
  for (const { code, offset, detail } of oddities) {
    const count = (shown.get(code) ?? 0) + 1;
    shown.set(code, count);
    if (count > MOST_SHOWN) continue;
    if (code === "truncated") {
      yield {
        kind: "incomplete",
        reason: "truncated",
        message: `The pickle is cut short at byte ${offset}: ${detail}. Get the whole file again.`,
        offset,
      };
    } else if (code === "missing-buffer") {
      yield { kind: "incomplete", reason: code, message: `The pickle cannot be loaded by itself: ${detail}.`, offset };
    } else if (code === "unknown-array") {
      yield { kind: "incomplete", reason: code, message: `What follows byte ${offset} cannot be read: ${detail}.`, offset };
    } else if (code.startsWith("limit-")) {
      yield { kind: "incomplete", reason: code, message: `The pickle was read up to byte ${offset} only: ${detail}.`, offset };
    } else yield { kind: "finding", rule: RULES[code] ?? "S1201", args: { problem: detail }, offset };
  }
}
