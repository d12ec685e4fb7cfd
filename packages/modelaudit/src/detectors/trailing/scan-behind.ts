import { child, type Work } from "../../engine/work.js";
import { type Reader, sliceReader } from "../../io/reader.js";

/** Looks at the bytes from `at` on, behind a complete document of the format `first`: another format there is scanned and told of. */
export function* scanBehind(reader: Reader, at: number, first: string): Work<void> {
  if (at <= 0 || at >= reader.size) return;
  const { formats } = yield* child({ name: `bytes at ${at}`, role: "probe", reader: sliceReader(reader, at), offset: at });
  if (formats.length) yield { kind: "finding", rule: "S908", args: { first, second: formats.join(" and ") }, offset: at, length: reader.size - at };
}
