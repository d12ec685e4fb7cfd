import { expect, test } from "vitest";
import { type Literal, NotLiteral, parseLiteral } from "./python-literal.js";

/** The same value in plain JavaScript: tuples as ["tuple", ...]. */
function plain(literal: Literal): unknown {
  switch (literal.kind) {
    case "dict":
      return Object.fromEntries(literal.entries.map(([key, value]) => [String(plain(key)), plain(value)]));
    case "list":
      return literal.items.map(plain);
    case "tuple":
    case "set":
      return [literal.kind, ...literal.items.map(plain)];
    default:
      return literal.value;
  }
}

test.each([
  ["{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }", { descr: "<f4", fortran_order: false, shape: ["tuple", 3, 4] }],
  ["(3,)", ["tuple", 3]],
  ["(3)", 3],
  ["()", ["tuple"]],
  ["[]", []],
  ["[1,]", [1]],
  ["{}", {}],
  ["{1, 2}", ["set", 1, 2]],
  [
    "[('a', '<i4'), ('b', [('c', '|O')])]",
    [
      ["tuple", "a", "<i4"],
      ["tuple", "b", [["tuple", "c", "|O"]]],
    ],
  ],
  ["(10L, 2L)", ["tuple", 10, 2]],
  [`u'x' 'y' "z"`, "xyz"],
  [String.raw`'\x41\u00e9\101\n\\'`, "A\u00e9A\n\\"],
  ["-1.5e3", -1500],
  ["0x1F", 31],
  ["1_000", 1000],
  ["99999999999999999999", 99999999999999999999n],
  ["'''a\nb'''", "a\nb"],
  ["''", ""],
  ["None # comment", null],
])("%s", (text, expected) => {
  expect(plain(parseLiteral(text))).toEqual(expected);
});

test.each(["__import__('os')", "1 + 1", "[1 2]", "{'a': }", "f'{x}'", "(1", "x", "'a' if 1 else 'b'", "[].append", "{'a': 1, 'b'}", "", "(,)"])(
  "no literal: %s",
  (text) => {
    expect(() => parseLiteral(text)).toThrow(NotLiteral);
  },
);

test("nesting is bounded", () => {
  expect(() => parseLiteral("[".repeat(100_000))).toThrow(NotLiteral);
});
