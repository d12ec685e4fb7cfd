import { words } from "../../detectors/names/words.js";

/** Attributes without underscores around them that lead from an object to the interpreter. */
export const INTERPRETER_NAMES = words(
  `mro subclasses globals builtins func_globals func_code func_closure gi_frame gi_code gi_yieldfrom cr_frame cr_code cr_await cr_origin
  ag_frame ag_code ag_await tb_frame tb_next f_back f_globals f_locals f_builtins f_code co_consts co_names co_code im_func im_self
  _module _TemplateReference__context`,
);
/** Python's own names with two underscores that open the way out. A text that is exactly one of them has no other use. */
const SPECIAL = `class base bases mro subclasses globals builtins import init new dict getattribute getattr getitem setattr delattr reduce
  reduce_ex code closure func self module call subclasshook init_subclass loader spec build_class wrapped defaults kwdefaults annotations
  dir prepare`
  .split(/\s+/)
  .map((name) => `__${name}__`);
/** Dunder names that text handling may honestly touch. */
const HARMLESS_DUNDERS = words("__len__ __str__ __name__");
/** Method names that start processes or evaluate code; no message, tool or text has them. Called, that is. */
export const RUNNERS = words("system exec eval spawn __import__ from_pyfile from_object from_string");
/** The same, whose names alone have no honest use. */
export const SURE_RUNNERS = words("popen Popen execfile check_output check_call import_module");
/** Python's own functions, when they are called by their bare names. */
export const BUILTINS = words("eval exec execfile compile open __import__ getattr setattr globals locals vars breakpoint");
/** Modules that no renderer passes to a template for a good reason. */
export const MODULES = words("os subprocess sys importlib builtins shutil socket pty commands ctypes runpy posix pickle");
/** What a template finds in every renderer. Their texts give letters, and their attributes lead to the interpreter. */
export const GLOBALS = words("lipsum cycler joiner namespace dict range self request config get_flashed_messages url_for session g");
/** Those of them that no conversation stands behind: what is made of them is the template's own doing. */
export const OWN_GLOBALS = words("lipsum cycler joiner dict range self request");
/** The middle of names that lead out, for names of which only a part can be known. */
export const INNER_NAMES = words("class mro subclasses globals builtins init base bases import getattribute reduce");
/** Filters and methods that make their text as long as a number says. */
export const STRETCHERS = words("center ljust rjust zfill indent expandtabs lipsum");
/** Filters and their argument that names an attribute. */
export const ATTRIBUTE_ARGUMENT: Readonly<Record<string, number>> = {
  map: -1,
  sort: 2,
  groupby: 0,
  sum: 0,
  join: 1,
  unique: 1,
  max: 1,
  min: 1,
  selectattr: 0,
  rejectattr: 0,
};

/** Names with two underscores around them, however they are written. */
export function isDunder(name: string): boolean {
  return /^__\w+__$/.test(name) && !HARMLESS_DUNDERS.has(name);
}

/** What a text leads to when it is nothing but a forbidden name, or a format that reads one: `{0.__class__}`. */
export function forbiddenIn(text: string): string | undefined {
  if (SPECIAL.includes(text)) return text;
  return /\{[^{}\s"':]*[.[](__\w+__)/.exec(text)?.[1];
}

/** Whether a text can only be the beginning or the end of a forbidden name: `__cla`, `ss__`. */
export function isPieceOfForbidden(text: string): boolean {
  return text.length >= 4 && text.includes("__") && SPECIAL.some((name) => name.startsWith(text) || name.endsWith(text));
}
