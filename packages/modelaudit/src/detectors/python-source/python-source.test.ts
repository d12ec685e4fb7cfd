import { expect, test } from "vitest";
import { drive } from "../../engine/drive.js";
import { judgePython } from "./judge.js";

async function judge(source: string) {
  const { effects, problem } = await drive(judgePython(source) as ReturnType<typeof judgePython>);
  return { found: effects.map(({ severity, scope, line }) => `${severity} ${scope} ${line}`), effects, problem };
}

test.each([
  ["a call", "import os\nos.system('x')", "critical import 2"],
  ["an alias of a module", "import os as o\no.system('x')", "critical import 2"],
  ["an imported name", "from os import system as s\ns('x')", "critical import 2"],
  ["an import in brackets", "from os import (\n  path,\n  popen,\n)\npopen('x')", "critical import 5"],
  ["a star import", "from subprocess import *\nrun(['x'])", "critical import 2"],
  ["an assigned function", "import subprocess\nf = subprocess.Popen\n", "critical import 2"],
  ["an assigned module", "import os\nm = n = os\nn.popen('x')", "critical import 3"],
  ["a tuple of assignments", "import os\na, b = 1, os\nb.popen('x')", "critical import 3"],
  ["a walrus", "import os\n(q := os).popen('x')", "critical import 2"],
  ["a default value", "import os\ndef f(o=os):\n  o.popen('x')", "critical call 3"],
  ["a decorator", "import os\n@os.system\ndef f(): pass", "critical import 2"],
  ["a class body", "class A:\n  x = eval('1')", "critical import 2"],
  ["a function", "import os\ndef f():\n  os.system('x')", "critical call 3"],
  ["a lambda", "import os\nf = lambda: os.system('x')", "critical call 2"],
  ["an f-string", "import os\nx = f\"{os.system('x')}\"", "critical import 2"],
  ["a comprehension", "import os\n[os.system(c) for c in 'ab']", "critical import 2"],
  ["handing on", "import os\nlist(map(os.system, ['x']))", "critical import 2"],
  ["handing on eval", "list(map(eval, ['x']))", "critical import 1"],
  ["__import__", "__import__('os').system('x')", "critical import 1"],
  ["a folded import", "__import__('o' + 's').system('x')", "critical import 1"],
  ["a joined import", "__import__(''.join(['o', 's'])).system('x')", "critical import 1"],
  ["a reversed import", "__import__('so'[::-1]).system('x')", "critical import 1"],
  ["base64", "import base64\n__import__(base64.b64decode('b3M=').decode()).system('x')", "critical import 2"],
  ["import_module", "import importlib\nimportlib.import_module('os').system('x')", "critical import 2"],
  ["getattr", "import os\ngetattr(os, 'sys' + 'tem')('x')", "critical import 2"],
  ["attrgetter", "import os, operator\noperator.attrgetter('system')(os)('x')", "critical import 2"],
  ["__getattribute__", "import os\nos.__getattribute__('system')('x')", "critical import 2"],
  ["full-width letters", "\uff45val('x')", "critical import 1"],
  ["the registry", "import winreg\nwinreg.SetValue(k, '', 1, 'x')", "critical import 2"],
  ["getattr at run time", "import os\ngetattr(os, input())('x')", "critical import 2"],
  ["vars", "import os\nvars(os)['system']('x')", "critical import 2"],
  ["__dict__", "import os\nos.__dict__['system']('x')", "critical import 2"],
  ["sys.modules", "import sys\nsys.modules['os'].system('x')", "critical import 2"],
  ["__builtins__", "__builtins__['ev' 'al']('x')", "critical import 1"],
  ["builtins", "import builtins\nbuiltins.exec('x')", "critical import 2"],
  ["subclasses", "().__class__.__base__.__subclasses__()", "critical import 1"],
  ["partial", "import os, functools\nfunctools.partial(os.system, 'x')()", "critical import 2"],
  ["a socket", "import socket\ndef f():\n  s = socket.socket()", "critical call 3"],
  ["native code", "from ctypes import CDLL\nCDLL('x.so')", "critical import 2"],
  ["a guard that is none", "import os\nif __name__ == '__main__' or 1:\n  os.system('x')", "critical import 3"],
  ["the other branch of a guard", "import os\nif __name__ == '__main__':\n  pass\nelse:\n  os.system('x')", "critical import 5"],
  ["exec of another def", "if 0:\n  def eval(x): pass\neval('x')", "critical import 3"],
  ["sending on import", "import requests\nrequests.post('http://x', data='y')", "critical import 2"],
  ["sending in a function", "import requests\ndef f():\n  requests.post('http://x', data='y')", "warning call 3"],
  ["a download on import", "from urllib.request import urlopen\nurlopen('http://x')", "warning import 2"],
  ["writing on import", "open('x', mode='w').write('y')", "warning import 1"],
  ["deleting on import", "import shutil\nshutil.rmtree('/tmp/x')", "warning import 2"],
])("%s is found", async (_, source, expected) => {
  expect((await judge(source)).found).toContain(expected);
});

test.each([
  ["words only", "# os.system\nx = 'os.system(1); eval(2)'\n'''exec('x')'''"],
  ["methods of that name", "import torch\nmodel.eval()\nself.exec(1)\nre.compile('x')\nsession.run(None)\ntorch.compile(m)"],
  ["a parameter of that name", "def f(eval, open):\n  return eval(open)"],
  ["a function of its own", "def eval(model):\n  return model\neval(1)"],
  ["harmless parts of os", "import os\nos.path.join('a')\nos.environ['A'] = '1'\nos.makedirs('x', exist_ok=True)\nos.getcwd()"],
  ["constants of subprocess", "import subprocess\nx = subprocess.PIPE\ntry:\n  pass\nexcept subprocess.CalledProcessError:\n  pass"],
  ["a keyword", "f(eval=True, exec=1)"],
  ["reading files", "import json\nwith open('x') as f:\n  json.load(f)"],
  ["loading weights in a function", "import torch, pickle\ndef f(p):\n  pickle.load(open(p, 'rb'))\n  return torch.load(p)"],
  ["fetching an image in a function", "import requests\ndef f(u):\n  return requests.get(u).content"],
  ["importing a module by name in a function", "import importlib\ndef f(n):\n  return importlib.import_module(n.split('.')[0])"],
  ["the program part", "import os\nif __name__ == '__main__':\n  os.system('x')"],
  ["the host name", "import socket\nprint(socket.gethostname())"],
  [
    "today's syntax",
    "type A[T] = list[T]\ndef f[T](x: T, /, *, y: int = 1) -> T:\n  match x:\n    case {'a': 1, **rest}: return (z := rest)\n    case _: return x\nasync def g():\n  async with a as b: await b",
  ],
])("%s is nothing", async (_, source) => {
  expect(await judge(source)).toMatchObject({ found: [], problem: undefined });
});

test("text that is no Python is told", async () => {
  expect((await judge("def ( : = =\n")).problem).toMatch(/line 1/);
});

test("deep nesting and long files end", async () => {
  expect((await judge(`${"(".repeat(50_000)}`)).problem).toBeDefined();
  expect((await judge(`x = ${"a.".repeat(20_000)}b\n`)).found).toEqual([]);
  expect((await judge(`import os\n${"os.system('x')\n".repeat(2000)}`)).found.length).toBe(20);
});
