/** Bytes of the mark in front of the first block. */
export const MARK_BYTES = { 4: 7, 5: 8 } as const;

/** 4 or 5 when `head` begins with the mark of that version of RAR: `Rar!`, 1A 07, then 00 or 01 00. */
export function rarVersion(head: Uint8Array): 4 | 5 | undefined {
  const mark = [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07];
  if (!mark.every((byte, index) => head[index] === byte)) return undefined;
  if (head[6] === 0) return 4;
  return head[6] === 1 && head[7] === 0 ? 5 : undefined;
}
