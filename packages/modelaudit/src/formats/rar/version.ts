import { beginsWith } from "../../detectors/bytes/begins-with.js";

/** Bytes of the mark in front of the first block. */
export const MARK_BYTES = { 4: 7, 5: 8 } as const;

/** 4 or 5 when `head` begins with the mark of that version of RAR: `Rar!`, 1A 07, then 00 or 01 00. */
export function rarVersion(head: Uint8Array): 4 | 5 | undefined {
  if (beginsWith(head, "Rar!\x1a\x07\0")) return 4;
  return beginsWith(head, "Rar!\x1a\x07\x01\0") ? 5 : undefined;
}
