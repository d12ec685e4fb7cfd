/**
 * What allowed callables may be called with. An entry in the allow table says that honest files use a name; the rules here
 * say what makes it harmless. Each was written after reading what the function does with its arguments.
 */
import type { Built, Route, Value } from "../values.js";
import { classify } from "./classify.js";
import type { Judge, Target } from "./judge.js";
import { canonical } from "./names.js";
import { sourceProblem } from "./fx-source.js";
import { checkAttributes } from "./states.js";
import { argumentsOf, entry, isBytes, isConstant, isDict, isNone, isNumber, isText, isTuple, show } from "./values.js";

export interface Call {
  judge: Judge;
  args: readonly Value[];
  /** False when the arguments could not be determined. */
  known: boolean;
  kwargs: Value | undefined;
  route: Route;
  offset: number;
  built: Built | undefined;
}

export type Problem = { kind: "arguments"; why: string; severity?: "critical" | "warning" } | { kind: "allocation"; amount: string };
export type CallRule = (call: Call) => readonly Problem[] | undefined;

/** Bytes a call may allocate from a number alone. A writer stores data, it does not ask for empty memory. */
const LARGEST_ALLOCATION = 256 * 1024 * 1024;
/** A regular expression in a pickled `re.compile` is stored as text; tokenizers have some of a few kilobytes. */
const LONGEST_PATTERN = 64 * 1024;
/** Codecs that turn text into bytes and nothing else. `rot13`, `zip`, `hex` and the like are computations. */
const TEXT_CODECS =
  /^(?:latin[-_ ]?1|iso[-_]?8859[-_]1|utf[-_]?8|utf[-_]?16(?:[-_](?:le|be))?|utf[-_]?32(?:[-_](?:le|be))?|ascii|us-ascii|raw[-_]unicode[-_]escape|unicode[-_]escape|cp1252)$/i;

const OK: readonly Problem[] = [];

function wrong(why: string, severity?: "critical" | "warning"): readonly Problem[] {
  return [{ kind: "arguments", why, ...(severity ? { severity } : {}) }];
}

/** A value that is called now or later: partial, map, defaultdict. `now` says that it runs while loading. */
function callable(call: Call, value: Value | undefined, now: boolean): readonly Problem[] {
  if (value === undefined || isNone(value)) return OK;
  const target = call.judge.resolve(value);
  if (target.kind === "reported" || target.kind === "new") return OK;
  if (target.kind === "code") {
    return now ? wrong("it calls a function whose code the file carries", "critical") : OK;
  }
  if (target.kind !== "name") return now ? wrong(`it calls ${show(value, 1)}`, "critical") : OK;
  if (now) {
    // The arguments come one by one out of an iterable: rules on them cannot be checked, so only plain functions pass.
    const verdict = classify(target.module, target.name);
    if (verdict.kind === "allowed" && !verdict.uses.includes("called") && !verdict.uses.includes("built")) return OK;
    if (verdict.kind === "allowed" && !verdict.uses.includes("called")) return wrong(`it makes objects of ${target.module}.${target.name}`);
    if (verdict.kind === "allowed" && callRule(verdict.module, verdict.name) === undefined) return OK;
    if (verdict.kind === "allowed" || verdict.kind === "method")
      return wrong(`it calls ${target.module}.${target.name} with arguments that cannot be judged`);
    call.judge.named({ module: target.module, name: target.name, how: "called", offset: call.offset, args: call.args });
    return OK;
  }
  const at = canonical(target.module, target.name);
  if (at.module === "builtins" && at.name === "getattr") return wrong("it stores getattr for later", "critical");
  return OK;
}

/** A value that must be a class, which the function makes an object of without calling it. */
function builds(call: Call, value: Value | undefined): readonly Problem[] {
  if (!value) return wrong("the class is missing");
  const target = call.judge.resolve(value);
  if (target.kind === "reported" || target.kind === "code") return OK;
  if (target.kind !== "name") return wrong(`${show(value, 1)} is no class`, "critical");
  call.judge.named({ module: target.module, name: target.name, how: "built", offset: call.offset, args: undefined });
  return OK;
}

function bounded(call: Call): readonly Problem[] {
  const [first] = call.args;
  if (isNumber(first)) {
    const size = Number(first.value);
    return size > LARGEST_ALLOCATION ? [{ kind: "allocation", amount: `${size} bytes of memory` }] : OK;
  }
  return OK;
}

/** bytes(text, codec), bytearray(text, codec), bytes(number), bytes(list). */
const bytesLike: CallRule = (call) => {
  const [first, codec] = call.args;
  if (isText(first) && !(isText(codec) && TEXT_CODECS.test(codec.value))) return wrong("the codec is not one for text");
  return isNumber(first) ? bounded(call) : collects(call);
};

/** `_codecs.encode(text, "latin1")`: how protocols below 3 write bytes. */
const encode: CallRule = ({ args, known }) => {
  const [text, codec] = args;
  if (!known || args.length > 2) return wrong("writers give it a text and a codec");
  if (!(text?.kind === "constant" && typeof text.value === "string")) return wrong("it encodes no literal text");
  if (codec !== undefined && !(isText(codec) && TEXT_CODECS.test(codec.value))) return wrong("the codec computes instead of encoding", "critical");
  return OK;
};

/** list(x), set(x), OrderedDict(x): run x when it is an iterator. Iterators are judged where they are made; here only their length counts. */
const collects: CallRule = (call) => {
  const [first] = call.args;
  const length = first?.kind === "built" ? lengthOf(call.judge, first) : 0;
  return length > LARGEST_ALLOCATION / 8
    ? [{ kind: "allocation", amount: length === Number.POSITIVE_INFINITY ? "for ever" : `${length} items in memory` }]
    : OK;
};

/** Items an iterator gives, as far as that is written in its arguments. */
function lengthOf(judge: Judge, built: Built): number {
  const cls = judge.classOf(built);
  if (cls.kind !== "name") return 0;
  const { module, name } = canonical(cls.module, cls.name);
  const args = argumentsOf(built) ?? [];
  const numbers = args.filter(isNumber).map((item) => Number(item.value));
  switch (`${module}.${name}`) {
    case "builtins.range": {
      const [start, stop, step] = numbers.length === 1 ? [0, numbers[0] ?? 0, 1] : [numbers[0] ?? 0, numbers[1] ?? 0, numbers[2] ?? 1];
      return step === 0 ? 0 : Math.max(0, Math.ceil((stop - start) / step));
    }
    case "itertools.count":
    case "itertools.cycle":
      return Number.POSITIVE_INFINITY;
    case "itertools.repeat":
      return args.length < 2 ? Number.POSITIVE_INFINITY : (numbers[numbers.length - 1] ?? 0);
    case "itertools.product":
      return args.reduce(
        (count, item) => count * (item.kind === "built" ? lengthOf(judge, item) : 1),
        args.length > 6 ? Number.POSITIVE_INFINITY : 1,
      );
    case "itertools.permutations":
    case "itertools.combinations":
    case "itertools.combinations_with_replacement":
      // n! items from n: no writer counts them out.
      return Number.POSITIVE_INFINITY;
    default:
      return 0;
  }
}

/** getattr(class, "name"): judged as the dotted name. Writers of protocols below 4 store inner classes and methods so. */
const getattr: CallRule = (call) => {
  const [owner, name, ...rest] = call.args;
  if (!call.known || !owner || !isText(name)) return wrong("the attribute is not named in the file", "critical");
  const target = call.built ? call.judge.resolve(call.built) : ({ kind: "nothing", what: "" } as const);
  if (target.kind === "name" && target.module === "builtins" && target.name === "setattr" && name.value === "_setattr") {
    // dill's own: what it sets, and on what, is judged where it is called.
    for (const used of call.args) call.judge.noteUse(used);
    return OK;
  }
  if (rest.length) return wrong("writers give no default");
  if (target.kind === "name") {
    call.judge.named({ module: target.module, name: target.name, how: "referenced", offset: call.offset, args: undefined });
    return OK;
  }
  if (target.kind === "new") return newObject(call, target);
  if (/^__.*__$/.test(name.value)) return wrong(`${name.value} gives access to Python's internals`, "critical");
  // An attribute of something unknown: a field of an object that the stream built.
  return target.kind === "reported" || target.kind === "code" ? OK : wrong(`it takes ${name.value} of ${show(owner, 1)}`);
};

function newObject(call: Call, target: Target): readonly Problem[] {
  call.judge.called(target, undefined, call.route, call.offset);
  return OK;
}

/** numpy: _reconstruct(class, shape, type code). The class's own `__new__` gets the rest. */
const reconstruct: CallRule = (call) => {
  const [cls, shape] = call.args;
  // Arrays that were mapped from a file when they were pickled: their class's own `__new__`, which opens files, is not run.
  if (cls && (isName(call, cls, "numpy", "memmap") || isName(call, cls, "numpy.core.memmap", "memmap"))) {
    call.judge.noteUse(cls);
    return tooLarge(shape);
  }
  return [...tooLarge(shape), ...builds(call, cls)];
};

function tooLarge(shape: Value | undefined): readonly Problem[] {
  const sides = isTuple(shape) ? shape.items : shape ? [shape] : [];
  const size = sides.reduce((product, side) => product * (isNumber(side) ? Number(side.value) : 1), 1);
  return sides.length && size > LARGEST_ALLOCATION ? [{ kind: "allocation", amount: `an array of ${size} items` }] : OK;
}

/** numpy.ndarray(shape, ...): uninitialised memory of that shape. */
const arrayOf: CallRule = ({ args }) => tooLarge(args[0]);

const sizes: CallRule = ({ args }) => args.flatMap((side) => tooLarge(side));

/** Fraction("1/3"). An exponent would be multiplied out: `1e999999999`. */
const fraction: CallRule = ({ args }) =>
  args.every((part) => isNumber(part) || (isText(part) && /^[-+]?\d{1,4000}(?:\/\d{1,4000})?$/.test(part.value))) ? OK : wrong("it is no fraction");

/** A type code (`f8`, `<U12`, `V16`, `datetime64[ns]`) or a scalar class. Old NumPy evaluates other texts. */
const DTYPE = /^[<>|=]?[?A-Za-z][A-Za-z0-9_]*(?:\[[0-9A-Za-z/]*\])?$/;
const dtype: CallRule = (call) => {
  const [code] = call.args;
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
  call.judge.named({ module: module.value, name: name.value, how: "called", offset: call.offset, args: call.args });
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
  const target = call.judge.resolve(generator);
  const cls = target.kind === "instance" && target.of.kind === "built" ? call.judge.classOf(target.of) : target;
  const verdict = cls.kind === "name" ? classify(cls.module, cls.name) : undefined;
  return verdict?.kind === "allowed" && verdict.module.startsWith("numpy.random")
    ? OK
    : wrong(`${show(generator, 1)} is no bit generator`, "critical");
};

function isName(call: Call, value: Value, module: string, name: string): boolean {
  const target = call.judge.resolve(value);
  if (target.kind !== "name") return false;
  const at = canonical(target.module, target.name);
  return at.module === module && at.name === name;
}

/** torch: f(*args), then the result becomes of class t and gets the state by setattr. */
const rebuildFromType: CallRule = (call) => {
  const [rebuild, type, args, state] = call.args;
  if (!rebuild || !isTuple(args)) return wrong("its arguments are not those of a tensor", "critical");
  const target = call.judge.resolve(rebuild);
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

const firstIsClass: CallRule = (call) => builds(call, call.args[0]);

/** `base.__new__(cls, state)`, then `base.__init__` where it has one: the base must be a plain type. */
const PLAIN_BASES = new Set("object int float complex str bytes bytearray list tuple dict set frozenset".split(" "));
const reconstructor: CallRule = (call) => {
  const [cls, base] = call.args;
  const target = base ? call.judge.resolve(base) : undefined;
  if (target?.kind === "name") {
    const at = canonical(target.module, target.name);
    if (!(at.module === "builtins" && PLAIN_BASES.has(at.name))) {
      // `list`-like bases of libraries (FrozenList, OrderedDict) are allowed classes themselves.
      const verdict = classify(target.module, target.name);
      if (verdict.kind !== "allowed" || !verdict.uses.includes("built"))
        return wrong(`the base class is ${target.module}.${target.name}`, "critical");
    }
  } else if (target?.kind !== "reported") return wrong("the base class is not named in the file", "critical");
  return builds(call, cls);
};

/** re._compile(pattern, flags). Protocols below 3 write a pattern of bytes through `_codecs.encode`. */
const pattern: CallRule = (call) => {
  const [text, flags] = call.args;
  const encoded = text?.kind === "built" && isName(call, text.callee, "_codecs", "encode") ? text.args?.[0] : text;
  const length = literalLength(encoded);
  if (length === undefined) return wrong("the pattern is no literal");
  if (length > LONGEST_PATTERN) return [{ kind: "allocation", amount: `the compilation of a pattern of ${length} characters` }];
  return flags === undefined || isNumber(flags) || flags.kind === "built" ? OK : wrong("the flags are no number");
};

function literalLength(value: Value | undefined): number | undefined {
  if (value?.kind !== "constant" || !(typeof value.value === "string" || value.value instanceof Uint8Array)) return undefined;
  return value.cut?.length ?? value.value.length;
}

const plainConstants: CallRule = ({ args, known }) => {
  if (!known || !args.every((value) => isConstant(value) || value.kind === "container")) return wrong("its arguments are not plain values");
  return OK;
};

/** Time zone names are looked up as paths below the zone database. */
const zoneName: CallRule = ({ args }) => {
  const [name] = args;
  if (name === undefined || isNone(name)) return OK;
  return isText(name) && /^[A-Za-z0-9_+:/-]{1,64}$/.test(name.value) && !name.value.startsWith("/") ? OK : wrong("the zone is not a plain zone name");
};

/** tzfile(None, name): with a first argument it would open that file. */
const zoneFile: CallRule = ({ args }) => (isNone(args[0]) ? OK : wrong("it reads a file", "critical"));

/** type(x): the class of a value. With three arguments it makes a class. */
const type: CallRule = ({ args, known }) => (known && args.length === 1 ? OK : wrong("it makes a new class", "critical"));

/** functools.reduce(operator.or_, (int, str)) and operator.getitem(typing.Union, ...) spell type annotations. */
const reduce: CallRule = (call) => {
  const [fold] = call.args;
  return fold && isName(call, fold, "operator", "or_") ? OK : wrong(`it calls ${fold ? show(fold) : "nothing"} over its items`, "critical");
};
const typing: CallRule = (call) => {
  const [owner] = call.args;
  const target = owner ? call.judge.resolve(owner) : undefined;
  if (target?.kind === "name") {
    const at = canonical(target.module, target.name);
    if (/^(?:typing|typing_extensions|collections\.abc)$/.test(at.module) || at.module === "builtins") return OK;
  }
  return target?.kind === "instance" && call.args.length === 2 ? OK : wrong("it takes an item of something that is no type annotation", "critical");
};

/** (attributes, import block): the source in the attributes is compiled after the imports. */
const graphModule: CallRule = (call) => {
  const [body, imports] = call.args;
  const code = isDict(body) ? (entry(body, "_code") ?? entry(body, "code")) : undefined;
  if (code?.kind === "constant" && code.cut) return wrong("its source text is too long to be read");
  if (!isDict(body) || !isText(code)) return wrong("its source text cannot be read", "critical");
  if (!isText(imports)) return wrong("its import block cannot be read", "critical");
  const problem = sourceProblem(imports.value, code.value);
  return problem ? wrong(problem, "critical") : OK;
};

/** dill and jax: f(*args), then the state of an array. f has to be NumPy's own. */
const createArray: CallRule = (call) => {
  const [rebuild, args] = call.args;
  if (!rebuild || !isTuple(args) || !isName(call, rebuild, "numpy.core.multiarray", "_reconstruct"))
    return wrong("it does not rebuild an array", "critical");
  call.judge.called(call.judge.resolve(rebuild), args.items, "REDUCE", call.offset, undefined);
  return OK;
};
/** astropy: `cls(names)`, unless the unit is known by its name. */
const unitClass: CallRule = (call) => {
  const cls = call.args[0] ? call.judge.resolve(call.args[0]) : undefined;
  return cls?.kind === "name" && /^astropy\.units\./.test(cls.module) && /^\w+Unit$/.test(cls.name) ? OK : wrong("its class is no unit", "critical");
};
/** dill._dill._load_type("IntType"): a lookup in a table of dill. Code types are followed where they are used. */
const namesType: CallRule = ({ args }) => (args.length === 1 && isText(args[0]) ? OK : wrong("the type is not named in the file"));

/** A constructor that calls what it finds callable among its arguments: only data may be there. */
const onlyData: CallRule = (call) => {
  const values = [...call.args, ...(call.kwargs?.kind === "container" ? call.kwargs.items : [])];
  return values.every((value) => value.kind !== "global" && call.judge.resolve(value).kind !== "code") ? OK : wrong("it gets a function", "critical");
};

const partial: CallRule = (call) => {
  const [func] = call.args;
  return callable(call, func, false);
};

/** map(f, x), filter(f, x): f runs when the result is consumed. */
const runsOverItems: CallRule = (call) => callable(call, call.args[0], true);
const runsSecond: CallRule = (call) => callable(call, call.args[1], true);
/** iter(f, sentinel) calls f. */
const iterate: CallRule = (call) => (call.args.length > 1 ? callable(call, call.args[0], true) : OK);

const storageBytes: CallRule = ({ args }) =>
  args.length === 1 && (isBytes(args[0]) || args[0]?.kind === "built") ? OK : wrong("it gets no byte string", "critical");

const keepsFactory: CallRule = (call) => {
  const [factory, ...rest] = call.args;
  return [...callable(call, factory, false), ...(rest.length ? (collects({ ...call, args: rest }) ?? OK) : OK)];
};

const RULES: Readonly<Record<string, CallRule>> = {
  "builtins.bytes": bytesLike,
  "builtins.bytearray": bytesLike,
  "builtins.str": collects,
  "builtins.list": collects,
  "builtins.tuple": collects,
  "builtins.set": collects,
  "builtins.frozenset": collects,
  "builtins.dict": collects,
  "builtins.getattr": getattr,
  "builtins.type": type,
  "builtins.map": runsOverItems,
  "builtins.filter": runsOverItems,
  "builtins.iter": iterate,
  "builtins.print": () => wrong("no writer prints"),
  "itertools.starmap": runsOverItems,
  "itertools.filterfalse": runsOverItems,
  "itertools.takewhile": runsOverItems,
  "itertools.dropwhile": runsOverItems,
  "itertools.accumulate": runsSecond,
  "itertools.groupby": runsSecond,
  "collections.OrderedDict": collects,
  "collections.Counter": collects,
  "collections.deque": collects,
  "collections.defaultdict": keepsFactory,
  "array.array": (call) => (isText(call.args[0]) ? (collects({ ...call, args: call.args.slice(1) }) ?? OK) : wrong("the type code is no text")),
  "array._array_reconstructor": firstIsClass,
  "copyreg._reconstructor": reconstructor,
  "copyreg.__newobj__": firstIsClass,
  "copyreg.__newobj_ex__": firstIsClass,
  "_codecs.encode": encode,
  "codecs.encode": encode,
  "fractions.Fraction": fraction,
  "functools.partial": partial,
  "functools.reduce": reduce,
  "operator.getitem": typing,
  "operator.or_": ({ args }) => (args.every((value) => value.kind !== "constant") ? OK : wrong("it computes")),
  "operator.itemgetter": ({ args }) => (args.every((value) => isConstant(value) || value.kind === "built") ? OK : wrong("it takes no plain keys")),
  "logging.getLogger": plainConstants,
  "re._compile": pattern,
  "re.compile": pattern,
  "numpy.recarray": arrayOf,
  "numpy.rec.recarray": arrayOf,
  "numpy.core.records.recarray": arrayOf,
  "uuid.UUID": plainConstants,
  "pathlib.Path": plainConstants,
  "pathlib.PosixPath": plainConstants,
  "pathlib.WindowsPath": plainConstants,
  "pathlib.PurePath": plainConstants,
  "pathlib.PurePosixPath": plainConstants,
  "pathlib.PureWindowsPath": plainConstants,
  "zoneinfo.ZoneInfo": zoneName,
  "zoneinfo.ZoneInfo._unpickle": zoneName,
  "zoneinfo.ZoneInfo.no_cache": zoneName,
  "pytz._p": zoneName,
  "pytz.timezone": zoneName,
  "pytz.tzinfo.unpickler": zoneName,
  "dateutil.tz.tz.gettz": zoneName,
  "dateutil.tz.gettz": zoneName,
  "dateutil.zoneinfo.gettz": zoneName,
  "dateutil.tz.tz.tzfile": zoneFile,
  "dateutil.tz.tzfile": zoneFile,
  "dateutil.zoneinfo.tzfile": zoneFile,
  "dateutil.tz._tzfile._unpickle": (call) =>
    call.args[0] && isName(call, call.args[0], "dateutil.tz._tzfile", "tzfile") ? OK : wrong("its class is not tzfile", "critical"),
  "numpy.core.multiarray._reconstruct": reconstruct,
  // Written by NumPy before 1.0.
  "numpy.core._internal._reconstruct": reconstruct,
  "numpy.core._multiarray_umath._reconstruct": reconstruct,
  "numpy.multiarray._reconstruct": reconstruct,
  "numpy.ma.core._mareconstruct": (call) => [...(builds(call, call.args[0]) ?? OK), ...(builds(call, call.args[1]) ?? OK)],
  "numpy.dtype": dtype,
  "numpy.core.multiarray.dtype": dtype,
  "numpy.core._ufunc_reconstruct": importsName,
  "numpy.core._internal._convert_to_stringdtype_kwargs": OKRule,
  "numpy.random._pickle.__randomstate_ctor": randomConstructor,
  "numpy.random._pickle.__generator_ctor": randomConstructor,
  "numpy.random._pickle.__bit_generator_ctor": randomConstructor,
  "numpy.random.mtrand.__RandomState_ctor": randomConstructor,
  "numpy.random.__RandomState_ctor": randomConstructor,
  "numpy.ndarray": arrayOf,
  "torch.storage._load_from_bytes": storageBytes,
  "torch._tensor._rebuild_from_type_v2": rebuildFromType,
  "torch._tensor._rebuild_from_type": rebuildFromType,
  "torch.tensor._rebuild_from_type": rebuildFromType,
  "torch._utils._rebuild_parameter_with_state": withAttributes,
  "torch._utils._rebuild_wrapper_subclass": firstIsClass,
  "torch.fx.graph_module.reduce_graph_module": graphModule,
  "pandas.core.indexes.base._new_Index": firstIsClass,
  "pandas.core.index._new_Index": firstIsClass,
  "pandas.indexes.base._new_Index": firstIsClass,
  "pandas.core.indexes.datetimes._new_DatetimeIndex": firstIsClass,
  "pandas.core.indexes.timedeltas._new_TimedeltaIndex": firstIsClass,
  "pandas.core.indexes.interval._new_IntervalIndex": firstIsClass,
  "pandas.core.indexes.period._new_PeriodIndex": firstIsClass,
  "tensorflow.python.ops.resource_variable_ops.ResourceVariable": onlyData,
  "dill._dill._create_array": createArray,
  "dill._dill._load_type": namesType,
  "jax._src.array._reconstruct_array": createArray,
  "astropy.units.core._recreate_irreducible_unit": unitClass,
  "hdbscan.dist_metrics.newObj": firstIsClass,
  "pyro.nn.module._PyroModuleMeta._New": firstIsClass,
  "pendulum.tz.timezone.Timezone": zoneName,
  "pendulum.tz.timezone.Timezone._unpickle": zoneName,
  "sklearn.metrics._dist_metrics.newObj": firstIsClass,
  "sklearn.neighbors._dist_metrics.newObj": firstIsClass,
  "sklearn.neighbors.dist_metrics.newObj": firstIsClass,
  "sklearn.neighbors._kd_tree.newObj": firstIsClass,
  "sklearn.neighbors._ball_tree.newObj": firstIsClass,
  "sklearn.neighbors.kd_tree.newObj": firstIsClass,
  "sklearn.neighbors.ball_tree.newObj": firstIsClass,
};

function OKRule(): readonly Problem[] {
  return OK;
}

/** The rule on a callable's arguments, or undefined when any are fine. */
export function callRule(module: string, name: string): CallRule | undefined {
  // Cython's `__pyx_unpickle_Name(class, checksum, state)`: `Name.__new__(class)`, then the state tuple.
  if (name.startsWith("__pyx_unpickle_")) return firstIsClass;
  // Storages and tensors take sizes: `torch.FloatStorage(10**12)`.
  if (/^torch(?:\.|$)/.test(module) && /(?:Storage|Tensor)$/.test(name)) return sizes;
  return RULES[`${module}.${name}`];
}
