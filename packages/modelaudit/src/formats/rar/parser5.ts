import type { Link } from "../../detectors/archive/member-checks.js";
import type { ScanContext } from "../../engine/context.js";
import { Malformed } from "../../engine/errors.js";
import { type Work, read, readUpTo } from "../../engine/work.js";
import { crc32 } from "../../io/crc32.js";
import { Cursor } from "../../io/cursor.js";
import type { Reader } from "../../io/reader.js";
import { LONGEST_HEADER, type RarArchive, type RarMember, closedBecause, endBlock, openedArchive } from "./members.js";

const TYPE = { main: 1, file: 2, service: 3, encryption: 4, end: 5 } as const;
const FLAG = { extra: 1, data: 2, splitBefore: 8, splitAfter: 16 } as const;
const FILE = { folder: 1, time: 2, checksum: 4 } as const;
const EXTRA = { encryption: 1, redirection: 5, serviceData: 7 } as const;
const HARD_LINK = 4;
const FILE_COPY = 5;
/** Checksum and the longest size field. */
const START = 4 + 3;

/** Walks the blocks of RAR 5 and later. */
export function* readRar5(reader: Reader, context: ScanContext): Work<RarArchive> {
  const archive = openedArchive(5);
  for (let offset = archive.end; offset < reader.size; ) {
    context.budget.checkTime();
    const start = yield* readUpTo(reader, offset, START);
    const sized = headerSize(start);
    if (!sized) break;
    const whole = sized.first + sized.size;
    if (offset + whole > reader.size) {
      archive.cutShort = true;
      break;
    }
    const header = yield* read(reader, offset, whole);
    if (crc32(header.subarray(4)) !== new Cursor(header, offset).u32()) {
      archive.badHeaders.push(offset);
      break;
    }
    const block = readBlock(header, sized.first, offset);
    if (block.type === TYPE.encryption) {
      archive.encryptedHeaders = true;
      archive.end = reader.size;
      break;
    }
    for (const member of block.members) archive.members.push({ ...member, size: Math.min(member.size, reader.size - member.dataOffset) });
    if (!block.members.length && block.data) archive.asides.push({ start: offset + whole, end: Math.min(offset + whole + block.data, reader.size) });
    offset = endBlock(archive, reader, offset + whole + block.data);
    if (block.type === TYPE.end) return archive;
  }
  // Every archive of this version has an end block.
  if (archive.end >= reader.size && !archive.encryptedHeaders) archive.cutShort = true;
  return archive;
}

/** Size of a header and where it begins to count: behind the checksum and the size itself. */
function headerSize(start: Uint8Array): { first: number; size: number } | undefined {
  if (start.length < START) return undefined;
  let size = 0;
  for (let i = 0; i < 3; i++) {
    const byte = start[4 + i]!;
    size |= (byte & 0x7f) << (7 * i);
    if (byte < 0x80) return size > 0 && size <= LONGEST_HEADER ? { first: 5 + i, size } : undefined;
  }
  return undefined;
}

function number(cursor: Cursor): number {
  const at = cursor.offset;
  let value = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    const byte = cursor.u8();
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) {
      if (value > Number.MAX_SAFE_INTEGER) break;
      return value;
    }
  }
  throw new Malformed(at, "a number below 2^53", "a larger one");
}

function readBlock(header: Uint8Array, first: number, offset: number): { type: number; data: number; members: RarMember[] } {
  const cursor = new Cursor(header, offset);
  cursor.skip(first);
  const type = number(cursor);
  const flags = number(cursor);
  const extraSize = flags & FLAG.extra ? number(cursor) : 0;
  const data = flags & FLAG.data ? number(cursor) : 0;
  if (type !== TYPE.file && type !== TYPE.service) return { type, data, members: [] };
  if (extraSize > cursor.left) throw new Malformed(cursor.offset, "extra records inside of the header", `${extraSize} bytes`);
  const fileFlags = number(cursor);
  number(cursor);
  number(cursor);
  cursor.skip((fileFlags & FILE.time ? 4 : 0) + (fileFlags & FILE.checksum ? 4 : 0));
  const compression = number(cursor);
  number(cursor);
  const name = new TextDecoder().decode(cursor.raw(number(cursor)));
  const extra = extraRecords(new Cursor(header.subarray(header.length - extraSize), offset + header.length - extraSize));
  const split = (flags & (FLAG.splitBefore | FLAG.splitAfter)) !== 0;
  const closed = closedBecause({ encrypted: extra.encrypted, split, stored: ((compression >> 7) & 7) === 0 });
  // Of service blocks only alternate streams of a file matter: their name is a path too, and unpackers have followed it.
  if (type === TYPE.service && (name !== "STM" || extra.serviceData === undefined)) return { type, data, members: [] };
  const member: RarMember = {
    name: type === TYPE.service ? (extra.serviceData as string).replace(/^:/, "") : name,
    isFolder: (fileFlags & FILE.folder) !== 0,
    ...(extra.link ? { link: extra.link } : {}),
    ...{ closed, offset, dataOffset: offset + header.length, size: data },
  };
  return { type, data, members: [member] };
}

interface Extra {
  encrypted: boolean;
  link?: Link;
  serviceData?: string;
}

function extraRecords(cursor: Cursor): Extra {
  const extra: Extra = { encrypted: false };
  while (cursor.left > 0) {
    const size = number(cursor);
    const record = new Cursor(cursor.raw(size), cursor.offset - size);
    const type = number(record);
    if (type === EXTRA.encryption) extra.encrypted = true;
    else if (type === EXTRA.serviceData) extra.serviceData = new TextDecoder().decode(record.raw(record.left));
    else if (type === EXTRA.redirection) {
      const kind = number(record);
      number(record);
      const target = new TextDecoder().decode(record.raw(number(record)));
      extra.link = { kind: kind === HARD_LINK || kind === FILE_COPY ? "hard link" : "link", target };
    }
  }
  return extra;
}
