import { expect, test } from "vitest";
import { judgeCode } from "./judge.js";

const judge = (source: string) => judgeCode(source).map(({ kind, name, line }) => `${kind} ${name} ${line}`);

test.each([
  ["torch.save(x, 'a')", "effect torch.save 1"],
  ["x = torch.from_file('a', True, 5)", "effect torch.from_file 1"],
  ["ops.aten.save(x, 'a')", "effect ops.aten.save 1"],
  ["x = ops . aten . from_file (\n'a')", "effect ops.aten.from_file 1"],
  ["x = (ops.# a comment\nevil.run(y))", "unknown-operator evil.run 1"],
  ["x = ops.\\\nevil.run(y)", "unknown-operator evil.run 1"],
  ["ops.image.write_file('a', x)", "effect ops.image.write_file 1"],
  ["torch.ops.load_library('x.so')", "effect torch.ops.load_library 1"],
  ["torch.classes.load_library('x.so')", "effect torch.classes.load_library 1"],
  ["x = ops.evil.run(y)", "unknown-operator evil.run 1"],
  ["x = __torch__.torch.classes.evil.Thing.__new__(__torch__.torch.classes.evil.Thing)", "unknown-class evil.Thing 1"],
  ["a : __torch__.torch.classes.evil.Thing", "unknown-class evil.Thing 1"],
  ["def forward(self):\n  import os\n  os.system('x')", "statement import 2"],
  ["def forward(self):\n  import os\n  os.system('x')", "effect os.system 3"],
  ["x = 1; from os import system", "statement from 1"],
  ["exec('x')", "effect exec 1"],
  ['return eval ("x")', "effect eval 1"],
  ["torch.add(__import__('os').system('x'), 1)", "effect __import__ 1"],
  ["subprocess.Popen(['x'])", "effect subprocess.Popen 1"],
  ["x = f()\u0000", 'bad "\\u0000" 1'],
])("%j", (source, expected) => {
  expect(judge(source)).toContain(expected);
});

test.each([
  'class Net(Module):\n  __parameters__ = ["weight", ]\n  training : bool\n  def forward(self: __torch__.Net,\n    x: Tensor) -> Tensor:\n    weight = self.weight\n    if bool(torch.gt(torch.sum(x), 0)):\n      x0 = torch.mul(x, 2)\n    else:\n      x0 = x\n    return torch.relu(torch.linear(x0, weight))',
  "x = (self.block).forward(y, )\n_0, _1, = z\n_2 = annotate(List[int], [])",
  "_0 = ops.torchvision.nms(a, b, 0.5)\n_1 = ops.quantized.conv2d(x, self._packed, 1., 0)",
  'ops.prim.RaiseException("import os; os.system()")\nx = "exec(\'x\')"  # import os',
  'x = (self).eval(y)\nz = self.open(y)\nw = getattr(self, "0")\nprint(w)',
  "def save(self: __torch__.A) -> NoneType:\n  return None\ndef open(a: int) -> int:\n  return a",
  "a : __torch__.torch.classes.quantized.Conv2dPackedParamsBase",
  "x = torch.full([1], -inf)\ny = 1.0000000000000001e-05\nz = CONSTANTS.c0",
  "_0 = __torch__.my.os.system\n_1 = __torch__.torch.nn.functional.relu(x, False, )\ninput = x",
  "return torch.softmax(x, -1, dtype=None)\nglobal_step = 1\nimport_count = 2",
  'with torch.no_grad():\n  pass\nassert x, "no"\nfor i in range(torch.len(x)):\n  continue',
])("nothing: %j", (source) => {
  expect(judge(source)).toEqual([]);
});
