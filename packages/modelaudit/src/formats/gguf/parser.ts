import { Feed } from "../../engine/feed.js";
import { type Work, read } from "../../engine/work.js";
import type { Cursor } from "../../io/cursor.js";
import type { Reader } from "../../io/reader.js";
import { VALUE_BYTES, ValueType } from "./types.js";

/** Text values kept up to this length; templates are below, and vocabularies are arrays, which are not kept. */
const KEPT = 1024 * 1024;
/** Arrays inside arrays: the specification allows them, no writer makes them deeper than one. */
const ARRAY_DEPTH = 8;
/** The reference reader's own caps on one file's entries; far above any model. */
const MOST_DIMENSIONS = 4;

/** Names are below 64 bytes by specification; readers accept more. */
const LONGEST_NAME = 64 * 1024;
/** The longest entry: name, sides, type and offset. */
const ENTRY_BYTES = LONGEST_NAME + 128;

/** What makes a file unreadable for its loader: an overflow in old loaders, so worse than damage. */
export class Hostile extends Error {
  override readonly name = "Hostile";
  readonly offset: number;
  constructor(offset: number, problem: string) {
    super(problem);
    this.offset = offset;
  }
}

export interface TensorInfo {
  name: string;
  /** Inexact above 2^53. */
  dimensions: number[];
  type: number;
  /** Relative to the start of the data; inexact above 2^53. */
  offset: number;
  /** Where this entry stands in the file. */
  at: number;
}

export interface Gguf {
  version: number;
  littleEndian: boolean;
  /** Scalars and texts; arrays as `{ array: type id, length }`. */
  metadata: Map<string, string | number | bigint | { array: number; length: number }>;
  /** Texts of arrays of texts under keys that hold templates. */
  texts: { key: string; value: string; offset: number }[];
  duplicates: string[];
  tensors: TensorInfo[];
  /** End of the last tensor entry. */
  headerEnd: number;
}

/**
 * Layout: `GGUF`, u32 version (1 has 32-bit counts), u64 tensors, u64 pairs, the pairs, the tensor entries, then padding
 * to `general.alignment` and the data. https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 * Throws {@link Hostile} for counts the file cannot hold, `Malformed` where the bytes end.
 */
export function* readGguf(reader: Reader): Work<Gguf> {
  const start = yield* read(reader, 0, 8);
  const littleEndian = new DataView(start.buffer, start.byteOffset, 8).getUint16(4, true) !== 0;
  const walker = new Walker(reader, littleEndian);
  return yield* walker.read();
}

class Walker {
  private readonly feed: Feed;
  private readonly little: boolean;
  private readonly decoder = new TextDecoder();
  private version = 0;

  constructor(reader: Reader, littleEndian: boolean) {
    this.feed = new Feed(reader, 4);
    this.little = littleEndian;
  }

  *read(): Work<Gguf> {
    const { feed, little } = this;
    yield* feed.want(4);
    this.version = feed.cursor.u32(little);
    const tensorCount = yield* this.count("tensors", 24);
    const pairCount = yield* this.count("metadata pairs", 13);
    const file: Gguf = { version: this.version, littleEndian: little, metadata: new Map(), texts: [], duplicates: [], tensors: [], headerEnd: 0 };
    for (let i = 0; i < pairCount; i++) yield* this.pair(file);
    const names = new Set<string>();
    for (let i = 0; i < tensorCount; i++) {
      const tensor = yield* this.tensor();
      if (names.has(tensor.name)) file.duplicates.push(`tensor ${tensor.name}`);
      names.add(tensor.name);
      file.tensors.push(tensor);
    }
    file.headerEnd = feed.offset;
    return file;
  }

  /** A count of things of at least `least` bytes each; more than the file can hold overflows old loaders. */
  private *count(what: string, least: number): Work<number> {
    const at = this.feed.offset;
    const value = yield* this.size();
    if (value * BigInt(least) > BigInt(this.feed.left)) throw new Hostile(at, `it declares ${value} ${what}, more than its bytes can hold`);
    return Number(value);
  }

  /** u64, or u32 in version 1. */
  private *size(): Work<bigint> {
    const wide = this.version !== 1;
    yield* this.feed.want(wide ? 8 : 4);
    return wide ? this.feed.cursor.u64(this.little) : BigInt(this.feed.cursor.u32(this.little));
  }

  private *length(what: string): Work<number> {
    const at = this.feed.offset;
    const value = yield* this.size();
    if (value > BigInt(this.feed.left)) throw new Hostile(at, `${what} declares ${value} bytes, more than are left`);
    return Number(value);
  }

  private *text(what: string): Work<string> {
    const length = yield* this.length(what);
    const kept = Math.min(length, KEPT);
    yield* this.feed.want(kept);
    const text = new TextDecoder().decode(this.feed.cursor.raw(kept));
    this.feed.skip(length - kept);
    return text;
  }

  private *pair(file: Gguf): Work<void> {
    const { feed } = this;
    const key = yield* this.text("a metadata key");
    if (file.metadata.has(key)) file.duplicates.push(`key ${key}`);
    yield* feed.want(4);
    const at = feed.offset;
    const type = feed.cursor.u32(this.little);
    if (type === ValueType.STRING) {
      const offset = feed.offset;
      const value = yield* this.text(`the value of ${key}`);
      file.metadata.set(key, value);
      file.texts.push({ key, value, offset });
    } else if (type === ValueType.ARRAY) file.metadata.set(key, yield* this.array(key, file));
    else file.metadata.set(key, yield* this.scalar(type, at));
  }

  private *scalar(type: number, at: number): Work<number | bigint> {
    const bytes = VALUE_BYTES[type];
    if (bytes === undefined) throw new Hostile(at, `a metadata value has the unknown type ${type}`);
    const { feed, little } = this;
    yield* feed.want(bytes);
    const { cursor } = feed;
    if (type === 12) return cursor.f64(little);
    if (type === 6) return new DataView(cursor.raw(4).slice().buffer).getFloat32(0, little);
    if (bytes === 8) return cursor.u64(little);
    return bytes === 1 ? cursor.u8() : bytes === 2 ? cursor.u16(little) : cursor.u32(little);
  }

  /** Arrays are walked, not kept: a vocabulary has 150,000 texts that say nothing about safety. */
  private *array(key: string, file: Gguf): Work<{ array: number; length: number }> {
    const { feed } = this;
    let outermost: { array: number; length: number } | undefined;
    const open: { type: number; left: number }[] = [];
    const begin = function* (this: Walker) {
      const at = feed.offset;
      yield* feed.want(4);
      const type = feed.cursor.u32(this.little);
      const width = VALUE_BYTES[type] ?? (type === ValueType.STRING || type === ValueType.ARRAY ? (this.version === 1 ? 4 : 8) : undefined);
      if (width === undefined) throw new Hostile(at, `the array ${key} has the unknown type ${type}`);
      if (open.length === ARRAY_DEPTH) throw new Hostile(at, `the array ${key} is nested more than ${ARRAY_DEPTH} deep`);
      const left = yield* this.count(`items in ${key}`, width);
      outermost ??= { array: type, length: left };
      open.push({ type, left });
    }.bind(this);
    yield* begin();
    for (let level = open.at(-1); level; level = open.at(-1)) {
      const width = VALUE_BYTES[level.type];
      if (level.left === 0) open.pop();
      else if (width !== undefined) {
        feed.skip(level.left * width);
        level.left = 0;
      } else if (level.type === ValueType.ARRAY) {
        level.left--;
        yield* begin();
      } else if (key.startsWith("tokenizer.chat_template")) {
        level.left--;
        const offset = feed.offset;
        file.texts.push({ key, value: yield* this.text(key), offset });
      } else yield* this.skipTexts(level, key);
    }
    return outermost as { array: number; length: number };
  }

  /** Skips texts; the inner loop stays synchronous as long as whole texts are at hand. */
  private *skipTexts(level: { left: number }, key: string): Work<void> {
    const width = this.version === 1 ? 4 : 8;
    while (level.left > 0) {
      const { cursor } = this.feed;
      while (level.left > 0 && cursor.left >= width) {
        const at = cursor.position;
        const length = width === 8 ? wholeNumber(cursor, this.little) : cursor.u32(this.little);
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

  /** One entry, decoded in one go: its bytes are made available first, so that 100,000 entries cost no waiting. */
  private *tensor(): Work<TensorInfo> {
    const { feed, little } = this;
    if (feed.cursor.left < ENTRY_BYTES) yield* feed.want(Math.min(feed.left, ENTRY_BYTES));
    const { cursor } = feed;
    const at = cursor.offset;
    const wide = this.version !== 1;
    const nameLength = wide ? wholeNumber(cursor, little) : cursor.u32(little);
    if (nameLength > LONGEST_NAME) throw new Hostile(at, `a tensor name declares ${nameLength} bytes`);
    const name = this.decoder.decode(cursor.raw(nameLength));
    const count = cursor.u32(little);
    if (count > MOST_DIMENSIONS) {
      throw new Hostile(cursor.offset - 4, `the tensor ${name} declares ${count} dimensions; loaders keep room for ${MOST_DIMENSIONS}`);
    }
    const dimensions: number[] = [];
    for (let i = 0; i < count; i++) dimensions.push(wide ? wholeNumber(cursor, little) : cursor.u32(little));
    return { name, dimensions, type: cursor.u32(little), offset: wholeNumber(cursor, little), at };
  }
}

/** An unsigned 64-bit number. Above 2^53 it is no longer exact, which is far beyond any file and judged as such. */
function wholeNumber(cursor: Cursor, littleEndian: boolean): number {
  const first = cursor.u32(littleEndian);
  const second = cursor.u32(littleEndian);
  return littleEndian ? second * 2 ** 32 + first : first * 2 ** 32 + second;
}
