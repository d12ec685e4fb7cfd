import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { bytesOf } from "../../../test/scan-bytes.js";
import { reachesOutside } from "./judge-code.js";
import { allCode, readCode } from "./marshal.js";

/** Written by each Python itself, see scripts/fixtures/marshal_code.py. */
const golden = JSON.parse(readFileSync(new URL("testdata/code.json", import.meta.url), "utf8")) as Record<string, Record<string, string>>;
const REACHED: Record<string, string[]> = {
  compute: [],
  spectrum: [],
  part: [],
  nested: [],
  import: ["__import__", "system"],
  inside: ["__builtins__"],
  opens: ["open"],
  walk: ["__class__", "__subclasses__"],
};

describe.each(Object.entries(golden))("Python %s", (_, functions) => {
  test.each(Object.entries(functions))("%s", (name, encoded) => {
    const code = readCode(Buffer.from(encoded, "base64"));
    expect(code && reachesOutside(code).sort()).toEqual(REACHED[name]);
    // A byte too many or too few is no function that a writer made.
    expect(readCode(Buffer.concat([Buffer.from(encoded, "base64"), Buffer.from([0])]))).toBeUndefined();
    expect(readCode(Buffer.from(encoded, "base64").subarray(0, -1))).toBeUndefined();
  });
});

test("the versions that are held against", () => {
  expect(Object.keys(golden).sort()).toEqual(["2.7", "3.10", "3.11", "3.12", "3.13", "3.6", "3.7", "3.8", "3.9"]);
});

const u32 = (value: number) => Uint8Array.of(value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24);
const text = (value: string) => bytesOf("z", value.length, value);
const tuple = (...items: Uint8Array[]) => bytesOf(")", items.length, ...items);
const bytes = (value: string) => bytesOf("s", u32(value.length), value);

/** A code object in the layout of 3.11 and later. */
function code(names: Uint8Array, constants: Uint8Array): Uint8Array {
  const counts = [1, 0, 0, 2, 3].map(u32);
  const strings = [text("f.py"), text("f"), text("f")];
  return bytesOf("c", ...counts, bytes("\x97\0"), constants, names, tuple(), bytes(""), ...strings, u32(1), bytes(""), bytes(""));
}

test("3.14 keeps slices as constants", () => {
  const slice = bytesOf(":", "N", "i", u32(2), "N");
  expect(readCode(code(tuple(text("eval")), tuple(slice)))?.names).toEqual(["eval"]);
});

test.each([
  [["np", "load"], []],
  [["pd", "read_csv"], []],
  [["pathlib", "Path"], []],
  [["tf", "data", "TextLineDataset"], []],
  [["tf", "print"], ["file:///tmp/x"]],
])("%j %j reaches outside", (names, texts) => {
  const read = readCode(code(tuple(...names.map(text)), tuple(...texts.map(text))));
  expect(read && reachesOutside(read)).toHaveLength(1);
});

test("Python 2 numbers interned text", () => {
  const old = (names: Uint8Array) =>
    bytesOf("c", ...[1, 1, 2, 67].map(u32), bytes("|\0S"), tuple2(), names, tuple2(), tuple2(), tuple2(), bytes("f"), bytes("f"), u32(1), bytes(""));
  const tuple2 = (...items: Uint8Array[]) => bytesOf("(", u32(items.length), ...items);
  const read = readCode(old(tuple2(bytesOf("t", u32(6), "system"), bytesOf("R", u32(0)))));
  expect(read?.names).toEqual(["system", "system"]);
});

test("names behind a reference are followed", () => {
  const shared = bytesOf("\xfa", 6, "system");
  expect(readCode(code(tuple(bytesOf("r", u32(0))), tuple(shared)))?.names).toEqual(["system"]);
});

test("a function that holds the next one twice costs no more than one that holds it once", () => {
  let inner = code(tuple(), tuple());
  for (let i = 0; i < 12; i++) inner = code(tuple(), tuple(bytesOf("\xe3", inner.subarray(1)), bytesOf("r", u32(0))));
  const read = readCode(inner);
  expect(read).toBeDefined();
  if (read) expect(allCode(read).length).toBeLessThan(20);
});

test.each([
  ["nesting without end", bytesOf(...Array.from({ length: 5000 }, () => "(\x01\0\0\0"))],
  ["a count beyond the bytes", bytesOf("(\xff\xff\xff\x7f")],
  ["no code", bytesOf("N")],
  ["nothing", bytesOf()],
  ["code of no version", bytesOf("c", "\0".repeat(40))],
])("is no function: %s", (_, stream) => {
  expect(readCode(stream)).toBeUndefined();
});
