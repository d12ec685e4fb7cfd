/** Rules on calls of NumPy, PyTorch, pandas and others. Each was written after reading what the function does with its arguments. */
import type { Built, Value } from "../values.js";
import { builds, type CallRule, callable, isEncoded, isName, OK, type RuleTable, wrong } from "./call-rule.js";
import { classify } from "./classify.js";
import { sourceProblem } from "./fx-source.js";
import { arrayOf, tooLarge } from "./sizes.js";
import { checkAttributes, holds } from "./states.js";
import { judgeUse } from "./use.js";
import { argumentsOf, entries, entry, isBytes, isConstant, isDict, isNone, isText, isTuple, show } from "../questions.js";

/** The first argument is a class, of which an object is made without calling it. */
export const firstIsClass: CallRule = (call) => builds(call, call.args[0]);

/** copyreg: `__newobj__(class, *args)` and `__newobj_ex__(class, args, keywords)`. */
export const newObject: CallRule = (call) => {
  const [cls, ...rest] = call.args;
  const [args, keywords] = rest;
  const ex = call.built && isName(call, call.built.callee, "copyreg", "__newobj_ex__");
  return builds(call, cls, ex && isTuple(args) ? [...args.items, ...(keywords ? [keywords] : [])] : rest);
};

/** A text that SymPy may evaluate: a name or digits, nothing that could be a call. */
const SYMBOL = /^\w*$/;
/** Classes that keep a text as the name it is. */
const NAMED = /(?:Symbol|Sym|Dummy|Wild|Str)$/;

/** SymPy's classes turn every text they get, at any depth, into an expression by `eval`. */
const symbolic: CallRule = ({ args, built }) => {
  const todo = [...args, ...(built?.kwargs ? [built.kwargs] : [])];
  const seen = new Set<Value>();
  for (let value = todo.pop(); value; value = todo.pop()) {
    if (seen.has(value)) continue;
    if (value.kind === "constant") {
      if (typeof value.value === "string" && !SYMBOL.test(value.value)) return wrong("it evaluates a text as an expression", "critical");
      continue;
    }
    seen.add(value);
    if (value.kind === "container") {
      if (value.dropped) return wrong("it gets more values than can be read");
      todo.push(...value.items);
    } else if (value.kind === "built" && !isSymbolic(value.callee)) todo.push(...(argumentsOf(value) ?? []), ...value.states, ...value.items);
  }
  return OK;
};

function isSymbolic(callee: Value): boolean {
  return callee.kind === "global" && symbolicRule(callee.module, callee.name) !== undefined;
}

const symbol: CallRule = (call) => symbolic(isText(call.args[0]) ? { ...call, args: call.args.slice(1) } : call);

/** The rule on classes of SymPy, and on those that PyTorch derives from them. */
export function symbolicRule(module: string, name: string): CallRule | undefined {
  if (!/^(?:sympy|torch\.utils\._sympy)(?:\.|$)/.test(module)) return undefined;
  return NAMED.test(name) ? symbol : symbolic;
}

/** matplotlib: a class made of the classes given, and an object of it. A text among them names an attribute of that class. */
const madeOfClasses: CallRule = (call) => {
  if (call.args.some((value) => isText(value) && value.value.startsWith("__"))) return wrong("it sets a method of the class", "critical");
  return call.args.flatMap((value) => (value.kind === "global" ? builds(call, value) : OK));
};

/** sympy: Function(name, **keywords). */
const undefinedFunction: CallRule = ({ args: [name, keywords] }) =>
  isText(name) && isDict(keywords) && keywords.plain ? OK : wrong("the function is made of more than a name", "critical");

/** numpy: _reconstruct(class, shape, type code). The class's own `__new__` gets the rest. */
export const reconstruct: CallRule = (call) => {
  const [cls, shape] = call.args;
  // Arrays that were mapped from a file when they were pickled: their class's own `__new__`, which opens files, is not run.
  if (cls && (isName(call, cls, "numpy", "memmap") || isName(call, cls, "numpy.core.memmap", "memmap"))) {
    call.judge.noteUse(cls);
    return tooLarge(shape);
  }
  return [...tooLarge(shape), ...builds(call, cls)];
};

/** A type code (`f8`, `<U12`, `V16`, `datetime64[ns]`) or a scalar class. Old NumPy evaluates other texts. */
const DTYPE = /^[<>|=]?[?A-Za-z][A-Za-z0-9_]*(?:\[[0-9A-Za-z/]*\])?$/;

const dtype: CallRule = (call) => {
  const code = call.args[0] ?? entry(call.kwargs, "dtype");
  if (isText(code)) return DTYPE.test(code.value) && code.value.length <= 40 ? OK : wrong("the type is no plain type code");
  if (isConstant(code)) return wrong("the type is no plain type code");
  if (code?.kind === "global") return callable(call, code, false);
  return OK;
};

/** `_ufunc_reconstruct(module, name)` imports the module and takes the name: judged as that name. */
const importsName: CallRule = (call) => {
  const [module, name] = call.args;
  if (!isText(module) || !isText(name)) return wrong("the function is not named in the file", "critical");
  const verdict = classify(module.value, name.value);
  if (verdict.kind === "allowed") return OK;
  judgeUse(call.judge, { module: module.value, name: name.value, how: "called", offset: call.offset, args: call.args });
  return wrong(`it imports ${module.value}.${name.value}`, verdict.kind === "unknown" ? "warning" : "critical");
};

const BIT_GENERATORS = new Set(["MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64"]);

/** numpy.random._pickle: the first argument names a bit generator or is its class or an object; a second is called with it. */
const randomConstructor: CallRule = (call) => {
  const [generator, maker, ...rest] = call.args;
  if (rest.length) return wrong("writers give at most two arguments");
  if (maker !== undefined && !isName(call, maker, "numpy.random._pickle", "__bit_generator_ctor")) {
    return wrong(`it calls ${show(maker, 1)}`, "critical");
  }
  if (generator === undefined || (isText(generator) && BIT_GENERATORS.has(generator.value))) return OK;
  const target = call.judge.targets.resolve(generator);
  const cls = target.kind === "instance" && target.of.kind === "built" ? call.judge.targets.classOf(target.of) : target;
  const verdict = cls.kind === "name" ? classify(cls.module, cls.name) : undefined;
  return verdict?.kind === "allowed" && verdict.module.startsWith("numpy.random")
    ? OK
    : wrong(`${show(generator, 1)} is no bit generator`, "critical");
};

/** torch: f(*args), then the result becomes of class t and gets the state by setattr. */
const rebuildFromType: CallRule = (call) => {
  const [rebuild, type, args, state] = call.args;
  if (!rebuild || !isTuple(args)) return wrong("its arguments are not those of a tensor", "critical");
  const target = call.judge.targets.resolve(rebuild);
  if (target.kind === "name" && !/^_rebuild_/.test(target.name) && classify(target.module, target.name).kind === "allowed") {
    return wrong(`it rebuilds a tensor by ${target.name}`, "critical");
  }
  call.judge.called(target, args.items, "REDUCE", call.offset, undefined);
  const why = state ? checkAttributes(call.judge, state) : undefined;
  return why ? wrong(why, "critical") : builds(call, type);
};

/** torch: the last argument is a dict (or a pair of dicts) set by setattr. */
const withAttributes: CallRule = (call) => {
  const state = call.args[call.args.length - 1];
  const why = state && call.args.length > 2 ? checkAttributes(call.judge, state) : undefined;
  return why ? wrong(why, "critical") : OK;
};

/** (attributes, import block): the source in the attributes is compiled after the imports. */
const graphModule: CallRule = (call) => {
  const [body, imports] = call.args;
  // What the loader compiled when it was called may have been replaced since: every source that ever stood there is read.
  const sources = isDict(body) ? [...entries(body)].filter(([key]) => key === "_code" || key === "code").map(([, value]) => value) : [];
  if (isDict(body) && body.dropped) return wrong("it holds more attributes than can be read");
  if (sources.some((code) => code.kind === "constant" && code.cut)) return wrong("its source text is too long to be read");
  if (!sources.length || !sources.every(isText)) return wrong("its source text cannot be read", "critical");
  if (!isText(imports)) return wrong("its import block cannot be read", "critical");
  // The source is run on made-up input while loading, with these attributes: modules and tensors, nothing that acts.
  const { targets } = call.judge;
  const acts = (built: Built) => targets.isCode(built) || targets.isMadeBy(built, (module) => /^(?:pathlib|pandas|io|logging)(?:\.|$)/.test(module));
  if (body && holds(body, acts)) return wrong("its source can call a function or an object that the file carries", "critical");
  for (const { value } of sources) {
    const problem = sourceProblem(imports.value, value);
    if (problem) return wrong(problem, "critical");
  }
  return OK;
};

/** dill and jax: f(*args), then the state of an array. f has to be NumPy's own. */
const createArray: CallRule = (call) => {
  const [rebuild, args] = call.args;
  if (!rebuild || !isTuple(args) || !isName(call, rebuild, "numpy.core.multiarray", "_reconstruct"))
    return wrong("it does not rebuild an array", "critical");
  call.judge.called(call.judge.targets.resolve(rebuild), args.items, "REDUCE", call.offset, undefined);
  return OK;
};

/** astropy: `cls(names)`, unless the unit is known by its name. */
const unitClass: CallRule = (call) => {
  const cls = call.args[0] ? call.judge.targets.resolve(call.args[0]) : undefined;
  return cls?.kind === "name" && /^astropy\.units\./.test(cls.module) && /^\w+Unit$/.test(cls.name) ? OK : wrong("its class is no unit", "critical");
};

/** dill._dill._load_type("IntType"): a lookup in a table of dill. Code types are followed where they are used. */
const namesType: CallRule = ({ args }) => (args.length === 1 && isText(args[0]) ? OK : wrong("the type is not named in the file"));

/** A constructor that calls what it finds callable among its arguments: only data may be there. */
export const onlyData: CallRule = (call) => {
  const values = [...call.args, ...(call.kwargs?.kind === "container" ? call.kwargs.items : [])];
  return values.every((value) => value.kind !== "global" && call.judge.targets.resolve(value).kind !== "code")
    ? OK
    : wrong("it gets a function", "critical");
};

/** PyTorch Geometric: `Batch(_base_cls=Data)`, whose other arguments are None. */
const batchOf: CallRule = (call) => {
  const [batch, base, ...rest] = call.args;
  const isBase = isName(call, base, "torch_geometric.data.data", "Data") || isName(call, base, "torch_geometric.data.hetero_data", "HeteroData");
  if (!isName(call, batch, "torch_geometric.data.batch", "Batch") || !isBase || rest.length) return wrong("it makes no batch of graphs", "critical");
  for (const value of call.args) call.judge.noteUse(value);
  return OK;
};

/** Containers that call a key function, written beside the items, on each of them. */
const withoutKey =
  (at: number): CallRule =>
  ({ args, known }) =>
    known && args.length <= 2 && (args[at] === undefined || isNone(args[at])) ? OK : wrong("it calls a key function on its items", "critical");

/** Objects of C++ that read their state from bytes; of a number they would allocate as much. */
const fromBytes: CallRule = (call) => {
  const [data, ...rest] = call.args;
  return (isBytes(data) || isEncoded(call, data)) && !rest.length ? OK : wrong("it gets no byte string");
};

const storageBytes: CallRule = ({ args }) =>
  args.length === 1 && (isBytes(args[0]) || args[0]?.kind === "built") ? OK : wrong("it gets no byte string", "critical");

export const LIBRARIES: RuleTable = [
  [
    firstIsClass,
    `array._array_reconstructor torch._utils._rebuild_wrapper_subclass
    pandas.core.indexes.base._new_Index pandas.core.index._new_Index pandas.indexes.base._new_Index
    pandas.core.indexes.datetimes._new_DatetimeIndex pandas.core.indexes.timedeltas._new_TimedeltaIndex
    pandas.core.indexes.interval._new_IntervalIndex pandas.core.indexes.period._new_PeriodIndex
    sklearn.metrics._dist_metrics.newObj sklearn.neighbors._dist_metrics.newObj sklearn.neighbors.dist_metrics.newObj
    matplotlib.colors._create_empty_object_of_class matplotlib.axes._subplots._picklable_subplot_class_constructor
    bitarray._bitarray._bitarray_reconstructor hdbscan.dist_metrics.newObj pyro.nn.module._PyroModuleMeta._New
    sklearn.neighbors._kd_tree.newObj sklearn.neighbors._ball_tree.newObj sklearn.neighbors.kd_tree.newObj sklearn.neighbors.ball_tree.newObj`,
  ],
  [newObject, "copyreg.__newobj__ copyreg.__newobj_ex__"],
  [madeOfClasses, "matplotlib.cbook._picklable_class_constructor matplotlib.colors._picklable_norm_constructor"],
  [undefinedFunction, "sympy.core.function._rebuild_undef"],
  [() => OK, "sympy.polys.matrices.domainmatrix.DomainMatrix"],
  [arrayOf, "numpy.ndarray numpy.recarray numpy.rec.recarray numpy.core.records.recarray numpy.char.chararray numpy.core.defchararray.chararray"],
  // `numpy.core._internal._reconstruct` was written by NumPy before 1.0.
  [
    reconstruct,
    "numpy.core.multiarray._reconstruct numpy.core._internal._reconstruct numpy.core._multiarray_umath._reconstruct numpy.multiarray._reconstruct",
  ],
  [(call) => [...builds(call, call.args[0]), ...builds(call, call.args[1]), ...tooLarge(call.args[2])], "numpy.ma.core._mareconstruct"],
  [dtype, "numpy.dtype numpy.core.multiarray.dtype"],
  [importsName, "numpy.core._ufunc_reconstruct"],
  [
    randomConstructor,
    `numpy.random._pickle.__randomstate_ctor numpy.random._pickle.__generator_ctor numpy.random._pickle.__bit_generator_ctor
    numpy.random.mtrand.__RandomState_ctor numpy.random.__RandomState_ctor`,
  ],
  [storageBytes, "torch.storage._load_from_bytes"],
  [rebuildFromType, "torch._tensor._rebuild_from_type_v2 torch._tensor._rebuild_from_type torch.tensor._rebuild_from_type"],
  [withAttributes, "torch._utils._rebuild_parameter_with_state"],
  [graphModule, "torch.fx.graph_module.reduce_graph_module"],
  [onlyData, "tensorflow.python.ops.resource_variable_ops.ResourceVariable"],
  [createArray, "dill._dill._create_array jax._src.array._reconstruct_array"],
  [unitClass, "astropy.units.core._recreate_irreducible_unit"],
  [namesType, "dill._dill._load_type"],
  [batchOf, "torch_geometric.data.batch.DynamicInheritanceGetter.__call__"],
  [withoutKey(0), "sortedcontainers.sorteddict.SortedDict"],
  [withoutKey(1), "sortedcontainers.sortedlist.SortedList sortedcontainers.sortedset.SortedSet"],
  [
    fromBytes,
    `rdkit.Chem.rdchem.Mol rdkit.Chem.rdchem.RWMol rdkit.Chem.rdChemReactions.ChemicalReaction rdkit.DataStructs.cDataStructs.ExplicitBitVect
    rdkit.DataStructs.cDataStructs.SparseBitVect rdkit.DataStructs.cDataStructs.IntSparseIntVect rdkit.DataStructs.cDataStructs.LongSparseIntVect
    rdkit.DataStructs.cDataStructs.UIntSparseIntVect rdkit.DataStructs.cDataStructs.ULongSparseIntVect`,
  ],
];
