/** What BUILD may put into an object. */
import type { Value } from "../values.js";
import type { Judge } from "./judge.js";
import { canonical } from "./names.js";
import { entries, entry, isDict, isNone, isText, isTuple, show } from "./values.js";

export interface StateProblem {
  text: string;
  severity?: "critical" | "warning";
}

/**
 * Names that Python looks up by itself: on an instance, as `pickle` does with `__setstate__` and `copy` with `__reduce_ex__`,
 * or on the class that such an instance may become (`__class__`).
 */
const SPECIAL = new Set(
  "__class__ __setstate__ __getstate__ __reduce__ __reduce_ex__ __getattr__ __getattribute__ __setattr__ __delattr__ __call__ __del__ __init__ __new__ __init_subclass__ __set_name__ __code__ __globals__ __closure__ __builtins__ __bases__ __base__ __mro__ __subclasses__ __subclasshook__ __instancecheck__ __import__ __loader__ __spec__ __path__ __func__ __self__ __get__ __set__ __delete__ __hash__ __eq__ __ne__ __lt__ __le__ __gt__ __ge__ __bool__ __len__ __iter__ __next__ __getitem__ __setitem__ __delitem__ __contains__ __enter__ __exit__ __str__ __repr__ __format__ __bytes__ __index__ __int__ __float__ __add__ __radd__ __iadd__ __or__ __getnewargs__ __getnewargs_ex__ __getinitargs__ __copy__ __deepcopy__ __missing__ __prepare__ __class_getitem__ __mro_entries__ __array__ __array_ufunc__ __array_function__ __array_finalize__ __torch_function__ __torch_dispatch__ __await__ __aenter__ __fspath__ __sizeof__ __dir__ __length_hint__ __reversed__ __weakref__ __slots__".split(
    " ",
  ),
);
/** Dunder keys of libraries that may hold objects: pydantic's, generic aliases, notes and causes of exceptions. */
const OBJECT_DUNDERS =
  /^__(?:orig_class|notes|dict|wrapped|annotations|kwdefaults|defaults|metadata|cause|context|traceback|signature|origin|args|parameters|model|test_eval|pydantic_\w+|fields_set|private_attribute_values|\w+_cache)(?:__)?$/;

/** Attributes of modules that hold functions run at every forward or backward pass, or while a state dict is loaded. */
const HOOKS = /(?:^|_)hooks(?:_with_kwargs|_always_called)?$|^_(?:load_state_dict|state_dict)_\w+$/;

/** Depth to which a state is searched for functions under a hook: `{"_forward_hooks": OrderedDict({0: f})}`. */
const DEEPEST_HOOK = 4;

/** What is wrong with a state for an object of this (canonical) class, or undefined. */
export function checkState(judge: Judge, module: string, name: string, state: Value): StateProblem | undefined {
  const special = stateRule(module, name);
  const problem = special?.(judge, state);
  if (problem) return problem;
  const text = checkAttributes(judge, state);
  return text === undefined ? undefined : { text };
}

/** Checks keys that become attributes: of a dict, or of both dicts of a pair `(dict, slots)`. */
export function checkAttributes(judge: Judge, state: Value): string | undefined {
  if (isDict(state)) return checkDict(judge, state);
  if (isTuple(state) && state.items.length === 2) {
    for (const part of state.items) {
      const why = isDict(part) ? checkDict(judge, part) : undefined;
      if (why) return why;
    }
  }
  return undefined;
}

function checkDict(judge: Judge, dict: Value): string | undefined {
  if (!isDict(dict)) return undefined;
  for (const [key, value] of entries(dict)) {
    const plain = value.kind === "constant" || (value.kind === "container" && value.plain) || isEncoded(value);
    if (SPECIAL.has(key) || (/^__.+__$/.test(key) && !plain && !OBJECT_DUNDERS.test(key))) return `it sets ${key} to ${show(value, 1)}`;
    if (HOOKS.test(key) && holdsCode(judge, value, 0)) return `${key} gets a function whose code the file carries`;
  }
  return undefined;
}

/** Bytes as protocols below 3 write them. */
function isEncoded({ kind, ...value }: Value): boolean {
  return (
    kind === "built" && "callee" in value && value.callee.kind === "global" && value.callee.module === "_codecs" && value.callee.name === "encode"
  );
}

function holdsCode(judge: Judge, value: Value, depth: number): boolean {
  if (depth > DEEPEST_HOOK) return false;
  if (value.kind === "built") return judge.isCode(value) || [...value.items, ...value.states].some((item) => holdsCode(judge, item, depth + 1));
  return value.kind === "container" && value.items.some((item) => holdsCode(judge, item, depth + 1));
}

type StateRule = (judge: Judge, state: Value) => StateProblem | undefined;

/**
 * scipy.stats distributions compile `_parse_arg_template` while loading. SciPy fills a fixed text with the names of the
 * shape parameters; nothing else may stand there.
 */
const distribution: StateRule = (_judge, state) => {
  if (!isDict(state)) return undefined;
  if (state.dropped) return { text: "it holds more entries than any distribution has" };
  for (const [key, value] of entries(state)) {
    if (key !== "_parse_arg_template") continue;
    if (!isText(value) || !isArgumentParser(value.value)) return { text: "the source text that it compiles is not SciPy's" };
  }
  return undefined;
};

/** SciPy's argument parser with the shape names filled in: `def _parse_args(self, a, b, loc=0, scale=1):` and two more functions. */
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

/** Native libraries get the bytes of `handle`; a number there would be taken for a pointer when the object is dropped. */
const nativeHandle: StateRule = (_judge, state) => {
  for (const part of isTuple(state) ? state.items : [state]) {
    if (!isDict(part)) continue;
    // Entries are only let go of when there are more than these classes ever have.
    if (part.dropped) return { text: "it holds more entries than its class has" };
    for (const [key, value] of entries(part)) {
      if (
        /^_?(?:handle|ptr|c_?handle|address)$/.test(key) &&
        value.kind === "constant" &&
        (typeof value.value === "number" || typeof value.value === "bigint")
      ) {
        return { text: `${key} is ${show(value)}, which would be used as a pointer` };
      }
    }
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
  [/^scipy\.stats\./, distribution],
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
