import { LimitExceeded, Malformed } from "../engine/errors.js";
import { MAX_HEADER, type WireField, varint, wireField } from "./protobuf-wire.js";
import { type Decoded, type Entry, type Message, type Plan, READS, type Schema, fits, listIn, planIn, planOf } from "./protobuf-schema.js";
import type { Reader } from "./reader.js";
import { type Range, type Waiting, fetch } from "./waiting.js";

export { type Decoded, type Kind, type Schema, bytes, int, ints, message, messages, parts, skipped, text, texts } from "./protobuf-schema.js";

/**
 * Reads protobuf messages in place. Only headers and the fields a schema asks for are fetched; everything else, tensor
 * data above all, is skipped by arithmetic, so a model of many gigabytes costs its structure.
 *
 * A schema is plain data made with {@link int}, {@link text}, {@link message}...; it also gives the result's type.
 */
export class Protobuf {
  readonly reader: Reader;
  /** Length-delimited fields that no schema names: what a newer writer added, or what somebody hid. At most 1,000. */
  readonly unexplained: Unexplained[] = [];
  private fields = 0;
  private readonly limit: number;

  constructor(reader: Reader, options: { fields?: number } = {}) {
    this.reader = reader;
    this.limit = options.fields ?? MAX_FIELDS;
  }

  /**
   * The fields of the message in `range`, in order, each handed to `visit`, which gives work to do for it, or `false`
   * when it does not know the field.
   */
  *visit<Y>(range: Range, visit: (field: WireField) => Generator<Y, void, unknown> | boolean): Generator<Y | Promise<unknown>, void, unknown> {
    const cursor: Loaded = { bytes: NOTHING, base: 0 };
    for (let at = range.start; at < range.end; ) {
      const field = yield* this.field(cursor, at, range.end);
      const work = visit(field);
      if (work === false) this.leave(field);
      else if (work !== true) yield* work;
      at = field.wire === 3 ? yield* this.groupEnd(cursor, field, range.end) : field.end;
    }
  }

  /** The message in `range` as a plain object. Throws `Malformed` and, past the caps, `LimitExceeded`. */
  *decode<S extends Schema>(range: Range, schema: S): Waiting<Decoded<S>> {
    return (yield* this.message(range, planOf(schema), undefined, 0)) as Decoded<S>;
  }

  /** Text of a range, cut at 64 KiB; bytes that are no UTF-8 show as U+FFFD. */
  *text(range: Range): Waiting<string> {
    return utf8.decode(yield* fetch(this.reader, range.start, Math.min(range.end - range.start, MAX_TEXT)));
  }

  /** A small message is fetched whole and decoded without waiting; of a large one, only what its schema asks for. */
  private *message(range: Range, plan: Plan, before: Message | undefined, depth: number): Waiting<Message> {
    if (range.end - range.start <= WHOLE) return this.loadedMessage(range, plan, before, yield* this.load(range), depth);
    if (depth > MAX_DEPTH) throw new LimitExceeded("protobufDepth", depth);
    const target = before ?? { ...plan.blank };
    const cursor: Loaded = { bytes: NOTHING, base: 0 };
    for (let at = range.start; at < range.end; ) {
      const field = yield* this.field(cursor, at, range.end);
      at = field.wire === 3 ? yield* this.groupEnd(cursor, field, range.end) : field.end;
      const entry = plan.fields.get(field.number);
      if (!entry || !fits(entry.kind, field.wire)) this.leave(field);
      else if (entry.kind.type === "message")
        target[entry.name] = yield* this.message(field, planIn(entry), target[entry.name] as Message, depth + 1);
      else if (entry.kind.type === "messages") listIn(target, entry.name).push(yield* this.message(field, planIn(entry), undefined, depth + 1));
      else this.take(target, entry, field, READS[entry.kind.type] ? yield* this.load(this.clip(entry, field)) : cursor, depth);
    }
    return target;
  }

  private loadedMessage(range: Range, plan: Plan, before: Message | undefined, loaded: Loaded, depth: number): Message {
    if (depth > MAX_DEPTH) throw new LimitExceeded("protobufDepth", depth);
    const target = before ?? { ...plan.blank };
    for (let at = range.start; at < range.end; ) {
      if (++this.fields > this.limit) throw new LimitExceeded("protobufFields", this.fields);
      const field = valueField(loaded, at, range.end);
      at = field.wire === 3 ? atOnce(this.groupEnd(loaded, field, range.end)) : field.end;
      const entry = plan.fields.get(field.number);
      // A known number with another wire type is unknown to every reader: it is skipped, not an error.
      if (!entry || !fits(entry.kind, field.wire)) this.leave(field);
      else this.take(target, entry, field, loaded, depth);
    }
    return target;
  }

  /** Puts one field into its message; all bytes that it needs are loaded. */
  private take(target: Message, entry: Entry, field: WireField, loaded: Loaded, depth: number): void {
    const { name, kind } = entry;
    switch (kind.type) {
      case "skipped":
        return;
      case "int":
        target[name] = field.value;
        return;
      case "ints":
        takeInts(field, loaded, listIn(target, name) as number[]);
        return;
      case "text":
        target[name] = textIn(field, loaded);
        return;
      case "texts":
        listIn(target, name).push(textIn(field, loaded));
        return;
      case "bytes":
        target[name] = { start: field.start, end: field.end };
        return;
      case "parts":
        listIn(target, name).push({ start: field.start, end: field.end });
        return;
      case "message":
        // Seen twice, a singular message is merged by every loader: "first wins" would miss what the second adds.
        target[name] = this.loadedMessage(field, planIn(entry), target[name] as Message | undefined, loaded, depth + 1);
        return;
      case "messages":
        listIn(target, name).push(this.loadedMessage(field, planIn(entry), undefined, loaded, depth + 1));
        return;
    }
  }

  /** The part of a field that is read: text only up to its limit; numbers whole, and no more of them than are dimensions. */
  private clip({ kind }: Entry, field: WireField): Range {
    const length = field.end - field.start;
    if (kind.type !== "ints") return { start: field.start, end: field.start + Math.min(length, MAX_TEXT) };
    if (length > MAX_PACKED) throw new LimitExceeded("protobufPacked", length);
    return field;
  }

  private *field(loaded: Loaded, at: number, end: number): Waiting<WireField> {
    if (++this.fields > this.limit) throw new LimitExceeded("protobufFields", this.fields);
    const headerEnd = Math.min(at + MAX_HEADER, end);
    if (!covers(loaded, { start: at, end: headerEnd })) {
      loaded.bytes = yield* fetch(this.reader, at, headerEnd - at);
      loaded.base = at;
    }
    return valueField(loaded, at, end);
  }

  /** Groups are obsolete and no model schema has one, but readers skip them: gives the offset behind. */
  private *groupEnd(loaded: Loaded, group: WireField, end: number): Waiting<number> {
    const open = [group.number];
    let at = group.start;
    while (open.length) {
      if (++this.fields > this.limit) throw new LimitExceeded("protobufFields", this.fields);
      if (open.length > MAX_DEPTH) throw new LimitExceeded("protobufDepth", open.length);
      const headerEnd = Math.min(at + MAX_HEADER, end);
      if (at >= end) throw new Malformed(at, "the end of a group", "the end of the message");
      const bytes = covers(loaded, { start: at, end: headerEnd }) ? loaded.bytes : yield* fetch(this.reader, at, headerEnd - at);
      const field = wireField(bytes, bytes === loaded.bytes ? loaded.base : at, at, end);
      at = field.end;
      if (field.wire === 3) open.push(field.number);
      if (field.wire === 4 && open.pop() !== field.number)
        throw new Malformed(field.tag, "the end of the innermost group", `of group ${field.number}`);
    }
    this.leave({ ...group, end: at });
    return at;
  }

  private *load(range: Range): Waiting<Loaded> {
    return { bytes: yield* fetch(this.reader, range.start, range.end - range.start), base: range.start };
  }

  private leave(field: WireField): void {
    if (field.wire < 2 || field.wire > 3 || this.unexplained.length >= MAX_UNEXPLAINED) return;
    if (field.end > field.start) this.unexplained.push({ number: field.number, start: field.start, end: field.end });
  }
}

/** The largest real graphs (200,000 nodes with attributes) hold about this many; a file of nothing but empty fields holds more. */
const MAX_FIELDS = 5_000_000;
/** The protobuf libraries refuse messages nested deeper than 100. */
const MAX_DEPTH = 100;
/** Messages up to a disk block are fetched whole: one read in place of one per field. */
const WHOLE = 4096;
/** Names and settings are short; longer text is cut, not refused. */
const MAX_TEXT = 64 * 1024;
/** Dimensions and the like; numbers that are tensor data are skipped, not read. */
const MAX_PACKED = 1024 * 1024;
/** More unknown fields than a newer writer could add; only so many are worth a look. */
const MAX_UNEXPLAINED = 1000;

const NOTHING = new Uint8Array(0);
const utf8 = new TextDecoder();

/** A field that no schema names. */
export interface Unexplained extends Range {
  number: number;
}

interface Loaded {
  bytes: Uint8Array;
  base: number;
}

function covers(loaded: Loaded, range: Range): boolean {
  return range.start >= loaded.base && range.end <= loaded.base + loaded.bytes.length;
}

function valueField(loaded: Loaded, at: number, end: number): WireField {
  const field = wireField(loaded.bytes, loaded.base, at, end);
  if (field.wire === 4) throw new Malformed(at, "a field", "the end of a group that never began");
  return field;
}

function textIn(range: Range, { bytes, base }: Loaded): string {
  return utf8.decode(bytes.subarray(range.start - base, Math.min(range.end, range.start + MAX_TEXT) - base));
}

function takeInts(field: WireField, { bytes, base }: Loaded, values: number[]): void {
  if (field.wire === 0) {
    values.push(field.value);
    return;
  }
  for (let at = field.start; at < field.end; ) {
    const { value, end } = varint(bytes, base, at, field.end);
    values.push(value);
    at = end;
  }
}

/** The result of work that has all its bytes. */
function atOnce<T>(work: Waiting<T>): T {
  const step = work.next();
  if (!step.done) throw new Error("work on loaded bytes had to wait");
  return step.value;
}
