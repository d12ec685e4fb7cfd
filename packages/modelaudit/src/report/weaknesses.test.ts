import { expect, test } from "vitest";
import { allRules } from "../findings/catalogue.js";
import { WEAKNESSES } from "./weaknesses.js";

test("every weakness that a rule refers to has its name here", async () => {
  const nameless = (await allRules()).flatMap((rule) =>
    rule.cwe.filter((number) => !WEAKNESSES[number]).map((number) => `${rule.id}: CWE-${number}`),
  );
  expect(nameless).toEqual([]);
});
