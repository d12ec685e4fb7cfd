/** Attributes without underscores that lead from an object to the interpreter. */
export const INTERPRETER_NAMES: ReadonlySet<string> = new Set(
  "mro subclasses globals builtins func_globals func_code func_closure gi_frame gi_code cr_frame cr_code ag_frame ag_code tb_frame tb_next f_back f_globals f_locals f_builtins co_consts co_names _module _TemplateReference__context".split(
    " ",
  ),
);
/** Dunder names that text handling may honestly touch. */
export const HARMLESS_DUNDERS: ReadonlySet<string> = new Set(["__len__", "__str__", "__name__"]);
/** Method names that start processes or evaluate code; no message, tool or text has them. */
export const RUNNERS: ReadonlySet<string> = new Set(
  "popen system exec eval execfile check_output check_call Popen spawn __import__ import_module".split(" "),
);
/** Python's own functions, when they are called by their bare names. */
export const BUILTINS: ReadonlySet<string> = new Set(
  "eval exec execfile compile open __import__ getattr setattr globals locals vars breakpoint".split(" "),
);
/** Modules that no renderer passes to a template for a good reason. */
export const MODULES: ReadonlySet<string> = new Set(
  "os subprocess sys importlib builtins shutil socket pty commands ctypes runpy posix pickle".split(" "),
);
/** What a template finds in every renderer. Their texts give letters, and their attributes lead to the interpreter. */
export const GLOBALS: ReadonlySet<string> = new Set(
  "lipsum cycler joiner namespace dict range self request config get_flashed_messages url_for session g".split(" "),
);
/** The middle of names that lead out, for names of which only a part can be known. */
export const INNER_NAMES: ReadonlySet<string> = new Set(
  "class mro subclasses globals builtins init base bases import getattribute reduce".split(" "),
);
/** Filters and methods that make their text as long as a number says. */
export const STRETCHERS: ReadonlySet<string> = new Set("center ljust rjust zfill indent expandtabs lipsum".split(" "));
/** Filters and their argument that names an attribute. */
export const ATTRIBUTE_ARGUMENT: Readonly<Record<string, number>> = {
  map: -1,
  sort: -1,
  groupby: 0,
  sum: 0,
  join: 1,
  unique: -1,
  max: -1,
  min: -1,
  selectattr: 0,
  rejectattr: 0,
};
