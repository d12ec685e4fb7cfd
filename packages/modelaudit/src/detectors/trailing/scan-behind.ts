import type { ChildEvent } from "../../engine/events.js";
import { child, type Work } from "../../engine/work.js";
import { type Reader, sliceReader } from "../../io/reader.js";

/** Looks at the bytes from `at` on, behind a complete document of the format `first`: another format there is scanned and told of. */
export function* scanBehind(reader: Reader, at: number, first: string): Work<void> {
  if (at <= 0 || at >= reader.size) return;
  const formats = yield* probeBytes(reader, at);
  if (formats.length) yield { kind: "finding", rule: "S908", args: { first, second: formats.join(" and ") }, offset: at, length: reader.size - at };
}

/** Hands back bytes that nothing explains, and gives the formats that are surely there. */
export function* probeBytes(reader: Reader, start: number, end = reader.size, hints: ChildEvent["hints"] = {}): Work<readonly string[]> {
  return (yield* child({ name: `bytes at ${start}`, role: "probe", reader: sliceReader(reader, start, end), offset: start, hints })).formats;
}

/** Tells of bytes from `at` on, behind the last part that a file of the format has, and hands them back. */
export function* tellTrailing(reader: Reader, at: number, format: string, last: string, hints: ChildEvent["hints"] = {}): Work<void> {
  const length = reader.size - at;
  if (length === 0) return;
  yield { kind: "finding", rule: "S902", args: { format, problem: `${length} bytes follow ${last}` }, offset: at, length };
  yield* probeBytes(reader, at, reader.size, hints);
}
