/** Third-party names that must not be reached, by what they do. A dotted path covers all below it, but for exact entries of the allow tables. */
import { PathLists } from "./path-lists.js";
import type { Capability } from "./stdlib.js";

const DENIED: Partial<Record<Capability, string>> = {
  process: `
    graphviz.render graphviz.backend graphviz.view shellingham joblib.Parallel joblib.parallel dask.compute dask.base dask.local dask.threaded dask.multiprocessing torchgen
    pexpect ptyprocess sh plumbum fabric fabric2 invoke virtualenv pip conda easy_install distutils setuptools pkg_resources _distutils_hack
    numpy.distutils loky joblib.externals.loky joblib.parallel.Parallel joblib._parallel_backends joblib.executor joblib.pool
    IPython ipykernel jupyter_client jupyter_core ipywidgets notebook gunicorn docker podman kubernetes ray dask.distributed distributed psutil
    cloudpickle_generators GitPython git hg mercurial sarge envoy delegator pywintypes win32api win32com win32process winrm paramiko
    scrapy celery rq airflow prefect luigi supervisor uwsgi uvicorn hypercorn twisted tornado.process gevent.subprocess gevent.os eventlet
    anyio.run_process anyio.open_process anyio.to_process trio.run_process
    torch.utils.collect_env torch.utils.cpp_extension torch.utils._cpp_extension_versioner torch.utils._cpp_embed_headers torch.utils._triton
    torch.utils.bottleneck torch.utils.model_dump torch.utils.benchmark torch.utils.hipify torch.utils.tensorboard torch.utils.throughput_benchmark
    torch.utils.viz torch.utils._strobelight torch.utils.flop_counter torch._inductor torch._functorch torch._higher_order_ops
    torch.distributed.run torch.distributed.launch torch.distributed.launcher torch.distributed.elastic torch.distributed.argparse_util
    torch.multiprocessing torch.testing torch._lazy torch.profiler torch.autograd.profiler
    torch._appdirs torch.utils._import_utils torch.backends._nnapi torch.backends.xeon torch.utils.mkldnn torch.utils.mobile_optimizer
    triton packaging._musllinux packaging._manylinux packaging.tags fontTools.diff pydantic._internal._git ultralytics.utils.checks ultralytics.utils.benchmarks ultralytics.engine.exporter
    ultralytics.engine.tuner ultralytics.cfg pyproject_hooks distlib anyio.run anyio.from_thread
    sklearn.utils._testing sklearn.show_versions sklearn.utils._show_versions sklearn._build_utils sklearn.conftest
    pandas.io.clipboard pandas.io.clipboards pandas._testing pandas.testing pandas.util._print_versions pandas.util._tester pandas.test pandas.show_versions
    scipy._lib._testutils scipy._lib.deprecation scipy.conftest scipy.test scipy._build_utils scipy.show_config
    matplotlib.animation matplotlib.testing matplotlib.texmanager matplotlib.dviread matplotlib.backends PIL.ImageShow PIL.ImageGrab PIL.EpsImagePlugin PIL.ImageMath
    tensorflow.python.distribute.multi_process_runner tensorflow.python.debug tensorflow.compiler tensorflow.python.tools xgboost.tracker xgboost.dask xgboost.spark
    nltk.internals nltk.parse nltk.tag nltk.app nltk.chat moviepy imageio.plugins ffmpeg pydub soundfile selenium playwright pyautogui pynput`,
  code: `
    pygments.formatters.load_formatter_from_file pygments.lexers.load_lexer_from_file isympy triton.compile pylab functorch.compile
    numpy.testing numpy.f2py numpy.lib.utils.safe_eval numpy.lib._utils_impl numpy.lib.utils.source numpy.test numpy.ma.testutils numpy.ma.bench
    numpy.lib.introspect numpy.lib.utils numpy.lib.mixins numpy.exceptions.__builtins__ numpy._pytesttester numpy.conftest numpy.linalg.test
    pandas.eval pandas.core.computation pandas.DataFrame.eval pandas.DataFrame.query pandas.core.frame.DataFrame.eval pandas.core.frame.DataFrame.query
    pandas.core.config_init pandas.core.accessor pandas.compat.pickle_compat pandas._config numexpr bottleneck.benchmark
    sympy.sympify sympy.lambdify sympy.parse_expr sympy.core.sympify sympy.parsing sympy.utilities sympy.printing sympy.plotting sympy.S sympy.preview sympy.interactive
    sympy.codegen sympy.testing sympy.core.parameters mpmath.libmp.libintmath
    jinja2 mako chameleon django genshi tornado.template bottle flask jinja cheetah Cython cython pyximport pythran numba weave scipy.weave scipy._lib._bunch
    scipy.stats.make_distribution scipy.stats._distribution_infrastructure.make_distribution scipy.LowLevelCallable
    mlflow.pyfunc mlflow.projects mlflow.models evidently torch.compile torch.compiler torch._compile torch._dynamo torch._prims torch._refs torch._meta_registrations
    torch.jit torch._jit_internal torch._sources torch._export torch.export torch.onnx torch._logging torch._library torch._custom_ops torch._custom_op torch.library
    torch._guards torch._decomp torch._lobpcg torch._weights_only_unpickler torch._VF.__loader__ torch._python_dispatcher torch._deploy torch._classes torch._ops
    torch.fx.experimental torch.fx.graph_module torch.fx.graph torch.fx.interpreter torch.fx.passes torch.fx._lazy_graph_module torch.fx.subgraph_rewriter torch.fx.proxy
    torch.fx.traceback torch.fx.annotate torch.fx.node torch.fx._symbolic_trace torch.fx.symbolic_trace torch.fx.wrap torch.fx.operator_schemas torch.fx.tensor_type
    torch.distributed.rpc torch.distributed.nn torch.distributed._tools torch.distributed.pipelining torch.distributed._composable
    torch.cuda._compile_kernel torch.cuda._gpu_trace torch.cuda._memory_viz torch.cuda.jiterator torch.cuda._utils torch.xpu._gpu_trace torch.mtia torch.monitor
    torch.utils._config_module torch.utils._config_typing torch.utils._content_store torch.utils._exposed_in torch.utils._get_clean_triton torch.utils._traceback
    torch.utils._freeze torch.utils._debug_mode torch.utils.jit torch.utils.module_tracker torch.utils.show_pickle torch.utils.weak torch.utils.hooks.unserializable_hook
    torch.ao.ns torch.ao.quantization.fx torch.ao.quantization.backend_config torch.ao.quantization.pt2e torch._utils_internal.log_export_usage
    tensorflow.python.autograph tensorflow.python.framework.function tensorflow.function tensorflow.py_function tensorflow.numpy_function tensorflow.autograph
    keras.src.utils.python_utils keras.utils.python_utils keras.src.layers.core.lambda_layer keras.layers.Lambda keras.src.legacy keras.utils.func_load keras.src.utils.func_load
    pyparsing.testing attr._make attrs._make attr.make_class attrs.make_class marshmallow asteval RestrictedPython simpleeval py_expression_eval js2py execjs dukpy lupa
    pyjsparser pytest py.test nose hypothesis coverage pysnooper line_profiler memory_profiler cloudpickle.cloudpickle.dynamic_subimport pyarrow.flight
    idna.codec deap.gp gplearn.functions.make_function optuna.integration streamlit gradio bokeh.command dash hy xonsh ptpython bpython code2flow yapf black autopep8
    six.exec_ six.reraise six._import_module six._add_doc six._LazyDescr six.MovedModule six.MovedAttribute
    functorch.einops functorch.dim.magic_trace functorch.make_fx h5py.ipy_completer mpmath.identify mpmath.identification mpmath.mp.identify mpmath.fp.identify typing_inspection namex
    typing_extensions.evaluate_forward_ref typing_extensions._eval_with_owner typing_extensions.get_type_hints array_api_compat._internal scipy._lib.array_api_compat._internal threadpoolctl._main
    jaraco more_itertools.more.callback_iter tqdm.cli tqdm._main tqdm.__main__ ultralytics.nn.tasks.parse_model models.yolo.parse_model torch._precompile torch._precompile_driver
    torch.nn.attention.flex_attention._reconstruct_closure_fn torch._vendor quack tensorflow.python.ops.script_ops keras.utils.generic_utils.func_load future.utils.exec_ past.builtins nbconvert nbformat papermill pylint mypy jedi parso rope`,
  import: `
    opt_einsum.backends _plotly_utils.optional_imports _plotly_utils.importers anyio._lazyimport fontTools.help pydantic._internal._validators._import_string_logic
    pydantic.v1.utils.import_string pydantic._internal._validators.import_string pydantic.deprecated.parse pydantic.v1.parse tensorflow.python.platform.googletest
    zope werkzeug.utils.import_string werkzeug.utils.find_modules django.utils.module_loading hydra omegaconf.OmegaConf.register_new_resolver omegaconf.OmegaConf.register_resolver omegaconf.resolvers
    omegaconf.omegaconf.OmegaConf detectron2.utils.registry detectron2.config mmcv.Config mmcv.utils mmengine.Config mmengine.config mmengine.registry mmengine.utils
    transformers.utils.import_utils transformers.utils.versions transformers.onnx transformers.commands torch.hub torch._utils_internal torch.utils.backend_registration
    torch.utils.data.datapipes torch.utils._pytree._deserialize_graph_object torch.utils._pytree.treespec_loads torch.serialization.add_safe_globals
    mock pydash stevedore pluggy entrypoints importlib_metadata importlib_resources pytest_mock lazy_loader lazy_object_proxy lazyasd objproxies wrapt
    decorator.FunctionMaker decorator.decorate toolz.curried toolz.functoolz.curry toolz.functoolz.Compose toolz.functoolz.compose cytoolz funcy
    peft.import_utils diffusers.utils.import_utils diffusers.utils.dynamic_modules_utils lightning.pytorch.cli lightning.pytorch.trainer.connectors pytorch_lightning.cli jsonargparse fire click typer absl.app absl.flags
    lightning_utilities.core.imports lightning_utilities.core.apply_func keras.src.utils.module_utils keras.utils.get_custom_objects keras.saving.get_registered_object keras.src.saving.object_registration
    tensorflow.python.util.lazy_loader tensorflow.python.util.tf_inspect tensorflow.python.tools.module_util
    sklearn.utils._metadata_requests.process_routing sklearn.utils.discovery sklearn.utils.deprecation.deprecated sklearn.utils.all_estimators scipy._lib._pep440
    pandas.compat._optional pandas.util._decorators pandas.plotting pandas.core.series.Series.pipe pandas.DataFrame.pipe pandas.DataFrame.apply pandas.core.frame.DataFrame.apply pandas.core.frame.DataFrame.pipe
    numpy.deprecate numpy.frompyfunc numpy.apply_along_axis numpy.apply_over_axes numpy.fromfunction numpy.piecewise numpy.lib._function_base_impl.vectorize.__call__
    torch._tensor._convert torch.overrides.handle_torch_function torch.overrides.wrap_torch_function torch.utils._python_dispatch torch.func torch.vmap torch.autograd.functional torch.autograd.Function.apply
    torch.nn.Module.apply torch.nn.Module.register_forward_hook torch.nn.modules.module.Module.apply torch.nn.modules.module.register_module_forward_hook torch.nn.modules.module.register_module_forward_pre_hook torch.nn.modules.module.register_module_full_backward_hook
    dill.source dill.detect dill.temp dill.session dill.settings dill.pointers dill._objects`,
  load: `
    dill cloudpickle joblib.load joblib.dump joblib.numpy_pickle joblib.numpy_pickle_compat joblib.memory joblib.Memory joblib.hashing joblib.hash joblib.wrap_non_picklable_objects joblib.externals.cloudpickle joblib.backports joblib.disk joblib.numpy_pickle_utils joblib.func_inspect joblib.testing
    joblib._store_backends joblib._memmapping_reducer joblib.compressor joblib._dask joblib._cloudpickle_wrapper joblib.cloudpickle_wrapper joblib.my_exceptions joblib.format_stack joblib._multiprocessing_helpers
    yaml ruamel ruamel_yaml jsonpickle jsonpickle.unpickler oyaml hickle klepto pickleshare sqlitedict diskcache zodb ZODB shove pickledb cPickle msgpack_numpy msgpack.unpackb deepdish h5py.File tables pytables feather pyarrow pyreadr
    torch.load torch.serialization.load torch.serialization._legacy_load torch.serialization._load torch.serialization._get_restore_location torch.serialization.safe_globals torch.package torch.distributed.distributed_c10d torch.distributed.checkpoint torch.distributed._shard torch.distributed._state_dict_utils torch.distributed.fsdp
    torch.distributed.algorithms torch.distributed.optim torch.distributed.remote_device torch.distributed.tensor.parallel torch.distributed._functional_collectives torch.distributed.collective_utils torch.distributed._serialization torch.distributed.c10d_logger torch._C._import_ir_module_from_package torch._C._import_ir_module
    torch.utils.serialization torch.utils.data.dataloader torch.utils.model_zoo torch.utils.file_baton torch.storage._StorageBase torch._streambase
    numpy.load numpy.lib.npyio numpy.lib._npyio_impl numpy.lib.format numpy.lib._format_impl numpy.fromfile numpy.memmap numpy.core.memmap numpy.DataSource numpy.lib._datasource numpy.loadtxt numpy.genfromtxt numpy.fromregex numpy.fromstring.__call__ numpy.recfromcsv numpy.recfromtxt numpy.core.records.fromfile numpy.rec.fromfile numpy.lib.format.read_array
    numpy.core._methods._dump numpy.core._methods._dumps numpy.ndarray.dump numpy.ndarray.dumps numpy.ndarray.tofile numpy.ndarray.__setstate__ numpy.ma.core.MaskedArray.tofile numpy.ma.core.loads numpy.ma.load numpy.compat.py3k numpy.compat
    pandas.read_pickle pandas.io pandas.read_hdf pandas.HDFStore pandas.read_sql pandas.read_sas pandas.read_spss pandas.core.common.pipe
    skops keras.models.load_model keras.saving keras.src.saving keras.src.models.functional keras.src.models.model keras.src.models.cloning keras.src.layers.layer.Layer.from_config keras.models.model_from_json keras.models.model_from_yaml keras.models.model_from_config
    keras.src.trainers keras.engine keras.utils.deserialize_keras_object keras.src.utils.file_utils keras.utils.get_file keras.src.export keras.export keras.layers.deserialize keras.src.layers.deserialize
    tensorflow.keras tensorflow.saved_model tensorflow.python.saved_model tensorflow.python.keras tensorflow.python.training.saving tensorflow.train.load_checkpoint tensorflow.python.checkpoint tensorflow.compat.v1 tensorflow.raw_ops tensorflow.io tensorflow.data
    transformers.dynamic_module_utils transformers.pipelines transformers.pipeline transformers.modeling_utils.load_state_dict transformers.utils.hub transformers.AutoModel.from_pretrained transformers.AutoTokenizer.from_pretrained transformers.AutoConfig.from_pretrained transformers.models.auto.auto_factory
    transformers.file_utils transformers.convert_graph_to_onnx transformers.testing_utils transformers.configuration_utils.PretrainedConfig.from_pretrained transformers.trainer.Trainer transformers.Trainer transformers.agents transformers.tools transformers.integrations.tensorboard
    diffusers.loaders diffusers.pipelines.pipeline_utils sentence_transformers.util sentence_transformers.SentenceTransformer accelerate.utils.other accelerate.checkpointing accelerate.utils.modeling accelerate.commands accelerate.launchers accelerate.utils.launch accelerate.test_utils accelerate.utils.operations
    lightning.pytorch.core.saving lightning.fabric.utilities.cloud_io lightning_fabric.utilities.cloud_io pytorch_lightning.core.saving pytorch_lightning.utilities.cloud_io lightning.pytorch.utilities.migration lightning.app lightning.fabric.cli lightning.fabric.plugins lightning.pytorch.plugins lightning.fabric.strategies lightning.pytorch.strategies
    fastai.learner fastai.basic_train fastai.torch_core.load_learner fastcore.xtras fastcore.basics.Self gensim.utils gensim.models.utils_any2vec statsmodels.iolib statsmodels.base.wrapper.ResultsWrapper.load statsmodels.tools.testing statsmodels.compat
    networkx.read_gpickle networkx.write_gpickle networkx.readwrite networkx.utils.decorators networkx.utils.backends networkx.utils.configs nltk.data spacy.load spacy.util spacy.cli thinc.api srsly catalogue h2o pycaret pyspark
    mlflow bentoml kserve onnx.load onnx.hub onnx.external_data_helper onnxmltools onnxruntime.InferenceSession coremltools tflite_runtime paddle.load paddle.io paddle.jit paddle.hub mxnet.nd.load mxnet.gluon jax.experimental flax.serialization orbax allennlp flair fasttext.load_model stable_baselines3.common.save_util ultralytics.YOLO ultralytics.utils.patches
    xgboost.Booster.load_model xgboost.core.Booster.load_model xgboost.core.Booster.save_model xgboost.sklearn.XGBModel.load_model lightgbm.Booster.save_model lightgbm.basic.Booster.save_model catboost.core.CatBoost.load_model catboost.CatBoost.load_model catboost.utils
    keras.src.utils.torch_utils.TorchModuleWrapper.from_config keras.layers.TorchModuleWrapper.from_config
    peft.utils.save_and_load peft.utils.other.load peft.tuners.lora.corda peft.tuners.lora.loraga lightning_fabric.utilities.load lightning.fabric.utilities.load lightning_fabric.strategies lightning_fabric.plugins lightning_fabric.cli
    ultralytics.nn.tasks.torch_safe_load ultralytics.nn.tasks.attempt_load_weights ultralytics.nn.tasks.attempt_load_one_weight ultralytics.nn.tasks.load_checkpoint models.experimental.attempt_load torch.fx._graph_pickler
    celery.utils.serialization kombu.serialization django.core.cache rediscluster flask_caching werkzeug.contrib.cache beaker dogpile sagemaker nemo.core.config nemo.core.connectors nemo.utils.model_utils fairseq.checkpoint_utils fairseq.file_utils`,
  file: `
    zipp backports.zstd backports.zipfile zipfile36 zipfile37 zipfile38 zipfile39 zipfile_deflate64 zipfile_zstd pyzipper fontTools.ttLib.sfnt
    PIL.TiffImagePlugin.AppendingTiffWriter lightning.pytorch.callbacks.model_checkpoint.ModelCheckpoint._link_checkpoint pytorch_lightning.callbacks.model_checkpoint.ModelCheckpoint._link_checkpoint
    fontTools.ttx fontTools.afmLib fontTools.t1Lib fontTools.misc.xmlWriter fontTools.ufoLib fontTools.cu2qu pygments.cmdline joblib.logger.PrintTime scipy.odr.ODR scipy.odr._odrpack.ODR scipy.odr.odrpack.ODR py7zr multivolumefile
    lz4.frame.open zstandard.open lightning_utilities.cli lightning_utilities.docs cachecontrol absl.testing absl.command_name
    transformers.integrations.NeptuneCallback transformers.integrations.integration_utils.NeptuneCallback tensorflow.python.data.experimental.kernel_tests
    dotenv torch.save torch.serialization.save torch.serialization._save torch.serialization._open_file torch.serialization._open_file_like torch.serialization._open_zipfile_reader torch.serialization._open_zipfile_writer torch.from_file torch._C.PyTorchFileReader torch._C.PyTorchFileWriter torch._C._jit_ torch.storage.UntypedStorage.from_file torch.UntypedStorage.from_file torch.storage.TypedStorage.from_file torch.storage.UntypedStorage._new_shared_filename_cpu torch.FloatStorage.from_file
    numpy.save numpy.savez numpy.savez_compressed numpy.savetxt numpy.lib.arrayterator numpy.show_config numpy.get_include numpy.info numpy.lookfor numpy.printoptions
    PIL.Image.open PIL.Image.Image.save PIL.ImageFont PIL.ImageFile PIL.ImageCms PIL.ImageQt cv2 imageio skimage.io tifffile matplotlib.pyplot matplotlib.image matplotlib.font_manager matplotlib.cbook.get_sample_data matplotlib.cbook.open_file_cm matplotlib.cbook.to_filehandle matplotlib.style matplotlib.rc_file matplotlib.figure.Figure.savefig
    scipy.io scipy.datasets scipy._lib._uarray sklearn.datasets sklearn.utils._arpack sklearn.utils.estimator_html_repr sklearn.inspection
    watchdog send2trash pathlib2 path pathspec py.path aiofiles fs pyfilesystem2 filelock portalocker atomicwrites tinydb dataset records peewee sqlalchemy pony pymysql
    openpyxl xlrd xlsxwriter docx pypdf PyPDF2 reportlab csvkit xlwings lxml bs4 html5lib xmltodict defusedxml toml tomli_w configobj appdirs platformdirs xdg plotly.io plotly.offline bokeh.io altair tensorboard tensorboardX wandb comet_ml neptune clearml
    tqdm.contrib logging_tree loguru structlog rich.console torchvision.io torchvision.datasets torchaudio torchtext torchvision.utils.save_image librosa ml_dtypes.__file__ safetensors.torch.save_file safetensors.torch.load_file safetensors.safe_open safetensors.numpy safetensors.serialize_file tokenizers.Tokenizer.save tokenizers.Tokenizer.from_file tokenizers.implementations gguf`,
  network: `
    hf_xet ultralytics.utils.downloads ultralytics.hub webencodings.mklabels
    httplib2 urllib3 requests httpx httpx2 httpcore httpcore2 aiohttp websocket websockets paramiko boto3 botocore s3transfer google.cloud google.auth googleapiclient azure msal oauthlib requests_oauthlib huggingface_hub datasets fsspec s3fs gcsfs adlfs smart_open tensorflow_hub
    torchvision.datasets.utils torchvision._internally_replaced_utils tensorflow.io.gfile tensorflow.python.lib.io tensorflow.keras.utils.get_file tensorflow.distribute tensorflow.python.distribute nltk.downloader redis pymongo psycopg2 psycopg mysql cassandra elasticsearch kafka pika zmq grpc grpcio thrift ldap3 dns dnspython scapy pycurl curl_cffi
    torch.distributed.TCPStore torch.distributed.rendezvous torch.distributed.init_process_group torch._C._distributed_c10d torch.distributed.constants pandas.read_csv pandas.read_json pandas.read_html pandas.read_xml pandas.read_excel pandas.read_table pandas.read_fwf pandas.read_parquet pandas.read_feather pandas.read_orc pandas.read_stata pandas.read_clipboard pandas.read_gbq pandas.ExcelFile pandas.ExcelWriter
    telegram discord slack_sdk slack twilio sendgrid stripe openai anthropic cohere replicate langchain llama_index netifaces netaddr pysftp asyncssh socks pysocks telnetlib3 aioftp ftputil shodan mechanize feedparser wget gdown kaggle kagglehub modelscope dulwich pooch`,
  native: `
    clang.cindex torch.xpu.memory.XPUPluggableAllocator truststore
    tensorflow.python.framework.c_api_util lightgbm.basic._InnerPredictor xgboost._data_utils torch.cuda.gds
    cffi _cffi_backend numpy.ctypeslib numpy.core._internal._ctypes numpy.core._internal.dummy_ctype numpy.core._multiarray_umath.__loader__ numpy.core._dtype_ctypes torch.ops torch.classes torch._C._jit_init torch._C._load_for_lite_interpreter torch._C._initCrashHandler torch.utils.dlpack torch._C._from_dlpack torch.cuda.memory.CUDAPluggableAllocator torch.cuda.CUDAPluggableAllocator torch.cuda.memory.change_current_allocator
    tensorflow.load_op_library tensorflow.load_library tensorflow.python.framework.load_library onnxruntime.SessionOptions onnxruntime.capi onnxruntime.register_custom_ops_library llvmlite cppyy pycuda cupy.RawModule cupy.RawKernel cupy.cuda cuda numba.cuda tvm tensorrt pyopencl ctypesgen comtypes pythonnet clr jpype py4j jnius java.lang swig_runtime_data4
    xgboost.core._load_lib xgboost.libpath lightgbm.libpath lightgbm.basic._load_lib catboost.dev_utils triton._C faiss.loader pyarrow.cffi gmpy2.from_binary ctypeslib`,
  crash:
    "torch._C._crash_if_csrc_asan torch._C._crash_if_csrc_ubsan torch._C._crash_if_vptr_ubsan torch._C._crash_if_aten_asan torch._C._crash_if_debug_asserts_fail torch._C._crash_if_detach_ubsan torch._C._assertTensor pytest_timeout",
  tamper: `fickling picklescan modelscan modelaudit modelaudit_picklescan saferpickle model_unpickler pickle_inspector nbdefense guardian protectai torch.serialization.get_unsafe_globals_in_checkpoint torch.serialization.set_default_load_endianness torch.serialization.clear_safe_globals
    torch._C._set_ torch.set_default_tensor_type torch.use_deterministic_algorithms torch.utils.set_module torch.utils.deterministic numpy.seterrcall numpy.set_string_function numpy.core.multiarray.set_string_function numpy.core.multiarray.set_numeric_ops numpy.setbufsize sklearn.set_config pandas.set_option`,
};

const DENIED_PATHS = new PathLists(DENIED);

/** What a third-party path does, where it stands in the lists itself. */
export function deniedThirdParty(path: string): Capability | undefined {
  return DENIED_PATHS.get(path);
}

/** Methods that act whatever class or object they are reached through: `DataFrame.to_pickle`, `PosixPath.unlink`, `Model.from_pretrained`. */
const ACTING_METHOD =
  /^(?:to_(?:pickle|csv|json|excel|hdf|sql|html|parquet|feather|orc|stata|xml|latex|markdown|clipboard|gbq|file|disk)|tofile|fromfile|from_file|from_pretrained|save\w*|dumps?|load\w*|read(?:_\w+)?|write\w*|open|unlink|rmdir|rename|replace_file|touch|mkdir|chmod|symlink_to|hardlink_to|link_to|execute|exec|eval|query|system|popen|spawn\w*|run\w*|call|callback|push_to_hub|download\w*|upload\w*|load_from_checkpoint|import_\w+|load_module|exec_module|resolve\w*|get_(?:module|object|function)|locate|connect|urlopen|retrieve|fetch\w*|start|submit|kill|terminate|register_\w*hook\w*|register_buffer_hook|set_extra_state)$/;

/** True for method names that read, write, run or fetch something, on any class. */
export function isActingMethod(name: string): boolean {
  return ACTING_METHOD.test(name);
}
