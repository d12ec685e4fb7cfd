/** Whether the bytes from index `at` on begin with a magic, given as Latin-1 text. */
export function beginsWith(bytes: Uint8Array, magic: string, at = 0): boolean {
  for (let i = 0; i < magic.length; i++) if (bytes[at + i] !== magic.charCodeAt(i)) return false;
  return true;
}
