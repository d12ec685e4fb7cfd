/**
 * Functions and classes saved by value: dill and cloudpickle write the bytecode and helpers that put it together again.
 * Stored code is a warning; it becomes critical when the stream calls it, hangs it into a hook, or when it names
 * something denied.
 */
import { type Words, words } from "../../../detectors/names/words.js";
import type { Built, Value } from "../values.js";
import { argumentsOf, isText } from "../questions.js";

/** What a helper of dill or cloudpickle does. */
export type Helper =
  /** Gives a function or code object. */
  | "function"
  /** Gives a class. */
  | "class"
  /** Changes its first argument, which has to be something made by the other helpers. */
  | "setter"
  /** `_builtin_type("CodeType")`: gives a class of `types` by name. */
  | "type"
  /** Imports the module it is given. */
  | "import"
  /** Reads an attribute of its first argument. */
  | "attribute"
  /** Calls its first argument. */
  | "caller"
  /** Evaluates its text: dill writes `NotImplemented` and `Ellipsis` so. */
  | "singleton"
  /** Takes a method of a built-in class, which it finds by how Python shows it. */
  | "slot"
  /** Cells, type variables, views: nothing that runs. */
  | "part";

const CLOUDPICKLE: Readonly<Record<Helper, Words>> = {
  function: words("_make_function _make_skel_func _create_parametrized_type_hint"),
  class: words("_make_skeleton_class _make_skeleton_enum"),
  setter: words("_function_setstate _fill_function _class_setstate _rehydrate_skeleton_class"),
  type: words("_builtin_type"),
  import: words("subimport"),
  attribute: words("_getattribute"),
  caller: words("instance"),
  singleton: words(""),
  slot: words(""),
  part: words(
    "_get_dataclass_field_type_sentinel _make_cell _make_empty_cell _make_typevar _decompose_typevar _get_bases _make_dict_keys _make_dict_values _make_dict_items _gen_ellipsis _gen_not_implemented _empty_cell_value _file_reconstructor _lookup_class_or_track CellType",
  ),
};

const DILL: Readonly<Record<Helper, Words>> = {
  function: words("_create_function _create_code"),
  class: words("_create_type _create_namedtuple _create_typing_tuple"),
  setter: words("_setitems"),
  type: words("_load_type"),
  import: words("_import_module"),
  attribute: words("_getattribute _get_attr"),
  caller: words(""),
  singleton: words("_eval_repr"),
  slot: words("_getattr"),
  part: words(
    "_create_cell _create_ftype _create_lock _create_rlock _create_weakref _create_weakproxy _create_stringi _create_stringo _create_dtypemeta _dict_from_dictproxy _shims Reduce",
  ),
};

/** The helper that a canonical name stands for. Copies in other packages (`ray.cloudpickle`, `pyspark.cloudpickle`) count. */
export function helperOf(module: string, name: string): Helper | undefined {
  if (!module.includes("cloudpickle") && !module.includes("dill")) return undefined;
  if (/(?:^|\.)cloudpickle(?:\.cloudpickle(?:_fast)?|\.compat)?$/.test(module)) return find(CLOUDPICKLE, name);
  if (/(?:^|\.)dill(?:\._dill|\.dill|\._shims)?$/.test(module)) return find(DILL, name);
  return undefined;
}

function find(table: Readonly<Record<Helper, Words>>, name: string): Helper | undefined {
  for (const [helper, names] of Object.entries(table)) if (names.has(name)) return helper as Helper;
  return undefined;
}

/** Names that bytecode only has when it starts programs, runs text or opens connections. `open` is left out: honest code reads files. */
const TELLING = words(
  "os posix nt sys subprocess system popen Popen check_output check_call run_command spawn execv execve fork eval exec compile execfile __import__ import_module importlib builtins __builtins__ __subclasses__ __globals__ __code__ socket create_connection ctypes CDLL pty marshal pickle cPickle loads urlopen urlretrieve requests httpx urllib paramiko ftplib telnetlib shutil rmtree webbrowser winreg mmap setattr",
);

/** Depth and number of values looked at in a code object's arguments; nested functions are code objects in `co_consts`. */
const DEEPEST = 8;
const MOST = 5_000;

/** Telling names in the arguments of a code object: in `co_names`, in its constants, in marshalled bytes. */
export function tellingNames(args: readonly Value[]): string[] {
  const found = new Set<string>();
  let seen = 0;
  const look = (value: Value, depth: number): void => {
    if (depth > DEEPEST || ++seen > MOST) return;
    if (isText(value)) {
      if (TELLING.has(value.value)) found.add(value.value);
    } else if (value.kind === "constant" && value.value instanceof Uint8Array) {
      for (const word of shortWords(value.value)) if (TELLING.has(word)) found.add(word);
    } else if (value.kind === "container") for (const item of value.items) look(item, depth + 1);
    else if (value.kind === "built") for (const item of argumentsOf(value) ?? []) look(item, depth + 1);
  };
  for (const value of args) look(value, 0);
  // `sys`, `loads` and the like alone are in much honest code.
  for (const weak of ["sys", "loads", "setattr", "pickle", "shutil"]) if (found.size === 1) found.delete(weak);
  return [...found];
}

/** Marshal writes names as a type byte, a length byte and ASCII: `z\x02os`, `Z\x06system`. */
function shortWords(bytes: Uint8Array): string[] {
  const words: string[] = [];
  for (let at = 0; at + 2 < bytes.length && words.length < MOST; at++) {
    const type = (bytes[at] as number) & 0x7f;
    const length = bytes[at + 1] as number;
    if ((type !== 0x7a && type !== 0x5a) || length < 2 || length > 20 || at + 2 + length > bytes.length) continue;
    words.push(String.fromCharCode(...bytes.subarray(at + 2, at + 2 + length)));
  }
  return words;
}

/** Methods that the unpickler, or Python while it makes, fills and drops an object, runs by itself. NEWOBJ does not run `__init__`. */
export const IMPLICIT = words(
  "__new__ __setstate__ __del__ __init_subclass__ __set_name__ __getattr__ __getattribute__ __setattr__ __setitem__ __hash__ append extend add __prepare__ __mro_entries__ __class_getitem__ _missing_",
);

/** Name of a function or class that a helper makes, for the message. */
export function nameOfCode(built: Built): string {
  const texts: string[] = [];
  for (const value of argumentsOf(built) ?? []) {
    if (isText(value) && /^[A-Za-z_<][\w<>]*$/.test(value.value)) texts.push(value.value);
    else if (value.kind === "built")
      for (const inner of argumentsOf(value) ?? []) if (isText(inner) && /^[A-Za-z_<][\w<>]*$/.test(inner.value)) texts.push(inner.value);
  }
  return texts.length ? `named ${texts[texts.length - 1]}` : "without a name";
}
