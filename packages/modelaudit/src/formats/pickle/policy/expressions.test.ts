import { describe, expect, test } from "vitest";
import type { Value } from "../values.js";
import { container, dict, Tape } from "../../../../test/pickle-tape.js";

function worst(write: (tape: Tape) => unknown): string | undefined {
  const tape = new Tape();
  write(tape);
  const severities = tape.judge().map((judgement) => judgement.severity);
  return ["critical", "warning", "info"].find((severity) => (severities as string[]).includes(severity));
}

const EVIL = "__import__('os').system('id')";
const list = (...items: unknown[]) => container("list", items);
const sin = (t: Tape) => t.global("sympy.functions.elementary.trigonometric", "sin");
const lambda = (t: Tape) => t.global("sympy.core.function", "Lambda");
const unnamed = (t: Tape) => t.call(t.global("sympy.core.function", "_rebuild_undef"), ["f", dict({})]);
const partial = (t: Tape, ...args: unknown[]) => t.call(t.global("functools", "partial"), args);
const makerOf = (t: Tape, cls: Value) => t.call(t.global("builtins", "getattr"), [cls, "__new__"]);
const symbol = (t: Tape) => t.call(t.global("sympy.core.symbol", "Symbol"), ["x"], "NEWOBJ");
const mapped = (t: Tape, callee: Value) => t.call(t.global("builtins", "list"), [t.call(t.global("builtins", "map"), [callee, list(EVIL)])]);

type Case = readonly [string, (t: Tape) => unknown];

describe("a text that SymPy evaluates", () => {
  test.each<Case>([
    ["as an argument of __new__", (t) => t.call(sin(t), [EVIL], "NEWOBJ")],
    ["as a keyword", (t) => t.call(sin(t), [], "NEWOBJ_EX", dict({ evaluate: EVIL }))],
    ["inside of lists", (t) => t.call(lambda(t), [list(list(EVIL))], "NEWOBJ")],
    ["made by a call", (t) => t.call(sin(t), [t.call(t.global("collections", "UserString"), [EVIL])], "NEWOBJ")],
    ["in a set", (t) => t.call(sin(t), [t.call(t.global("builtins", "frozenset"), [list(EVIL)])], "NEWOBJ")],
    ["through copyreg", (t) => t.call(t.global("copyreg", "__newobj__"), [sin(t), EVIL])],
    ["in a tuple, through copyreg", (t) => t.call(t.global("copyreg", "__newobj_ex__"), [sin(t), [EVIL], dict({})])],
    [
      "as the state of a base class",
      (t) => t.call(t.global("copyreg", "_reconstructor"), [t.global("builtins", "int"), t.global("sympy.core.function", "AppliedUndef"), EVIL]),
    ],
    ["through __new__ by its name", (t) => t.call(makerOf(t, sin(t)), [sin(t), EVIL])],
    ["in a partial of __new__", (t) => t.call(partial(t, makerOf(t, sin(t)), sin(t), EVIL), [])],
    ["in a partial", (t) => t.call(partial(t, lambda(t), EVIL), [])],
    ["in a partial of a partial", (t) => t.call(partial(t, partial(t, lambda(t)), EVIL), [])],
    ["in a partial's state", (t) => t.call(t.build(partial(t, lambda(t)), [lambda(t), [EVIL], dict({}), null]) as Value, [])],
    ["in a call of a function without a body", (t) => t.call(unnamed(t), [EVIL])],
    ["out of an iterator", (t) => mapped(t, unnamed(t))],
    ["in a function that PyTorch derives", (t) => t.call(t.global("torch.utils._sympy.functions", "FloorDiv"), [EVIL, 2], "NEWOBJ")],
    [
      "as a method of a function without a body",
      (t) => t.call(t.global("sympy.core.function", "_rebuild_undef"), ["f", dict({ __init__: t.global("builtins", "len") })]),
    ],
    ["as its bases", (t) => t.call(t.global("sympy.core.function", "_rebuild_undef"), ["f", dict({ bases: [t.global("builtins", "int")] })])],
  ])("%s", (_, write) => {
    expect(worst(write)).toBe("critical");
  });

  test.each<Case>([
    ["an expression", (t) => t.call(sin(t), [symbol(t)], "NEWOBJ")],
    [
      "a symbol that protocol 2 writes",
      (t) => t.call(sin(t), [t.call(partial(t, makerOf(t, t.global("sympy.core.symbol", "Symbol")), "n"), [])], "NEWOBJ"),
    ],
    ["a function without a body", (t) => t.call(unnamed(t), [symbol(t)], "NEWOBJ")],
  ])("but %s", (_, write) => {
    expect(worst(write)).not.toBe("critical");
    expect(worst(write)).not.toBe("warning");
  });
});
