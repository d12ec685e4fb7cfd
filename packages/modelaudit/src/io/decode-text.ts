/** Whether bytes begin with the mark of text in 16-bit units. */
export function isWide(bytes: Uint8Array): boolean {
  return encodingOf(bytes) !== "utf-8";
}

const utf8 = new TextDecoder();

/** Decodes as loaders do: UTF-8, or what the byte-order mark says. Bytes that are no text become replacement characters. */
export function decodeText(bytes: Uint8Array): string {
  const encoding = encodingOf(bytes);
  return (encoding === "utf-8" ? utf8 : new TextDecoder(encoding)).decode(bytes);
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
}
