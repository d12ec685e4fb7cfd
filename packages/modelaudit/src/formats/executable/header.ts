/** What the first bytes of a program say. Every kind is checked field by field: two or four equal bytes are common in weights. */
export type ProgramKind = "elf" | "pe" | "macho" | "macho-fat" | "wasm" | "script";

function u16(bytes: Uint8Array, at: number, little = true): number {
  const a = bytes[at] ?? 0;
  const b = bytes[at + 1] ?? 0;
  return little ? a | (b << 8) : (a << 8) | b;
}

function u32(bytes: Uint8Array, at: number, little = true): number {
  const a = u16(bytes, at, little);
  const b = u16(bytes, at + 2, little);
  return (little ? a | (b << 16) : (a << 16) | b) >>> 0;
}

/** The kind of program that `head` begins, or undefined. `size` is that of the whole file. */
export function programKind(head: Uint8Array, size: number): ProgramKind | undefined {
  switch (head[0]) {
    case 0x7f:
      return isElf(head, size) ? "elf" : undefined;
    case 0x4d:
      // `MZqFpD='` begins a program that is a shell script as well: llamafile knows those.
      return head[2] !== 0x71 && isPe(head, size) ? "pe" : undefined;
    case 0xfe:
    case 0xce:
    case 0xcf:
      return isMachO(head, size) ? "macho" : undefined;
    case 0xca:
      return isFat(head, size) ? "macho-fat" : undefined;
    case 0x00:
      return isWasm(head, size) ? "wasm" : undefined;
    case 0x23:
      return isScript(head) ? "script" : undefined;
    default:
      return undefined;
  }
}

/** ELF: class 1 or 2, byte order 1 or 2, version 1 twice, a type, a machine, and header and table sizes that its class has. */
function isElf(head: Uint8Array, size: number): boolean {
  if (head.length < 52 || u32(head, 0) !== 0x464c457f) return false;
  const wide = head[4] === 2;
  const little = head[5] === 1;
  if (!(head[4] === 1 || wide) || !(little || head[5] === 2) || head[6] !== 1 || u32(head, 20, little) !== 1) return false;
  const type = u16(head, 16, little);
  const sizes = wide ? 52 : 40;
  if ((type < 1 || type > 4) && type < 0xfe00) return false;
  if (u16(head, 18, little) === 0 || u16(head, sizes, little) !== (wide ? 64 : 52)) return false;
  const programs = u16(head, sizes + 4, little);
  const sections = u16(head, sizes + 8, little);
  if (programs && u16(head, sizes + 2, little) !== (wide ? 56 : 32)) return false;
  if (sections && u16(head, sizes + 6, little) !== (wide ? 64 : 40)) return false;
  return (programs > 0 || sections > 0) && size > 64;
}

/** PE: `MZ`, the offset of the new header at 60, `PE\0\0` there, a known machine, some sections, an optional header. */
function isPe(head: Uint8Array, size: number): boolean {
  if (head.length < 64 || u16(head, 0) !== 0x5a4d) return false;
  const at = u32(head, 60);
  if (at + 26 > Math.min(size, head.length) || u32(head, at) !== 0x4550) return false;
  const machine = u16(head, at + 4);
  const known = [0x14c, 0x8664, 0xaa64, 0x1c0, 0x1c4, 0x200, 0xebc, 0x5032, 0x5064, 0x6264, 0xa641];
  const sections = u16(head, at + 6);
  const optional = u16(head, at + 24);
  return known.includes(machine) && sections > 0 && sections <= 96 && (u16(head, at + 20) === 0 || optional === 0x10b || optional === 0x20b);
}

/** Mach-O: magic in either order, a processor that exists, a file type, load commands that fit the file. */
function isMachO(head: Uint8Array, size: number): boolean {
  if (head.length < 28) return false;
  const magic = u32(head, 0);
  const little = magic === 0xfeedface || magic === 0xfeedfacf;
  if (!little && magic !== 0xcefaedfe && magic !== 0xcffaedfe) return false;
  const fileType = u32(head, 12, little);
  const commands = u32(head, 16, little);
  const length = u32(head, 20, little);
  return isProcessor(u32(head, 4, little)) && fileType >= 1 && fileType <= 12 && commands > 0 && length >= 8 * commands && 28 + length <= size;
}

/** A fat Mach-O, always big-endian. Java classes share its magic; their version is where the number of parts is, and larger. */
function isFat(head: Uint8Array, size: number): boolean {
  const magic = u32(head, 0, false);
  if (head.length < 48 || (magic !== 0xcafebabe && magic !== 0xcafebabf)) return false;
  const parts = u32(head, 4, false);
  if (parts < 1 || parts > 20 || !isProcessor(u32(head, 8, false))) return false;
  const wide = magic === 0xcafebabf;
  const offset = wide ? u32(head, 20, false) : u32(head, 16, false);
  const length = wide ? u32(head, 28, false) : u32(head, 20, false);
  return offset >= 8 + parts * (wide ? 32 : 20) && length > 0 && offset + length <= size;
}

function isProcessor(type: number): boolean {
  return [6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 18].includes(type & 0x00ff_ffff) && [0, 1, 2].includes(type >>> 24);
}

/** WebAssembly: magic, version 1, then a section with an id of 0 to 13 that fits the file. */
function isWasm(head: Uint8Array, size: number): boolean {
  if (u32(head, 0) !== 0x6d736100 || u32(head, 4) !== 1) return false;
  if (size === 8) return true;
  if ((head[8] as number) > 13) return false;
  let length = 0;
  for (let i = 0; i < 5; i++) {
    const byte = head[9 + i] ?? 0x80;
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return 10 + i + length <= size;
  }
  return false;
}

/** Python sources are judged by what they do; a first line that names Python says nothing. */
const JUDGED_ELSEWHERE = /^(?:python|pypy|ipython)[\d.]*$/;

function isScript(head: Uint8Array): boolean {
  const interpreter = interpreterOf(head);
  return interpreter !== undefined && !JUDGED_ELSEWHERE.test(interpreter);
}

/** The program that a `#!` line names (`bash`, `python3`), or undefined when there is no such line. */
export function interpreterOf(head: Uint8Array): string | undefined {
  if (head[0] !== 0x23 || head[1] !== 0x21) return undefined;
  const line = String.fromCharCode(...head.subarray(2, 258)).split(/[\r\n]/)[0] as string;
  const words = line.trim().split(/\s+/);
  if (!/^(?:\/[\w.+@-]+)+$/.test(words[0] ?? "")) return undefined;
  const name = (path: string) => path.slice(path.lastIndexOf("/") + 1);
  const first = name(words[0] as string);
  if (first !== "env") return first;
  const program = words.slice(1).find((word) => !word.startsWith("-") && !word.includes("="));
  return program ? name(program) : "env";
}
