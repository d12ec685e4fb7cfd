/**
 * A second, tiny opinion on pickles, written apart from the scanner: where opcodes lie, whether STOP is reached, and
 * whether something is imported and called on the way. It knows lengths only, no stack.
 */

const FIXED = { 128: 1, 149: 8, 74: 4, 75: 1, 77: 2, 71: 8, 104: 1, 106: 4, 113: 1, 114: 4, 130: 1, 131: 2, 132: 4 };
const COUNTED = { 138: 1, 139: 4, 84: 4, 85: 1, 88: 4, 140: 1, 141: 8, 66: 4, 67: 1, 142: 8, 150: 8 };
const LINES = { I: 1, L: 1, F: 1, S: 1, V: 1, g: 1, p: 1, c: 2, i: 2, P: 1 };
const PLAIN = new Set([
  ...".(012N])}]aeldtsuoRbQ",
  ...[0x85, 0x86, 0x87, 0x88, 0x89, 0x8f, 0x90, 0x91, 0x92, 0x93, 0x94, 0x97, 0x98, 0x81].map((c) => String.fromCharCode(c)),
]);

/** `{ borders, complete, imports, calls }` of the stream at the start of `bytes`. */
export function walk(bytes) {
  const borders = [];
  const result = { borders, complete: false, imports: false, calls: false };
  for (let at = 0; at < bytes.length; ) {
    borders.push(at);
    const code = bytes[at];
    const letter = String.fromCharCode(code);
    let next = at + 1;
    if (code in FIXED) next += FIXED[code];
    else if (code in COUNTED) {
      const width = COUNTED[code];
      if (next + width > bytes.length) return result;
      next += width + Number(width === 8 ? bytes.readBigUInt64LE(next) : bytes.readUIntLE(next, width));
    } else if (letter in LINES) {
      for (let line = 0; line < LINES[letter]; line++) {
        const end = bytes.indexOf(10, next);
        if (end < 0) return result;
        next = end + 1;
      }
    } else if (!PLAIN.has(letter)) return result;
    if (next > bytes.length) return result;
    if (letter === "c" || letter === "i" || code === 0x93) result.imports = true;
    if (result.imports && ("Rio".includes(letter) || code === 0x81 || code === 0x92)) result.calls = true;
    if (letter === ".") {
      result.complete = true;
      return result;
    }
    at = next;
  }
  return result;
}
