import { LimitExceeded, Malformed } from "../../engine/errors.js";
import { Feed } from "../../engine/feed.js";
import { type Work, read } from "../../engine/work.js";
import type { Reader } from "../../io/reader.js";
import { Hostile } from "./hostile.js";
import { ENTRY_BYTES, LONGEST_NAME, TensorTable, wholeNumber } from "./tensor-table.js";
import { VALUE_BYTES, ValueType } from "./types.js";

/** Templates are kept up to this length; the longest published ones are some 20 KB. */
const LONGEST_TEMPLATE = 4 * 1024 * 1024;
/** Other texts are only shown, so only their beginning is kept. */
const KEPT = 64 * 1024;
/** Arrays inside arrays: the specification allows them, no writer makes them deeper than one. */
const ARRAY_DEPTH = 8;
/** Above these a count is no damage but an attack: the largest models have some 100 pairs, 90,000 tensors, 260,000 tokens. */
const PLAUSIBLE = { tensors: 1_000_000, pairs: 1_000_000, items: 2 ** 22, bytes: 2 ** 24 } as const;

/** New types of values come one by one; numbers far from the known ones index past the tables of loaders. */
const WILD_TYPE = 64;

const TEMPLATE = "tokenizer.chat_template";

export interface Gguf {
  version: number;
  littleEndian: boolean;
  /** Scalars, texts of `general.*`, and arrays as `{ array: type id, length }`. */
  metadata: Map<string, string | number | bigint | { array: number; length: number }>;
  /** Texts under keys that hold templates, also those in arrays. */
  templates: { key: string; value: string; offset: number }[];
  /** Keys that stand twice. */
  duplicates: string[];
  tensors: TensorTable;
  /** End of the last tensor entry. */
  headerEnd: number;
}

/**
 * Layout: `GGUF`, u32 version (1 has 32-bit counts), u64 tensors, u64 pairs, the pairs, the tensor entries, then padding
 * to `general.alignment` and the data. https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 * Fills `file` as it goes on, so that what stands before a bad place is known all the same. Throws {@link Hostile} for
 * numbers that no writer makes, `Malformed` where the bytes end.
 */
export function* readGguf(reader: Reader, file: Gguf): Work<void> {
  const start = yield* read(reader, 0, 8);
  file.littleEndian = new DataView(start.buffer, start.byteOffset, 8).getUint16(4, true) !== 0;
  yield* new Walker(reader, file).read();
}

export function emptyGguf(): Gguf {
  return { version: 0, littleEndian: true, metadata: new Map(), templates: [], duplicates: [], tensors: new TensorTable(0), headerEnd: 0 };
}

class Walker {
  private readonly feed: Feed;
  private readonly file: Gguf;
  private readonly decoder = new TextDecoder();

  constructor(reader: Reader, file: Gguf) {
    this.feed = new Feed(reader, 4);
    this.file = file;
  }

  private get little(): boolean {
    return this.file.littleEndian;
  }

  /** Counts, lengths and sides have 32 bits in version 1. */
  private get wide(): boolean {
    return this.file.version !== 1;
  }

  *read(): Work<void> {
    const { feed, file } = this;
    yield* feed.want(4);
    file.version = feed.cursor.u32(this.little);
    const tensorCount = yield* this.count("tensors", this.wide ? 24 : 20, PLAUSIBLE.tensors);
    const pairCount = yield* this.count("metadata pairs", this.wide ? 13 : 9, PLAUSIBLE.pairs);
    for (const [limit, count] of [
      ["tensors", tensorCount],
      ["metadata-pairs", pairCount],
    ] as const)
      if (count > PLAUSIBLE.tensors) throw new LimitExceeded(limit, count);
    for (let i = 0; i < pairCount; i++) yield* this.pair();
    file.tensors = new TensorTable(Math.min(tensorCount, Math.floor(feed.left / 20)));
    while (file.tensors.count < tensorCount) yield* this.entries(tensorCount);
    file.headerEnd = feed.offset;
  }

  /** Entries in one synchronous go, as long as a whole one is surely at hand. */
  private *entries(count: number): Work<void> {
    const { feed, file, wide, little } = this;
    if (feed.cursor.left < ENTRY_BYTES) yield* feed.want(Math.min(feed.left, ENTRY_BYTES));
    const { cursor } = feed;
    const enough = feed.left === cursor.left ? 0 : ENTRY_BYTES;
    do file.tensors.readEntry(cursor, wide, little);
    while (file.tensors.count < count && cursor.left >= enough);
  }

  /** A count of things of at least `least` bytes each. An absurd one overflows old loaders; one merely too large means a file cut short. */
  private *count(what: string, least: number, plausible: number): Work<number> {
    const at = this.feed.offset;
    const value = yield* this.size();
    if (value * least <= this.feed.left) return value;
    if (value > plausible) throw new Hostile(at, `it declares ${value} ${what}, more than its bytes can hold`);
    throw cutShort(at, this.feed.left, value * least);
  }

  /** u64, or u32 in version 1. */
  private *size(): Work<number> {
    yield* this.feed.want(this.wide ? 8 : 4);
    return this.wide ? wholeNumber(this.feed.cursor, this.little) : this.feed.cursor.u32(this.little);
  }

  private *length(what: string): Work<number> {
    const at = this.feed.offset;
    const value = yield* this.size();
    if (value <= this.feed.left) return value;
    if (value > PLAUSIBLE.bytes) throw new Hostile(at, `${what} declares ${value} bytes, more than are left`);
    throw cutShort(at, this.feed.left, value);
  }

  /** A text, of which the first `most` bytes are kept. */
  private *text(what: string, most: number): Work<string> {
    const length = yield* this.length(what);
    const kept = Math.min(length, most);
    yield* this.feed.want(kept);
    const text = this.decoder.decode(this.feed.cursor.raw(kept));
    this.feed.skip(length - kept);
    return text;
  }

  private *template(key: string): Work<void> {
    const offset = this.feed.offset;
    this.file.templates.push({ key, value: yield* this.text(key, LONGEST_TEMPLATE + 1), offset });
  }

  private *pair(): Work<void> {
    const { feed, file } = this;
    const key = yield* this.text("a metadata key", LONGEST_NAME);
    if (file.metadata.has(key)) file.duplicates.push(key);
    yield* feed.want(4);
    const at = feed.offset;
    const type = feed.cursor.u32(this.little);
    if (type === ValueType.STRING && key.startsWith(TEMPLATE)) {
      file.metadata.set(key, "");
      yield* this.template(key);
    } else if (type === ValueType.STRING) file.metadata.set(key, yield* this.text(key, key.startsWith("general.") ? KEPT : 0));
    else if (type === ValueType.ARRAY) file.metadata.set(key, yield* this.array(key));
    else file.metadata.set(key, yield* this.scalar(type, at));
  }

  private *scalar(type: number, at: number): Work<number | bigint> {
    const bytes = VALUE_BYTES[type];
    if (bytes === undefined) throw new Hostile(at, `a metadata value has the unknown type ${type}`, type > WILD_TYPE);
    const { feed, little } = this;
    yield* feed.want(bytes);
    const { cursor } = feed;
    if (type === 12) return cursor.f64(little);
    if (type === 6) return new DataView(cursor.raw(4).slice().buffer).getFloat32(0, little);
    if (bytes === 8) return cursor.u64(little);
    return bytes === 1 ? cursor.u8() : bytes === 2 ? cursor.u16(little) : cursor.u32(little);
  }

  /** Arrays are walked, not kept: a vocabulary has 150,000 texts that say nothing about safety. */
  private *array(key: string): Work<{ array: number; length: number }> {
    const { feed } = this;
    const open = [yield* this.opened(key, 0)];
    const [outermost] = open as [{ type: number; left: number }];
    const whole = { array: outermost.type, length: outermost.left };
    for (let level = open.at(-1); level; level = open.at(-1)) {
      const width = VALUE_BYTES[level.type];
      if (level.left === 0) open.pop();
      else if (width !== undefined) {
        feed.skip(level.left * width);
        level.left = 0;
      } else if (level.type === ValueType.STRING && !key.startsWith(TEMPLATE)) yield* this.skipTexts(level, key);
      else {
        level.left--;
        if (level.type === ValueType.STRING) yield* this.template(key);
        else open.push(yield* this.opened(key, open.length));
      }
    }
    return whole;
  }

  /** The head of an array: the type of its items, and how many there are. */
  private *opened(key: string, depth: number): Work<{ type: number; left: number }> {
    const at = this.feed.offset;
    yield* this.feed.want(4);
    const type = this.feed.cursor.u32(this.little);
    const nested = type === ValueType.ARRAY;
    const width = VALUE_BYTES[type] ?? (type === ValueType.STRING || nested ? (this.wide ? 8 : 4) : undefined);
    if (width === undefined) throw new Hostile(at, `the array ${key} has the unknown type ${type}`, type > WILD_TYPE);
    if (depth === ARRAY_DEPTH) throw new Hostile(at, `the array ${key} is nested more than ${ARRAY_DEPTH} deep`);
    return { type, left: yield* this.count(`items in ${key}`, width + (nested ? 4 : 0), PLAUSIBLE.items) };
  }

  /** Skips texts; the inner loop stays synchronous as long as whole texts are at hand. */
  private *skipTexts(level: { left: number }, key: string): Work<void> {
    const { wide, little } = this;
    while (level.left > 0) {
      const { cursor } = this.feed;
      while (level.left > 0 && cursor.left >= 8) {
        const at = cursor.position;
        const length = wide ? wholeNumber(cursor, little) : cursor.u32(little);
        if (length > cursor.left) {
          cursor.position = at;
          break;
        }
        cursor.skip(length);
        level.left--;
      }
      if (level.left === 0) return;
      const length = yield* this.length(`a text of ${key}`);
      this.feed.skip(length);
      level.left--;
    }
  }
}

function cutShort(offset: number, left: number, wanted: number): Malformed {
  return new Malformed(offset, `${wanted} bytes`, `${left} bytes left`);
}
