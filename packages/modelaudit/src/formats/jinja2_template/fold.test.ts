import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ExpressionReader } from "./expression.js";
import { Folder } from "./fold.js";
import { judgeTemplate } from "./judge.js";
import { cutTemplate } from "./lexer.js";

/** Written by Jinja itself, see scripts/fixtures/jinja.py. */
const load = (name: string) => JSON.parse(readFileSync(new URL(`testdata/${name}`, import.meta.url), "utf8"));

test.each(load("folded.json") as [string, string][])("%s", (expression, value) => {
  const [piece] = cutTemplate(`{{ ${expression} }}`);
  if (piece?.kind !== "output") throw new Error("no tag");
  expect(new Folder().fold(new ExpressionReader(piece.tokens).expression(true)).values).toContain(value);
});

test.each(load("hostile.json") as string[])("%s", (template) => {
  expect(judgeTemplate(template).findings.map(({ rule }) => rule)).toContain("S1350");
});
