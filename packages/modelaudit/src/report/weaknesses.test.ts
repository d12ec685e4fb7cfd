import { expect, test } from "vitest";
import { RULES } from "../findings/catalogue.generated.js";
import { WEAKNESSES } from "./weaknesses.js";

test("every weakness that a rule refers to has its name here", () => {
  const nameless = RULES.flatMap((rule) => rule.cwe.filter((number) => !WEAKNESSES[number]).map((number) => `${rule.id}: CWE-${number}`));
  expect(nameless).toEqual([]);
});
