import { describe, expect, test } from "vitest";
import { judgeReference } from "./reference.js";

const nobody = { trust: [] };

/** Every list of the catalogue of dangerous names, by what they do. `module:name name` — the split that files use. */
const DANGEROUS = `
os: system popen execv posix_spawn spawnl remove fork abort kill _exit environ putenv startfile path.expandvars
posix: system
nt: system
os2: popen
ce: popen
java: system
riscos: popen
os.path: expandvars
posixpath: expandvars
subprocess: Popen run call check_output check_call getoutput getstatusoutput
commands: getoutput getstatusoutput
pty: spawn
popen2: popen3
_posixsubprocess: fork_exec
multiprocessing: Process Pool
multiprocessing.util: spawnv_passfds
multiprocessing.popen_fork: Popen
multiprocessing.forking: Popen
multiprocessing.reduction: ForkingPickler.loads
multiprocessing.connection: Client Listener
multiprocessing.managers: BaseManager
concurrent.futures: ThreadPoolExecutor
concurrent.futures.thread: _WorkItem.run
asyncio: create_subprocess_exec create_subprocess_shell
asyncio.unix_events: _UnixSubprocessTransport._start
asyncio.base_events: BaseEventLoop
asyncio.windows_utils: Popen
webbrowser: open
pexpect: run
sh: bash
plumbum: local
fabric: Connection
invoke: run
distutils.spawn: spawn
distutils.ccompiler: CCompiler
distutils.file_util: write_file
setuptools._distutils.spawn: spawn
setuptools.sandbox: run_setup
numpy.distutils.exec_command: exec_command
uuid: _get_command_stdout _popen _arp_getnode _ifconfig_getnode _ip_getnode _lanscan_getnode _netstat_getnode getnode _load_system_functions
_osx_support: _read_output
_aix_support: _read_cmd_output
_pyrepl.pager: get_pager pipe_pager
imaplib: IMAP4_stream
mailcap: findmatch
platform: popen _syscmd_file _syscmd_ver _Processor.from_subprocess system
pipes: Template
pydoc: locate pipepager tempfilepager resolve
test.support.script_helper: assert_python_ok spawn_python
venv: create EnvBuilder
virtualenv: cli_run
ensurepip: _run_pip
pip: main
conda.cli: main
easy_install: main
ctypes.util: _findLib_gcc
nturl2path: url2pathname
cgitb: hook
smtpd: SMTPServer
sched: scheduler
crypt: crypt
joblib.externals.loky.backend.popen_loky_posix: Popen
joblib.externals.loky.process_executor: ProcessPoolExecutor
loky.process_executor: ProcessPoolExecutor
torch.utils.collect_env: run run_and_read_all run_and_parse_first_match run_and_return_first_line
torch._inductor.codecache: compile_file
torch._inductor.cpp_builder: CppBuilder
torch._inductor.async_compile: AsyncCompile
torch.utils.cpp_extension: load load_inline
torch.distributed.run: main
torch.distributed.launch: launch
torch.distributed.launcher.api: launch_agent
torch.distributed.elastic.multiprocessing: start_processes
torch.multiprocessing.spawn: spawn
torch.testing._internal.common_utils: run_tests
torch.utils.bottleneck.__main__: run_env_analysis
torch.utils.model_dump: main
triton.runtime.build: _build
triton.backends.compiler: BaseBackend
sklearn.utils._testing: assert_run_python_script_without_output
pandas.io.clipboard: paste
IPython: embed
ipykernel.kernelapp: launch_new_instance
jupyter_client: KernelManager
gunicorn.app: run
docker: from_env
builtins: eval exec execfile compile breakpoint input raw_input reload help exit quit apply
__builtin__: eval execfile raw_input
__builtins__: exec
code: InteractiveInterpreter.runcode interact
codeop: compile_command
runpy: run_path run_module _run_code
timeit: timeit main
cProfile: run runctx
profile: Profile.runctx run
_lsprof: Profiler
pstats: Stats
pdb: run set_trace
bdb: Bdb.run
trace: Trace.run
doctest: debug_script testmod
unittest: main
unittest.mock: _importer patch _dot_lookup
idlelib.run: Executive.runcode
idlelib.pyshell: ModifiedInterpreter.runcode ModifiedInterpreter.runcommand
idlelib.calltip: get_entity Calltip.fetch_tip
idlelib.autocomplete: AutoComplete.get_entity AutoComplete.fetch_completions
idlelib.debugobj: ObjectTreeItem.SetText
lib2to3.pgen2.grammar: Grammar.loads
lib2to3.pgen2.pgen: ParserGenerator.make_label
tkinter: Tcl Tk.call
_tkinter: TkappType.eval create
typing: _eval_type get_type_hints ForwardRef._evaluate
dataclasses: _create_fn make_dataclass
site: addpackage addsitedir
_xxsubinterpreters: run_string
_interpreters: run_string exec
_testcapi: run_in_subinterp
_testinternalcapi: run_in_subinterp_with_config
symtable: symtable
py_compile: compile
compileall: compile_dir
zipapp: create_archive
sysconfig: _main
logging.config: _resolve dictConfig fileConfig listen
string: Formatter.get_field Formatter.format
inspect: getattr_static getmembers currentframe
numpy.testing: run_module_suite rundocs
numpy.testing._private.utils: runstring rundocs measure
numpy.f2py.crackfortran: getlincoef _eval_length _eval_scalar myeval param_eval
numpy.f2py: compile
numpy.f2py.diagnose: run_command
numpy.lib.utils: safe_eval
pandas: eval read_csv read_pickle read_hdf read_json
pandas.core.computation.eval: eval
pandas.core.frame: DataFrame.eval DataFrame.query DataFrame.to_csv DataFrame.to_pickle
pandas: DataFrame.eval DataFrame.query DataFrame.to_pickle
numexpr: evaluate
numexpr.necompiler: evaluate
sympy: sympify lambdify parse_expr
sympy.core.sympify: sympify
sympy.parsing.sympy_parser: parse_expr eval_expr
sympy.utilities.lambdify: lambdify
jinja2: Template Environment
mako.template: Template
chameleon: PageTemplate
django.template: Template
Cython.Build.Inline: cython_inline
scipy.weave: inline
torch.jit.annotations: parse_type_line
torch.jit.unsupported_tensor_ops: execWrapper
torch.jit._script: script
torch.jit.frontend: get_jit_def
torch.jit: load script
torch._dynamo.guards: GuardBuilder.get
torch._dynamo.utils: import_submodule
torch.fx.experimental.symbolic_shapes: ShapeEnv.evaluate_guards_expression
torch.fx.graph_module: reduce_package_graph_module reduce_deploy_graph_module _exec_with_source _forward_from_src
torch: compile load save from_file
torch.distributed.rpc.internal: _run_function
torch.distributed.nn.api.remote_module: RemoteModule
torch.distributed.nn.jit.instantiator: instantiate_non_scriptable_remote_module_template
torch.export: load
torch._export.serde.serialize: deserialize
torch.onnx: export
torch.cuda: _compile_kernel
torch.utils._config_module: ConfigModule.load_config
torch.hub: load _load_attr_from_module download_url_to_file load_state_dict_from_url
pickle: loads load Unpickler
_pickle: loads Unpickler
cPickle: loads
pickletools: dis
dill: load loads
dill._dill: load loads _import_module _eval_repr _create_filehandle _getattribute _get_attr
cloudpickle: load loads
cloudpickle.cloudpickle: subimport dynamic_subimport
joblib: load dump
joblib.numpy_pickle: load NumpyUnpickler
joblib.memory: MemorizedFunc
joblib.hashing: hash
shelve: open DbfilenameShelf
dbm: open
dbm.dumb: open
marshal: loads load
xmlrpc.client: ServerProxy
xmlrpc.server: SimpleXMLRPCServer
tracemalloc: Snapshot.load
copy: _reconstruct
yaml: load load_all unsafe_load unsafe_load_all full_load Loader UnsafeLoader CLoader CUnsafeLoader
ruamel.yaml: YAML load
jsonpickle: decode
torch.package: PackageImporter
torch.serialization: load _legacy_load
torch._weights_only_unpickler: load
torch.distributed.distributed_c10d: _tensor_to_object
torch.distributed.checkpoint: load
torch.distributed.checkpoint.state_dict_loader: load
torch.utils.data.datapipes.utils.decoder: basichandlers
torch.multiprocessing.reductions: rebuild_storage_filename
numpy: load fromfile memmap loadtxt genfromtxt DataSource save savez savetxt
numpy.lib.npyio: load
numpy.lib._npyio_impl: load
numpy.lib.format: read_array
numpy.lib._datasource: DataSource
pandas.io.pickle: read_pickle
pandas.compat.pickle_compat: load
sklearn.externals.joblib: load
skops.io: load loads
mlflow.pyfunc: load_model
mlflow.sklearn: load_model
keras.models: load_model
keras.src.saving.saving_api: load_model
keras.saving: load_model
tensorflow.keras.models: load_model
tensorflow.saved_model: load
transformers.models.bert.modeling_bert: BertModel.from_pretrained
transformers: AutoModel.from_pretrained
transformers.dynamic_module_utils: get_class_from_dynamic_module
transformers.pipelines: pipeline
diffusers: DiffusionPipeline.from_pretrained
lightning.pytorch.core.module: LightningModule.load_from_checkpoint
fastai.learner: load_learner
gensim.utils: unpickle
statsmodels.iolib.smpickle: load_pickle
networkx: read_gpickle
nltk.data: load
spacy: load
h2o: load_model
xgboost: Booster.load_model
builtins: __import__ setattr delattr hasattr vars globals locals dir classmethod staticmethod property super memoryview
importlib: import_module
importlib.metadata: EntryPoint.load EntryPoint
importlib._bootstrap_external: SourceFileLoader.load_module
importlib._bootstrap: _gcd_import
_frozen_importlib: BuiltinImporter.load_module
_frozen_importlib_external: SourceFileLoader
imp: load_source load_dynamic
_imp: create_dynamic
pkgutil: resolve_name get_loader walk_packages
zipimport: zipimporter
sys: settrace exit setprofile setrecursionlimit modules meta_path path path_hooks
gc: get_objects
types: CodeType FunctionType LambdaType MethodType ModuleType BuiltinFunctionType DynamicClassAttribute ModuleType.__getattribute__ FunctionType.__get__
operator: attrgetter methodcaller call setitem delitem iadd
_operator: attrgetter methodcaller
functools: partialmethod cached_property singledispatch cmp_to_key lru_cache
copyreg: add_extension remove_extension pickle constructor dispatch_table _extension_registry _inverted_registry _extension_cache
copy_reg: add_extension
weakref: finalize WeakMethod
atexit: register
signal: signal
threading: Timer Thread
_thread: start_new_thread
thread: start_new_thread
contextlib: ExitStack.callback ExitStack contextmanager _GeneratorContextManager
contextvars: Context.run
queue: Queue
mock: patch
torch._utils_internal: get_file_path
six.moves: builtins urllib.request.urlopen
six: exec_
pkg_resources: EntryPoint working_set
setuptools: setup
zope.dottedname.resolve: resolve
werkzeug.utils: import_string
django.utils.module_loading: import_string
hydra.utils: instantiate call get_method get_class
omegaconf: OmegaConf.register_new_resolver
detectron2.utils.registry: locate
mmcv: Config.fromfile
mmengine: Config.fromfile
transformers.utils.import_utils: _LazyModule
builtins: open
io: FileIO open open_code TextIOWrapper
_io: FileIO open_code
codecs: open StreamReaderWriter
pathlib: Path.unlink PosixPath.write_text Path.read_bytes Path.open
shutil: rmtree copy
tempfile: NamedTemporaryFile
glob: glob
fileinput: input
filecmp: cmp
linecache: getlines
difflib: HtmlDiff
mmap: mmap
tarfile: open
zipfile: ZipFile
gzip: open GzipFile
bz2: open BZ2File
lzma: open LZMAFile
csv: reader DictWriter
configparser: ConfigParser.read
netrc: netrc
mailbox: mbox
wave: open
sqlite3: connect
plistlib: load
xml.etree.ElementTree: parse
dotenv: load_dotenv
logging: FileHandler basicConfig disable root.handlers
logging.handlers: SocketHandler HTTPHandler SMTPHandler SysLogHandler DatagramHandler
torch.storage: UntypedStorage.from_file
PIL.Image: open
cv2: imwrite
readline: read_init_file
socket: create_connection socket
_socket: fromfd
ssl: get_server_certificate
select: poll
selectors: DefaultSelector
socketserver: TCPServer
http.client: HTTPSConnection
http.server: HTTPServer
httplib: HTTPConnection
httplib2: Http
urllib: urlopen
urllib.request: urlopen urlretrieve
urllib2: urlopen
urllib3: PoolManager
requests: get post
requests.sessions: Session
httpx: get
aiohttp: ClientSession
websocket: create_connection
websockets: connect
ftplib: FTP
smtplib: SMTP
poplib: POP3
imaplib: IMAP4
nntplib: NNTP
telnetlib: Telnet
wsgiref.simple_server: make_server
asyncore: loop
asynchat: async_chat
paramiko: SSHClient
boto3: client
botocore.session: get_session
google.cloud.storage: Client
azure.storage.blob: BlobClient
huggingface_hub: hf_hub_download
datasets: load_dataset
fsspec: open
s3fs: S3FileSystem
gcsfs: GCSFileSystem
smart_open: open
torchvision.datasets.utils: download_url
tensorflow.io.gfile: GFile
sklearn.datasets: fetch_openml fetch_california_housing
nltk.downloader: download
antigravity: fly
syslog: syslog
redis: Redis
pymongo: MongoClient
psycopg2: connect
mysql.connector: connect
ctypes: CDLL cast
_ctypes: dlopen
cffi: FFI
_cffi_backend: load_library
numpy.ctypeslib: load_library
torch.ops: load_library
torch._ops: _Ops.load_library
torch.classes: load_library
torch._classes: _Classes.load_library
tensorflow: load_op_library load_library
tensorflow.python.framework.load_library: load_op_library
onnxruntime: SessionOptions.register_custom_ops_library
llvmlite.binding: load_library_permanently
sqlite3: Connection.load_extension
cppyy: cppdef
pycuda.compiler: SourceModule
cupy: RawModule RawKernel
numba.cuda: jit
xxlimited: foo
faulthandler: _sigsegv _sigabrt _sigfpe _read_null _stack_overflow _fatal_error_c_thread
resource: setrlimit
warnings: filterwarnings simplefilter resetwarnings
decimal: setcontext
fickling: load
picklescan.scanner: scan_file_path
modelscan: x
modelaudit: x
modelaudit_picklescan: x
saferpickle: x
model_unpickler: x
builtins: eval.__call__ __dict__.get dict.__subclasses__
numpy: __builtins__ __dict__
collections: _sys.modules _sys
pathlib: os.system
torch.serialization: os.system
random: _os.system
torch: os.system serialization.os.system
tempfile: _os.system
datetime: sys.modules
argparse: _os
numpy.core: os
sklearn.utils: os.system
`;

const cases = DANGEROUS.trim()
  .split("\n")
  .flatMap((line) => {
    const [module = "", names = ""] = line.split(": ");
    return names.split(" ").map((name) => [module, name] as const);
  });

describe("dangerous names", () => {
  for (const how of ["called", "referenced"] as const) {
    test.each(cases)(`${how}: %s %s is critical`, (module, name) => {
      expect(judgeReference(module, name, how, nobody)?.severity).toBe("critical");
    });
  }

  test("trusting a package does not allow what it can do", () => {
    expect(judgeReference("requests", "get", "called", { trust: ["requests"] })?.severity).toBe("critical");
    expect(judgeReference("mypackage.layers", "Net", "called", { trust: ["mypackage"] })).toBeUndefined();
  });

  test.each([
    ["оs", "system"], // Cyrillic o
    ["ｏｓ", "system"], // full width
    ["builtins", "ехес"],
    ["subprocess", "Ρopen"],
  ])("the look-alike %s %s is reported", (module, name) => {
    expect(judgeReference(module, name, "called", nobody)?.rule).toBe("S1232");
  });

  test.each([
    ["mypackage.model", "Net", "built", "info"],
    ["mypackage.model", "make", "called", "warning"],
    ["mypackage.model", "make", "referenced", "warning"],
    ["__main__", "Net", "built", "info"],
    ["__main__", "make", "called", "warning"],
    ["__main__", "make", "referenced", "info"],
    ["heapq", "heappush", "called", "critical"],
    ["heapq", "heappush", "referenced", "warning"],
    ["torch.nn.functional", "relu", "referenced", undefined],
    ["sklearn.brand_new", "Thing", "built", "info"],
  ] as const)("%s %s %s is %s", (module, name, how, severity) => {
    expect(judgeReference(module, name, how, nobody)?.severity).toBe(severity);
  });
});
