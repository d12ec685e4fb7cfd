import { describe, expect, test } from "vitest";
import { countingReader } from "./counting-reader.js";
import { sparseReader } from "../../test/sparse-reader.js";
import { protobuf, varintBytes } from "../../test/protobuf-bytes.js";
import { bytesOf } from "../../test/scan-bytes.js";
import { LimitExceeded, Malformed } from "../engine/errors.js";
import { Protobuf, bytes, int, ints, message, messages, parts, skipped, text, texts } from "./protobuf.js";
import { leadingFields } from "./protobuf-wire.js";
import { type Reader, bytesReader } from "./reader.js";
import type { Waiting } from "./waiting.js";

function now<T>(work: Waiting<T>): T {
  const step = work.next();
  if (!step.done) throw new Error("the reader is synchronous, so nothing may wait");
  return step.value;
}

const INNER = { id: int(1), label: text(2) };
const OUTER = {
  count: int(1),
  dims: ints(2),
  name: text(3),
  names: texts(4),
  data: bytes(5),
  parts: parts(6),
  one: message(7, () => INNER),
  many: messages(8, () => INNER),
  weights: skipped(9),
};

const all = (input: Uint8Array) => ({ start: 0, end: input.length });
const decode = (input: Uint8Array) => now(new Protobuf(bytesReader(input)).decode(all(input), OUTER));

describe("protobuf", () => {
  test("decodes each kind of field", () => {
    const input = protobuf(
      [1, 5],
      [2, -1],
      [2, bytesOf(varintBytes(300), varintBytes(2n ** 62n))],
      [3, "é"],
      [4, "a"],
      [4, "b"],
      [5, "data"],
      [6, "xy"],
      [6, "z"],
      [7, protobuf([1, 1])],
      [8, protobuf([2, "first"])],
      [8, protobuf([2, "second"])],
      [9, "weights"],
    );
    const { data, parts: found, ...rest } = decode(input);
    expect(rest).toEqual({
      count: 5,
      dims: [-1, 300, 2 ** 62],
      name: "é",
      names: ["a", "b"],
      one: { id: 1, label: "" },
      many: [
        { id: 0, label: "first" },
        { id: 0, label: "second" },
      ],
    });
    const textOf = (range = { start: 0, end: 0 }) => String.fromCharCode(...input.subarray(range.start, range.end));
    expect(textOf(data)).toBe("data");
    expect(found.map(textOf)).toEqual(["xy", "z"]);
  });

  test("an empty message has defaults", () => {
    expect(decode(new Uint8Array(0))).toEqual({ count: 0, dims: [], name: "", names: [], data: undefined, parts: [], one: undefined, many: [] });
  });

  test("the last of repeated scalars wins, and a repeated singular message is merged", () => {
    const seen = decode(protobuf([1, 1], [1, 2], [7, protobuf([1, 9])], [7, protobuf([2, "added"])]));
    expect(seen.count).toBe(2);
    expect(seen.one).toEqual({ id: 9, label: "added" });
  });

  test("unknown fields, and known ones of another wire type, are skipped and kept for a look", () => {
    const input = protobuf([3, 7], [99, "hidden"], [3, "name"]);
    const file = new Protobuf(bytesReader(input));
    expect(now(file.decode(all(input), OUTER)).name).toBe("name");
    expect(file.unexplained).toEqual([{ number: 99, start: 5, end: 11 }]);
  });

  test("groups are skipped, also nested ones", () => {
    const group = bytesOf(11 * 8 + 3, protobuf([1, 1]), 12 * 8 + 3, 12 * 8 + 4, 11 * 8 + 4);
    expect(decode(bytesOf(group, protobuf([1, 8]))).count).toBe(8);
  });

  test("large fields are skipped, not read", () => {
    const before = protobuf([5, new Uint8Array(0)]);
    const huge = 3_000_000_000;
    const head = bytesOf(before, varintBytes(9 * 8 + 2), varintBytes(huge));
    const tail = protobuf([3, "end"]);
    const size = head.length + huge + tail.length;
    const pieces = [
      [0, head],
      [head.length + huge, tail],
    ] as const;
    const reader = countingReader(sparseReader(size, pieces));
    expect(now(new Protobuf(reader).decode({ start: 0, end: size }, OUTER)).name).toBe("end");
    expect(reader.count).toBeLessThan(200);
  });

  test("works over a reader that answers later", async () => {
    const input = protobuf([3, "later"]);
    const late: Reader = { size: input.length, read: async (offset, length) => input.subarray(offset, offset + length) };
    const work = new Protobuf(late).decode(all(input), OUTER);
    let step = work.next();
    while (!step.done) step = work.next(await step.value);
    expect(step.value.name).toBe("later");
  });

  test.each([
    ["a length past the end", bytesOf(3 * 8 + 2, 5, "abc")],
    ["a length that overflows", bytesOf(3 * 8 + 2, varintBytes(-1), "abc")],
    ["a varint that never ends", bytesOf(8, ...Array<number>(12).fill(0x80))],
    ["a varint cut off", bytesOf(8, 0x80)],
    ["field number 0", bytesOf(0, 1)],
    ["wire type 6", bytesOf(8 + 6, 1)],
    ["a group that never ends", bytesOf(11 * 8 + 3, protobuf([1, 1]))],
    ["groups that cross", bytesOf(11 * 8 + 3, 12 * 8 + 3, 11 * 8 + 4, 12 * 8 + 4)],
    ["the end of a group alone", bytesOf(11 * 8 + 4)],
    ["eight bytes cut off", bytesOf(11 * 8 + 1, "1234")],
  ])("%s: malformed", (_, input) => {
    expect(() => decode(input)).toThrow(Malformed);
  });

  test("fields and depth are capped", () => {
    const many = protobuf([1, 1], [1, 1], [1, 1]);
    expect(() => now(new Protobuf(bytesReader(many), { fields: 2 }).decode(all(many), OUTER))).toThrow(LimitExceeded);
    const NEST: { inner: ReturnType<typeof message> } = { inner: message(1, () => NEST) };
    let deep = new Uint8Array(0);
    for (let i = 0; i < 102; i++) deep = protobuf([1, deep]) as Uint8Array<ArrayBuffer>;
    expect(() => now(new Protobuf(bytesReader(deep)).decode(all(deep), NEST))).toThrow(LimitExceeded);
  });
});

describe("leading fields", () => {
  test("shows headers as far as the head reaches", () => {
    const input = protobuf([1, 8], [2, "pytorch"], [7, new Uint8Array(9000)], [8, "later"]);
    const numbers = leadingFields(input.subarray(0, 4096), input.length).map((field) => [field.number, field.wire]);
    expect(numbers).toEqual([
      [1, 0],
      [2, 2],
      [7, 2],
    ]);
  });

  test("stops where something else is appended", () => {
    const input = bytesOf(protobuf([1, 8], [7, "graph"]), "\0\0\0appended");
    expect(leadingFields(input, input.length).map((field) => field.number)).toEqual([1, 7]);
  });

  test("gives nothing for other bytes", () => {
    expect(leadingFields(bytesOf("\x7fELF", new Uint8Array(100)), 104)).toEqual([]);
  });
});
