import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { scanBytes } from "../../../../test/scan-bytes.js";
import { allowedModules, namesOf } from "./allow.js";
import { classify } from "./classify.js";
import { canonical } from "./names.js";

/** Names that honest files use, as each library's catalogue lists them; the generated table must not lose them. */
const BENIGN = `
collections: OrderedDict Counter defaultdict deque ChainMap UserDict UserList UserString
_codecs: encode
builtins: bytearray set complex object int float bool str bytes list tuple dict frozenset range slice type len min max sum abs round sorted zip enumerate pow print ValueError KeyError UserWarning Exception
__builtin__: object set long unicode xrange
torch: Size Tensor device FloatStorage LongStorage BFloat16Storage QUInt4x2Storage FloatTensor float16 bfloat16 int1 uint7 bits1x8 float8_e4m3fn float4_e2m1fn_x2 per_tensor_affine per_channel_affine_float_qparams strided sparse_coo preserve_format contiguous_format channels_last Generator finfo iinfo dtype layout memory_format
torch.cuda: FloatStorage HalfTensor
torch.quantization.observer: MinMaxObserver HistogramObserver
torch.quantization.qconfig: QConfig
torch.quantization.stubs: QuantStub
torch.nn.quantized.modules.linear: Linear LinearPackedParams
torch.nn.intrinsic.quantized.modules.conv_relu: ConvReLU2d
torch.nn.qat.modules.linear: Linear
sklearn.metrics.classification: balanced_accuracy_score f1_score
sklearn.metrics.ranking: roc_auc_score
sklearn.feature_selection.mutual_info_: mutual_info_classif
sklearn.linear_model.sgd_fast: Hinge ModifiedHuber
sklearn.tree.tree: DecisionTreeClassifier
sklearn.neighbors.kd_tree: newObj
sklearn.ensemble.gradient_boosting: GradientBoostingClassifier ZeroEstimator
transformers.activations: gelu_new
pandas._libs.tslibs.nattype: __nat_unpickle
torch.cuda.sparse: FloatTensor
torch.nn.parameter: Parameter
torch.serialization: _get_layout
torch.storage: TypedStorage UntypedStorage _load_from_bytes
torch._utils: _rebuild_tensor _rebuild_tensor_v2 _rebuild_tensor_v3 _rebuild_parameter _rebuild_parameter_with_state _rebuild_qtensor _rebuild_sparse_tensor _rebuild_meta_tensor_no_storage _rebuild_wrapper_subclass _rebuild_device_tensor_from_numpy _rebuild_device_tensor_from_cpu_tensor _rebuild_nested_tensor
torch._tensor: _rebuild_from_type_v2
torch._C._nn: gelu
torch.nn.functional: relu silu softmax
torch.jit._pickle: build_intlist build_doublelist build_boollist build_tensorlist build_tensor_from_id restore_type_tag
torch.distributed.tensor.placement_types: Replicate Shard Partial
torch.optim.sgd: SGD
torch.optim.adam: Adam
torch.optim.adamw: AdamW
torch.optim.rmsprop: RMSprop
torch.optim.adagrad: Adagrad
torch.optim.adadelta: Adadelta
torch.optim.adamax: Adamax
torch.optim.nadam: NAdam
torch.optim.radam: RAdam
torch.optim.asgd: ASGD
torch.optim.rprop: Rprop
torch.optim.lbfgs: LBFGS
torch.optim.lr_scheduler: StepLR CosineAnnealingLR OneCycleLR ReduceLROnPlateau LambdaLR
torch.optim.swa_utils: AveragedModel
torch.cuda.amp.grad_scaler: GradScaler
torch.amp.grad_scaler: GradScaler
torch.nn.modules.container: Sequential ModuleList ModuleDict ParameterList ParameterDict
torch.nn.modules.linear: Linear Bilinear Identity LazyLinear NonDynamicallyQuantizableLinear
torch.nn.modules.conv: Conv1d Conv2d Conv3d ConvTranspose2d LazyConv2d
torch.nn.modules.batchnorm: BatchNorm1d BatchNorm2d SyncBatchNorm LazyBatchNorm1d
torch.nn.modules.normalization: LayerNorm GroupNorm RMSNorm LocalResponseNorm CrossMapLRN2d
torch.nn.modules.activation: ReLU GELU SiLU MultiheadAttention PReLU Softmax2d
torch.nn.modules.pooling: MaxPool2d AdaptiveAvgPool2d FractionalMaxPool3d MaxUnpool1d
torch.nn.modules.rnn: LSTM GRU RNN LSTMCell RNNBase
torch.nn.modules.transformer: Transformer TransformerEncoder TransformerDecoderLayer
torch.nn.modules.loss: CrossEntropyLoss MSELoss CTCLoss
torch.nn.modules.adaptive: AdaptiveLogSoftmaxWithLoss
torch.nn.parallel.data_parallel: DataParallel
torch.nn.parallel.distributed: DistributedDataParallel
torch.nn.utils.weight_norm: WeightNorm
torch.nn.utils.spectral_norm: SpectralNorm
torch.ao.quantization.stubs: QuantStub DeQuantStub
torch.ao.quantization.qconfig: QConfig
torchvision.models.resnet: ResNet BasicBlock Bottleneck
torchvision.models.vgg: VGG
torchvision.models.vision_transformer: VisionTransformer
torchvision.ops.misc: Conv2dNormActivation FrozenBatchNorm2d
numpy: ndarray dtype float64 int8 bool_ str_ void datetime64 matrix recarray generic add exp log1p expm1
numpy._core.multiarray: _reconstruct scalar
numpy.core.multiarray: _reconstruct scalar
numpy._core.numeric: _frombuffer
numpy._core._internal: _convert_to_stringdtype_kwargs
numpy.ma.core: _mareconstruct MaskedArray MaskedConstant
numpy.dtypes: Float64DType
numpy.random._pickle: __randomstate_ctor __generator_ctor __bit_generator_ctor
numpy.random._mt19937: MT19937
numpy.random._pcg64: PCG64 PCG64DXSM
numpy.random.bit_generator: SeedSequence __pyx_unpickle_SeedSequence
numpy.random.mtrand: RandomState
numpy.polynomial.polynomial: Polynomial
sklearn.calibration: CalibratedClassifierCV _CalibratedClassifier _SigmoidCalibration
sklearn.ensemble._forest: RandomForestClassifier ExtraTreesRegressor
sklearn.ensemble._gb: GradientBoostingClassifier
sklearn.ensemble._hist_gradient_boosting.binning: _BinMapper
sklearn.ensemble._hist_gradient_boosting.predictor: TreePredictor
sklearn.linear_model._logistic: LogisticRegression
sklearn.pipeline: Pipeline FeatureUnion
sklearn.preprocessing._data: StandardScaler QuantileTransformer
sklearn.preprocessing._function_transformer: FunctionTransformer
sklearn.svm._classes: SVC
sklearn.tree._classes: DecisionTreeClassifier
sklearn.tree._tree: Tree
sklearn.neighbors._kd_tree: KDTree newObj
sklearn.metrics._dist_metrics: EuclideanDistance64 HammingDistance64 newObj
sklearn._loss._loss: CyHalfBinomialLoss __pyx_unpickle_CyHalfMultinomialLoss
sklearn._loss.link: IdentityLink LogLink LogitLink Interval
sklearn.linear_model._sgd_fast: Hinge Log SquaredLoss
sklearn.gaussian_process.kernels: RBF ConstantKernel Sum
sklearn.utils._bunch: Bunch
sklearn.metrics._scorer: _Scorer _PredictScorer _PassthroughScorer
sklearn.metrics._classification: f1_score accuracy_score
sklearn.feature_selection._univariate_selection: f_classif chi2
sklearn.impute._iterative: IterativeImputer
sklearn.tree.tree: DecisionTreeClassifier
sklearn.ensemble.forest: RandomForestClassifier
sklearn.preprocessing.label: LabelEncoder
xgboost.core: Booster
xgboost.sklearn: XGBClassifier XGBRanker
lightgbm.basic: Booster Dataset
lightgbm.sklearn: LGBMClassifier
catboost.core: CatBoostClassifier CatBoostRegressor
pandas.core.frame: DataFrame
pandas.core.series: Series
pandas.core.internals.managers: BlockManager SingleBlockManager
pandas.core.indexes.base: Index _new_Index
pandas.core.indexes.datetimes: DatetimeIndex _new_DatetimeIndex
pandas.core.indexes.numeric: Int64Index
pandas._libs.internals: _unpickle_block
pandas._libs.arrays: __pyx_unpickle_NDArrayBacked
pandas._libs.tslibs.timestamps: _unpickle_timestamp
pandas._libs.tslibs.timedeltas: _timedelta_unpickle
pandas._libs.tslibs.offsets: BusinessDay MonthEnd
scipy.sparse._csr: csr_matrix csr_array
scipy.sparse.csr: csr_matrix
scipy.interpolate._interpolate: interp1d
scipy.stats._distn_infrastructure: rv_continuous_frozen
scipy.stats._continuous_distns: norm_gen
scipy.spatial._ckdtree: cKDTree
scipy.spatial._kdtree: KDTree
scipy.special._ufuncs: expit
joblib.numpy_pickle: NumpyArrayWrapper NDArrayWrapper
transformers.training_args: TrainingArguments OptimizerNames
transformers.trainer_utils: IntervalStrategy SchedulerType HubStrategy EvaluationStrategy FSDPOption
transformers.trainer_pt_utils: AcceleratorConfig
transformers.integrations.deepspeed: HfTrainerDeepSpeedConfig
transformers.tokenization_utils_base: BatchEncoding
tokenizers: Tokenizer AddedToken
accelerate.state: PartialState
accelerate.utils.dataclasses: DistributedType DeepSpeedPlugin
omegaconf.dictconfig: DictConfig
omegaconf.base: ContainerMetadata Metadata Node
omegaconf.nodes: AnyNode
pytorch_lightning.utilities.parsing: AttributeDict
lightning.pytorch.callbacks.model_checkpoint: ModelCheckpoint
sentencepiece: SentencePieceProcessor
fairseq.data.dictionary: Dictionary
datetime: datetime date time timedelta timezone
decimal: Decimal
fractions: Fraction
uuid: UUID SafeUUID
pathlib: Path PosixPath WindowsPath PurePath
pathlib._local: PosixPath
ipaddress: IPv4Address IPv6Network
re: _compile compile RegexFlag
random: Random
array: array _array_reconstructor
copyreg: _reconstructor __newobj__ __newobj_ex__
copy_reg: _reconstructor
argparse: Namespace
types: SimpleNamespace NoneType GenericAlias
functools: partial
operator: itemgetter
logging: getLogger
io: BytesIO StringIO
_io: BytesIO
zoneinfo: ZoneInfo._unpickle
pytz: _p
time: struct_time
itertools: count chain cycle repeat islice product
_hashlib: openssl_md5 openssl_sha256
_struct: Struct
csv: excel
difflib: Match
tokenize: TokenInfo
weakref: ref proxy WeakKeyDictionary
math: exp
statistics: mean
`;

const benign = BENIGN.trim()
  .split("\n")
  .flatMap((line) => {
    const [module = "", names = ""] = line.split(": ");
    return names.split(" ").map((name) => [module, name] as const);
  });

test.each(benign)("%s %s is allowed", (module, name) => expect(classify(module, name).kind).toBe("allowed"));

test("every name of the tables is found under its canonical spelling", () => {
  const lost: string[] = [];
  for (const module of new Set(allowedModules())) {
    for (const name of namesOf(module).keys()) {
      const at = canonical(module, name);
      if (at.module !== module || at.name !== name) lost.push(`${module}.${name} is looked up as ${at.module}.${at.name}`);
    }
  }
  expect(lost).toEqual([]);
});

const honest: Record<string, string> = Object.assign(
  {},
  ...["honest", "libraries"].map((name) => JSON.parse(readFileSync(fileURLToPath(new URL(`testdata/${name}.json`, import.meta.url)), "utf8"))),
);

test.each(Object.entries(honest))("honest: %s", async (_name, base64) => {
  const { records, outcome } = await scanBytes("honest.pkl", Buffer.from(base64, "base64"));
  const alarms = records.flatMap((record) => record.findings).filter((finding) => finding.severity !== "info");
  expect(alarms.map(({ rule, args }) => ({ rule, args }))).toEqual([]);
  expect(outcome).toBe("clean");
});
