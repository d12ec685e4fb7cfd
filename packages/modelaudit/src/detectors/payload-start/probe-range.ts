import { type Work, child, readUpTo } from "../../engine/work.js";
import { type Reader, sliceReader } from "../../io/reader.js";
import type { Range } from "../../io/waiting.js";
import { PAYLOAD_START_BYTES, mayBePayload } from "./payload-start.js";

/** Nothing that runs is shorter than this. */
const SHORTEST_PAYLOAD = 16;

/** Hands a range of tensor data back as a probe when its first bytes are worth a look. `name` says what it is. */
export function* probeRange(reader: Reader, range: Range, name: string): Work<void> {
  if (range.end - range.start < SHORTEST_PAYLOAD) return;
  if (!mayBePayload(yield* readUpTo(reader, range.start, PAYLOAD_START_BYTES))) return;
  yield* child({ name, role: "probe", reader: sliceReader(reader, range.start, range.end), offset: range.start });
}
