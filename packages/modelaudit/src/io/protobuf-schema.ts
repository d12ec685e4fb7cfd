import type { Range } from "./waiting.js";

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

/** Whether a field of this wire type can be of this kind. */
export function fits(kind: Kind<unknown>, wire: number): boolean {
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

/** A decoded message while it is made. */
export type Message = Record<string, unknown>;

/** One field of a schema. */
export interface Entry {
  name: string;
  kind: Kind<unknown>;
  /** Of the message inside, once it was met: schemas may contain themselves. */
  plan?: Plan;
}

/** A schema made ready: its fields by number, and what a message without any field looks like. */
export interface Plan {
  fields: Map<number, Entry>;
  blank: Message;
}

const PLANS = new WeakMap<Schema, Plan>();
/** Stands for every list until its first item: most lists of most messages stay empty. */
const NO_ITEMS: readonly unknown[] = Object.freeze([]);
const ABSENT: Readonly<Record<Kind<unknown>["type"], unknown>> = {
  ...{ int: 0, text: "", bytes: undefined, message: undefined, skipped: undefined },
  ...{ ints: NO_ITEMS, texts: NO_ITEMS, parts: NO_ITEMS, messages: NO_ITEMS },
};
/** Kinds whose value is in the field's bytes, not in its header or its place. */
export const READS: Readonly<Partial<Record<Kind<unknown>["type"], true>>> = { ints: true, text: true, texts: true };

export function planOf(schema: Schema): Plan {
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

export function planIn(entry: Entry): Plan {
  entry.plan ??= planOf(entry.kind.schema());
  return entry.plan;
}

export function listIn(values: Message, name: string): unknown[] {
  if (values[name] === NO_ITEMS) values[name] = [];
  return values[name] as unknown[];
}
