import { u32 } from "../little-endian.js";

/**
 * Filters that turn absolute jump targets of machine code back into relative ones (BCJ). Each works in place on `bytes`
 * up to `end`, where `position` is the offset of `bytes[0]` in the whole, and gives the number of bytes that are final;
 * the rest has to be shown again with more behind it, or is final as it is at the end.
 */
export type BranchFilter = (bytes: Uint8Array, end: number, position: number) => number;

function bigWord(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

function setWord(bytes: Uint8Array, at: number, value: number): void {
  for (let i = 0; i < 4; i++) bytes[at + i] = value >>> (8 * i);
}

function setBigWord(bytes: Uint8Array, at: number, value: number): void {
  for (let i = 0; i < 4; i++) bytes[at + i] = value >>> (24 - 8 * i);
}

/** x86 `call` and `jmp`; it remembers which of the last bytes looked like an opcode, so it is made anew for each stream. */
export function x86Filter(): BranchFilter {
  const allowed = [true, true, true, false, true, false, false, false];
  const bitNumber = [0, 1, 2, 2, 3, 3, 3, 3];
  let mask = 0;
  let previous = -5;
  return (bytes, end, position) => {
    if (end < 5) return 0;
    if (position - previous > 5) previous = position - 5;
    let at = 0;
    for (const last = end - 5; at <= last; ) {
      if ((bytes[at]! & 0xfe) !== 0xe8) {
        at++;
        continue;
      }
      const gap = position + at - previous;
      previous = position + at;
      if (gap > 5) mask = 0;
      else for (let i = 0; i < gap; i++) mask = ((mask & 0x77) << 1) & 0xff;
      const high = bytes[at + 4]!;
      if ((high === 0 || high === 0xff) && allowed[(mask >> 1) & 7] && mask >> 1 < 16) {
        let source = u32(bytes, at + 1);
        let target: number;
        for (;;) {
          target = (source - (position + at + 5)) >>> 0;
          if (mask === 0) break;
          const shift = bitNumber[mask >> 1]! * 8;
          const byte = (target >>> (24 - shift)) & 0xff;
          if (byte !== 0 && byte !== 0xff) break;
          source = (target ^ (2 ** (32 - shift) - 1)) >>> 0;
        }
        setWord(bytes, at + 1, (target & 0x01ff_ffff) | (target & 0x0100_0000 ? 0xff00_0000 : 0));
        bytes[at + 4] = target & 0x0100_0000 ? 0xff : 0;
        at += 5;
        mask = 0;
      } else {
        at++;
        mask |= 1;
        if (high === 0 || high === 0xff) mask |= 16;
      }
    }
    return at;
  };
}

/** A filter over instructions of `size` bytes at multiples of `step`, none of which depends on another. */
function each(size: number, step: number, change: (bytes: Uint8Array, at: number, position: number) => number | undefined): () => BranchFilter {
  return () => (bytes, end, position) => {
    let at = 0;
    for (; at + size <= end; at += step) at += change(bytes, at, (position + at) >>> 0) ?? 0;
    return at;
  };
}

export const powerPcFilter = each(4, 4, (bytes, at, position) => {
  const value = bigWord(bytes, at);
  if ((value & 0xfc00_0003) >>> 0 === 0x4800_0001) setBigWord(bytes, at, (0x4800_0001 | ((value - position) & 0x03ff_fffc)) >>> 0);
  return undefined;
});

export const armFilter = each(4, 4, (bytes, at, position) => {
  if (bytes[at + 3] !== 0xeb) return;
  const target = ((u32(bytes, at) & 0xff_ffff) << 2) - (position + 8);
  setWord(bytes, at, ((target >>> 2) & 0xff_ffff) | 0xeb00_0000);
});

export const armThumbFilter = each(4, 2, (bytes, at, position) => {
  if ((bytes[at + 1]! & 0xf8) !== 0xf0 || (bytes[at + 3]! & 0xf8) !== 0xf8) return 0;
  const source = ((bytes[at + 1]! & 7) << 19) | (bytes[at]! << 11) | ((bytes[at + 3]! & 7) << 8) | bytes[at + 2]!;
  const target = ((source << 1) - (position + 4)) >> 1;
  bytes[at + 1] = 0xf0 | ((target >> 19) & 7);
  bytes[at] = target >> 11;
  bytes[at + 3] = 0xf8 | ((target >> 8) & 7);
  bytes[at + 2] = target;
  return 2;
});

export const sparcFilter = each(4, 4, (bytes, at, position) => {
  const value = bigWord(bytes, at);
  if (value >>> 22 !== 0x100 && value >>> 22 !== 0x1ff) return;
  const target = (((value << 2) >>> 0) - position) >>> 2;
  setBigWord(bytes, at, (((0 - ((target >>> 22) & 1)) << 22) & 0x3fff_ffff) | (target & 0x3f_ffff) | 0x4000_0000);
});

export const arm64Filter = each(4, 4, (bytes, at, position) => {
  const value = u32(bytes, at);
  if (value >>> 26 === 0x25) {
    setWord(bytes, at, (0x9400_0000 | ((value - (position >>> 2)) & 0x03ff_ffff)) >>> 0);
  } else if ((value & 0x9f00_0000) >>> 0 === 0x9000_0000) {
    const source = ((value >>> 29) & 3) | ((value >>> 3) & 0x1f_fffc);
    if ((source + 0x2_0000) & 0x1c_0000) return;
    const target = source - (position >>> 12);
    setWord(bytes, at, ((value & 0x9000_001f) | ((target & 3) << 29) | ((target & 0x3_fffc) << 3) | ((0 - (target & 0x2_0000)) & 0xe0_0000)) >>> 0);
  }
});

/** Slots of an Itanium bundle that hold branches, by the bundle's template. */
const BUNDLE_SLOTS = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 4, 6, 6, 0, 0, 7, 7, 4, 4, 0, 0, 4, 4, 0, 0];

export const itaniumFilter = each(16, 16, (bytes, at, position) => {
  const slots = BUNDLE_SLOTS[bytes[at]! & 0x1f]!;
  for (let slot = 0; slot < 3; slot++) {
    if (!((slots >> slot) & 1)) continue;
    const bit = 5 + slot * 41;
    const start = at + (bit >> 3);
    let value = 0n;
    for (let i = 0; i < 6; i++) value |= BigInt(bytes[start + i]!) << BigInt(8 * i);
    const shift = BigInt(bit & 7);
    const instruction = value >> shift;
    if (((instruction >> 37n) & 15n) !== 5n || ((instruction >> 9n) & 7n) !== 0n) continue;
    const source = Number((instruction >> 13n) & 0xf_ffffn) | (Number((instruction >> 36n) & 1n) << 20);
    const target = (((source << 4) >>> 0) - position) >>> 4;
    let changed = instruction & ~(0x8f_ffffn << 13n);
    changed |= BigInt(target & 0xf_ffff) << 13n;
    changed |= BigInt(target & 0x10_0000) << 16n;
    value = (value & ((1n << shift) - 1n)) | (changed << shift);
    for (let i = 0; i < 6; i++) bytes[start + i] = Number((value >> BigInt(8 * i)) & 0xffn);
  }
});
