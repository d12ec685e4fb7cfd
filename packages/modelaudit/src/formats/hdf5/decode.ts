import { Malformed } from "../../engine/errors.js";
import { Cursor } from "../../io/cursor.js";
import { type Datatype, type Layout, type Link, type Message, MessageType, SHARED, type Widths } from "./types.js";

/** An attribute whose type and shape may stand elsewhere. */
export interface AttributeParts {
  name: string;
  datatype: Message;
  dataspace: Message;
  data: Uint8Array;
  offset: number;
}

/** More sides than the library allows (32). */
const MOST_SIDES = 32;

/** An unsigned number of `width` bytes; undefined for the all-ones address that means "nowhere". */
export function address(cursor: Cursor, width: number): number | undefined {
  const bytes = cursor.raw(width);
  if (bytes.every((byte) => byte === 0xff)) return undefined;
  let value = 0;
  for (let i = width - 1; i >= 0; i--) value = value * 256 + (bytes[i] as number);
  return value;
}

export function number(cursor: Cursor, width: number): number {
  return address(cursor, width) ?? Number.MAX_SAFE_INTEGER;
}

/** Text up to a NUL or the end of `bytes`. */
export function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** Dataspace: version, rank, flags, [type], then one length per side. */
export function decodeDataspace({ data, offset }: Message, widths: Widths): number[] | undefined {
  const cursor = new Cursor(data, offset);
  const version = cursor.u8();
  const rank = cursor.u8();
  cursor.u8();
  if (version === 1) cursor.skip(5);
  else if (version === 2) {
    if (cursor.u8() === 2) return undefined;
  } else throw new Malformed(offset, "a dataspace of version 1 or 2", `version ${version}`);
  if (rank > MOST_SIDES) throw new Malformed(offset, `at most ${MOST_SIDES} sides`, `${rank}`);
  return Array.from({ length: rank }, () => number(cursor, widths.length));
}

const CLASSES = "int float time string bits opaque compound reference enum variable array".split(" ");

function nameOf(type: number, size: number, bits: number): string {
  if (type === 0) return `${bits & 8 ? "" : "u"}int${8 * size}`;
  return type === 1 ? `float${8 * size}` : (CLASSES[type] ?? `class ${type}`);
}

/** Datatype: u8 class and version, 3 bytes of bits, u32 size. */
export function decodeDatatype({ data, offset }: Message): Datatype {
  const cursor = new Cursor(data, offset);
  const first = cursor.u8();
  const bits = cursor.u8();
  cursor.skip(2);
  const size = cursor.u32();
  const type = first & 15;
  return { class: type, size, name: nameOf(type, size, bits), padding: bits & 15, variableText: type === 9 && (bits & 15) === 1 };
}

/** Attribute: version, flags, sizes of name, datatype and dataspace, then those three and the data. Version 1 pads each to 8. */
export function decodeAttribute({ data, offset }: Message): AttributeParts {
  const cursor = new Cursor(data, offset);
  const version = cursor.u8();
  // Version 1 has a reserved byte in place of flags, and readers skip it.
  const flags = cursor.u8() & (version === 1 ? 0 : 3);
  if (version < 1 || version > 3) throw new Malformed(offset, "an attribute of version 1 to 3", `version ${version}`);
  const sizes = [cursor.u16(), cursor.u16(), cursor.u16()] as const;
  if (version === 3) cursor.u8();
  const part = (type: number, size: number, shared: number): Message => {
    const at = cursor.offset;
    const bytes = cursor.raw(version === 1 ? Math.min(cursor.left, Math.ceil(size / 8) * 8) : size).subarray(0, size);
    return { type, flags: shared ? SHARED : 0, offset: at, data: bytes };
  };
  const name = textOf(part(0, sizes[0], 0).data);
  const datatype = part(MessageType.datatype, sizes[1], flags & 1);
  const dataspace = part(MessageType.dataspace, sizes[2], flags & 2);
  return { name, datatype, dataspace, data: cursor.raw(cursor.left), offset: cursor.offset };
}

/** Link message: version, flags, [type], [creation order], [charset], name length, name, then what it points to. */
export function decodeLink({ data, offset }: Message, widths: Widths): Link {
  const cursor = new Cursor(data, offset);
  cursor.u8();
  const flags = cursor.u8();
  const type = flags & 8 ? cursor.u8() : 0;
  if (flags & 4) cursor.skip(8);
  if (flags & 16) cursor.u8();
  const name = textOf(cursor.raw(number(cursor, 1 << (flags & 3))));
  if (type === 0) return { kind: "hard", name, address: number(cursor, widths.offset) };
  const value = cursor.raw(cursor.u16());
  if (type === 1) return { kind: "soft", name };
  // An external link: flags, the file, the object in it.
  return type === 64 ? { kind: "external", name, file: textOf(value.subarray(1)) } : { kind: "user", name, type };
}

/** Data layout, versions 1 to 5. */
export function decodeLayout({ data, offset }: Message, widths: Widths): Layout {
  const cursor = new Cursor(data, offset);
  const version = cursor.u8();
  if (version < 3) {
    cursor.u8();
    const type = cursor.u8();
    cursor.skip(5);
    if (type === 2) return { kind: "chunked" };
    return type === 1 ? { kind: "contiguous", address: address(cursor, widths.offset), size: -1 } : { kind: "compact", size: 0, offset: 0 };
  }
  if (version > 5) return { kind: "unknown" };
  switch (cursor.u8()) {
    case 0: {
      const size = cursor.u16();
      return { kind: "compact", size, offset: cursor.offset };
    }
    case 1:
      return { kind: "contiguous", address: address(cursor, widths.offset), size: number(cursor, widths.length) };
    case 2: {
      const sides = cursor.u8();
      const tree = version === 3 ? address(cursor, widths.offset) : undefined;
      return tree === undefined ? { kind: "chunked" } : { kind: "chunked", tree, sides };
    }
    case 3:
      return { kind: "virtual", heap: number(cursor, widths.offset), index: cursor.u32() };
    default:
      return { kind: "unknown" };
  }
}

/** Filter pipeline: ids of the filters, 1 deflate, 2 shuffle, 4 szip, 32015 zstd... */
export function decodeFilters({ data, offset }: Message): number[] {
  const cursor = new Cursor(data, offset);
  const version = cursor.u8();
  const count = cursor.u8();
  if (version === 1) cursor.skip(6);
  const filters: number[] = [];
  for (let i = 0; i < count; i++) {
    const id = cursor.u16();
    const named = version === 1 || id >= 256;
    const nameLength = named ? cursor.u16() : 0;
    cursor.u16();
    const values = cursor.u16();
    cursor.skip(version === 1 ? Math.ceil(nameLength / 8) * 8 : nameLength);
    cursor.skip(4 * (version === 1 ? values + (values & 1) : values));
    filters.push(id);
  }
  return filters;
}
