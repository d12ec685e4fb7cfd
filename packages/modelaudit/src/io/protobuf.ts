import { LimitExceeded, Malformed } from "../engine/errors.js";
import { MAX_HEADER, type WireField, varint, wireField } from "./protobuf-wire.js";
import type { Reader } from "./reader.js";
import { type Range, type Waiting, fetch } from "./waiting.js";

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
    return yield* this.into(range, schema, blank(schema), { bytes: NOTHING, base: 0 }, 0);
  }

  private *into<S extends Schema>(range: Range, schema: S, target: Decoded<S>, outer: Loaded, depth: number): Waiting<Decoded<S>> {
    if (depth > MAX_DEPTH) throw new LimitExceeded("protobufDepth", depth);
    const loaded = covers(outer, range) ? outer : range.end - range.start <= WHOLE ? yield* this.load(range) : { bytes: NOTHING, base: 0 };
    const values = target as Record<string, unknown>;
    const known = planOf(schema).fields;
    for (let at = range.start; at < range.end; ) {
      const field = yield* this.field(loaded, at, range.end);
      at = field.wire === 3 ? yield* this.groupEnd(loaded, field, range.end) : field.end;
      const entry = known.get(field.number);
      // A known number with another wire type is unknown to every reader: it is skipped, not an error.
      if (!entry || !fits(entry.kind, field.wire)) {
        this.leave(field);
        continue;
      }
      const { name, kind } = entry;
      switch (kind.type) {
        case "skipped":
          break;
        case "int":
          values[name] = field.value;
          break;
        case "ints":
          yield* this.ints(field, loaded, listIn(values, name) as number[]);
          break;
        case "text":
          values[name] = yield* this.textIn(field, loaded);
          break;
        case "texts":
          listIn(values, name).push(yield* this.textIn(field, loaded));
          break;
        case "bytes":
          values[name] = { start: field.start, end: field.end };
          break;
        case "parts":
          listIn(values, name).push({ start: field.start, end: field.end });
          break;
        case "message": {
          // Seen twice, a singular message is merged by every loader: "first wins" would miss what the second adds.
          const inner = kind.schema();
          const before = values[name] as Decoded<Schema> | undefined;
          values[name] = yield* this.into(field, inner, before ?? blank(inner), loaded, depth + 1);
          break;
        }
        case "messages": {
          const inner = kind.schema();
          listIn(values, name).push(yield* this.into(field, inner, blank(inner), loaded, depth + 1));
          break;
        }
      }
    }
    return target;
  }

  /** Text of a range, cut at 64 KiB; bytes that are no UTF-8 show as U+FFFD. */
  *text(range: Range): Waiting<string> {
    return utf8.decode(yield* fetch(this.reader, range.start, Math.min(range.end - range.start, MAX_TEXT)));
  }

  private *textIn(range: Range, loaded: Loaded): Waiting<string> {
    const length = range.end - range.start;
    if (covers(loaded, range) && length <= MAX_TEXT) return utf8.decode(loaded.bytes.subarray(range.start - loaded.base, range.end - loaded.base));
    return yield* this.text(range);
  }

  private *ints(field: WireField, loaded: Loaded, values: number[]): Waiting<void> {
    if (field.wire === 0) {
      values.push(field.value);
      return;
    }
    if (field.end - field.start > MAX_PACKED) throw new LimitExceeded("protobufPacked", field.end - field.start);
    const { bytes, base } = covers(loaded, field) ? loaded : yield* this.load(field);
    for (let at = field.start; at < field.end; ) {
      const { value, end } = varint(bytes, base, at, field.end);
      values.push(value);
      at = end;
    }
  }

  private *field(loaded: Loaded, at: number, end: number): Waiting<WireField> {
    if (++this.fields > this.limit) throw new LimitExceeded("protobufFields", this.fields);
    const headerEnd = Math.min(at + MAX_HEADER, end);
    if (!covers(loaded, { start: at, end: headerEnd })) {
      loaded.bytes = yield* fetch(this.reader, at, headerEnd - at);
      loaded.base = at;
    }
    const field = wireField(loaded.bytes, loaded.base, at, end);
    if (field.wire === 4) throw new Malformed(at, "a field", "the end of a group that never began");
    return field;
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

/** What a schema says of one field. `T` is the type of its value. */
export interface Kind<T> {
  number: number;
  type: "int" | "ints" | "text" | "texts" | "bytes" | "parts" | "message" | "messages" | "skipped";
  schema: () => Schema;
  /** Only for the type checker. */
  value?: T;
}

export type Schema = { readonly [name: string]: Kind<unknown> };
/** Lists may be shared while empty: read them, never write to them. */
export type Decoded<S extends Schema> = { [K in keyof S]: S[K] extends Kind<infer T> ? T : never };

const none = (): Schema => ({});
/** An integer, enum or flag: the last one wins; 0 when absent. */
export const int = (number: number): Kind<number> => ({ number, type: "int", schema: none });
/** Repeated integers, packed or not. */
export const ints = (number: number): Kind<number[]> => ({ number, type: "ints", schema: none });
/** Text, cut at 64 KiB; empty when absent. */
export const text = (number: number): Kind<string> => ({ number, type: "text", schema: none });
export const texts = (number: number): Kind<string[]> => ({ number, type: "texts", schema: none });
/** Where a field's bytes are, without reading them. */
export const bytes = (number: number): Kind<Range | undefined> => ({ number, type: "bytes", schema: none });
/** Where the bytes of each occurrence are: for messages that are walked by themselves later. */
export const parts = (number: number): Kind<Range[]> => ({ number, type: "parts", schema: none });
/** A message; the schema comes in a function so that schemas may contain themselves. */
export const message = <S extends Schema>(number: number, schema: () => S): Kind<Decoded<S> | undefined> => ({ number, type: "message", schema });
export const messages = <S extends Schema>(number: number, schema: () => S): Kind<Decoded<S>[]> => ({ number, type: "messages", schema });
/** A field that belongs to the format but says nothing of safety. */
export const skipped = (number: number): Kind<undefined> => ({ number, type: "skipped", schema: none });

function fits(kind: Kind<unknown>, wire: number): boolean {
  switch (kind.type) {
    case "skipped":
      return true;
    case "int":
      return wire === 0;
    case "ints":
      return wire === 0 || wire === 2;
    default:
      return wire === 2;
  }
}

/** A schema made ready: its fields by number, and what a message without any field looks like. */
interface Plan {
  fields: Map<number, { name: string; kind: Kind<unknown> }>;
  blank: Record<string, unknown>;
}

const PLANS = new WeakMap<Schema, Plan>();
/** Stands for every list until its first item: most lists of most messages stay empty. */
const NO_ITEMS: readonly unknown[] = Object.freeze([]);
const ABSENT: Readonly<Record<Kind<unknown>["type"], unknown>> = {
  ...{ int: 0, text: "", bytes: undefined, message: undefined, skipped: undefined },
  ...{ ints: NO_ITEMS, texts: NO_ITEMS, parts: NO_ITEMS, messages: NO_ITEMS },
};

function planOf(schema: Schema): Plan {
  let plan = PLANS.get(schema);
  if (!plan) {
    plan = { fields: new Map(), blank: {} };
    for (const [name, kind] of Object.entries(schema)) {
      plan.fields.set(kind.number, { name, kind });
      if (kind.type !== "skipped") plan.blank[name] = ABSENT[kind.type];
    }
    PLANS.set(schema, plan);
  }
  return plan;
}

function blank<S extends Schema>(schema: S): Decoded<S> {
  return { ...planOf(schema).blank } as Decoded<S>;
}

function listIn(values: Record<string, unknown>, name: string): unknown[] {
  if (values[name] === NO_ITEMS) values[name] = [];
  return values[name] as unknown[];
}
