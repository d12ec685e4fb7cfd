import { beginsWith } from "../../detectors/bytes/begins-with.js";
import { Malformed } from "../../engine/errors.js";
import { type Work, read, readUpTo } from "../../engine/work.js";
import { Cursor } from "../../io/cursor.js";
import { type Reader, sliceReader } from "../../io/reader.js";
import type { Range } from "../../io/waiting.js";
import { number } from "./decode.js";
import type { GlobalHeap, Hdf5File } from "./types.js";

/** Bytes searched at a time. */
const WINDOW = 2 ** 20;

/** An object of the global heap: variable-length text, the sources of a virtual dataset. */
export function* globalObject(file: Hdf5File, heap: number, index: number): Work<Uint8Array> {
  const objects = file.heaps.get(heap) ?? (yield* readGlobalHeap(file, heap));
  file.heaps.set(heap, objects);
  const found = objects.get(index);
  if (!found) throw new Malformed(heap, `object ${index} in the global heap`, "none");
  return yield* read(file.reader, found.start, found.end - found.start);
}

/** Layout: signature, version, size, then u16 index, u16 count, u32, size and data of each object. */
function* readGlobalHeap({ reader, widths }: Hdf5File, heap: number): Work<GlobalHeap> {
  const objects = new Map<number, Range>();
  const step = 8 + widths.length;
  const head = new Cursor(yield* read(reader, heap, step), heap);
  if (head.text(4) !== "GCOL") throw new Malformed(heap, "a global heap", "other bytes");
  head.skip(4);
  const size = number(head, widths.length);
  for (let at = heap + step; at + step <= heap + size; ) {
    const entry = new Cursor(yield* read(reader, at, step), at);
    const id = entry.u16();
    entry.skip(6);
    const length = number(entry, widths.length);
    if (id === 0) break;
    objects.set(id, { start: at + step, end: at + step + length });
    at += step + Math.ceil(length / 8) * 8;
  }
  return objects;
}

/** Every object of every global heap: values of variable length, whatever index and filters lead to them. Reads all of the file. */
export function* eachHeapObject(file: Hdf5File, use: (offset: number, reader: Reader) => Work<void>): Work<void> {
  const { reader } = file;
  for (let at = 0; at < reader.size; at += WINDOW) {
    const bytes = yield* readUpTo(reader, at, WINDOW + 3);
    for (let i = bytes.indexOf(0x47); i >= 0; i = bytes.indexOf(0x47, i + 1)) {
      if (!beginsWith(bytes, "GCOL", i)) continue;
      for (const { start, end } of yield* heapIfAny(file, at + i)) {
        if (end > start && end <= reader.size) yield* use(file.start + start, sliceReader(reader, start, end));
      }
    }
  }
}

/** The objects of what may be a global heap, or four letters in other data. */
function* heapIfAny(file: Hdf5File, at: number): Work<Iterable<Range>> {
  try {
    return (yield* readGlobalHeap(file, at)).values();
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return [];
  }
}
