import { LimitExceeded, Malformed, Unsupported } from "../../engine/errors.js";
import { varint } from "../../io/protobuf-wire.js";
import type { Reader } from "../../io/reader.js";
import { type Range, type Waiting, fetch } from "../../io/waiting.js";

/**
 * A sorted table as LevelDB writes it:
 *
 *     data blocks, index block, 48-byte footer
 *     block   entries, u32 restart points, u32 their count; then one byte of compression and four of checksum
 *     entry   varint shared key bytes, varint further key bytes, varint value bytes, key, value
 *     footer  two handles (varint offset, varint size): meta index and index; padding; 8 bytes magic
 *
 * The index block has one entry for each data block, whose value is its handle.
 * https://github.com/google/leveldb/blob/main/doc/table_format.md
 */
export interface Entry {
  key: string;
  value: Range;
}

const FOOTER = 48;
/** Blocks are some 256 KiB; a checkpoint of the old kind may hold a whole slice of a tensor in one. */
const MAX_BLOCK = 64 * 1024 * 1024;
/** Variables with their optimiser slots: the largest checkpoints have some 100,000. */
const MAX_ENTRIES = 1_000_000;
const latin1 = new TextDecoder("latin1");

/** All entries, the values as places in the file. Throws `Unsupported` for compressed blocks and `Malformed` for broken ones. */
export function* readTable(reader: Reader): Waiting<Entry[]> {
  const start = reader.size - FOOTER;
  const footer = yield* fetch(reader, start, FOOTER);
  const meta = handle(footer, start, start);
  const index = yield* block(reader, handle(footer, start, meta.next));
  const entries: Entry[] = [];
  for (const { value } of index.entries) {
    const data = yield* block(reader, handle(index.bytes, index.start, value.start));
    if (entries.length + data.entries.length > MAX_ENTRIES) throw new LimitExceeded("tableEntries", MAX_ENTRIES);
    entries.push(...data.entries);
  }
  return entries;
}

function handle(bytes: Uint8Array, base: number, at: number): { offset: number; size: number; next: number } {
  const end = base + bytes.length;
  const offset = varint(bytes, base, at, end);
  const size = varint(bytes, base, offset.end, end);
  return { offset: offset.value, size: size.value, next: size.end };
}

function* block(reader: Reader, { offset, size }: { offset: number; size: number }): Waiting<{ bytes: Uint8Array; start: number; entries: Entry[] }> {
  if (size < 4 || size > MAX_BLOCK || offset < 0 || offset + size + 5 > reader.size) {
    throw new Malformed(offset, "a block inside the table", `${size} bytes of ${reader.size}`);
  }
  const bytes = yield* fetch(reader, offset, size + 1);
  if (bytes[size] !== 0) throw new Unsupported(`compression ${bytes[size]} of a table block`);
  const restarts = new DataView(bytes.buffer, bytes.byteOffset, size).getUint32(size - 4, true);
  const end = offset + size - 4 - 4 * restarts;
  const entries: Entry[] = [];
  let key = "";
  for (let at = offset; at < end; ) {
    const shared = varint(bytes, offset, at, end);
    const further = varint(bytes, offset, shared.end, end);
    const length = varint(bytes, offset, further.end, end);
    const keyEnd = length.end + further.value;
    const valueEnd = keyEnd + length.value;
    if (shared.value > key.length || further.value < 0 || length.value < 0 || valueEnd > end) {
      throw new Malformed(at, "an entry inside its block", `key of ${further.value} and value of ${length.value} bytes`);
    }
    key = key.slice(0, shared.value) + latin1.decode(bytes.subarray(length.end - offset, keyEnd - offset));
    entries.push({ key, value: { start: keyEnd, end: valueEnd } });
    at = valueEnd;
  }
  return { bytes, start: offset, entries };
}
