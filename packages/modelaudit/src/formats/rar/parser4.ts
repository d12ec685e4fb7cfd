import { LONGEST_TARGET, isLinkMode } from "../../detectors/archive/links.js";
import type { ScanContext } from "../../engine/context.js";
import { type Work, read, readUpTo } from "../../engine/work.js";
import { crc32 } from "../../io/crc32.js";
import { Cursor } from "../../io/cursor.js";
import type { Reader } from "../../io/reader.js";
import { type RarArchive, type RarMember, closedBecause, endBlock, openedArchive } from "./members.js";

/** u16 checksum, u8 type, u16 flags, u16 size. */
const BLOCK = 7;
const TYPE = { main: 0x73, file: 0x74, service: 0x7a, end: 0x7b } as const;
const FLAG = {
  mainComment: 2,
  comment: 8,
  splitBefore: 1,
  splitAfter: 2,
  encrypted: 4,
  large: 0x100,
  unicode: 0x200,
  folder: 0xe0,
  hasData: 0x8000,
  encryptedHeaders: 0x80,
} as const;
const STORED = 0x30;
const UNIX = 3;

/** Walks the blocks of RAR 1.5 to 4. */
export function* readRar4(reader: Reader, context: ScanContext): Work<RarArchive> {
  const archive = openedArchive(4);
  for (let offset = archive.end; offset < reader.size; ) {
    context.budget.checkTime();
    const start = yield* readUpTo(reader, offset, BLOCK);
    const size = start.length < BLOCK ? 0 : start[5]! | (start[6]! << 8);
    const type = start[2] ?? 0;
    // What is no block is a tail, unless the archive's end mark is still to come: then it is cut short or damaged.
    if (size < BLOCK || type < 0x72 || type > TYPE.end) break;
    if (offset + size > reader.size) {
      archive.cutShort = true;
      break;
    }
    const header = yield* read(reader, offset, size);
    const cursor = new Cursor(header, offset);
    const checksum = cursor.u16();
    cursor.skip(1);
    const flags = cursor.u16();
    cursor.skip(2);
    if (isChecked(type, flags) && (crc32(header.subarray(2)) & 0xffff) !== checksum) archive.badHeaders.push(offset);
    if (type === TYPE.main && flags & FLAG.encryptedHeaders) {
      archive.encryptedHeaders = true;
      archive.end = reader.size;
      break;
    }
    let data = 0;
    if (type === TYPE.file || type === TYPE.service) {
      const member = fileHeader(cursor, flags, offset, offset + size);
      data = member.size;
      member.size = Math.min(data, reader.size - member.dataOffset);
      if (member.isLink && !member.closed && member.size <= LONGEST_TARGET) {
        const target = String.fromCharCode(...(yield* read(reader, member.dataOffset, member.size)));
        member.link = { kind: "link", target };
      }
      if (type === TYPE.file) archive.members.push(member);
    } else if (flags & FLAG.hasData && cursor.left >= 4) data = cursor.u32();
    if (type !== TYPE.file && data) archive.asides.push({ start: offset + size, end: Math.min(offset + size + data, reader.size) });
    offset = endBlock(archive, reader, offset + size + data);
    if (type === TYPE.end) break;
  }
  return archive;
}

/** The checksum covers the whole header, but not where a comment of the old kind is in it, nor in old service blocks. */
function isChecked(type: number, flags: number): boolean {
  if (type === TYPE.main) return (flags & FLAG.mainComment) === 0;
  return (type === TYPE.file && (flags & FLAG.comment) === 0) || type === TYPE.service || type === TYPE.end;
}

function fileHeader(cursor: Cursor, flags: number, offset: number, dataOffset: number): RarMember & { isLink: boolean } {
  let size = cursor.u32();
  cursor.skip(4);
  const system = cursor.u8();
  cursor.skip(4 + 4 + 1);
  const method = cursor.u8();
  const nameLength = cursor.u16();
  const attributes = cursor.u32();
  if (flags & FLAG.large) {
    size += cursor.u32() * 2 ** 32;
    cursor.skip(4);
  }
  const bytes = cursor.raw(nameLength);
  const closed = closedBecause({
    encrypted: (flags & FLAG.encrypted) !== 0,
    split: (flags & (FLAG.splitBefore | FLAG.splitAfter)) !== 0,
    stored: method === STORED,
  });
  return {
    name: memberName(bytes, (flags & FLAG.unicode) !== 0),
    isFolder: (flags & FLAG.folder) === FLAG.folder,
    isLink: system === UNIX && isLinkMode(attributes),
    ...{ closed, offset, dataOffset, size },
  };
}

/** The name: UTF-8, or with `unicode` a plain one, a NUL, and how to make the real one of it. */
function memberName(bytes: Uint8Array, unicode: boolean): string {
  const zero = bytes.indexOf(0);
  if (!unicode || zero < 0) return new TextDecoder().decode(bytes);
  return decodeName(bytes.subarray(0, zero), bytes.subarray(zero + 1));
}

/** Two bits per step: a byte, a byte under the common high byte, two bytes, or a run copied from the plain name. */
function decodeName(plain: Uint8Array, packed: Uint8Array): string {
  let at = 0;
  const next = () => packed[at++] ?? 0;
  const high = next() << 8;
  const units: number[] = [];
  for (let flags = 0, bits = 0; at < packed.length; bits -= 2) {
    if (bits === 0) {
      flags = next();
      bits = 8;
    }
    const kind = (flags >> (bits - 2)) & 3;
    if (kind === 0) units.push(next());
    else if (kind === 1) units.push(high | next());
    else if (kind === 2) units.push(next() | (next() << 8));
    else {
      const length = next();
      const correction = length & 0x80 ? next() : undefined;
      for (let i = (length & 0x7f) + 2; i > 0; i--) {
        const byte = plain[units.length] ?? 0;
        units.push(correction === undefined ? byte : high | ((byte + correction) & 0xff));
      }
    }
  }
  return String.fromCharCode(...units);
}
