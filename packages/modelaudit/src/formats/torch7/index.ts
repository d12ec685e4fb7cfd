import type { Format, Glimpse } from "../../engine/format.js";

/** Longest name of a class or key at the start of a file that is believed. */
const LONGEST_NAME = 256;

/**
 * A file is one object: an i32 type tag, then its parts, in binary or as lines of text. Only shapes that random numbers
 * do not have count as certain: a versioned object with a class name, a table whose first key is text or counts from 1,
 * a function with Lua bytecode.
 */
function sniff(look: Glimpse): "certain" | "likely" | undefined {
  const { head, extension } = look;
  const named = extension === ".t7" || extension === ".th" || extension === ".net";
  const first = head[0];
  if (first === undefined) return undefined;
  if (first <= 8) {
    const certain = binary(head);
    return certain ? "certain" : named && head[1] === 0 && head[2] === 0 && head[3] === 0 ? "likely" : undefined;
  }
  if (first < 0x30 || first > 0x38 || head[1] !== 0x0a) return undefined;
  return text(String.fromCharCode(...head.subarray(0, 1024))) ? "certain" : named ? "likely" : undefined;
}

function binary(head: Uint8Array): boolean {
  if (head.length < 20) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const i32 = (at: number) => (at + 4 <= head.length ? view.getInt32(at, true) : -1);
  const printable = (at: number, length: number) =>
    length > 0 && length <= LONGEST_NAME && head.subarray(at, at + length).every((byte) => byte >= 0x20 && byte < 0x7f);
  const index = i32(4);
  if (index < 1 || index > 0xffffff) return i32(0) === 6 && head[8] === 0x1b && head[9] === 0x4c;
  switch (i32(0)) {
    case 3: {
      const count = i32(8);
      if (count < 1 || count > 0xffffff) return false;
      if (i32(12) === 2) return printable(20, i32(16)) && 20 + i32(16) <= head.length;
      return i32(12) === 1 && head.length >= 28 && view.getFloat64(16, true) === 1 && i32(24) >= 0 && i32(24) <= 8;
    }
    case 4:
      return i32(8) === 3 && head[12] === 0x56 && head[13] === 0x20 && printable(19, i32(15));
    case 7:
    case 8:
      return head[12] === 0x1b && head[13] === 0x4c;
    default:
      return false;
  }
}

function text(head: string): boolean {
  if (/^4\n[1-9]\d{0,7}\n3\nV \d\n\d{1,3}\n[A-Za-z_][\w.]*\n/.test(head)) return true;
  const key = /^3\n[1-9]\d{0,7}\n[1-9]\d{0,7}\n2\n([1-9]\d{0,2})\n/.exec(head);
  if (!key) return false;
  const end = key[0].length + Number(key[1]);
  return head[end] === "\n" && /^[A-Za-z_]/.test(head.slice(key[0].length, end));
}

export const format: Format = {
  id: "torch7",
  className: "Torch7Scanner",
  description: "Torch7 (Lua) files: functions inside, sizes, hidden bytes",
  extensions: [".t7", ".th", ".net"],
  tags: ["weights", "serialization"],
  sniff,
  load: () => import("./scanner.js"),
};
