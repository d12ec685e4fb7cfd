import { beginsWith } from "../bytes/begins-with.js";

/** Bytes to look at for {@link mayBePayload}. */
export const PAYLOAD_START_BYTES = 16;

/** First bytes of programs, pickles and containers, as Latin-1 text. */
const STARTS = [
  "\x7fELF",
  "MZ",
  "\xfe\xed\xfa\xce",
  "\xfe\xed\xfa\xcf",
  "\xce\xfa\xed\xfe",
  "\xcf\xfa\xed\xfe",
  "\xca\xfe\xba\xbe",
  "\0asm",
  "dex\n",
  "#!",
  "PK\x03\x04",
  "PK\x05\x06",
  "\x1f\x8b\x08",
  "BZh",
  "\xfd7zXZ\0",
  "\x28\xb5\x2f\xfd",
  "\x04\x22\x4d\x18",
  "7z\xbc\xaf\x27\x1c",
  "Rar!\x1a\x07",
  "\x89HDF\r\n\x1a\n",
  "\x93NUMPY",
  "GGUF",
];

/** By their first byte, so that most tensors are dismissed by one look. */
const BY_FIRST = new Map<number, string[]>();
for (const text of STARTS) BY_FIRST.set(text.charCodeAt(0), [...(BY_FIRST.get(text.charCodeAt(0)) ?? []), text]);

/**
 * Could something be hidden in a tensor or buffer that is worth identifying? Looks at the bytes from `at` on. A yes means
 * nothing by itself: hand the bytes back as a probe child.
 */
export function mayBePayload(bytes: Uint8Array, at = 0): boolean {
  const first = bytes[at];
  if (first === 0x80) return (bytes[at + 1] ?? 0) >= 2 && (bytes[at + 1] ?? 0) <= 5;
  if (first === 0x63 || first === 0x28) return textPickle(bytes.subarray(at, at + PAYLOAD_START_BYTES));
  return BY_FIRST.get(first as number)?.some((text) => beginsWith(bytes, text, at)) ?? false;
}

/** A pickle of protocol 0 or 1 that begins with an import: `c` or `(c` or `(i`, then a module name. */
function textPickle(start: Uint8Array): boolean {
  return /^(?:c|\(+[ci])(?:[A-Za-z_][\w.]*(?:\n|$))/.test(String.fromCharCode(...start));
}
