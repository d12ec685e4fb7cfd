import { Malformed } from "../engine/errors.js";
import type { Reader } from "./reader.js";
import { type Range, type Waiting, fetch } from "./waiting.js";

/**
 * The protobuf wire format, one field at a time: a varint tag (field number x 8 + wire type), then the value.
 * Wire types: 0 varint, 1 eight bytes, 2 length and bytes, 3 and 4 begin and end of a group, 5 four bytes.
 * https://protobuf.dev/programming-guides/encoding/
 */
export interface WireField {
  number: number;
  wire: number;
  /** Offset of the tag. */
  tag: number;
  /** The value's bytes; for a group, what is between its two tags. */
  start: number;
  end: number;
  /** Wire type 0 only: the value as a signed 64-bit integer, rounded above 2^53. */
  value: number;
}

/** Ten bytes are the longest varint; a field's header is two of them. */
export const MAX_HEADER = 20;

/**
 * The field whose tag stands at `position`, seen through `bytes`, which begin at `base` and hold the whole header.
 * `end` is where the surrounding message ends. Throws `Malformed` for what no protobuf reader takes. The end of a
 * group (wire 3) is not known here: its `end` equals `start`.
 */
export function wireField(bytes: Uint8Array, base: number, position: number, end: number): WireField {
  const tag = varint(bytes, base, position, end);
  const number = Math.floor(tag.value / 8);
  const wire = tag.value % 8;
  if (number < 1 || number > MAX_FIELD_NUMBER) throw new Malformed(position, "a field number of 1 to 2^29-1", String(number));
  const start = tag.end;
  switch (wire) {
    case 0: {
      const { value, end: after } = varint(bytes, base, start, end);
      return { number, wire, tag: position, start, end: after, value };
    }
    case 1:
    case 5: {
      const after = start + (wire === 1 ? 8 : 4);
      if (after > end) throw new Malformed(start, `${after - start} bytes`, `${end - start} bytes left`);
      return { number, wire, tag: position, start, end: after, value: 0 };
    }
    case 2: {
      const length = varint(bytes, base, start, end);
      if (length.value < 0 || length.value > end - length.end) {
        throw new Malformed(start, `a length of at most ${end - length.end}`, String(length.value));
      }
      return { number, wire, tag: position, start: length.end, end: length.end + length.value, value: 0 };
    }
    case 3:
    case 4:
      return { number, wire, tag: position, start, end: start, value: 0 };
    default:
      throw new Malformed(position, "wire type 0 to 5", String(wire));
  }
}

const MAX_FIELD_NUMBER = 2 ** 29 - 1;

/** A varint as a signed 64-bit number (rounded above 2^53), and the offset behind it. */
export function varint(bytes: Uint8Array, base: number, position: number, end: number): { value: number; end: number } {
  let low = 0;
  let scale = 1;
  const stop = Math.min(end, position + 10, base + bytes.length);
  for (let at = position; at < stop; at++) {
    const byte = bytes[at - base] as number;
    // Nine bytes hold 63 bits, more than a number keeps exactly: the slow way from there.
    if (at - position === 7) return longVarint(bytes, base, position, stop);
    low += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value: low, end: at + 1 };
    scale *= 128;
  }
  throw new Malformed(position, "a varint of at most 10 bytes", stop < position + 10 ? "the end of the message" : "a longer one");
}

function longVarint(bytes: Uint8Array, base: number, position: number, stop: number): { value: number; end: number } {
  let value = 0n;
  for (let at = position; at < stop; at++) {
    const byte = bytes[at - base] as number;
    value |= BigInt(byte & 0x7f) << BigInt(7 * (at - position));
    if (byte < 0x80) return { value: Number(BigInt.asIntN(64, value)), end: at + 1 };
  }
  throw new Malformed(position, "a varint of at most 10 bytes", stop < position + 10 ? "the end of the message" : "a longer one");
}

/** What a message may hold, for telling formats apart: the wire types of each field number. */
export type Shape = Readonly<Record<number, readonly number[]>>;

/**
 * The fields at the beginning of a message, as far as `head` shows their headers, up to the first bytes that are no field
 * (something may be appended). The last one may be declared longer than `size`, the length of the whole message: a file
 * that was cut short. Empty when the bytes are no protobuf.
 */
export function leadingFields(head: Uint8Array, size: number): WireField[] {
  const fields: WireField[] = [];
  for (let at = 0; at < size && (at + MAX_HEADER <= head.length || head.length === size); ) {
    const field = tryField(head, 0, at);
    if (!field) break;
    fields.push(field);
    at = field.end;
  }
  return fields;
}

/** {@link leadingFields} of the message inside a field. */
export function fieldsInside(head: Uint8Array, field: WireField): WireField[] {
  return leadingFields(head.subarray(field.start), field.end - field.start);
}

/** Like {@link leadingFields} for a whole message, skipping from header to header; gives up after `most` fields. */
export function* topFields(reader: Reader, range: Range, most: number): Waiting<WireField[]> {
  const fields: WireField[] = [];
  for (let at = range.start; at < range.end && fields.length < most; ) {
    const field = tryField(yield* fetch(reader, at, Math.min(MAX_HEADER, range.end - at)), at, at);
    if (!field) break;
    fields.push(field);
    at = field.end;
  }
  return fields;
}

/** Fields of a file that the shape knows, whatever stands between them: readers skip the rest, groups included. Gives up after `most`. */
export function* knownFields(reader: Reader, shape: Shape, most: number): Waiting<WireField[]> {
  const fields: WireField[] = [];
  for (let at = 0, count = 0; at < reader.size && count < most; count++) {
    const header = yield* fetch(reader, at, Math.min(MAX_HEADER, reader.size - at));
    try {
      const field = wireField(header, at, at, Number.MAX_SAFE_INTEGER);
      if (shape[field.number]?.includes(field.wire)) fields.push(field);
      at = field.end;
    } catch {
      break;
    }
  }
  return fields;
}

function tryField(bytes: Uint8Array, base: number, at: number): WireField | undefined {
  // Field number 0 or a wire type that does not exist: most bytes that are no protobuf, told without an error made for it.
  const first = bytes[at - base] as number;
  const wire = first & 7;
  if (first < 8 || wire === 3 || wire === 4 || wire > 5) return undefined;
  try {
    return wireField(bytes, base, at, Number.MAX_SAFE_INTEGER);
  } catch {
    return undefined;
  }
}

/** The fields before the first that the shape does not know. */
export function fittingFields(fields: readonly WireField[], shape: Shape): WireField[] {
  const end = fields.findIndex((field) => !shape[field.number]?.includes(field.wire));
  return end < 0 ? [...fields] : fields.slice(0, end);
}

/** Whether every field is one that the shape knows. */
export function fitsShape(fields: readonly WireField[], shape: Shape): boolean {
  return fields.every((field) => shape[field.number]?.includes(field.wire));
}
