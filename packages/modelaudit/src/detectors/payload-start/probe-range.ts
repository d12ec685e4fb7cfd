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

/** Bytes read at a time: many where tensors are so small that the next ones stand in them, too. */
const [GLANCE, LONG_GLANCE] = [512, 32 * 1024];

/** Looks at the start of every tensor, given as columns; those that are not known are not numbers. `name` says what is handed back. */
export function* probeStarts(reader: Reader, starts: ArrayLike<number>, ends: ArrayLike<number>, name: (index: number) => string): Work<void> {
  let bytes: Uint8Array = new Uint8Array(0);
  let base = 0;
  for (let i = 0; i < starts.length; i++) {
    const start = starts[i] as number;
    const end = ends[i] as number;
    if (!(end - start >= SHORTEST_PAYLOAD && end <= reader.size)) continue;
    if (start < base || start + PAYLOAD_START_BYTES > base + bytes.length) {
      bytes = yield* readUpTo(reader, start, end - start < GLANCE ? LONG_GLANCE : GLANCE);
      base = start;
    }
    const at = start - base;
    if (bytes[at] === 0 && bytes[at + 1] === 0) continue;
    if (!mayBePayload(bytes, at)) continue;
    yield* child({ name: name(i), role: "probe", reader: sliceReader(reader, start, end), offset: start });
  }
}
