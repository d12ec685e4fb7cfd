import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { buildZip } from "../../../test/build-zip.js";
import { bytesOf, scanBytes } from "../../../test/scan-bytes.js";

const golden = (name: string) => readFileSync(new URL(`testdata/${name}`, import.meta.url));
const node = (loader: string, module: string, name: string, rest: object = {}) => ({
  __class__: name,
  __module__: module,
  __loader__: loader,
  ...rest,
});
const skops = (schema: object | string) =>
  buildZip([{ name: "schema.json", data: typeof schema === "string" ? schema : JSON.stringify({ ...schema, protocol: 2, _skops_version: "0.11" }) }]);
const dict = (content: object) => node("DictNode", "builtins", "dict", { key_types: node("ListNode", "builtins", "list", { content: [] }), content });

test.each(["pipeline.skops", "forest.skops"])("%s, saved by skops, is clean", async (name) => {
  const scanned = await scanBytes(name, golden(name));
  expect([scanned.outcome, scanned.rules, scanned.records[0]?.scanners]).toEqual(["clean", [], ["skops"]]);
});

test.each([
  ["a function", node("FunctionNode", "os", "system"), "S1281", "critical"],
  [
    "a function under its older keys",
    node("FunctionNode", "numpy", "add", { content: { module_path: "os", function: "system" } }),
    "S1281",
    "critical",
  ],
  ["a type", node("TypeNode", "builtins", "eval"), "S1281", "critical"],
  [
    "a constructor deep inside",
    dict({ a: node("ListNode", "builtins", "list", { content: [node("ConstructorFromReduceNode", "subprocess", "Popen")] }) }),
    "S1281",
    "critical",
  ],
  ["a partial", node("PartialNode", "functools", "partial", { content: { func: node("FunctionNode", "posix", "system") } }), "S1281", "critical"],
  ["an object", node("ObjectNode", "os", "system"), "S1281", "critical"],
  ["a dunder path", node("TypeNode", "builtins", "object.__subclasses__"), "S1281", "critical"],
  [
    "a method node that shows another type",
    node("MethodNode", "numpy", "ndarray", { content: { func: "call", obj: node("TypeNode", "builtins", "int") } }),
    "S1282",
    "critical",
  ],
  [
    "a method that is a dunder",
    node("MethodNode", "numpy", "ndarray", { content: { func: "__reduce__", obj: node("NdArrayNode", "numpy", "ndarray") } }),
    "S1281",
    "critical",
  ],
  ["an operator node of another module", node("OperatorFuncNode", "builtins.int", "call", { attrs: dict({}) }), "S1282", "critical"],
  ["an operator that calls", node("OperatorFuncNode", "operator", "call", { attrs: dict({}) }), "S1281", "critical"],
  [
    "a bit generator that is none",
    node("RandomGeneratorNode", "numpy.random._generator", "Generator", {
      content: { bit_generator: dict({ bit_generator: node("JsonNode", "builtins", "str", { content: '"seed"' }) }) },
    }),
    "S1282",
    "critical",
  ],
  ["a package nobody knows", node("ObjectNode", "my_models", "Thing"), "S1283", "warning"],
  ["a node nobody knows", node("ExecNode", "builtins", "dict"), "S1284", "warning"],
])("38: %s is found", async (_, schema, rule, worst) => {
  const scanned = await scanBytes("a.skops", skops(schema));
  expect(scanned.rules).toContain(rule);
  expect(scanned.worst).toBe(worst);
});

test("packages the user vouches for are fine", async () => {
  const scanned = await scanBytes("a.skops", skops(node("ObjectNode", "my_models", "Thing")), { policy: { trust: ["my_models"] } });
  expect(scanned.rules).toEqual([]);
});

test("the second of two schemas counts as well", async () => {
  const both = buildZip([
    { name: "schema.json", data: JSON.stringify(dict({})) },
    { name: "schema.json", data: JSON.stringify(node("FunctionNode", "os", "system")) },
  ]);
  expect((await scanBytes("a.skops", both)).worst).toBe("critical");
});

test("a schema that is no JSON, and keys that stand twice, are reported", async () => {
  expect((await scanBytes("a.skops", skops("{"))).rules).toContain("S902");
  expect(
    (await scanBytes("a.skops", skops('{"__class__":"dict","__class__":"dict","__module__":"builtins","__loader__":"DictNode"}'))).rules,
  ).toContain("S902");
});

test("a pickle of that name is found by its content", async () => {
  expect((await scanBytes("a.skops", bytesOf("\x80\x02cos\nsystem\nU\x04trueq\0\x85R."))).worst).toBe("critical");
});
