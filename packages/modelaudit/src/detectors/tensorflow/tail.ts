import { type Work, child } from "../../engine/work.js";
import type { Protobuf } from "../../io/protobuf.js";
import type { Tail } from "../../io/protobuf-tail.js";
import { type Reader, sliceReader } from "../../io/reader.js";

/** Ranges of unknown bytes handed back; a writer newer than this program adds a handful. */
const RANGES_PROBED = 200;

/** Hands back what no schema explains: fields of unknown numbers, and bytes behind the message. `format` is for people. */
export function* handBackTail(reader: Reader, file: Protobuf, tail: Tail | undefined, format: string): Work<void> {
  const unknown = new Map(file.unexplained.filter((range) => !tail || range.start < tail.start).map((range) => [range.start, range]));
  const rest = [...unknown.values()].slice(0, RANGES_PROBED).map((range) => ({ ...range, name: `unknown field at ${range.start}` }));
  if (tail) rest.push({ number: 0, start: tail.start, end: reader.size, name: "end of file" });
  if (tail?.problem !== undefined) {
    yield { kind: "finding", rule: "S902", args: { format, problem: `the bytes from ${tail.start} on are no part of it` }, offset: tail.start };
  }
  for (const { start, end, name } of rest) {
    const found = yield* child({ name, role: "probe", reader: sliceReader(reader, start, end), offset: start });
    if (found.formats.length) yield { kind: "finding", rule: "S908", args: { first: format, second: found.formats.join(" and ") }, offset: start };
  }
}
