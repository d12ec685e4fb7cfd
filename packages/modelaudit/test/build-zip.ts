import { deflateRawSync } from "node:zlib";
import { crc32 } from "../src/io/crc32.js";

/** A member to write. What is not given is as an honest writer would set it; what is given is written as it stands. */
export interface ZipPart {
  name: string;
  data?: string | Uint8Array;
  /** 0 stored, 8 deflated, or any other number with the data as it is. */
  method?: number;
  /** Fields that differ in one of the two headers. */
  local?: Partial<ZipFields>;
  central?: Partial<ZipFields>;
  /** False leaves the member out of the directory. */
  listed?: boolean;
  /** PyTorch's style: CRC and sizes behind the data, 0 in the local header. */
  streamed?: boolean;
  /** Bytes in front of the local header. */
  before?: Uint8Array;
  /** Unix mode with its file type. */
  mode?: number;
  /** Take the directory's offset of this earlier part. */
  sameAs?: number;
}

export interface ZipFields {
  name: string;
  flags: number;
  method: number;
  crc: number;
  packed: number;
  size: number;
  extra: Uint8Array;
  /** The member's comment, in the directory only. */
  note: Uint8Array;
}

/** Writes a ZIP by hand, so that each field may lie. `prefix` shifts no offsets unless `shifted`. */
export function buildZip(
  parts: readonly ZipPart[],
  options: { prefix?: Uint8Array; shifted?: boolean; comment?: string; tail?: Uint8Array; count?: number } = {},
): Uint8Array {
  const chunks: Buffer[] = [];
  const directory: Buffer[] = [];
  const offsets: number[] = [];
  let at = 0;
  const push = (bytes: Uint8Array) => {
    chunks.push(Buffer.from(bytes));
    at += bytes.length;
  };
  if (options.prefix) push(options.prefix);
  const shift = options.prefix && !options.shifted ? options.prefix.length : 0;
  for (const part of parts) {
    const plain = typeof part.data === "string" ? Buffer.from(part.data, "latin1") : (part.data ?? Buffer.alloc(0));
    const stored = part.method === 8 ? deflateRawSync(plain) : plain;
    const honest: ZipFields = {
      name: part.name,
      flags: part.streamed ? 0x808 : 0,
      method: part.method ?? 0,
      crc: crc32(plain),
      packed: stored.length,
      size: plain.length,
      extra: new Uint8Array(0),
      note: new Uint8Array(0),
    };
    if (part.before) push(part.before);
    offsets.push(part.sameAs === undefined ? at : (offsets[part.sameAs] as number));
    if (part.sameAs === undefined) {
      const local = { ...honest, ...(part.streamed ? { crc: 0, packed: 0, size: 0 } : {}), ...part.local };
      push(header(0x04034b50, local));
      push(stored);
      if (part.streamed) push(Buffer.concat([u32(0x08074b50), u32(honest.crc), u32(honest.packed), u32(honest.size)]));
    }
    if (part.listed !== false) directory.push(central({ ...honest, ...part.central }, (offsets.at(-1) as number) - shift, part.mode ?? 0));
  }
  const start = at;
  for (const record of directory) push(record);
  const count = options.count ?? directory.length;
  const comment = Buffer.from(options.comment ?? "", "latin1");
  push(Buffer.concat([u32(0x06054b50), u16(0), u16(0), u16(count), u16(count), u32(at - start), u32(start - shift), u16(comment.length), comment]));
  if (options.tail) push(options.tail);
  return Buffer.concat(chunks);
}

function header(signature: number, fields: ZipFields): Buffer {
  const name = Buffer.from(fields.name, "utf8");
  return Buffer.concat([
    u32(signature),
    u16(20),
    u16(fields.flags),
    u16(fields.method),
    u32(0),
    ...sizes(fields),
    u16(name.length),
    u16(fields.extra.length),
    name,
    fields.extra,
  ]);
}

function central(fields: ZipFields, offset: number, mode: number): Buffer {
  const name = Buffer.from(fields.name, "utf8");
  return Buffer.concat([
    u32(0x02014b50),
    Buffer.from([20, mode ? 3 : 0]),
    u16(20),
    u16(fields.flags),
    u16(fields.method),
    u32(0),
    ...sizes(fields),
    u16(name.length),
    u16(fields.extra.length),
    u16(fields.note.length),
    u16(0),
    u16(0),
    u32((mode << 16) >>> 0),
    u32(offset),
    name,
    fields.extra,
    fields.note,
  ]);
}

function sizes(fields: ZipFields): Buffer[] {
  return [u32(fields.crc), u32(fields.packed), u32(fields.size)];
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value & 0xffff);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}
