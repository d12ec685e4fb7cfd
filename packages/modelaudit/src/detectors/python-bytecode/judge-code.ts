import { words } from "../names/words.js";
import { allCode, type Code } from "./marshal.js";

/** Modules whose use in a function that computes on tensors has no honest reason. */
const MODULES = words(
  "os posix nt sys subprocess pty commands runpy importlib imp builtins __builtins__ ctypes _ctypes cffi marshal pickle _pickle cPickle dill cloudpickle joblib shelve socket _socket ssl http urllib urllib2 urllib3 requests httpx aiohttp ftplib smtplib telnetlib paramiko webbrowser shutil tempfile glob multiprocessing asyncio _thread code codeop pdb timeit zipimport pkgutil pip pathlib",
);
/** Built-in functions and methods that run code, start programs, or open files. */
const CALLS = words(
  "eval exec execfile compile __import__ open breakpoint getattr setattr globals locals vars system popen spawn spawnl spawnv execv execl execve fork Popen check_output check_call import_module run_path run_module urlopen urlretrieve create_connection loads load_library load_op_library py_function numpy_function write_file read_file get_file unsafe_load __subclasses__ __globals__ __builtins__ __code__ __class__ __bases__ __mro__ __dict__ __getattribute__ fdopen remove unlink rmtree chmod interact gfile GFile WriteFile ReadFile fromfile tofile memmap savetxt loadtxt genfromtxt read_pickle to_pickle saved_model load_model load_weights save_weights enable_unsafe_deserialization f2py f_back f_globals f_builtins gi_frame tb_frame co_code CodeType FunctionType __reduce__ __loader__ __spec__ modules load save savez savez_compressed dump input read_text read_bytes write_text write_bytes read_csv read_json read_table read_excel read_parquet read_hdf read_sql to_csv TextLineDataset TFRecordDataset FixedLengthRecordDataset SqlDataset CsvDataset TFRecordWriter create_file_writer experimental_connect_to_host experimental_connect_to_cluster",
);

/** What whole modules, which do much by themselves, have no honest reason to call: of a module, or built in. */
const COMMANDS: readonly (readonly [module: string | undefined, call: RegExp])[] = [
  ["os", /^(?:system|popen|exec[lv]p?e?|spawn[lv]p?e?|fork|forkpty)$/],
  ["subprocess", /^(?:Popen|run|call|check_call|check_output|getoutput|getstatusoutput)$/],
  ["pty", /^spawn$/],
  ["socket", /^(?:socket|create_connection)$/],
  ["ctypes", /^(?:CDLL|cdll|PyDLL|WinDLL|windll)$/],
  ["marshal", /^loads?$/],
  [undefined, /^(?:exec|__import__|__subclasses__|__builtins__)$/],
];

/** Commands that a compiled module names together with the module they are of. */
export function commandsOf(code: Code): string[] {
  const names = new Set(allCode(code).flatMap((one) => one.names));
  return COMMANDS.flatMap(([module, call]) => {
    if (module !== undefined && !names.has(module)) return [];
    return [...names].filter((name) => call.test(name)).map((name) => (module ? `${module}.${name}` : name));
  });
}

/** Names in the code that reach outside of it, or an empty list for code that only computes. */
export function reachesOutside(code: Code): string[] {
  const found = new Set<string>();
  for (const { names, texts } of allCode(code)) {
    // `print` and its like write to a stream of this name.
    for (const text of texts) if (text.startsWith("file://")) found.add(text.slice(0, 100));
    for (const name of names) {
      const root = name.split(".")[0] as string;
      if (MODULES.has(root) || CALLS.has(name)) found.add(name);
    }
  }
  return [...found];
}
