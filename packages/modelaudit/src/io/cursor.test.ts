import { expect, test } from "vitest";
import { Malformed } from "../engine/errors.js";
import { Cursor } from "./cursor.js";

test("decodes both byte orders and moves on", () => {
  const cursor = new Cursor(Uint8Array.from([1, 0, 1, 0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0, 0, 0, 0, 0, 0x68, 0x69]), 100);
  expect(cursor.u8()).toBe(1);
  expect(cursor.u16(false)).toBe(1);
  expect(cursor.i32()).toBe(-1);
  expect(cursor.count()).toBe(1);
  expect(cursor.text(2)).toBe("hi");
  expect(cursor.left).toBe(0);
  expect(cursor.offset).toBe(117);
});

test("says where the bytes end, in the artifact's own offsets", () => {
  const cursor = new Cursor(Uint8Array.from([1, 2, 3]), 40);
  cursor.skip(2);
  expect(() => cursor.u32()).toThrow(expect.objectContaining({ name: "Malformed", offset: 42 }));
  expect(cursor.u8()).toBe(3);
});

test("refuses lengths that a number cannot hold, and text that is not UTF-8", () => {
  expect(() => new Cursor(new Uint8Array(8).fill(0xff)).count()).toThrow(Malformed);
  expect(() => new Cursor(Uint8Array.from([0xc3, 0x28])).text(2)).toThrow(Malformed);
});
