import { words } from "../names/words.js";

/**
 * How a call is weighed. `always`: a finding wherever it stands, since whoever uses the code runs it. `at-import`: a
 * finding when it happens on import; in a function it is ordinary program text. `sends`: as `at-import`, and a warning
 * in a function.
 */
export type Weight = "always" | "at-import" | "sends";

export interface Danger {
  /** Completes "the code would ...". */
  effect: string;
  weight: Weight;
}

/** Dotted names after aliases are resolved; builtins as `builtins.x`. The first pattern that matches counts. */
const DANGERS: readonly (readonly [pattern: RegExp, effect: string, weight: Weight])[] = [
  [/^(?:os|posix|nt)\.(?:system|popen\d?|exec[lv]p?e?|spawn[lv]p?e?|posix_spawnp?|fork|forkpty|startfile)$/, "run commands", "always"],
  [/^subprocess\.(?:Popen|run|call|check_call|check_output|getoutput|getstatusoutput)$/, "run commands", "always"],
  [/^(?:commands|popen2|_posixsubprocess|pexpect|sh|plumbum)\.\w+/, "run commands", "always"],
  [/^pty\.(?:spawn|fork|openpty)$/, "run commands", "always"],
  [/^asyncio\.(?:subprocess\.)?create_subprocess_\w+$/, "run commands", "always"],
  [/^(?:setuptools\._)?distutils\.spawn\.spawn$/, "run commands", "always"],
  [/^(?:torch\.utils\.collect_env\.run\w*|platform\.popen)$/, "run commands", "always"],
  [/^builtins\.(?:exec|eval|execfile)$/, "run text as code", "always"],
  [
    /^(?:code\.(?:interact|Interactive\w+)|runpy\.run_\w+|timeit\.(?:timeit|repeat|Timer)|pdb\.run\w*|cProfile\.run\w*|profile\.run\w*)/,
    "run text as code",
    "always",
  ],
  [/^(?:marshal\.loads?|types\.(?:CodeType|FunctionType|LambdaType))$/, "run bytecode", "always"],
  [/^(?:pip\.main|pip\._internal\.\w+|ensurepip\.\w+)/, "install packages", "always"],
  [/^(?:socket|_socket)\.(?:socket|create_connection|create_server|fromfd)$/, "open a network connection", "always"],
  [
    /^(?:socketserver|telnetlib|ftplib|smtplib|paramiko|nntplib|poplib|imaplib|xmlrpc\.(?:client|server))\.[A-Z]\w*/,
    "open a network connection",
    "always",
  ],
  [/^_?winreg\.(?:Set|Create|Delete)\w+$/, "change the registry", "always"],
  [/^webbrowser\.(?:open\w*|get)$/, "open a page in the browser", "always"],
  [
    /^ctypes\.(?:CDLL|PyDLL|WinDLL|OleDLL|cdll|windll|oledll|pydll|pythonapi|string_at|memmove|util\.find_library)(?:\.|$)/,
    "run native code",
    "always",
  ],
  [/^(?:cffi\.FFI|torch\.(?:_?ops|classes)\.load_library|torch\.utils\.cpp_extension\.load\w*|imp\.load_dynamic)$/, "run native code", "always"],
  [/\.(?:__subclasses__|__globals__|__builtins__|__code__)(?:\.|$)/, "reach names that Python keeps hidden", "always"],
  [/^(?:dill|cloudpickle)\.loads$|^pickle\.loads$|^_pickle\.loads$/, "unpickle bytes", "at-import"],
  [/^(?:pickle|_pickle|dill|cloudpickle|joblib|torch|shelve|pandas)\.(?:load|open|read_pickle|Unpickler)$/, "unpickle a file", "at-import"],
  [/^requests\.(?:post|put|patch)$|^httpx\.(?:post|put|patch)$/, "send data over the network", "sends"],
  [
    /^(?:requests|httpx|aiohttp|urllib3)\.(?:get|head|request|delete|options|Session|Client|AsyncClient|ClientSession|PoolManager)$/,
    "open a network connection",
    "at-import",
  ],
  [/^(?:urllib\.request|urllib2|urllib)\.(?:urlopen|urlretrieve|build_opener)$/, "open a network connection", "at-import"],
  [/^(?:http\.client|httplib)\.HTTPS?Connection$/, "open a network connection", "at-import"],
  [/^torch\.hub\.(?:load|download_url_to_file|load_state_dict_from_url)$/, "download code or weights", "at-import"],
  [
    /^(?:os|posix)\.(?:remove|unlink|rmdir|removedirs|rename|replace|chmod|chown|kill|killpg|symlink|link|truncate|putenv|dup2|setuid|_exit)$/,
    "change files or processes",
    "at-import",
  ],
  [/^shutil\.(?:rmtree|move|copy\w*|chown|make_archive|unpack_archive)$/, "change files", "at-import"],
  [/^(?:sys\.(?:settrace|setprofile|meta_path|path_hooks)|atexit\.register|signal\.signal)$/, "change how Python runs", "at-import"],
];

/** What calling or handing on the thing of this dotted name would do, or undefined for nothing of note. */
export function dangerOf(path: string): Danger | undefined {
  for (const [pattern, effect, weight] of DANGERS) if (pattern.test(path)) return { effect, weight };
  return undefined;
}

/** Builtins that matter here. Other bare names resolve only through imports and assignments. */
export const BUILTINS = words("exec eval execfile compile open __import__ getattr vars globals locals __builtins__");

/** Modules whose attributes must not be chosen at run time. */
export const LOADED = words("os posix nt subprocess pty builtins socket ctypes importlib commands");
