import { expect, test } from "vitest";
import { printable, wrap } from "./printable.js";

test.each([
  ["plain text, é, 模型, 🙂", "plain text, é, 模型, 🙂"],
  ["a\u001b[2Jb", "a\\x1b[2Jb"],
  ["a\r\nb\tc\0", "a\\x0d\\x0ab\\x09c\\x00"],
  ["\u009b31m", "\\x9b31m"],
  ["\u202egpj.exe", "\\u202egpj.exe"],
  ["zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"],
  ["line\u2028separator\u2029", "line\\u2028separator\\u2029"],
  ["tag\u{e0041}", "tag\\u{e0041}"],
  ["lone \ud800 surrogate", "lone \\ud800 surrogate"],
  ["x ##[error]y ##vso[task.x]z ## heading", "x #\\x23[error]y #\\x23vso[task.x]z ## heading"],
])("%j is shown as %j", (text, shown) => {
  expect(printable(text)).toBe(shown);
});

test("words are wrapped, long ones stay whole", () => {
  expect(wrap("one two three /a/very/long/path four", 9)).toEqual(["one two", "three", "/a/very/long/path", "four"]);
});

test("no line begins with what a log reader takes as a command", () => {
  expect(wrap("model ::add-mask::x", 6)).toEqual(["model", "\\x3a:add-mask::x"]);
});
