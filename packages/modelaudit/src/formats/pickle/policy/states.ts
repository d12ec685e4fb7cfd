/** What BUILD may put into an object. */
import type { Value } from "../values.js";
import type { Judge } from "./judge.js";
import { entries, isConstant, isDict, isNone, isText, isTuple, show } from "./values.js";

export interface StateProblem {
  text: string;
  severity?: "critical" | "warning";
}

/**
 * Dunder keys that writers put into instance dicts: generic aliases, notes on exceptions, pydantic, wrapped functions.
 * None of them is looked up on an instance by Python itself in a way that calls it.
 */
const HARMLESS_DUNDERS = new Set(
  "__doc__ __module__ __name__ __qualname__ __orig_class__ __notes__ __dict__ __wrapped__ __annotations__ __version__ __kwdefaults__ __defaults__ __pydantic_extra__ __pydantic_fields_set__ __pydantic_private__ __fields_set__ __private_attribute_values__ __pydantic_generic_metadata__ __model __test_eval __metadata__ __cause__ __context__ __suppress_context__ __traceback__ __slotnames__ __initialized__ __origin__ __args__ __parameters__ __file__ __attrs_attrs__ __type_params__ __firstlineno__ __static_attributes__".split(
    " ",
  ),
);

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
    if (/^__.+__$/.test(key) && !HARMLESS_DUNDERS.has(key)) {
      // A dunder on the instance replaces nothing that Python looks up on the class, but `__setstate__` and `__class__` act.
      return `it sets ${key} to ${show(value, 1)}`;
    }
    if (HOOKS.test(key) && holdsCode(judge, value, 0)) return `${key} gets a function whose code the file carries`;
  }
  return undefined;
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
  if (!isDict(state)) return undefined;
  for (const [key, value] of entries(state)) {
    if (!/^_?(?:handle|ptr|c_?handle|address)$/.test(key) || isNone(value)) continue;
    if (isConstant(value) && (typeof value.value === "string" || value.value instanceof Uint8Array)) continue;
    if (value.kind === "built") continue; // bytearray(b"...") in protocols below 5
    return { text: `${key} is ${show(value)}, which would be used as a pointer` };
  }
  return undefined;
};

/** functools.partial takes (function, args, kwargs, dict): the function is stored, and judged where it was imported. */
const partialState: StateRule = (judge, state) => {
  if (!isTuple(state) || state.items.length !== 4) return { text: "it is no (function, arguments, keywords, dict)" };
  const [, args, keywords, attributes] = state.items;
  if (!isTuple(args) || !(isNone(keywords) || isDict(keywords))) return { text: "its arguments are no tuple and no dict" };
  const why = attributes ? checkAttributes(judge, attributes) : undefined;
  return why ? { text: why } : undefined;
};

/** Iterators take a position; a number in place of a list or the like is an error, not an attack. */
const STATE_RULES: readonly (readonly [RegExp, StateRule])[] = [
  [/^scipy\.stats\./, distribution],
  [/^(?:xgboost|lightgbm|catboost|_catboost)(?:\.|$)/, nativeHandle],
  [/^functools\.partial$/, partialState],
];

function stateRule(module: string, name: string): StateRule | undefined {
  const path = `${module}.${name}`;
  return STATE_RULES.find(([shape]) => shape.test(path))?.[1];
}
