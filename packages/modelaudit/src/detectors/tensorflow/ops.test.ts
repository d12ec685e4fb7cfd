import { expect, test } from "vitest";
import { OP_NAMES } from "./op-names.generated.js";
import { POLICY_NAMES, isPublished, isRegistered, policyOf } from "./ops.js";

test("every judged operator is one that TensorFlow registers", () => {
  expect(POLICY_NAMES.filter((name) => !isRegistered(name))).toEqual([]);
});

test("the registry is a real one", () => {
  expect(OP_NAMES.split(" ").length).toBeGreaterThan(1500);
  for (const name of ["MatMul", "Const", "StatefulPartitionedCall", "SaveV2", "TPUCompile"]) expect(isRegistered(name), name).toBe(true);
});

test.each(["PyCall", "ShellExecute", "LoadLibrary", "Magic", ""])("%j is no operator of TensorFlow", (name) => {
  expect(isRegistered(name)).toBe(false);
  expect(policyOf(name)).toBeUndefined();
  expect(isPublished(name)).toBe(false);
});
