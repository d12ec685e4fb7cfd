const [QUOTE, BACKSLASH, LAST_BLANK] = [0x22, 0x5c, 0x20];

/** Offset behind the objects and arrays, one after the other, that the bytes begin with. Brackets are counted, nothing is parsed. */
export function endOfJson(bytes: Uint8Array): number {
  let depth = 0;
  let end = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte === 0x7b || byte === 0x5b) depth++;
    else if ((byte === 0x7d || byte === 0x5d) && depth > 0) {
      if (--depth === 0) end = at + 1;
    } else if (depth === 0 && byte > LAST_BLANK && !isMark(bytes, at)) break;
    else if (byte === QUOTE) while (++at < bytes.length && bytes[at] !== QUOTE) if (bytes[at] === BACKSLASH) at++;
  }
  while ((bytes[end] ?? 0xff) <= LAST_BLANK) end++;
  return end;
}

/** UTF-8 byte order mark. */
function isMark(bytes: Uint8Array, at: number): boolean {
  return at < 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}
