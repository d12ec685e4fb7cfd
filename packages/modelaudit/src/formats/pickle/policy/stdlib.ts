import { words } from "../../../detectors/names/words.js";
import { PathLists } from "./path-lists.js";

/**
 * The standard library, denied by default. Every module of Python 3.8 to 3.13 (sys.stdlib_module_names of each) has a line
 * that says what its functions can do; a name is only allowed by an exact entry in the allow tables.
 */

/** What a denied name gives its caller. Decides the rule, and with it the sentence. */
export type Capability =
  | "process" // starts programs
  | "code" // runs or compiles text, or code objects
  | "import" // imports modules or reaches attributes by computed names
  | "call" // calls what it is given, now or later
  | "load" // reads another serialised object without this check
  | "file" // reads, writes or deletes files
  | "network"
  | "native" // loads native code or touches memory
  | "crash" // ends or hangs the process
  | "tamper" // changes interpreter state or switches off defences
  | "builtin"; // a built-in function that is none of the above alone, but a step to them

/** Modules whose every name is denied: critical even when only referenced. A line covers sub-modules. */
const DENIED: Record<Capability, string> = {
  process: `os subprocess pty popen2 _posixsubprocess multiprocessing concurrent asyncio webbrowser distutils _osx_support _aix_support
    _pyrepl imaplib mailcap pipes pydoc test venv ensurepip nturl2path cgitb smtpd sched crypt platform antigravity idlelib
    _bootsubprocess lib2to3 turtle turtledemo this msilib _msi msvcrt curses _curses_panel readline rlcompleter cmd getpass _scproxy
    _ios_support _android_support _colorize __phello__ __hello__`,
  code: `code codeop runpy timeit cProfile profile _lsprof pstats pdb bdb trace doctest unittest tkinter _tkinter site _xxsubinterpreters
    _interpreters _interpchannels _interpqueues _xxinterpchannels interpreters _testcapi _testinternalcapi _testbuffer _testclinic
    _testmultiphase _testimportmultiple _testexternalinspection _testlimitedcapi _testsinglephase _xxtestfuzz symtable _symtable
    py_compile compileall zipapp sysconfig _sysconfigdata inspect tabnanny pyclbr modulefinder ast dis opcode _opcode _opcode_metadata`,
  import: `importlib imp _imp pkgutil zipimport gc weakref.finalize weakref.WeakMethod types.CodeType types.FunctionType
    types.LambdaType types.MethodType types.ModuleType types.BuiltinFunctionType types.BuiltinMethodType types.WrapperDescriptorType
    types.MethodWrapperType types.MethodDescriptorType types.ClassMethodDescriptorType types.GetSetDescriptorType
    types.MemberDescriptorType types.DynamicClassAttribute types.GeneratorType types.CoroutineType types.AsyncGeneratorType
    types.FrameType types.TracebackType types.CellType types.coroutine types.new_class types.prepare_class types.resolve_bases
    operator.attrgetter operator.methodcaller operator.call operator.setitem operator.delitem operator.iadd operator.iconcat
    operator.iand operator.ior operator.ixor operator.imul operator.imatmul operator.isub operator.ipow operator.itruediv
    operator.ifloordiv operator.imod operator.ilshift operator.irshift operator.getitem typing._eval_type typing.get_type_hints
    typing.ForwardRef._evaluate typing.evaluate_forward_ref annotationlib string.Formatter abc.update_abstractmethods`,
  call: `atexit signal threading dummy_threading _dummy_thread contextlib contextvars queue functools.partialmethod functools.cached_property functools.singledispatch
    functools.singledispatchmethod functools.cmp_to_key functools.lru_cache functools.cache functools.wraps functools.update_wrapper
    functools.total_ordering functools.reduce copyreg.add_extension copyreg.remove_extension copyreg.pickle copyreg.constructor
    copyreg.dispatch_table copyreg._extension_registry copyreg._inverted_registry copyreg._extension_cache copyreg.clear_extension_cache
    dataclasses._create_fn dataclasses.make_dataclass dataclasses.dataclass dataclasses._process_class dataclasses._FuncBuilder
    enum._decompose enum._test_simple_enum`,
  load: `pickle pickletools shelve dbm marshal xmlrpc tracemalloc plistlib copy._reconstruct copy.__reduce_ex__`,
  file: `io shutil tempfile glob fileinput filecmp linecache difflib mmap tarfile zipfile gzip bz2 lzma csv configparser netrc mailbox
    wave aifc sunau sqlite3 xml pathlib codecs cgi sndhdr imghdr chunk uu binhex mimetypes gettext logging getopt optparse
    compression pyexpat xdrlib nis ossaudiodev audioop _compression zoneinfo._common`,
  network: `socket ssl select selectors socketserver http urllib ftplib smtplib poplib nntplib telnetlib wsgiref asyncore asynchat
    syslog email.utils _wmi uuid.getnode uuid._get_command_stdout uuid._popen uuid._arp_getnode uuid._ifconfig_getnode
    uuid._ip_getnode uuid._lanscan_getnode uuid._netstat_getnode uuid._load_system_functions uuid._find_mac uuid._ipconfig_getnode
    uuid._netbios_getnode uuid._unix_getnode uuid._windll_getnode uuid._find_mac_near_keyword uuid._find_mac_under_heading
    uuid._parse_mac uuid._windll_getnode uuid.main`,
  native: `ctypes xxlimited xxlimited_35 xxsubtype _ctypes_test cffi fcntl termios tty winreg winsound _suggestions _remote_debugging`,
  crash: `faulthandler resource`,
  tamper: `sys warnings logging.disable logging.root decimal.setcontext locale.setlocale`,
  builtin: "",
};

/** Modules that compute on data. Not vouched for: critical when called at load, a warning when only referenced. */
const NEUTRAL = `__future__ _abc _bootlocale _pylong symbol _blake2 _codecs _codecs_cn _codecs_hk _codecs_iso2022 _codecs_jp _codecs_kr _codecs_tw _compat_pickle
  _crypt _curses _datetime _elementtree _hashlib _hmac _hacl _locale _markupbase _md5 _multibytecodec _opcode _py_abc _sha1 _sha2 _sha256 _sha3 _sha512
  _sre _stat _strptime _struct _symtable _sysconfig _threading_local _tokenize _types _typing _weakrefset _zstd
  abc argparse array base64 binascii bisect builtins calendar cmath collections colorsys copy copyreg dataclasses datetime decimal
  email encodings enum errno fnmatch formatter fractions functools genericpath graphlib grp hashlib heapq hmac html ipaddress itertools json
  keyword locale macurl2path math numbers operator parser pathlib pprint pwd pydoc_data quopri random re reprlib secrets shlex spwd
  sre_compile sre_constants sre_parse stat statistics string stringprep struct textwrap time token tokenize tomllib traceback types
  typing unicodedata uuid weakref zlib zoneinfo`;

/** Built-in functions that lead somewhere. The rest of `builtins` is in the allow tables. */
const BUILTINS: Partial<Record<Capability, string>> = {
  code: "eval exec execfile compile breakpoint input raw_input reload help apply credits license copyright",
  crash: "exit quit",
  import: "__import__ setattr delattr hasattr vars globals locals dir classmethod staticmethod property super __build_class__ __loader__ __spec__",
  file: "open file",
  native: "memoryview",
};

/** Standard-library paths that are denied; an entry covers what is below it. */
const DENIED_PATHS = new PathLists(DENIED);
const DENIED_BUILTINS = new PathLists(BUILTINS);
const NEUTRAL_MODULES = words(NEUTRAL);

/** What a standard-library path does, where it stands in the lists itself. */
export function deniedStandardLibrary(path: string): Capability | undefined {
  return path.startsWith("builtins.") ? DENIED_BUILTINS.get(path.slice("builtins.".length)) : DENIED_PATHS.get(path);
}

/** True for the first component of any standard-library module, private ones included. */
export function isStandardLibrary(top: string): boolean {
  return top !== "cffi" && (NEUTRAL_MODULES.has(top) || DENIED_PATHS.hasPackage(top));
}
