import { describe, expect, test } from "vitest";
import { LimitExceeded, Malformed } from "../engine/errors.js";
import { FlatBuffer } from "./flatbuffer.js";
import { bytesReader } from "./reader.js";
import type { Waiting } from "./waiting.js";

function now<T>(work: Waiting<T>): T {
  const step = work.next();
  if (!step.done) throw new Error("the reader is synchronous, so nothing may wait");
  return step.value;
}

/**
 * root table at 20 with vtable at 8 (slots: 0 -> u8 at +4, 1 absent, 2 -> reference at +8 to text, 3 -> reference at +12
 * to a vector of i32, 4 -> reference at +16 to a vector of one table, the root's own shape).
 */
function sample(): Uint8Array {
  const bytes = new Uint8Array(84);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 24, true);
  bytes.set(
    [..."TEST"].map((c) => c.charCodeAt(0)),
    4,
  );
  for (const [index, value] of [14, 20, 4, 0, 8, 12, 16].entries()) view.setUint16(8 + 2 * index, value, true);
  view.setInt32(24, 24 - 8, true);
  bytes[28] = 7;
  view.setUint32(32, 44 - 32, true); // text
  view.setUint32(36, 52 - 36, true); // numbers
  view.setUint32(40, 64 - 40, true); // tables
  view.setUint32(44, 2, true);
  bytes.set([0x68, 0x69], 48);
  view.setUint32(52, 2, true);
  view.setInt32(56, -5, true);
  view.setInt32(60, 6, true);
  view.setUint32(64, 1, true);
  view.setUint32(68, 4, true);
  view.setInt32(72, 72 - 8, true);
  bytes[76] = 9;
  return bytes;
}

describe("flatbuffer", () => {
  test("reads numbers, text, vectors and tables", () => {
    const buffer = new FlatBuffer(bytesReader(sample()));
    const root = now(buffer.root());
    expect(now(buffer.identifier())).toBe("TEST");
    expect(now(root.number(0, "u8"))).toBe(7);
    expect(now(root.number(1, "u8", 3))).toBe(3);
    expect(now(root.number(99, "u8", 4))).toBe(4);
    expect(now(root.text(2))).toBe("hi");
    expect(now(root.numbers(3, "i32"))).toEqual([-5, 6]);
    expect(now(root.vector(3, 4))).toEqual({ start: 56, end: 64, count: 2 });
    const [inner] = now(root.tables(4));
    expect(inner && now(inner.number(0, "u8"))).toBe(9);
  });

  const spoil = (at: number, value: number) => {
    const bytes = sample();
    new DataView(bytes.buffer).setUint32(at, value, true);
    return bytes;
  };

  test.each([
    ["the root lies past the end", 0, 5000, (b: FlatBuffer) => now(b.root())],
    ["the root refers to itself", 0, 0, (b: FlatBuffer) => now(b.root())],
    ["the vtable lies before the start", 24, 25, (b: FlatBuffer) => now(b.root())],
    ["the vtable lies past the end", 24, -200 >>> 0, (b: FlatBuffer) => now(b.root())],
    ["text is longer than the file", 44, 0xffffffff, (b: FlatBuffer) => now(now(b.root()).text(2))],
    ["a vector is longer than the file", 52, 0x40000000, (b: FlatBuffer) => now(now(b.root()).numbers(3, "i32"))],
    ["a table in a vector lies past the end", 68, 5000, (b: FlatBuffer) => now(now(b.root()).tables(4))],
  ])("%s: malformed", (_, at, value, act) => {
    expect(() => act(new FlatBuffer(bytesReader(spoil(at, value))))).toThrow(Malformed);
  });

  test("a vtable of an odd size is malformed", () => {
    const bytes = sample();
    bytes[8] = 13;
    expect(() => now(new FlatBuffer(bytesReader(bytes)).root())).toThrow(Malformed);
  });

  test("visits are capped", () => {
    const buffer = new FlatBuffer(bytesReader(sample()), { visits: 2 });
    expect(() => now(now(buffer.root()).numbers(3, "i32"))).toThrow(LimitExceeded);
  });
});
