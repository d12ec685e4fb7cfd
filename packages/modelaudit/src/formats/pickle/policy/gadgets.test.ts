import { describe, expect, test } from "vitest";
import type { Value } from "../values.js";
import { container, dict, Tape } from "../../../../test/pickle-tape.js";

function worst(write: (tape: Tape) => unknown): string | undefined {
  const tape = new Tape();
  write(tape);
  const severities = tape.judge().map((judgement) => judgement.severity);
  return ["critical", "warning", "info"].find((severity) => (severities as string[]).includes(severity));
}

/** A function that the file carries, with nothing telling in its code. */
function carried(t: Tape): Value {
  const code = t.call(t.call(t.global("cloudpickle.cloudpickle", "_builtin_type"), ["CodeType"]), [0, new Uint8Array(4), [null], "f"]);
  return t.call(t.global("cloudpickle.cloudpickle", "_make_function"), [code, dict({}), null, null, null]);
}

const list = (...items: unknown[]) => container("list", items);
const endless = (t: Tape) => t.call(t.global("itertools", "count"), []);
const collected = (t: Tape, iterator: Value) => t.call(t.global("builtins", "list"), [iterator]);
const build = (t: Tape, module: string, name: string, state: unknown) => t.build(t.call(t.global(module, name), [], "NEWOBJ"), state);
const graph = (t: Tape, body: Value) => t.call(t.global("torch.fx.graph_module", "reduce_graph_module"), [body, "import torch\n"]);
const EVIL_TEMPLATE = { _parse_arg_template: "import os" };
const FORWARD = "def forward(self, x):\n    return x\n";

type Case = readonly [string, (t: Tape) => unknown];

describe("code that the file carries runs", () => {
  test.each<Case>([
    ["through cloudpickle's instance", (t) => t.call(t.global("cloudpickle.cloudpickle", "instance"), [carried(t)])],
    ["through dill's _create_type", (t) => t.call(t.global("dill._dill", "_create_type"), [carried(t), "x"])],
    [
      "as a metaclass",
      (t) =>
        t.call(t.global("cloudpickle.cloudpickle", "_make_skeleton_class"), [
          carried(t),
          "A",
          [t.global("builtins", "object")],
          dict({}),
          null,
          null,
        ]),
    ],
    ["by a missing key", (t) => t.call(t.global("operator", "getitem"), [t.call(t.global("collections", "defaultdict"), [carried(t)]), "x"])],
    [
      "as a partial's new function",
      (t) => {
        const partial = t.call(t.global("functools", "partial"), [t.global("builtins", "float")]);
        t.call(t.build(partial, [carried(t), [], dict({}), dict({})]), ["x"]);
      },
    ],
    ["by a keyword", (t) => collected(t, t.call(t.global("itertools", "accumulate"), [list(1, 2)], "NEWOBJ_EX", dict({ func: carried(t) })))],
    [
      "by arguments out of a call",
      (t) => {
        const map = t.call(t.global("builtins", "map"), []);
        map.args = undefined;
        map.argsValue = t.call(t.global("builtins", "tuple"), [list(carried(t), list(1))]);
      },
    ],
  ])("%s", (_, write) => {
    expect(worst(write)).toBe("critical");
  });
});

describe("a text that SymPy evaluates", () => {
  const EVIL = "exit(1)";
  const tuple = (t: Tape) => t.global("sympy.core.containers", "Tuple");
  const maker = (t: Tape) => t.call(t.global("builtins", "getattr"), [tuple(t), "__new__"]);

  test.each<Case>([
    ["in an object", (t) => t.call(tuple(t), [EVIL], "NEWOBJ")],
    ["in a call", (t) => t.call(tuple(t), [EVIL])],
    ["in a list", (t) => t.call(tuple(t), [list(1, list(EVIL))], "NEWOBJ")],
    ["under a keyword", (t) => t.call(t.global("sympy.polys.polytools", "Poly"), [1], "NEWOBJ_EX", dict({ modulus: EVIL }))],
    ["as what an object would show", (t) => t.call(tuple(t), [t.call(t.global("pathlib", "PurePosixPath"), [EVIL])], "NEWOBJ")],
    ["by copyreg", (t) => t.call(t.global("copyreg", "__newobj__"), [tuple(t), EVIL])],
    ["by copyreg with keywords", (t) => t.call(t.global("copyreg", "__newobj_ex__"), [tuple(t), [EVIL], dict({})])],
    ["by its __new__", (t) => t.call(maker(t), [tuple(t), EVIL])],
    ["in a partial", (t) => t.call(t.call(t.global("functools", "partial"), [maker(t), tuple(t), EVIL]), [])],
    [
      "in a partial's state",
      (t) => t.call(t.build(t.call(t.global("functools", "partial"), [maker(t)]), [maker(t), [tuple(t), EVIL], dict({}), null]), []),
    ],
    ["in what is put into a matrix", (t) => t.mutate(t.object("sympy.matrices.dense", "MutableDenseMatrix"), "SETITEM", [0, 0], EVIL)],
    ["in what is added to a polynomial", (t) => t.mutate(t.object("sympy.polys.polytools", "Poly"), "ADDITEMS", EVIL)],
    ["in PyTorch's class", (t) => t.call(t.global("torch.utils._sympy.functions", "FloorDiv"), [EVIL, 2], "NEWOBJ")],
    [
      "as a function's dict",
      (t) => t.call(t.global("sympy.core.function", "_rebuild_undef"), ["f", dict({ __dict__: dict({ f: t.global("builtins", "len") }) })]),
    ],
  ])("%s", (_, write) => {
    expect(worst(write)).toBe("critical");
  });

  test("but in a list too long to be read", () => {
    expect(worst((t) => t.call(tuple(t), [{ ...list(1), dropped: 100 }], "NEWOBJ"))).toBe("warning");
  });

  test.each<Case>([
    ["a symbol's name", (t) => t.call(t.global("sympy.core.symbol", "Symbol"), ["x_{1} (m)"], "NEWOBJ")],
    ["a float's digits", (t) => t.call(t.global("sympy.core.numbers", "Float"), [[0, "9e3f", -3, 13]], "NEWOBJ_EX", dict({ precision: 53 }))],
    [
      "a function of a symbol",
      (t) => t.call(t.call(t.global("sympy.core.function", "_rebuild_undef"), ["f", dict({})]), [t.object("sympy.core.symbol", "Symbol")], "NEWOBJ"),
    ],
    ["a matrix", (t) => t.call(t.global("sympy.polys.matrices.domainmatrix", "DomainMatrix"), [dict({}), [2, 2], t.object("sympy.x", "ZZ")])],
  ])("is not %s", (_, write) => {
    expect(worst(write)).toBe("info");
  });
});

describe("the base class of copyreg's reconstructor, which is called with the state", () => {
  const rebuilt = (t: Tape, module: string, name: string, state: unknown) => {
    const cls = t.global(module, name);
    return t.call(t.global("copyreg", "_reconstructor"), [cls, cls, state]);
  };

  test.each<readonly [string, string | undefined, (t: Tape) => unknown]>([
    ["a class that is only ever filled", "critical", (t) => rebuilt(t, "models.yolo", "Model", dict({}))],
    ["a class that reads a file", "critical", (t) => rebuilt(t, "dateutil.tz.tz", "tzfile", "/etc/passwd")],
    ["a list that never ends", "warning", (t) => rebuilt(t, "builtins", "list", endless(t))],
    ["a list", undefined, (t) => rebuilt(t, "builtins", "list", list(1))],
    ["nothing", undefined, (t) => rebuilt(t, "builtins", "object", null)],
  ])("%s", (_, severity, write) => {
    expect(worst(write)).toBe(severity);
  });
});

describe("arguments in a partial, which is then called", () => {
  const partly = (t: Tape, module: string, name: string, ...args: unknown[]) =>
    t.call(t.call(t.global("functools", "partial"), [t.global(module, name), ...args]), []);

  test.each<readonly [string, string, (t: Tape) => unknown]>([
    ["a file that is read", "critical", (t) => partly(t, "dateutil.tz.tz", "tzfile", "/etc/passwd")],
    ["a function that is called", "critical", (t) => partly(t, "numpy.random._pickle", "__generator_ctor", 1, carried(t))],
    [
      "a file under a keyword",
      "warning",
      (t) => {
        const tzfile = t.global("dateutil.tz.tz", "tzfile");
        t.call(t.build(t.call(t.global("functools", "partial"), [tzfile]), [tzfile, [], dict({ fileobj: "/etc/passwd" }), null]), []);
      },
    ],
    [
      "a function under a keyword",
      "critical",
      (t) => {
        const variable = t.global("tensorflow.python.ops.resource_variable_ops", "ResourceVariable");
        const keywords = dict({ initial_value: t.global("numpy", "float32") });
        t.call(t.build(t.call(t.global("functools", "partial"), [variable]), [variable, [], keywords, null]), []);
      },
    ],
    ["what never ends", "warning", (t) => partly(t, "builtins", "list", endless(t))],
  ])("%s", (_, severity, write) => {
    expect(worst(write)).toBe(severity);
  });
});

describe("code of others that runs while items are collected", () => {
  const loader = (t: Tape) => build(t, "torch.utils.data.dataloader", "DataLoader", dict({ collate_fn: t.global("models.yolo", "Model") }));

  test.each<Case>([
    ["an object", (t) => collected(t, loader(t))],
    ["an object in an iterator", (t) => collected(t, t.call(t.global("builtins", "enumerate"), [loader(t)]))],
    ["an object in a tuple of a class", (t) => t.call(t.global("torch", "Size"), [loader(t)], "NEWOBJ")],
    ["a function", (t) => collected(t, t.call(t.global("builtins", "map"), [t.global("math", "factorial"), list(10 ** 9)]))],
    [
      "a function that a pipeline may keep",
      (t) => collected(t, t.call(t.global("builtins", "map"), [t.global("scipy.linalg._special_matrices", "dft"), list(10 ** 6)])),
    ],
  ])("%s", (_, write) => {
    expect(worst(write)).toBe("warning");
  });
});

describe("classes that act when they are made or filled", () => {
  test.each<Case>([
    ["an archive that is opened", (t) => build(t, "zipp", "CompleteDirs", [["x", "w"], dict({})])],
    ["a vendored archive", (t) => build(t, "setuptools._vendor.zipp", "CompleteDirs", [["x", "w"], dict({})])],
    ["fields that are compiled", (t) => t.call(t.global("networkx.utils.configs", "Config"), [], "NEWOBJ_EX", dict({ x: 1 }))],
    ["a module that is imported", (t) => t.call(t.global("six", "MovedModule"), ["x", "elsewhere"])],
    ["constants that are evaluated", (t) => t.call(t.global("mpmath", "identify"), [1, list("exit(1)")])],
    ["a type that is evaluated", (t) => t.call(t.global("tqdm.cli", "cast"), ["x", "exit"])],
    [
      "a folder that is deleted",
      (t) => t.call(t.global("pytorch_lightning.callbacks.model_checkpoint", "ModelCheckpoint._link_checkpoint"), [null, "x", "/"]),
    ],
    ["a model's layers, which are evaluated", (t) => t.call(t.global("ultralytics.nn.tasks", "parse_model"), [dict({}), 3])],
  ])("%s", (_, write) => {
    expect(worst(write)).toBe("critical");
  });
});

describe("classes that matplotlib makes while loading", () => {
  const subplot = (t: Tape, attribute: string) => [
    t.global("mpl_toolkits.x", "Mixin"),
    "{}Host",
    attribute,
    t.global("matplotlib.axes._axes", "Axes"),
  ];
  const made = (t: Tape, attribute: string) => t.call(t.global("matplotlib.cbook", "_picklable_class_constructor"), subplot(t, attribute));

  test("may hold what figures hold", () => {
    const offset = (t: Tape) => [t.object("matplotlib.legend", "Legend"), t.global("matplotlib.legend", "Legend._findoffset")];
    expect(worst((t) => t.build(made(t, "_axes_class"), dict({ _offset: container("list", offset(t)) })))).toBe("info");
    const norm = (t: Tape) => t.global("matplotlib.colors", "LogNorm");
    expect(worst((t) => t.call(t.global("matplotlib.colors", "_create_empty_object_of_class"), [norm(t)]))).toBe("info");
    expect(worst((t) => build(t, "matplotlib.image", "AxesImage", dict({})))).toBeUndefined();
  });

  test.each<Case>([
    ["a state setter", (t) => made(t, "__setstate__")],
    ["a class that acts", (t) => t.call(t.global("matplotlib.colors", "_create_empty_object_of_class"), [t.global("zipfile", "ZipFile")])],
    ["any other function", (t) => t.call(t.global("matplotlib.cbook", "_check_and_log_subprocess"), [["id"]])],
  ])("but not %s", (_, write) => {
    expect(worst(write)).toBe("critical");
  });
});

describe("states that act", () => {
  test.each<Case>([
    ["SciPy's text in a derived class", (t) => build(t, "somewhere.dists", "Mine", dict(EVIL_TEMPLATE))],
    [
      "SciPy's text behind a maker",
      (t) =>
        t.build(
          t.call(t.global("sklearn.neighbors._kd_tree", "newObj"), [t.global("scipy.stats._continuous_distns", "norm_gen")]),
          dict(EVIL_TEMPLATE),
        ),
    ],
    ["SciPy's text as pairs", (t) => build(t, "scipy.stats._continuous_distns", "norm_gen", list(["_parse_arg_template", "import os"]))],
    [
      "SciPy's text in a dict made by a call",
      (t) => {
        const state = t.call(t.global("collections", "OrderedDict"), []);
        state.items = ["_parse_arg_template", "import os"].map((item) => ({ kind: "constant", value: item }));
        build(t, "elsewhere", "Mine", state);
      },
    ],
    [
      "a setter, on the result of a call that was told of",
      (t) => t.build(t.call(t.global("elsewhere", "make"), []), dict({ __setstate__: t.global("builtins", "len") })),
    ],
    [
      "a class, under a key of a class of texts",
      (t) => build(t, "elsewhere", "Mine", container("dict", [t.call(t.global("elsewhere", "Text"), ["__class__"], "NEWOBJ"), 1])),
    ],
    ["a pointer", (t) => build(t, "lightgbm.basic", "Booster", dict({ _handle: 4096 }))],
    ["a pointer's bytes", (t) => build(t, "lightgbm.basic", "Dataset", dict({ _handle: new Uint8Array(64) }))],
    [
      "a folder that is deleted",
      (t) => build(t, "transformers.integrations.integration_utils", "NeptuneCallback", dict({ _volatile_checkpoints_dir: "/" })),
    ],
    ["attributes set when it is dropped", (t) => build(t, "tensorflow.python.platform.googletest", "StubOutForTesting", dict({}))],
  ])("%s", (_, write) => {
    expect(worst(write)).toBe("critical");
  });

  test("a booster's own model is fine", () => {
    expect(worst((t) => build(t, "lightgbm.basic", "Booster", dict({ _handle: "tree\nversion=v4" })))).toBeUndefined();
    expect(worst((t) => build(t, "lightgbm.basic", "Dataset", dict({ _handle: null })))).toBeUndefined();
  });

  test("a computed name", () => {
    const state = (t: Tape) => container("dict", [t.call(t.global("builtins", "str"), ["forward"]), t.global("builtins", "len")]);
    expect(worst((t) => build(t, "torch.nn.modules.linear", "Linear", state(t)))).toBe("warning");
    const zipped = (t: Tape) => t.call(t.global("builtins", "dict"), [t.call(t.global("builtins", "zip"), [list("forward"), list(1)])]);
    expect(worst((t) => build(t, "torch.nn.modules.linear", "Linear", zipped(t)))).toBe("warning");
  });
});

describe("names that helpers import", () => {
  test.each<Case>([
    ["a namedtuple that exists", (t) => t.call(t.global("dill._dill", "_create_namedtuple"), ["system", [], "os"])],
    ["a file loader", (t) => t.call(t.global("pygments.formatters", "load_formatter_from_file"), ["x.py"])],
  ])("%s", (_, write) => {
    expect(worst(write)).toBe("critical");
  });

  test("a namedtuple of the program is data", () => {
    expect(worst((t) => t.call(t.global("dill._dill", "_create_namedtuple"), ["Point", ["x", "y"], "__main__"]))).toBe("info");
  });
});

describe("the source of a GraphModule", () => {
  test("is fine by itself", () => {
    expect(worst((t) => graph(t, dict({ _code: FORWARD })))).toBeUndefined();
  });

  test.each<Case>([
    ["was another when it was compiled", (t) => graph(t, container("dict", ["_code", "import os", "_code", FORWARD]))],
    ["stands in the older attribute", (t) => graph(t, dict({ _code: "", code: "import os" }))],
  ])("%s", (_, write) => {
    expect(worst(write)).toBe("critical");
  });

  test("is hidden behind many attributes", () => {
    expect(worst((t) => graph(t, { ...dict({ _code: FORWARD }), dropped: 2 }))).toBe("warning");
  });
});

test("iterators over the same iterators are followed once", () => {
  const nested = (t: Tape) => {
    let inside: Value = t.call(t.global("itertools", "chain"), [list(1)]);
    for (let level = 0; level < 14; level++) inside = t.call(t.global("itertools", "chain"), new Array(100).fill(inside));
    return collected(t, inside);
  };
  expect(worst(nested)).toBeUndefined();
});

describe("calls that do not end", () => {
  test.each<Case>([
    ["islice", (t) => collected(t, t.call(t.global("itertools", "islice"), [endless(t), 10 ** 12]))],
    ["zip", (t) => collected(t, t.call(t.global("builtins", "zip"), [endless(t), endless(t)]))],
    ["map", (t) => collected(t, t.call(t.global("builtins", "map"), [t.global("builtins", "float"), endless(t)]))],
    ["enumerate", (t) => collected(t, t.call(t.global("builtins", "enumerate"), [endless(t)]))],
    ["a size", (t) => t.call(t.global("torch", "Size"), [endless(t)])],
    ["a decimal", (t) => t.call(t.global("builtins", "int"), [t.call(t.global("decimal", "Decimal"), ["1E999999999"])])],
    ["a tensor of two large sides", (t) => t.call(t.global("torch", "FloatTensor"), [10 ** 6, 10 ** 6], "NEWOBJ")],
    ["an array of a shape under a keyword", (t) => t.call(t.global("numpy", "ndarray"), [], "NEWOBJ_EX", dict({ shape: [10 ** 6, 10 ** 6] }))],
    ["an array of texts", (t) => t.call(t.global("numpy.char", "chararray"), [[10 ** 6, 10 ** 6]], "NEWOBJ")],
  ])("%s", (_, write) => {
    expect(worst(write)).toBe("warning");
  });

  test.each<Case>([
    ["a short islice", (t) => collected(t, t.call(t.global("itertools", "islice"), [endless(t), 10]))],
    ["a zip with a list", (t) => collected(t, t.call(t.global("builtins", "zip"), [endless(t), list(1, 2)]))],
  ])("but %s does", (_, write) => {
    expect(worst(write)).toBeUndefined();
  });
});

test.each<Case>([
  ["a zone that is a path", (t) => t.call(t.global("dateutil.tz.tz", "gettz"), [":/etc/passwd"])],
  ["a backend that loads a file", (t) => t.call(t.global("ultralytics.nn.autobackend", "AutoBackend"), ["evil.pt"])],
])("%s", (_, write) => {
  expect(worst(write)).toBe("warning");
});

describe("source that a GraphModule's writer does not make", () => {
  const run = (body: string, imports = "import torch\n", attributes: (t: Tape) => Record<string, unknown> = () => ({})) =>
    worst((t) =>
      t.call(t.global("torch.fx.graph_module", "reduce_graph_module"), [
        dict({ _code: `def forward(self, x):\n    ${body}\n    return x\n`, ...attributes(t) }),
        imports,
      ]),
    );

  test.each([
    ["behind a carriage return in a comment", "# a\r    y = eval('1')"],
    ["a name in compatibility form", "y = eva\uff4c('1')"],
    ["an f-string", "y = f\"{eval('1')}\""],
    ["an attribute of a number", "y = 1..__class__.__base__.__subclasses__()[133]('id')"],
    ["an attribute of a hexadecimal number", "y = 0x1.__class__"],
    ["an imported getattr", 'y = g(x, "_" + "_class_" + "_")', "from builtins import getattr as g\n"],
    ["a function that imports", 'y = u("os", "system")("id")', "from numpy._core import _ufunc_reconstruct as u\n"],
  ])("%s", (_, body, imports?: string) => {
    expect(run(body, imports)).toBe("critical");
  });

  test("a function of the file, or a path, as an attribute", () => {
    expect(run("y = self.f(x)", undefined, (t) => ({ f: carried(t) }))).toBe("critical");
    expect(run('y = self.f.write_text("x")', undefined, (t) => ({ f: t.call(t.global("pathlib", "PosixPath"), [".profile"]) }))).toBe("critical");
  });

  test.each([
    ["numbers of all kinds", "y = x[0] + 1.5e-3 * 2.0 - 0x1f + 1e6 + 3j; z = 1.0"],
    ["texts behind words", 'y = getattr(self, "0")(x) if x == "a" else "b"; z = x in "c" or not "d"'],
    ["getattr under its own name", 'y = getattr(x, "shape")', "from builtins import getattr as getattr\n"],
    ["an annotation's import", "y = int(x)", "import torch\nfrom builtins import int as int\n"],
  ])("but %s", (_, body, imports?: string) => {
    expect(run(body, imports)).toBeUndefined();
  });
});

describe("what is made now and called by the program later", () => {
  const step = (t: Tape, maker: string, ...args: unknown[]) => t.call(t.global("operator", maker), args);
  const batch = (t: Tape, ...args: Value[]) => t.call(t.object("torch_geometric.data.batch", "DynamicInheritanceGetter"), args);
  const sorted = (t: Tape, kind: "Dict" | "Set", ...args: unknown[]) =>
    t.call(t.global(`sortedcontainers.sorted${kind.toLowerCase()}`, `Sorted${kind}`), args);
  const slot = (t: Tape, name: string, shown: string) => t.call(t.global("dill._dill", "_getattr"), [t.global("builtins", "str"), name, shown]);
  const shown = (t: Tape, text: string) => t.call(t.global("dill._dill", "_eval_repr"), [text]);

  test.each<Case>([
    ["a method that acts", (t) => step(t, "methodcaller", "system", "id")],
    ["a method with an object", (t) => step(t, "methodcaller", "get", t.object("elsewhere", "Mine"))],
    ["an attribute of Python's internals", (t) => step(t, "attrgetter", "__class__")],
    ["a call of a method", (t) => t.call(step(t, "methodcaller", "toarray"), [t.object("elsewhere", "Mine")])],
    ["a method over items", (t) => collected(t, t.call(t.global("builtins", "map"), [step(t, "methodcaller", "toarray"), list(1)]))],
    ["a batch of something else", (t) => batch(t, t.global("elsewhere", "act"), t.global("torch_geometric.data.data", "Data"))],
    ["a sorted dict's key", (t) => sorted(t, "Dict", t.global("elsewhere", "act"), dict({ a: 1 }))],
    ["a sorted set's key", (t) => sorted(t, "Set", list("a"), t.global("elsewhere", "act"))],
    ["a method of a module", (t) => slot(t, "system", "<slot wrapper 'system' of 'os' objects>")],
    ["a method by another name", (t) => slot(t, "lower", "<slot wrapper '__repr__' of 'str' objects>")],
    ["source in a method's name", (t) => slot(t, 'x"]+y#', "<method 'x\"]+y#' of 'str' objects>")],
    ["source in a range", (t) => shown(t, "range(0, f())")],
  ])("%s", (_, write) => {
    expect(worst(write)).toBe("critical");
  });

  test.each<Case>([
    ["a method that gives data", (t) => step(t, "methodcaller", "astype", "float32")],
    ["a fitted attribute", (t) => step(t, "attrgetter", "coef_")],
    ["a batch of graphs", (t) => batch(t, t.global("torch_geometric.data.batch", "Batch"), t.global("torch_geometric.data.data", "Data"))],
    ["a sorted dict", (t) => sorted(t, "Dict", null, dict({ a: 1 }))],
    ["a method of a built-in class", (t) => slot(t, "__repr__", "<slot wrapper '__repr__' of 'str' objects>")],
    ["a range", (t) => shown(t, "range(0, 5)")],
    ["an exception by dill", (t) => t.call(t.call(t.global("dill._dill", "_load_type"), ["ValueError"]), ["text"])],
    [
      "a configuration's own set",
      (t) => build(t, "yacs.config", "CfgNode", dict({ __deprecated_keys__: t.call(t.global("builtins", "set"), [list()]) })),
    ],
  ])("but %s", (_, write) => {
    expect([undefined, "info"]).toContain(worst(write));
  });
});
