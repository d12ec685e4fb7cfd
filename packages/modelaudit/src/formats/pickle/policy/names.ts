/** Names as the loader sees them: Python 2 names, twin modules and vendored copies brought to one spelling, which the tables use. */

import { NameMemo } from "./name-memo.js";

export interface Name {
  module: string;
  name: string;
}

/** Python 2 modules that Python 3 maps for protocols below 3 (`_compat_pickle`); as aliases they are tried for every protocol. */
const PYTHON_2_MODULES = pairs(`
__builtin__ builtins; exceptions builtins; copy_reg copyreg; cPickle pickle; commands subprocess; thread _thread; dummy_thread _thread;
Queue queue; SocketServer socketserver; ConfigParser configparser; repr reprlib; httplib http.client; urllib2 urllib.request;
urlparse urllib.parse; robotparser urllib.robotparser; xmlrpclib xmlrpc.client; SimpleXMLRPCServer xmlrpc.server;
DocXMLRPCServer xmlrpc.server; BaseHTTPServer http.server; SimpleHTTPServer http.server; CGIHTTPServer http.server; Cookie http.cookies;
cookielib http.cookiejar; HTMLParser html.parser; htmlentitydefs html.entities; markupbase _markupbase; anydbm dbm; whichdb dbm;
dbhash dbm.bsd; dumbdbm dbm.dumb; gdbm dbm.gnu; _winreg winreg; _abcoll collections.abc; _elementtree xml.etree.ElementTree;
StringIO io; cStringIO io; UserDict collections; UserList collections; UserString collections; test.test_support test.support;
Tkinter tkinter; ttk tkinter.ttk; Tix tkinter.tix; tkColorChooser tkinter.colorchooser; tkCommonDialog tkinter.commondialog;
tkFileDialog tkinter.filedialog; tkFont tkinter.font; tkMessageBox tkinter.messagebox; tkSimpleDialog tkinter.simpledialog;
Dialog tkinter.dialog; FileDialog tkinter.filedialog; SimpleDialog tkinter.simpledialog; ScrolledText tkinter.scrolledtext;
Tkconstants tkinter.constants; Tkdnd tkinter.dnd; popen2 subprocess
`);

/** Python 2 names that moved to another module or were renamed. Written module.name. */
const PYTHON_2_NAMES = pairs(`
builtins.xrange builtins.range; builtins.reduce functools.reduce; builtins.intern sys.intern; builtins.unichr builtins.chr;
builtins.unicode builtins.str; builtins.long builtins.int; builtins.basestring builtins.str; builtins.execfile builtins.exec;
builtins.StandardError builtins.Exception; collections.IterableUserDict collections.UserDict;
itertools.izip builtins.zip; itertools.imap builtins.map; itertools.ifilter builtins.filter;
itertools.ifilterfalse itertools.filterfalse; itertools.izip_longest itertools.zip_longest;
multiprocessing.forking.Popen multiprocessing.popen_fork.Popen; multiprocessing.process.Process multiprocessing.context.Process;
urllib.urlopen urllib.request.urlopen; urllib.urlretrieve urllib.request.urlretrieve; urllib.urlencode urllib.parse.urlencode;
urllib.quote urllib.parse.quote; urllib.unquote urllib.parse.unquote; urllib.quote_plus urllib.parse.quote_plus;
urllib.unquote_plus urllib.parse.unquote_plus; urllib.pathname2url urllib.request.pathname2url;
urllib.url2pathname urllib.request.url2pathname; urllib.urlcleanup urllib.request.urlcleanup;
urllib.getproxies urllib.request.getproxies; urllib.URLopener urllib.request.URLopener; urllib.FancyURLopener urllib.request.FancyURLopener
`);

/** One module under several names. Only whole modules; prefixes are in {@link MOVED}. */
const TWINS = pairs(`
posix os; nt os; os2 os; ce os; java os; riscos os; __builtins__ builtins; _pickle pickle; _io io; _pyio io; _operator operator;
_functools functools; _collections collections; _thread threading; _ctypes ctypes; _socket socket; _ssl ssl; _sqlite3 sqlite3;
_signal signal; _random random; _datetime datetime; _pydatetime datetime; _decimal decimal; _pydecimal decimal; _bz2 bz2; _lzma lzma;
_struct struct; _weakref weakref; _queue queue; _string string; _json json; _csv csv; _warnings warnings; _tracemalloc tracemalloc;
_asyncio asyncio; _contextvars contextvars; _frozen_importlib importlib; _frozen_importlib_external importlib; _collections_abc collections.abc;
ntpath os.path; posixpath os.path; macpath os.path; __mp_main__ __main__; pathlib._local pathlib; pathlib._abc pathlib; _sitebuiltins site;
_uuid uuid; _zoneinfo zoneinfo; _statistics statistics; _heapq heapq; _bisect bisect; _curses curses; _multiprocessing multiprocessing;
_dbm dbm; _gdbm dbm; _winapi subprocess; _overlapped asyncio; _posixshmem multiprocessing; _py_warnings warnings; _ast ast
`);

/** Modules of scikit-learn before 0.22, which hid them behind an underscore. Written package: old>new. */
const SKLEARN = `
ensemble: bagging>_bagging base>_base forest>_forest gradient_boosting>_gb iforest>_iforest voting>_voting voting_classifier>_voting weight_boosting>_weight_boosting
tree: tree>_classes
neural_network: rbm>_rbm multilayer_perceptron>_multilayer_perceptron
cluster: affinity_propagation_>_affinity_propagation bicluster>_bicluster birch>_birch dbscan_>_dbscan hierarchical>_agglomerative k_means_>_kmeans mean_shift_>_mean_shift optics_>_optics spectral>_spectral
mixture: base>_base gaussian_mixture>_gaussian_mixture bayesian_mixture>_bayesian_mixture
covariance: empirical_covariance_>_empirical_covariance shrunk_covariance_>_shrunk_covariance robust_covariance>_robust_covariance graph_lasso_>_graph_lasso elliptic_envelope>_elliptic_envelope
cross_decomposition: cca_>_pls pls_>_pls
svm: base>_base classes>_classes
decomposition: dict_learning>_dict_learning factor_analysis>_factor_analysis fastica_>_fastica incremental_pca>_incremental_pca kernel_pca>_kernel_pca nmf>_nmf online_lda>_lda pca>_pca sparse_pca>_sparse_pca truncated_svd>_truncated_svd
gaussian_process: gpr>_gpr gpc>_gpc
linear_model: base>_base cd_fast>_cd_fast bayes>_bayes coordinate_descent>_coordinate_descent huber>_huber least_angle>_least_angle logistic>_logistic omp>_omp passive_aggressive>_passive_aggressive perceptron>_perceptron ransac>_ransac ridge>_ridge sag>_sag sgd_fast>_sgd_fast stochastic_gradient>_stochastic_gradient theil_sen>_theil_sen
metrics: scorer>_scorer classification>_classification ranking>_ranking regression>_regression
inspection: partial_dependence>_partial_dependence
preprocessing: data>_data label>_label
feature_selection: base>_base from_model>_from_model mutual_info_>_mutual_info rfe>_rfe univariate_selection>_univariate_selection variance_threshold>_variance_threshold
neighbors: base>_base classification>_classification graph>_graph kde>_kde lof>_lof nca>_nca nearest_centroid>_nearest_centroid regression>_regression unsupervised>_unsupervised ball_tree>_ball_tree kd_tree>_kd_tree
manifold: isomap>_isomap locally_linear>_locally_linear mds>_mds spectral_embedding_>_spectral_embedding t_sne>_t_sne
semi_supervised: label_propagation>_label_propagation
`;

/** Where a module of an old scikit-learn is now. */
function movedInSklearn(module: string): string | undefined {
  if (!module.startsWith("sklearn.")) return undefined;
  const [, below, old] = /^sklearn\.(\w+)\.(\w+)$/.exec(module) ?? [];
  const now = below && old && new RegExp(`^${below}:.* ${old}>(\\S+)`, "m").exec(SKLEARN)?.[1];
  return now && `sklearn.${below}.${now}`;
}

/** Prefixes under which other packages carry copies of modules, or under which packages used to live. The longest first. */
const MOVED: readonly (readonly [string, string])[] = [
  ["importlib._bootstrap_external", "importlib"],
  ["importlib._bootstrap", "importlib"],
  ["sklearn.externals.six.moves", ""],
  ["joblib.externals", ""],
  ["sklearn.externals", ""],
  ["pip._vendor", ""],
  ["pip._internal", "pip"],
  ["setuptools._vendor", ""],
  ["setuptools.extern", ""],
  ["pkg_resources._vendor", ""],
  ["pkg_resources.extern", ""],
  ["setuptools._distutils", "distutils"],
  ["requests.packages", ""],
  ["botocore.vendored", ""],
  ["torch._vendor", ""],
  ["urllib3.packages", ""],
  ["six.moves", ""],
  ["future.moves", ""],
  ["numpy._core", "numpy.core"],
  ["torch.quantization", "torch.ao.quantization"],
  ["torch.nn.quantized", "torch.ao.nn.quantized"],
  ["torch.nn.quantizable", "torch.ao.nn.quantizable"],
  ["torch.nn.intrinsic", "torch.ao.nn.intrinsic"],
  ["torch.nn.qat", "torch.ao.nn.qat"],
  ["pickle5", "pickle"],
  ["cloudpickle_fast", "cloudpickle"],
];

const remembered = new NameMemo<Name>();

/** The one spelling of a module and name. The name may stay dotted. */
export function canonical(module: string, name: string): Name {
  const known = remembered.get(module, name);
  if (known) return known;
  const found = spellOnce(module, name);
  remembered.set(module, name, found);
  return found;
}

function spellOnce(module: string, name: string): Name {
  let at: Name = { module, name };
  // A vendored twin of a Python 2 name takes three steps; nobody nests further, and each step can only shorten the rest.
  for (let step = 0; step < 4; step++) {
    const next = oneStep(at);
    if (next.module === at.module && next.name === at.name) break;
    at = next;
  }
  return at;
}

function oneStep({ module, name }: Name): Name {
  for (const [prefix, instead] of MOVED) {
    if (module === prefix || module.startsWith(`${prefix}.`)) {
      const rest = module.slice(prefix.length + 1);
      if (instead === "" && rest === "") return splitOff(name, module);
      const moved = instead && rest ? `${instead}.${rest}` : instead || rest;
      if (moved !== module) return { module: moved, name };
    }
  }
  const instead = PYTHON_2_MODULES.get(module) ?? TWINS.get(module) ?? movedInSklearn(module);
  if (instead !== undefined && instead !== module) return { module: instead, name };
  const [first = ""] = name.split(".", 1);
  const renamed = PYTHON_2_NAMES.get(`${module}.${first}`);
  if (renamed !== undefined) {
    const dot = renamed.lastIndexOf(".");
    return { module: renamed.slice(0, dot), name: renamed.slice(dot + 1) + name.slice(first.length) };
  }
  return { module, name };
}

/** `six.moves` + `urllib.request.urlopen`: the vendored module is the first part of the name. */
function splitOff(name: string, module: string): Name {
  const dot = name.indexOf(".");
  return dot < 0 ? { module, name } : { module: name.slice(0, dot), name: name.slice(dot + 1) };
}

/** The whole dotted path, `numpy.core.multiarray._reconstruct`. */
export function dotted({ module, name }: Name): string {
  return module === "" ? name : `${module}.${name}`;
}

/** First component of a module: the package that an import would load. */
export function packageOf(module: string): string {
  const dot = module.indexOf(".");
  return dot < 0 ? module : module.slice(0, dot);
}

/** Letters that look like ASCII ones: Cyrillic, Greek and a few others an attacker can type. Full-width ones go through NFKC. */
const LOOKALIKES = pairs(
  "а a; е e; о o; р p; с c; у y; х x; і i; ј j; ѕ s; ԁ d; һ h; ӏ l; ԛ q; ԝ w; ѵ v; п n; т t; м m; в b; к k; н h; α a; ο o; ρ p; ν v; ι i; κ k; τ t; υ u; ϲ c; ϳ j; օ o; ո n; ս u; ց g; ք f; ղ n; ɑ a; ɡ g; ı i; ᴏ o",
);

/** What a name looks like to a reader: compatibility forms folded, look-alike letters replaced, marks dropped. */
export function skeleton(text: string): string {
  const folded = text.normalize("NFKD").replace(/[\p{M}\p{Cf}]/gu, "");
  return [...folded].map((letter) => LOOKALIKES.get(letter) ?? letter).join("");
}

/** A map written as `from to; from to`, which is built when it is first asked. */
function pairs(text: string): { get(from: string): string | undefined } {
  let map: Map<string, string> | undefined;
  return {
    get(from) {
      map ??= new Map(text.split(";").map((entry) => entry.trim().split(/\s+/) as [string, string]));
      return map.get(from);
    },
  };
}
