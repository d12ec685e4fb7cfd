import { PAYLOAD_START_BYTES, mayBePayload } from "../../detectors/payload-start/payload-start.js";
import { u16, u32, u64 } from "../../io/little-endian.js";
import { textOfUnits } from "../../io/text-of-units.js";

/**
 * The records a ZIP is made of, decoded from bytes in memory. Nothing here judges or reads.
 *
 * All numbers are little-endian. Layouts (APPNOTE 6.3.10):
 * local header    PK 3 4 · version 2 · flags 2 · method 2 · time 4 · crc 4 · packed 4 · size 4 · name length 2 · extra length 2
 * directory entry PK 1 2 · made by 2 · version 2 · flags 2 · method 2 · time 4 · crc 4 · packed 4 · size 4 · name length 2 ·
 *                 extra length 2 · comment length 2 · disk 2 · internal 2 · external 4 · header offset 4
 * end record      PK 5 6 · disk 2 · directory disk 2 · entries here 2 · entries 2 · directory size 4 · directory offset 4 · comment length 2
 * zip64 end       PK 6 6 · size 8 · made by 2 · version 2 · disk 4 · directory disk 4 · entries here 8 · entries 8 · size 8 · offset 8
 * zip64 locator   PK 6 7 · disk 4 · offset of the zip64 end 8 · disks 4
 */

export const LOCAL_HEADER = 30;
export const DIRECTORY_ENTRY = 46;
export const END_RECORD = 22;
export const ZIP64_END = 56;
export const ZIP64_LOCATOR = 20;
/** Longest comment after an end record: its length has 16 bits. */
export const LONGEST_COMMENT = 0xffff;

export const SIGNATURE = {
  local: 0x04034b50,
  entry: 0x02014b50,
  end: 0x06054b50,
  zip64End: 0x06064b50,
  zip64Locator: 0x07064b50,
  descriptor: 0x08074b50,
};

/** Bit meanings of the flags field. */
export const FLAG = { encrypted: 1, descriptor: 8, patched: 1 << 5, strong: 1 << 6, utf8: 1 << 11, masked: 1 << 13 };

/** Gives views, the same one while the array is the same: making one takes longer than reading a record with it. */
function viewer(): (bytes: Uint8Array) => DataView {
  let last: Uint8Array | undefined;
  let view: DataView | undefined;
  return (bytes) => {
    if (!view || bytes !== last) {
      view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      last = bytes;
    }
    return view;
  };
}

const viewOfHeaders = viewer();
const viewOfDirectory = viewer();

/** The fields both headers have. Sizes are those of the header with its zip64 field applied. */
interface HeaderFields {
  /** Decoded by {@link nameOf}. */
  name: string;
  flags: number;
  method: number;
  crc: number;
  /** Stored bytes. */
  packed: number;
  /** Plain bytes. */
  size: number;
  /** A second name in an Info-ZIP Unicode Path field; some loaders prefer it. */
  unicodePath?: Uint8Array;
  /** Comments and extra fields that begin like a payload; offsets count as that of the header was given. */
  asides?: Aside[];
}

/** Bytes of a record that no reader of the archive has a use for. */
interface Aside {
  place: "comment" | "extra field";
  offset: number;
  length: number;
}

export interface LocalHeader extends HeaderFields {
  /** Length of the whole header: the member's bytes follow. */
  length: number;
}

/**
 * Decodes a local header at `at`, or undefined when there is none or `bytes` does not hold all of it. `listed` is the
 * name that the directory has for it, nearly always the same.
 */
export function localHeader(bytes: Uint8Array, at: number, listed = ""): LocalHeader | undefined {
  if (at + LOCAL_HEADER > bytes.length) return undefined;
  const view = viewOfHeaders(bytes);
  if (view.getUint32(at, true) !== SIGNATURE.local) return undefined;
  const nameLength = view.getUint16(at + 26, true);
  const extraLength = view.getUint16(at + 28, true);
  const nameAt = at + LOCAL_HEADER;
  if (nameAt + nameLength + extraLength > bytes.length) return undefined;
  const header: LocalHeader = {
    name: nameOf(bytes.subarray(nameAt, nameAt + nameLength), listed),
    flags: view.getUint16(at + 6, true),
    method: view.getUint16(at + 8, true),
    crc: view.getUint32(at + 14, true),
    packed: view.getUint32(at + 18, true),
    size: view.getUint32(at + 22, true),
    length: LOCAL_HEADER + nameLength + extraLength,
  };
  readExtra(header, bytes, nameAt + nameLength, extraLength, at);
  return header;
}

export interface DirectoryEntry extends HeaderFields {
  headerOffset: number;
  /** System that wrote it: 3 is Unix, whose file mode is in the high half of `attributes`. */
  system: number;
  attributes: number;
  /** Length of the whole record. */
  length: number;
}

/** Length of the directory entry at `at`; 0 when there is none or it is cut short. */
export function entryLength(bytes: Uint8Array, at: number): number {
  if (at + DIRECTORY_ENTRY > bytes.length) return 0;
  const view = viewOfDirectory(bytes);
  if (view.getUint32(at, true) !== SIGNATURE.entry) return 0;
  const length = DIRECTORY_ENTRY + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  return at + length > bytes.length ? 0 : length;
}

/** The name in the directory entry at `at`. */
export function entryName(bytes: Uint8Array, at: number): string {
  return nameOf(bytes.subarray(at + DIRECTORY_ENTRY, at + DIRECTORY_ENTRY + u16(bytes, at + 28)));
}

/** Offset of the local header that the directory entry at `at` states. */
export function entryHeaderOffset(bytes: Uint8Array, at: number): number {
  const offset = u32(bytes, at + 42);
  return offset === 0xffffffff ? directoryEntry(bytes, at, "").headerOffset : offset;
}

/** Decodes the directory entry at `at`, where {@link entryLength} found one; `name` is what {@link entryName} gave. */
export function directoryEntry(bytes: Uint8Array, at: number, name: string): DirectoryEntry {
  const length = entryLength(bytes, at);
  const view = viewOfDirectory(bytes);
  const extraAt = at + DIRECTORY_ENTRY + view.getUint16(at + 28, true);
  const extraLength = view.getUint16(at + 30, true);
  const entry: DirectoryEntry = {
    name,
    flags: view.getUint16(at + 8, true),
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    packed: view.getUint32(at + 20, true),
    size: view.getUint32(at + 24, true),
    headerOffset: view.getUint32(at + 42, true),
    system: bytes[at + 5] as number,
    attributes: view.getUint32(at + 38, true),
    length,
  };
  if (extraLength) readExtra(entry, bytes, extraAt, extraLength, 0);
  const comment = extraAt + extraLength;
  noteAside(entry, bytes, { place: "comment", offset: comment, length: at + length - comment }, 0);
  return entry;
}

/** Replaces fields that say "see zip64" and notes a Unicode path. Stops quietly at a field that runs over the end. */
function readExtra(header: HeaderFields & { headerOffset?: number }, bytes: Uint8Array, start: number, length: number, origin: number): void {
  for (let at = start; at + 4 <= start + length; ) {
    const id = u16(bytes, at);
    const end = at + 4 + u16(bytes, at + 2);
    if (end > start + length) return;
    let field = at + 4;
    if (id === 0x0001) {
      if (header.size === 0xffffffff && field + 8 <= end) {
        header.size = u64(bytes, field);
        field += 8;
      }
      if (header.packed === 0xffffffff && field + 8 <= end) {
        header.packed = u64(bytes, field);
        field += 8;
      }
      if (header.headerOffset === 0xffffffff && field + 8 <= end) header.headerOffset = u64(bytes, field);
    } else if (id === 0x7075 && end - field > 5) header.unicodePath = bytes.slice(field + 5, end);
    else noteAside(header, bytes, { place: "extra field", offset: field, length: end - field }, origin);
    at = end;
  }
}

function noteAside(header: HeaderFields, bytes: Uint8Array, aside: Aside, origin: number): void {
  if (aside.length < PAYLOAD_START_BYTES || !mayBePayload(bytes, aside.offset)) return;
  header.asides = [...(header.asides ?? []), { ...aside, offset: aside.offset - origin }];
}

/** The length of the data descriptor for a member of `packed` and `size` bytes at `at`; 0 where there is none. */
export function descriptorLength(bytes: Uint8Array, at: number, packed: number, size: number): number {
  const signed = at + 4 <= bytes.length && u32(bytes, at) === SIGNATURE.descriptor;
  return (signed && sizesLength(bytes, at + 4, 4, packed, size)) || sizesLength(bytes, at, 0, packed, size);
}

/** The same for what follows the signature: CRC and sizes of 32 or 64 bits. `before` is the signature's length. */
function sizesLength(bytes: Uint8Array, at: number, before: number, packed: number, size: number): number {
  const sizes = at + 4;
  if (sizes + 8 <= bytes.length && u32(bytes, sizes) === packed % 2 ** 32 && u32(bytes, sizes + 4) === size % 2 ** 32) {
    const short = before + 12;
    if (packed < 2 ** 32 && size < 2 ** 32 && !(size === 0 && sizes + 16 <= bytes.length && allZero(bytes, sizes, sizes + 16))) return short;
  }
  return sizes + 16 <= bytes.length && u64(bytes, sizes) === packed && u64(bytes, sizes + 8) === size ? before + 20 : 0;
}

function allZero(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at]) return false;
  return true;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Longer names are put together from pieces. */
const USUAL_NAME = 1024;
const ASCII = /^[\0-\x7f]*$/;

/**
 * A name as text: UTF-8 where the bytes are that, whatever the flag says, else one character per byte. Writers that
 * disagree on that alone say the same. Where it is `likely`, that very string is given back: many are held.
 */
export function nameOf(raw: Uint8Array, likely = ""): string {
  const plain = raw.length <= USUAL_NAME ? String.fromCharCode.apply(null, raw as unknown as number[]) : textOfUnits(raw);
  if (ASCII.test(plain)) return plain === likely ? likely : plain;
  try {
    return utf8.decode(raw);
  } catch {
    return plain;
  }
}
