import type { Reader } from "../../io/reader.js";
import { type Work, read, readUpTo } from "../../engine/work.js";
import { type ProgramKind, programKind } from "./header.js";

/** A program and how far its own structure reaches. */
export interface Program {
  kind: ProgramKind;
  /** First byte that no header of the program explains: something may be appended there. */
  end: number;
}

/** Tables of headers are read up to this; the largest programs have some thousand sections. */
const LARGEST_TABLE = 4 * 2 ** 20;

/** Recognises the program at the start of `reader` and measures it; undefined when there is none. */
export function* readProgram(reader: Reader): Work<Program | undefined> {
  const head = yield* readUpTo(reader, 0, 4096);
  const kind = programKind(head, reader.size);
  if (!kind) return undefined;
  let end = reader.size;
  if (kind === "elf") end = yield* elfEnd(reader, head);
  else if (kind === "pe") end = yield* peEnd(reader, head);
  else if (kind === "macho") end = yield* machEnd(reader, head);
  else if (kind === "macho-fat") end = fatEnd(head);
  else if (kind === "wasm") end = yield* wasmEnd(reader);
  else end = yield* scriptEnd(reader);
  return { kind, end: Math.min(Math.max(end, 0), reader.size) };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** The end of the last segment, section or table. Sections of type 8 (no bits) take no bytes. */
function* elfEnd(reader: Reader, head: Uint8Array): Work<number> {
  const wide = head[4] === 2;
  const little = head[5] === 1;
  const word = (view: DataView, at: number) => (wide ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little));
  const header = viewOf(head);
  const counts = wide ? 56 : 44;
  const programs = yield* table(reader, word(header, wide ? 32 : 28), header.getUint16(counts, little), wide ? 56 : 32);
  const sections = yield* table(reader, word(header, wide ? 40 : 32), header.getUint16(counts + 4, little), wide ? 64 : 40);
  let end = Math.max(wide ? 64 : 52, programs.end, sections.end);
  for (const row of programs.rows) end = Math.max(end, word(row, wide ? 8 : 4) + word(row, wide ? 32 : 16));
  for (const row of sections.rows) {
    if (row.getUint32(4, little) !== 8) end = Math.max(end, word(row, wide ? 24 : 16) + word(row, wide ? 32 : 20));
  }
  return end;
}

function* table(reader: Reader, offset: number, count: number, rowLength: number): Work<{ rows: DataView[]; end: number }> {
  const length = count * rowLength;
  if (!count || !(offset + length <= reader.size) || length > LARGEST_TABLE) return { rows: [], end: 0 };
  const bytes = yield* read(reader, offset, length);
  const rows = Array.from({ length: count }, (_, index) => viewOf(bytes.subarray(index * rowLength, (index + 1) * rowLength)));
  return { rows, end: offset + length };
}

/** The end of the last section, or of the certificates that follow them. */
function* peEnd(reader: Reader, head: Uint8Array): Work<number> {
  const view = viewOf(head);
  const at = view.getUint32(60, true);
  const sections = view.getUint16(at + 6, true);
  const optionalLength = view.getUint16(at + 20, true);
  const optional = yield* readUpTo(reader, at + 24, optionalLength);
  const { rows, end: tableEnd } = yield* table(reader, at + 24 + optionalLength, sections, 40);
  let end = tableEnd;
  for (const section of rows) end = Math.max(end, section.getUint32(20, true) + section.getUint32(16, true));
  if (optional.length >= 2) {
    const fields = viewOf(optional);
    const certificates = (fields.getUint16(0, true) === 0x20b ? 112 : 96) + 4 * 8;
    if (optional.length >= certificates + 8) {
      const offset = fields.getUint32(certificates, true);
      if (offset >= end) end = offset + fields.getUint32(certificates + 4, true);
    }
  }
  return end;
}

/** The end of the last segment (LC_SEGMENT 1, LC_SEGMENT_64 25) or symbol table (LC_SYMTAB 2). */
function* machEnd(reader: Reader, head: Uint8Array): Work<number> {
  const little = head[0] === 0xce || head[0] === 0xcf;
  const wide = head[0] === 0xcf || head[3] === 0xcf;
  const start = wide ? 32 : 28;
  const view = viewOf(head);
  const count = view.getUint32(16, little);
  const length = Math.min(view.getUint32(20, little), LARGEST_TABLE);
  const bytes = yield* readUpTo(reader, start, length);
  const commands = viewOf(bytes);
  let end = start + length;
  for (let at = 0, left = count; left > 0 && at + 8 <= bytes.length; left--) {
    const size = commands.getUint32(at + 4, little);
    if (size < 8 || at + size > bytes.length) break;
    const kind = commands.getUint32(at, little);
    if (kind === 1 && size >= 56) end = Math.max(end, commands.getUint32(at + 32, little) + commands.getUint32(at + 36, little));
    else if (kind === 25 && size >= 72) end = Math.max(end, Number(commands.getBigUint64(at + 40, little) + commands.getBigUint64(at + 48, little)));
    else if (kind === 2 && size >= 24) end = Math.max(end, commands.getUint32(at + 16, little) + commands.getUint32(at + 20, little));
    at += size;
  }
  return end;
}

function fatEnd(head: Uint8Array): number {
  const view = viewOf(head);
  const wide = view.getUint32(0) === 0xcafebabf;
  const row = wide ? 32 : 20;
  let end = 0;
  for (let index = 0, at = 8; index < view.getUint32(4) && at + row <= head.length; index++, at += row) {
    end = Math.max(end, wide ? Number(view.getBigUint64(at + 8) + view.getBigUint64(at + 16)) : view.getUint32(at + 8) + view.getUint32(at + 12));
  }
  return end;
}

/** Sections one behind the other, id and length each, until something is no section. */
function* wasmEnd(reader: Reader): Work<number> {
  let at = 8;
  while (at < reader.size) {
    const head = yield* readUpTo(reader, at, 6);
    if ((head[0] as number) > 13) break;
    let length = 0;
    let used = 1;
    for (; used < head.length; used++) {
      const byte = head[used] as number;
      length += (byte & 0x7f) * 2 ** (7 * (used - 1));
      if (byte < 0x80) break;
    }
    if (used >= head.length || at + used + 1 + length > reader.size) break;
    at += used + 1 + length;
  }
  return at;
}

/** A script is text; its first line with a control character begins something else (a zipapp's archive, an installer's payload). */
function* scriptEnd(reader: Reader): Work<number> {
  const PIECE = 64 * 1024;
  for (let start = 0; start < reader.size; start += PIECE) {
    const bytes = yield* readUpTo(reader, start, PIECE);
    const odd = bytes.findIndex((byte) => byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13 && byte !== 27);
    if (odd < 0) continue;
    const line = bytes.subarray(0, odd).lastIndexOf(0x0a);
    return start + line + 1;
  }
  return reader.size;
}
