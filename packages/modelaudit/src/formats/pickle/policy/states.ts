/** What BUILD may put into an object. */
import { words } from "../../../detectors/names/words.js";
import type { Built, Value } from "../values.js";
import type { Judge } from "./judge.js";
import { canonical, dotted } from "./names.js";
import { ITERATORS } from "./sizes.js";
import type { Target } from "./target.js";
import { argumentsOf, entries, entry, isDict, isNone, isNumber, isText, isTuple, show } from "../questions.js";

export interface StateProblem {
  text: string;
  severity?: "critical" | "warning";
}

/** Names that Python, `pickle` and `copy` look up by themselves, on an instance or on the class that it may become (`__class__`). */
const SPECIAL = words(
  "__class__ __setstate__ __getstate__ __reduce__ __reduce_ex__ __getattr__ __getattribute__ __setattr__ __delattr__ __call__ __del__ __init__ __new__ __init_subclass__ __set_name__ __code__ __globals__ __closure__ __builtins__ __bases__ __base__ __mro__ __subclasses__ __subclasshook__ __instancecheck__ __import__ __loader__ __spec__ __path__ __func__ __self__ __get__ __set__ __delete__ __hash__ __eq__ __ne__ __lt__ __le__ __gt__ __ge__ __bool__ __len__ __iter__ __next__ __getitem__ __setitem__ __delitem__ __contains__ __enter__ __exit__ __str__ __repr__ __format__ __bytes__ __index__ __int__ __float__ __add__ __radd__ __iadd__ __or__ __getnewargs__ __getnewargs_ex__ __getinitargs__ __copy__ __deepcopy__ __missing__ __prepare__ __class_getitem__ __mro_entries__ __array__ __array_ufunc__ __array_function__ __array_finalize__ __torch_function__ __torch_dispatch__ __await__ __aenter__ __fspath__ __sizeof__ __dir__ __length_hint__ __reversed__ __weakref__ __slots__",
);
/** Dunder keys of libraries that may hold objects: pydantic's, generic aliases, notes and causes of exceptions. */
const OBJECT_DUNDERS =
  /^__(?:orig_class|notes|dict|wrapped|annotations|kwdefaults|defaults|metadata|cause|context|traceback|signature|origin|args|parameters|model|test_eval|pydantic_\w+|fields_set|private_attribute_values|deprecated_keys|renamed_keys|\w+_cache)(?:__)?$/;

/** Attributes of modules that hold functions run at every forward or backward pass, or while a state dict is loaded. */
const HOOKS = /(?:^|_)hooks(?:_with_kwargs|_always_called)?$|^_(?:load_state_dict|state_dict)_\w+$/;

/** Depth to which a value is searched for objects and functions, as under a hook: `{"_forward_hooks": OrderedDict({0: f})}`. */
const DEEPEST_HOOK = 4;

/** What is wrong with a state for an object of this (canonical) class, or undefined. */
export function checkState(judge: Judge, module: string, name: string, state: Value): StateProblem | undefined {
  const set = attributes(state);
  const problem = stateRule(module, name)?.(judge, state, name, set);
  if (problem) return problem;
  const text = checkSet(judge, set);
  if (text !== undefined) return { text };
  return hasComputedKey(judge, state) ? { text: "a name in it is computed", severity: "warning" } : undefined;
}

/** Checks names that become attributes. */
export function checkAttributes(judge: Judge, state: Value): string | undefined {
  return checkSet(judge, attributes(state));
}

type Attributes = readonly (readonly [name: string, value: Value])[];

/** What a state sets: the entries of a dict, or of both dicts of a pair `(dict, slots)`. */
function attributes(state: Value): Attributes {
  const parts = isTuple(state) && state.items.length === 2 ? state.items : [state];
  return parts.flatMap((part) => [...entries({ items: itemsOf(part).map((item, index) => (index % 2 ? item : asText(item))) })]);
}

/** A key that is an object made of a text, of a class derived from `str`, stands for that text. */
function asText(key: Value): Value {
  const text = key.kind === "built" && argumentsOf(key)?.find(isText);
  return text || key;
}

/** Dicts made of dicts that are followed. */
const DEEPEST_DICT = 8;

/** Keys and values, one after the other, of a dict, or of an object that holds items as one: the unpickler takes both. */
function itemsOf(value: Value, depth = 0): readonly Value[] {
  if (isDict(value)) return value.items;
  if (value.kind !== "built" || depth > DEEPEST_DICT) return [];
  const given = (argumentsOf(value) ?? []).flatMap((part) => {
    if (part.kind !== "container" || isDict(part)) return itemsOf(part, depth + 1);
    return part.items.flatMap((pair) => (pair.kind === "container" ? pair.items : []));
  });
  return [...given, ...value.items];
}

/** Calls that give text, by which no writer makes the names in a state. */
const TEXT_MAKERS = /^(?:builtins\.str|collections\.UserString)$/;

function hasComputedKey(judge: Judge, state: Value): boolean {
  const makesText = (module: string, name: string) => TEXT_MAKERS.test(`${module}.${name}`);
  if (state.kind === "built" && argumentsOf(state)?.some((part) => part.kind === "built" && isIterator(judge.targets.classOf(part)))) return true;
  return itemsOf(state).some((key, index) => index % 2 === 0 && key.kind === "built" && judge.targets.isMadeBy(key, makesText));
}

/** `dict(zip(names, values))`. */
function isIterator(cls: Target): boolean {
  return cls.kind === "name" && ITERATORS.test(dotted(canonical(cls.module, cls.name)));
}

function checkSet(judge: Judge, set: Attributes): string | undefined {
  for (const [key, value] of set) {
    const plain = value.kind === "constant" || (value.kind === "container" && value.plain) || isEncoded(judge, value);
    if (SPECIAL.has(key) || (/^__.+__$/.test(key) && !plain && !OBJECT_DUNDERS.test(key))) return `it sets ${key} to ${show(value, 1)}`;
    if (HOOKS.test(key) && holds(value, (built) => judge.targets.isCode(built))) return `${key} gets a function whose code the file carries`;
    if (key === "_parse_arg_template" && !(isText(value) && isArgumentParser(value.value))) return "the source text that it compiles is not SciPy's";
  }
  return undefined;
}

/** Bytes as protocols below 3 write them, and sets of plain values as those below 4 do. */
function isEncoded(judge: Judge, value: Value): boolean {
  if (value.kind !== "built") return false;
  if (judge.targets.isMadeBy(value, (module, name) => module === "_codecs" && name === "encode")) return true;
  const plain = argumentsOf(value)?.every((part) => part.kind === "container" && part.plain) ?? false;
  return plain && judge.targets.isMadeBy(value, (module, name) => module === "builtins" && name === "set");
}

export function holds(value: Value, wanted: (built: Built) => boolean, depth = 0): boolean {
  if (depth > DEEPEST_HOOK) return false;
  if (value.kind === "built") return wanted(value) || [...value.items, ...value.states].some((item) => holds(item, wanted, depth + 1));
  return value.kind === "container" && value.items.some((item) => holds(item, wanted, depth + 1));
}

type StateRule = (judge: Judge, state: Value, name: string, set: Attributes) => StateProblem | undefined;

/**
 * scipy.stats distributions, and classes of others that derive from them, compile `_parse_arg_template` while loading.
 * SciPy fills a fixed text with the names of the shape parameters; nothing else may stand there: `def _parse_args(self, a, b, loc=0, scale=1):` and two more functions.
 */
function isArgumentParser(source: string): boolean {
  const match = /^\s*def _parse_args\(self, ((?:[A-Za-z_]\w*, ?)*) ?(loc=0(?:, scale=1)?)\):\n/.exec(source);
  if (!match) return false;
  const shapes = match[1] ?? "";
  const scaled = match[2] === "loc=0, scale=1";
  const names = shapes
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean)
    .join(",");
  const out = scaled ? "loc,scale" : "loc,1";
  const into = scaled ? "loc=0,scale=1" : "loc=0";
  const list = names ? `${names},` : "";
  const expected = `def_parse_args(self,${list}${into}):return(${list}),${out}def_parse_args_rvs(self,${list}${into},size=None):returnself._argcheck_rvs(${list}${out},size=size)def_parse_args_stats(self,${list}${into},moments='mv'):return(${list}),${out},moments`;
  return source.replace(/\s+/g, "") === expected.replace(/\s+/g, "");
}

/**
 * Native libraries free the pointer in `handle` when the object is dropped. Boosters store their model there, as bytes or
 * text, and replace it while loading; a number, or the bytes of another class, would be taken for a pointer.
 */
const nativeHandle: StateRule = (_judge, _state, name, set) => {
  for (const [key, value] of set) {
    if (!/^_?(?:handle|ptr|c_?handle|address)$/.test(key) || isNone(value)) continue;
    if (value.kind === "constant" && (name !== "Booster" || isNumber(value)))
      return { text: `${key} is ${show(value)}, which would be used as a pointer` };
  }
  return undefined;
};

/** Objects that their function gives to everybody: a logger, a time zone, a data type. */
const shared: StateRule = (_judge, state) => ({ text: `the object belongs to the whole program and gets ${show(state, 1)}` });

/** functools.partial takes (function, args, kwargs, dict): the function is stored, and judged where it was imported. */
const partialState: StateRule = (judge, state) => {
  if (!isTuple(state) || state.items.length !== 4) return { text: "it is no (function, arguments, keywords, dict)" };
  const [, args, keywords, attributes] = state.items;
  if (!isTuple(args) || !(isNone(keywords) || isDict(keywords))) return { text: "its arguments are no tuple and no dict" };
  const why = attributes ? checkAttributes(judge, attributes) : undefined;
  return why ? { text: why } : undefined;
};

/** `__dict__.update(state)` takes anything that gives pairs; SciPy writes a dict, whose text is checked. */
const plainDict: StateRule = (_judge, state) => (isDict(state) ? undefined : { text: "it is no dict" });

/** A cache of joblib reads pickles from its folder. Models keep one without a folder. */
const cacheless: StateRule = (_judge, state) =>
  isDict(state) && !state.dropped && isNone(entry(state, "store_backend"))
    ? undefined
    : { text: "the cache has a folder, whose pickles it would load" };

/** joblib only compares the class of a mapped array with numpy.memmap: its `__new__`, which opens files, is not run. */
const wrappedArray: StateRule = (judge, state) => {
  if (!isDict(state)) return undefined;
  const subclass = entry(state, "subclass");
  if (subclass?.kind !== "global") return undefined;
  const { module, name } = canonical(subclass.module, subclass.name);
  if (name === "memmap" && /^numpy(?:\.core\.memmap)?$/.test(module)) judge.noteUse(subclass);
  return undefined;
};

/** Iterators take a position; a number in place of a list or the like is an error, not an attack. */
const STATE_RULES: readonly (readonly [RegExp, StateRule])[] = [
  [/^scipy\.stats\..*(?:_gen|rv_\w+)$/, plainDict],
  [/^(?:xgboost|lightgbm)\.(?:core|basic)\./, nativeHandle],
  [
    /^(?:logging\.getLogger|pytz\..*|dateutil\..*gettz|zoneinfo\.ZoneInfo.*|operator\.getitem|functools\.reduce|builtins\.(?:type|getattr)|.*\.as_dtype|pandas\.(?:tslib|_libs\.tslibs?(?:\.nattype)?)\.(?:__|_)nat_unpickle)$/,
    shared,
  ],
  [/^joblib\.memory\.Memory$/, cacheless],
  [/^functools\.partial$/, partialState],
  [/^joblib\.numpy_pickle\.NumpyArrayWrapper$/, wrappedArray],
];

function stateRule(module: string, name: string): StateRule | undefined {
  const path = `${module}.${name}`;
  return STATE_RULES.find(([shape]) => shape.test(path))?.[1];
}
