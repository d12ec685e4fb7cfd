import { expect, test } from "vitest";
import { jsonText } from "./json.js";

const TEXT = '{"a": "重さ"}';

function encoded(width: number, little: boolean, mark: boolean): Uint8Array {
  const points = [...(mark ? "\ufeff" : ""), ...TEXT].map((letter) => letter.codePointAt(0) as number);
  return Uint8Array.from(
    points.flatMap((point) => {
      const bytes = Array.from({ length: width }, (_, i) => (point >> (8 * i)) & 255);
      return little ? bytes : bytes.reverse();
    }),
  );
}

test.each([
  ["UTF-8", new TextEncoder().encode(TEXT)],
  ["UTF-8 with a mark", new TextEncoder().encode(`\ufeff${TEXT}`)],
  ...[2, 4].flatMap((width) =>
    [true, false].flatMap((little) =>
      [true, false].map((mark) => [`${8 * width} bits, ${little ? "little" : "big"}${mark ? ", mark" : ""}`, encoded(width, little, mark)] as const),
    ),
  ),
] as const)("%s", (_, bytes) => {
  expect(jsonText(bytes)).toBe(TEXT);
});

test.each([[[]], [[0x7b]], [[0]], [[0, 0, 0]]])("%j does not throw", (bytes) => {
  expect(jsonText(Uint8Array.from(bytes))).toBeTypeOf("string");
});
