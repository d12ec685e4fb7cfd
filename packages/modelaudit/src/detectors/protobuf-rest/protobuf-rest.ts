import { type Work, child } from "../../engine/work.js";
import type { Unexplained } from "../../io/protobuf.js";
import type { Tail } from "../../io/protobuf-tail.js";
import { type Reader, sliceReader } from "../../io/reader.js";

/** Ranges of unknown bytes handed back; a writer newer than this program adds a handful. */
const RANGES_PROBED = 200;

/**
 * Hands back what no schema explains: fields of unknown numbers, and bytes behind the message. `format` is for people, with its article.
 * Gives how many bytes that is.
 */
export function* handBackRest(reader: Reader, unexplained: readonly Unexplained[], tail: Tail | undefined, format: string): Work<number> {
  const end = tail?.start ?? reader.size;
  // Known by start: a message that is walked twice leaves the same range twice.
  const unknown = [...new Map(unexplained.map((range) => [range.start, range])).values()];
  const rest = unknown.slice(0, RANGES_PROBED).map((range) => ({ ...range, name: `unknown field at ${range.start}` }));
  if (tail) rest.push({ number: 0, start: end, end: reader.size, name: "end of file" });
  if (tail?.problem !== undefined) {
    const args = { format: format.replace(/^an? /, ""), problem: `the bytes from ${end} on are no part of it` };
    yield { kind: "finding", rule: "S902", args, offset: end };
  }
  for (const { start, end, name } of rest) {
    const found = yield* child({ name, role: "probe", reader: sliceReader(reader, start, end), offset: start });
    if (found.formats.length) yield { kind: "finding", rule: "S908", args: { first: format, second: found.formats.join(" and ") }, offset: start };
  }
  const inside = unknown.filter((range) => range.start < end);
  return inside.reduce((sum, range) => sum + range.end - range.start, reader.size - end);
}
