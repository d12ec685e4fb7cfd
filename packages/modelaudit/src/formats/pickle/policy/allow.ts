/**
 * Names that honest files use, as exact (module, name) pairs: the same on every machine, whatever is installed.
 * Most come from {@link GENERATED}, recorded from real pickles by scripts/fixtures/collect-globals.py; this file adds
 * the standard library, helpers and the paths of older versions. Marks behind a name:
 *   Name    a class that may be built (NEWOBJ and BUILD, INST or OBJ without arguments) or referenced
 *   Name()  may also be called by REDUCE; calls.ts holds the rule on its arguments, where there is one
 *   Name*   may only be referenced: calling it while loading is not what any writer does
 */
import { GENERATED } from "./allow.generated.js";
import { FUNCTIONS, LIBRARIES, RAISED } from "./allow-libraries.js";
import { STANDARD_LIBRARY } from "./allow-stdlib.js";

/** How an allowed name may be used. Each use includes being referenced. */
export type Use = "built" | "called" | "referenced";

const EXCEPTIONS =
  "ArithmeticError() AssertionError() AttributeError() BaseException() BaseExceptionGroup() BlockingIOError() BrokenPipeError() BufferError() BytesWarning() ChildProcessError() ConnectionAbortedError() ConnectionError() ConnectionRefusedError() ConnectionResetError() DeprecationWarning() EOFError() EncodingWarning() EnvironmentError() Exception() ExceptionGroup() FileExistsError() FileNotFoundError() FloatingPointError() FutureWarning() GeneratorExit() IOError() ImportError() ImportWarning() IndentationError() IndexError() InterruptedError() IsADirectoryError() KeyError() KeyboardInterrupt() LookupError() MemoryError() ModuleNotFoundError() NameError() NotADirectoryError() NotImplementedError() OSError() OverflowError() PendingDeprecationWarning() PermissionError() ProcessLookupError() PythonFinalizationError() RecursionError() ReferenceError() ResourceWarning() RuntimeError() RuntimeWarning() StopAsyncIteration() StopIteration() SyntaxError() SyntaxWarning() SystemError() SystemExit() TabError() TimeoutError() TypeError() UnboundLocalError() UnicodeDecodeError() UnicodeEncodeError() UnicodeError() UnicodeTranslateError() UnicodeWarning() UserWarning() ValueError() Warning() ZeroDivisionError()";

const STORAGES =
  "DoubleStorage FloatStorage HalfStorage BFloat16Storage LongStorage IntStorage ShortStorage CharStorage ByteStorage BoolStorage ComplexDoubleStorage ComplexFloatStorage QInt8Storage QUInt8Storage QInt32Storage QUInt4x2Storage QUInt2x4Storage UntypedStorage TypedStorage";
const TENSORS = "DoubleTensor* FloatTensor* HalfTensor* BFloat16Tensor* LongTensor* IntTensor* ShortTensor* CharTensor* ByteTensor* BoolTensor*";
const DTYPES =
  "float16* float32* float64* bfloat16* half* float* double* cfloat* cdouble* chalf* complex32* complex64* complex128* bcomplex32* uint8* int8* int16* short* int32* int* int64* long* bool* uint16* uint32* uint64* int1* int2* int3* int4* int5* int6* int7* uint1* uint2* uint3* uint4* uint5* uint6* uint7* qint8* quint8* qint32* quint4x2* quint2x4* bits8* bits16* bits1x8* bits2x4* bits4x2* float8_e4m3fn* float8_e4m3fnuz* float8_e5m2* float8_e5m2fnuz* float8_e8m0fnu* float4_e2m1fn_x2*";

/** One module a line. Lines of the same module add up. */
const WRITTEN = `
builtins: object int() float() complex() bool() str() bytes() bytearray() list() tuple() dict() set() frozenset() range() slice() type() getattr() map() filter() zip() enumerate() reversed() iter() NoneType Ellipsis NotImplemented ${EXCEPTIONS}
builtins: len* min* max* sum* abs* round* sorted* pow* print* any* all* repr* divmod* hash* ord* chr* hex* bin* oct* callable* isinstance* issubclass* next* format* ascii* id* ellipsis* function* code* True* False* None*
builtins: str.lower* str.upper* str.strip* str.lstrip* str.rstrip* str.split* str.title* str.capitalize* str.casefold* str.swapcase* dict.fromkeys* dict.get* dict.keys* dict.values* dict.items* bytes.fromhex* float.fromhex* int.from_bytes* bytearray.fromhex* str.maketrans* bytes.maketrans* list.append* list.index* list.count* str.isdigit* str.isalpha* str.isalnum* str.startswith* str.endswith* str.join* set.union* set.intersection*
collections: _tuplegetter() OrderedDict() defaultdict() Counter() deque() ChainMap() UserDict() UserList() UserString() namedtuple* OrderedDict.fromkeys* abc*
collections.abc: Callable* Hashable* Iterable* Iterator* Mapping* MutableMapping* Sequence* MutableSequence* Set* MutableSet* Sized* Container* Collection* Generator*
datetime: datetime() date() time() timedelta() timezone() tzinfo() datetime.fromtimestamp* datetime.now* datetime.utcnow* datetime.strptime* date.today* date.fromisoformat* datetime.fromisoformat* UTC*
decimal: Decimal() Context() DecimalTuple DivisionByZero* InvalidOperation* Overflow* Underflow* Inexact* Rounded* Clamped* Subnormal* FloatOperation* DivisionUndefined* DivisionImpossible* InvalidContext* ConversionSyntax* getcontext* ROUND_HALF_UP*
fractions: Fraction()
uuid: UUID() SafeUUID() uuid4* uuid1* uuid5* uuid3*
pathlib: Path() PosixPath() WindowsPath() PurePath() PurePosixPath() PureWindowsPath()
ipaddress: IPv4Address() IPv4Interface() IPv4Network() IPv6Address() IPv6Interface() IPv6Network()
re: _compile() compile() RegexFlag() Pattern* Match*
random: Random() Random.random* random* uniform* gauss* randint* choice* shuffle* sample*
array: array() _array_reconstructor()
copyreg: _reconstructor() __newobj__() __newobj_ex__()
_codecs: encode()
codecs: encode()
argparse: Namespace()
types: SimpleNamespace() NoneType* GenericAlias() UnionType* MappingProxyType() EllipsisType* NotImplementedType*
builtins: object.__new__* object.__init__* object.__repr__* object.__str__* tuple.__new__* tuple.__repr__* str.__new__* str.__repr__* str.__str__* str.__format__* int.__new__* int.__repr__* int.__str__* int.__format__* float.__new__* float.__repr__* bytes.__new__* dict.__repr__*
enum: Enum IntEnum Flag IntFlag StrEnum auto* EnumMeta* EnumType* ReprEnum FlagBoundary() Enum.__new__* Enum.__format__* Enum.__repr__* Enum.__str__* Enum.__hash__* Enum.__dir__* Enum._generate_next_value_* StrEnum._generate_next_value_* Enum._missing_* Flag._missing_* StrEnum.__new__* ReprEnum.__format__* ReprEnum.__repr__* ReprEnum.__str__* IntEnum.__format__* IntEnum.__repr__* IntEnum.__str__* Flag.__format__* Flag.__repr__* Flag.__str__* Flag.__or__* Flag.__and__* Flag.__xor__* Flag.__invert__* Flag._numeric_repr_* Flag._generate_next_value_*
functools: partial() reduce() partial*
operator: itemgetter() getitem() or_() add* sub* mul* truediv* floordiv* mod* pow* neg* pos* abs* eq* ne* lt* le* gt* ge* and_* xor* not_* is_* is_not* truth* contains* matmul* invert* lshift* rshift* concat*
logging: getLogger()
io: BytesIO() StringIO()
string: Template() capwords* ascii_letters* ascii_lowercase* ascii_uppercase* digits* punctuation* whitespace* printable* hexdigits* octdigits*
zoneinfo: ZoneInfo() ZoneInfo._unpickle() ZoneInfo.no_cache()
time: struct_time() time* perf_counter* monotonic* process_time*
statistics: NormalDist mean* median* mode* stdev* variance* pstdev* pvariance* fmean* geometric_mean* harmonic_mean* median_low* median_high* median_grouped* multimode* quantiles* correlation* covariance* linear_regression*
math: acos* acosh* asin* asinh* atan* atan2* atanh* cbrt* ceil* comb* copysign* cos* cosh* degrees* dist* erf* erfc* exp* exp2* expm1* fabs* factorial* floor* fma* fmod* frexp* fsum* gamma* gcd* hypot* isclose* isfinite* isinf* isnan* isqrt* lcm* ldexp* lgamma* log* log10* log1p* log2* modf* nextafter* perm* pow* prod* radians* remainder* sin* sinh* sqrt* sumprod* tan* tanh* trunc* ulp* pi* e* inf* nan* tau*
cmath: acos* acosh* asin* asinh* atan* atanh* cos* cosh* exp* isclose* isfinite* isinf* isnan* log* log10* phase* polar* rect* sin* sinh* sqrt* tan* tanh*
itertools: count() chain() cycle() repeat() islice() product() permutations() combinations() combinations_with_replacement() zip_longest() compress() accumulate() tee* starmap() filterfalse() takewhile() dropwhile() groupby() pairwise()
weakref: ref* proxy* WeakKeyDictionary* WeakValueDictionary* WeakSet* ReferenceType*
copy: copy* deepcopy*
dataclasses: _MISSING_TYPE _HAS_DEFAULT_FACTORY_CLASS Field _FIELD_BASE _DataclassParams _KW_ONLY_TYPE MISSING* _FIELD* _FIELD_CLASSVAR* _FIELD_INITVAR* _HAS_DEFAULT_FACTORY* InitVar KW_ONLY* _dataclass_getstate* _dataclass_setstate* field* asdict* astuple* replace* is_dataclass* fields*
inspect: Parameter() Signature() _ParameterKind() _empty*
http: HTTPStatus() HTTPMethod()
calendar: Calendar Day() Month() TextCalendar
typing: Any* Optional* Union* List* Dict* Tuple* Set* FrozenSet* Callable* Sequence* Mapping* Iterable* Iterator* Type* Literal* ClassVar* Generic* NamedTuple* TypedDict* Protocol* TypeVar* Text* AnyStr* NoReturn* Final* Annotated* MutableMapping* MutableSequence* Collection* Hashable* Sized* Generator* Awaitable* Coroutine* AsyncIterator* DefaultDict* OrderedDict* Counter* Deque* Self* ParamSpec* Concatenate* Never* LiteralString* SupportsFloat* SupportsInt* IO* BinaryIO* TextIO* Pattern* Match*
numbers: Number* Real* Integral* Complex* Rational*
contextlib: nullcontext suppress*
string.templatelib: Template() Interpolation()
abc: ABCMeta* ABC*
email.headerregistry: Address
torch: Size() Tensor device() Generator() finfo* iinfo* dtype* layout* memory_format* strided* sparse_coo* sparse_csr* sparse_csc* sparse_bsr* sparse_bsc* jagged* _mkldnn* preserve_format* contiguous_format* channels_last* channels_last_3d* per_tensor_affine* per_channel_affine* per_tensor_symmetric* per_channel_symmetric* per_channel_affine_float_qparams* ${DTYPES} ${STORAGES} ${TENSORS}
torch: relu* tanh* sigmoid* softmax* gelu* add* mul* sub* div* matmul* mean* sum* exp* log* sin* cos* abs* sqrt* pow* clamp* cat* stack* max* min* erf* sign* square* nn.functional.relu*
torch.cuda: ${STORAGES} ${TENSORS}
torch.sparse: ${TENSORS}
torch.cuda.sparse: ${TENSORS}
torch.storage: TypedStorage() UntypedStorage() _load_from_bytes() _TypedStorage _UntypedStorage
torch._C: Generator() _VariableFunctionsClass* _disabled_torch_function_impl* device*
torch.nn.parameter: Parameter() UninitializedParameter() UninitializedBuffer() Buffer()
torch._tensor: Tensor _rebuild_from_type_v2() _rebuild_from_type()
torch.tensor: _rebuild_from_type()
torch._utils: _rebuild_tensor() _rebuild_tensor_v2() _rebuild_tensor_v3() _rebuild_parameter() _rebuild_parameter_with_state() _rebuild_qtensor() _rebuild_sparse_tensor() _rebuild_sparse_csr_tensor() _rebuild_meta_tensor_no_storage() _rebuild_wrapper_subclass() _rebuild_device_tensor_from_numpy() _rebuild_device_tensor_from_cpu_tensor() _rebuild_nested_tensor() _rebuild_xla_tensor() torch.channels_last* torch.channels_last_3d* torch.contiguous_format* torch.preserve_format*
torch.serialization: _get_layout()
torch.jit._pickle: build_intlist() build_doublelist() build_boollist() build_tensorlist() build_tensor_from_id() restore_type_tag()
torch.nested._internal.nested_tensor: NestedTensor _rebuild_njt()
torch.fx.graph_module: reduce_graph_module()
torch.fx._symbolic_trace: Tracer*
torch.fx: Tracer*
torch.utils._pytree: TreeSpec LeafSpec
torch.distributed._shard.sharded_tensor.metadata: ShardedTensorMetadata TensorProperties MEM_FORMAT_ENCODING()
torch.distributed._shard.metadata: ShardMetadata
torch.distributed._shard.sharding_spec.api: EnumerableShardingSpec
torch.distributed._shard.sharding_spec.chunk_sharding_spec: ChunkShardingSpec
torch.distributed.remote_device: _remote_device
torch.distributed._remote_device: _remote_device
torch.distributed.checkpoint.metadata: Metadata BytesStorageMetadata TensorStorageMetadata ChunkStorageMetadata TensorProperties MetadataIndex StorageMeta _MEM_FORMAT_ENCODING()
torch.distributed.checkpoint.filesystem: _StorageInfo StorageMeta
torch.distributed.tensor: DTensor
torch.distributed.tensor._api: DTensor
torch.distributed._tensor.api: DTensor
torch.distributed._tensor: DTensor
torch.distributed.device_mesh: DeviceMesh _MeshEnv
torch.distributed._tensor.device_mesh: DeviceMesh
torch.distributed._tensor.placement_types: Replicate Shard Partial _Partial DTensorSpec TensorMeta Placement
torch.distributed.tensor._dtensor_spec: DTensorSpec TensorMeta
torch.distributed._tensor._dtensor_spec: DTensorSpec TensorMeta
torch.distributed.distributed_c10d: ReduceOp RedOpType()
torch.cuda.amp.grad_scaler: GradScaler OptState() _refresh_per_optimizer_state*
torch.amp.grad_scaler: GradScaler OptState() _refresh_per_optimizer_state*
torch.cuda.amp: GradScaler
torch.nn.parallel.data_parallel: DataParallel
torch.nn.parallel.distributed: DistributedDataParallel _DDPUnevenInputsConfig
torch.nn.backends.thnn: _get_thnn_function_backend()
torch.nn.modules.upsampling: Upsample UpsamplingNearest2d UpsamplingBilinear2d
torch.utils.data.dataset: TensorDataset ConcatDataset Subset ChainDataset Dataset IterableDataset StackDataset
torch.utils.data.sampler: RandomSampler SequentialSampler BatchSampler SubsetRandomSampler WeightedRandomSampler
torch.utils.hooks: BackwardHook RemovableHandle
torch.autograd.variable: Variable
numpy: ndarray() dtype() matrix record recarray ufunc* generic* number* integer* inexact* floating* complexfloating* flexible* character* signedinteger* unsignedinteger* bool* bool_* bool8* int_* int0* uint* uint0* float_* complex_* str_* bytes_* str* bytes* string_* unicode_* void* void0* object* object_* object0* datetime64* timedelta64* intc* intp* uintc* uintp* byte* ubyte* short* ushort* longlong* ulonglong* int8* int16* int32* int64* int128* uint8* uint16* uint32* uint64* half* single* double* float16* float32* float64* float96* float128* float* longdouble* longfloat* csingle* cdouble* cfloat* clongdouble* clongfloat* clongfloat* complex* complex64* complex128* complex192* complex256* singlecomplex* int* long* ulong* RandomState* newaxis* nan* inf* pi* iinfo finfo poly1d vectorize
numpy.core.multiarray: _reconstruct() scalar() ndarray* dtype() _frombuffer()
numpy.multiarray: _reconstruct() scalar()
numpy.core.numeric: _frombuffer()
sklearn.multiclass: _ConstantPredictor
numpy.core._internal: _convert_to_stringdtype_kwargs() _reconstruct()
numpy.core: _ufunc_reconstruct() _DType_reconstruct()
numpy.core.umath: add* subtract* multiply* divide* exp* log* log1p* expm1* sqrt* square* sin* cos* tan* tanh* abs* absolute* sign* maximum* minimum*
numpy.core._multiarray_umath: _reconstruct() scalar() add* subtract* multiply* divide* true_divide* exp* log* log1p* log2* log10* expm1* sqrt* square* sin* cos* tan* tanh* absolute* sign* maximum* minimum* power* logical_not* reciprocal* negative*
numpy.core.defchararray: chararray
numpy.core.records: recarray record
numpy.core.fromnumeric: mean* sum* max* min* amax* amin* prod* std* var* argmax* argmin* median* cumsum* clip* sort* argsort* ptp*
numpy.lib.function_base: median* percentile* quantile* average* diff*
numpy.lib._function_base_impl: median* percentile* quantile* average* diff* vectorize
numpy.lib.nanfunctions: nanmean* nanmedian* nanstd* nanvar* nansum* nanmax* nanmin*
numpy.lib.polynomial: poly1d
numpy.lib._polynomial_impl: poly1d
numpy.lib.type_check: nan_to_num*
numpy.ma: MaskedArray MaskedConstant masked*
numpy.ma.core: _mareconstruct() MaskedArray MaskedConstant() mvoid
numpy.matrixlib.defmatrix: matrix
numpy.rec: recarray record
numpy.random: RandomState() Generator() __RandomState_ctor()
numpy.random.mtrand: RandomState __RandomState_ctor() RandomState.rand* RandomState.random_sample*
numpy.random._pickle: __randomstate_ctor() __generator_ctor() __bit_generator_ctor()
numpy.random._mt19937: MT19937()
numpy.random._pcg64: PCG64() PCG64DXSM()
numpy.random._philox: Philox()
numpy.random._sfc64: SFC64()
numpy.random._generator: Generator
numpy.random.bit_generator: SeedSequence __pyx_unpickle_SeedSequence() SeedlessSeedSequence
numpy.random._bit_generator: SeedSequence __pyx_unpickle_SeedSequence()
scipy.sparse.csr: csr_matrix
scipy.sparse.csc: csc_matrix
scipy.sparse.coo: coo_matrix
scipy.sparse.bsr: bsr_matrix
scipy.sparse.dia: dia_matrix
scipy.sparse.dok: dok_matrix
scipy.sparse.lil: lil_matrix
scipy.interpolate.interpolate: interp1d PPoly BPoly
scipy.interpolate.fitpack2: UnivariateSpline InterpolatedUnivariateSpline LSQUnivariateSpline RectBivariateSpline
scipy.interpolate._cubic: CubicSpline PchipInterpolator Akima1DInterpolator
scipy.spatial.ckdtree: cKDTree
scipy.spatial.kdtree: KDTree
scipy.optimize.optimize: OptimizeResult
scipy.optimize._optimize: OptimizeResult
scipy.stats.kde: gaussian_kde
scipy.stats._kde: gaussian_kde
scipy.special._ufuncs: expit* logit* gamma* gammaln* erf* erfc* ndtr* xlogy*
scipy.stats._stats_py: TtestResult
scipy.stats._qmc: Sobol Halton LatinHypercube
pandas: DataFrame Series Index RangeIndex MultiIndex Categorical CategoricalDtype StringDtype() DatetimeTZDtype() Interval() IntervalIndex Period() Timestamp() Timedelta() PeriodDtype() IntervalDtype SparseDtype DateOffset() NaT* NA Int64Dtype Float64Dtype BooleanDtype DatetimeIndex TimedeltaIndex PeriodIndex CategoricalIndex Flags Grouper NamedAgg
pandas.core.frame: DataFrame
pandas.core.series: Series
pandas.core.flags: Flags
pandas.core.panel: Panel
pandas.core.sparse.frame: SparseDataFrame
pandas.core.internals: BlockManager SingleBlockManager
pandas.core.internals.managers: BlockManager() SingleBlockManager()
pandas.core.internals.array_manager: ArrayManager SingleArrayManager
pandas.core.internals.blocks: new_block() _unpickle_block() Block() ObjectBlock() NumericBlock() IntBlock() FloatBlock() BoolBlock() DatetimeBlock() DatetimeTZBlock() CategoricalBlock() ExtensionBlock() DatetimeLikeBlock() NDArrayBackedExtensionBlock() TimeDeltaBlock() ComplexBlock() SparseBlock()
pandas.core.index: Index _new_Index() MultiIndex RangeIndex Int64Index
pandas.indexes.base: Index _new_Index()
pandas.indexes.range: RangeIndex
pandas.indexes.multi: MultiIndex
pandas.indexes.numeric: Int64Index Float64Index
pandas.tslib: Timestamp() Timedelta() NaTType() _nat_unpickle()
pandas.core.indexes.base: Index _new_Index()
pandas.core.indexes.range: RangeIndex
pandas.core.indexes.multi: MultiIndex
pandas.core.indexes.datetimes: DatetimeIndex _new_DatetimeIndex()
pandas.core.indexes.timedeltas: TimedeltaIndex _new_TimedeltaIndex()
pandas.core.indexes.period: PeriodIndex _new_PeriodIndex()
pandas.core.indexes.interval: IntervalIndex _new_IntervalIndex()
pandas.core.indexes.category: CategoricalIndex
pandas.core.indexes.numeric: Int64Index UInt64Index Float64Index NumericIndex
pandas.core.indexes.frozen: FrozenList FrozenNDArray
pandas.core.base: FrozenList PandasObject
pandas.core.categorical: Categorical
pandas.core.arrays.categorical: Categorical
pandas.core.arrays.numpy_: PandasArray PandasDtype NumpyExtensionArray
pandas.core.arrays.string_: StringArray StringDtype
pandas.core.arrays.string_arrow: ArrowStringArray
pandas.core.arrays.integer: IntegerArray Int8Dtype Int16Dtype Int32Dtype Int64Dtype UInt8Dtype UInt16Dtype UInt32Dtype UInt64Dtype
pandas.core.arrays.floating: FloatingArray Float32Dtype Float64Dtype
pandas.core.arrays.boolean: BooleanArray BooleanDtype
pandas.core.arrays.datetimes: DatetimeArray
pandas.core.arrays.timedeltas: TimedeltaArray
pandas.core.arrays.period: PeriodArray
pandas.core.arrays.interval: IntervalArray
pandas.core.arrays.sparse: SparseArray SparseDtype
pandas.core.arrays.sparse.array: SparseArray
pandas.core.dtypes.dtypes: CategoricalDtype DatetimeTZDtype PeriodDtype() IntervalDtype SparseDtype PandasDtype NumpyEADtype ArrowDtype
pandas.core.dtypes.base: ExtensionDtype
pandas._libs.internals: _unpickle_block() BlockPlacement() BlockManager SingleBlockManager
pandas._libs.arrays: __pyx_unpickle_NDArrayBacked() NDArrayBacked
pandas._libs.interval: Interval() __pyx_unpickle_IntervalMixin() IntervalMixin
pandas._libs.sparse: IntIndex() BlockIndex()
pandas._libs.missing: NAType() NA
pandas._libs.tslibs.nattype: _nat_unpickle() __nat_unpickle() NaTType NaT
pandas._libs.tslib: _nat_unpickle()
pandas._libs.tslibs.timestamps: _unpickle_timestamp() Timestamp()
pandas._libs.tslibs.timedeltas: _timedelta_unpickle() Timedelta()
pandas._libs.tslibs.period: Period() _period_unpickle()
pandas._libs.tslibs.dtypes: PeriodDtypeBase()
pandas._libs.tslibs.conversion: localize_pydatetime*
pandas.tseries.offsets: DateOffset() Day() Hour() Minute() Second() Milli() Micro() Nano() BusinessDay() MonthEnd() MonthBegin() QuarterEnd() YearEnd() Week() BDay()
pandas._libs.tslibs.offsets: DateOffset() _offset* BaseOffset to_offset* RelativeDeltaOffset()
pytz: _p() _UTC() utc* timezone()
pytz.tzinfo: DstTzInfo() StaticTzInfo() unpickler()
dateutil.tz.tz: tzutc() tzoffset() tzlocal() tzfile() tzstr() tzrange() gettz() _tzinfo
dateutil.zoneinfo: gettz() tzfile()
dateutil.tz._tzfile: _unpickle() tzfile
dateutil.tz: tzutc() tzoffset() tzlocal() tzfile() gettz()
dateutil.relativedelta: relativedelta weekday
dateutil._common: weekday
joblib.numpy_pickle: NumpyArrayWrapper NDArrayWrapper ZNDArrayWrapper
joblib.numpy_pickle_compat: NDArrayWrapper ZNDArrayWrapper
sklearn.base: clone* is_classifier* is_regressor* BaseEstimator
sklearn.tree._tree: Tree()
sklearn.tree._criterion: Gini() Entropy() MSE() FriedmanMSE() MAE() Poisson()
sklearn.tree._splitter: BestSplitter() RandomSplitter() BestSparseSplitter() RandomSparseSplitter()
sklearn.neighbors._kd_tree: KDTree newObj() KDTree64 KDTree32
sklearn.neighbors._ball_tree: BallTree newObj() BallTree64 BallTree32
sklearn.metrics._dist_metrics: newObj() EuclideanDistance MinkowskiDistance ManhattanDistance ChebyshevDistance HammingDistance HaversineDistance CanberraDistance SEuclideanDistance MahalanobisDistance BrayCurtisDistance JaccardDistance MatchingDistance DiceDistance KulsinskiDistance RogersTanimotoDistance RussellRaoDistance SokalMichenerDistance SokalSneathDistance WMinkowskiDistance PyFuncDistance DistanceMetric DistanceMetric64 DistanceMetric32
sklearn.neighbors._dist_metrics: newObj() EuclideanDistance MinkowskiDistance ManhattanDistance ChebyshevDistance
sklearn.neighbors.dist_metrics: newObj() EuclideanDistance MinkowskiDistance ManhattanDistance ChebyshevDistance HammingDistance HaversineDistance
sklearn.ensemble._gb_losses: LeastSquaresError LeastAbsoluteError HuberLossFunction QuantileLossFunction BinomialDeviance MultinomialDeviance ExponentialLoss
sklearn.ensemble._gb: BinomialDeviance MultinomialDeviance LeastSquaresError ExponentialLoss ZeroEstimator LogOddsEstimator PriorProbabilityEstimator MeanEstimator
sklearn.ensemble._hist_gradient_boosting.loss: BinaryCrossEntropy CategoricalCrossEntropy LeastSquares LeastAbsoluteDeviation Poisson
sklearn.linear_model._sgd_fast: Hinge() SquaredHinge() Log() SquaredLoss() Huber() ModifiedHuber() EpsilonInsensitive() SquaredEpsilonInsensitive() Classification() Regression()
sklearn._loss._loss: CySquaredError() CyHalfSquaredError() CyAbsoluteError() CyPinballLoss() CyHuberLoss() CyHalfPoissonLoss() CyHalfGammaLoss() CyHalfTweedieLoss() CyHalfTweedieLossIdentity() CyHalfBinomialLoss() CyHalfMultinomialLoss() CyExponentialLoss() CyLossFunction() __pyx_unpickle_CyHalfMultinomialLoss() __pyx_unpickle_CyLossFunction() __pyx_unpickle_CyHalfSquaredError() __pyx_unpickle_CyAbsoluteError() __pyx_unpickle_CyPinballLoss() __pyx_unpickle_CyHalfBinomialLoss() __pyx_unpickle_CyHalfPoissonLoss() __pyx_unpickle_CyExponentialLoss() __pyx_unpickle_CyHuberLoss() __pyx_unpickle_CyHalfGammaLoss() __pyx_unpickle_CyHalfTweedieLoss()
sklearn.preprocessing._data: OneHotEncoder
sklearn.preprocessing.imputation: Imputer
sklearn.preprocessing._data: PolynomialFeatures
sklearn.preprocessing._function_transformer: FunctionTransformer _identity*
sklearn.preprocessing.function_transformer: FunctionTransformer
sklearn.mixture.gmm: GMM
sklearn.impute: SimpleImputer MissingIndicator
sklearn.metrics._scorer: _PredictScorer _ProbaScorer _ThresholdScorer _passthrough_scorer*
sklearn.utils: Bunch
sklearn.utils.deprecation: DeprecationDict
sklearn.utils.metaestimators: _IffHasAttrDescriptor
sklearn.pipeline: Pipeline FeatureUnion
sklearn.grid_search: GridSearchCV RandomizedSearchCV
sklearn.model_selection._search: GridSearchCV RandomizedSearchCV
sklearn.cross_validation: KFold StratifiedKFold
sklearn.calibration: _CalibratedClassifier _SigmoidCalibration _TemperatureScaling
xgboost.core: Booster DMatrix*
xgboost.sklearn: XGBModel XGBClassifier XGBRegressor XGBRanker XGBRFClassifier XGBRFRegressor XGBClassifierMixIn
xgboost.compat: XGBoostLabelEncoder
lightgbm.basic: Booster Dataset LightGBMError()
lightgbm.sklearn: LGBMModel LGBMClassifier LGBMRegressor LGBMRanker _LGBMLabelEncoder
lightgbm.compat: _LGBMLabelEncoder
catboost.core: CatBoost CatBoostClassifier CatBoostRegressor CatBoostRanker Pool
catboost: CatBoostClassifier CatBoostRegressor CatBoost CatBoostRanker
_catboost: CatBoostError() _CatBoost _PoolBase
transformers.trainer_utils: EvaluationStrategy() ShardedDDPOption() IntervalStrategy() SchedulerType() HubStrategy() FSDPOption() SaveStrategy() RemoveColumnsCollator
transformers.training_args: TrainingArguments OptimizerNames() ParallelMode()
transformers.training_args_seq2seq: Seq2SeqTrainingArguments
transformers.trainer_pt_utils: AcceleratorConfig LabelSmoother
transformers.integrations.deepspeed: HfTrainerDeepSpeedConfig HfDeepSpeedConfig
transformers.activations: gelu* gelu_new* gelu_fast* gelu_python* _gelu_python* quick_gelu* swish* silu* mish* linear_act*
transformers.deepspeed: HfTrainerDeepSpeedConfig HfDeepSpeedConfig
transformers.tokenization_utils_base: BatchEncoding AddedToken
tokenizers: Tokenizer AddedToken Encoding
tokenizers.models: Model
accelerate.state: PartialState
accelerate.utils.dataclasses: DistributedType() DeepSpeedPlugin FullyShardedDataParallelPlugin
accelerate.utils.deepspeed: HfDeepSpeedConfig
accelerate.utils.operations: ConvertOutputsToFp32
omegaconf.dictconfig: DictConfig
omegaconf.listconfig: ListConfig
omegaconf.base: ContainerMetadata Metadata Node SCMode()
omegaconf.nodes: AnyNode StringNode IntegerNode FloatNode BooleanNode BytesNode PathNode EnumNode ValueNode InterpolationResultNode
pytorch_lightning.utilities.parsing: AttributeDict
lightning.pytorch.utilities.parsing: AttributeDict
lightning.fabric.utilities.data: AttributeDict _WrapAttrTag()
pytorch_lightning.callbacks.model_checkpoint: ModelCheckpoint
pytorch_lightning.callbacks.early_stopping: EarlyStopping
lightning.pytorch.callbacks.model_checkpoint: ModelCheckpoint
lightning.pytorch.callbacks.early_stopping: EarlyStopping
lightning_utilities.core.enums: StrEnum()
sentencepiece: SentencePieceProcessor
fairseq.data.dictionary: Dictionary
pyannote.audio.core.task: Specifications Problem() Resolution()
trl.trainer.dpo_config: FDivergenceType()
ultralytics.utils: IterableSimpleNamespace()
ultralytics.yolo.utils: IterableSimpleNamespace()
ultralytics.nn.tasks: DetectionModel SegmentationModel ClassificationModel PoseModel OBBModel WorldModel
ml_dtypes: bfloat16* float8_e4m3fn* float8_e5m2* int4* uint4*
ml_dtypes._ml_dtypes_ext: bfloat16* float8_e4m3fn*
tensorflow.python.framework.dtypes: as_dtype() DType
tensorflow.python.framework.tensor_shape: TensorShape() Dimension()
tensorflow.python.framework.tensor: TensorSpec()
tensorflow.python.framework.tensor_spec: TensorSpec()
tensorflow.python.framework.ops: convert_to_tensor()
keras.callbacks: History
urllib.parse: ParseResult SplitResult DefragResult ParseResultBytes SplitResultBytes
os: stat_result() terminal_size() PathLike* fspath*
platform: uname_result()
sys: version_info() float_info() hash_info() int_info()
json.decoder: JSONDecodeError()
json: JSONDecodeError()
zlib: error()
struct: error()
multiprocessing.context: ProcessError() BufferTooShort() TimeoutError() AuthenticationError()
numpy.core._exceptions: _UFuncNoLoopError() _ArrayMemoryError() UFuncTypeError()
numpy.exceptions: AxisError() ComplexWarning() VisibleDeprecationWarning()
sklearn.exceptions: NotFittedError() ConvergenceWarning() DataConversionWarning() InconsistentVersionWarning()
torch.cuda: OutOfMemoryError()
torch: OutOfMemoryError()
torchvision.tv_tensors._image: Image
torchvision.tv_tensors._video: Video
torchvision.tv_tensors._mask: Mask
torchvision.tv_tensors._bounding_boxes: BoundingBoxes
tensorflow.python.ops.resource_variable_ops: ResourceVariable()
scipy._lib.array_api_compat.numpy._aliases: asarray*
torchmetrics.utilities.data: dim_zero_cat* dim_zero_sum* dim_zero_mean* dim_zero_max* dim_zero_min*
torchmetrics.metric: jit_distributed_available*
dill._dill: _create_array() _load_type()
tables.Leaf: Filters()
tables.filters: Filters()
gensim.models.keyedvectors: Vocab
networkx.classes.graph: Graph
networkx.classes.digraph: DiGraph
models.yolo: Model Detect DetectionModel SegmentationModel ClassificationModel Segment
models.common: Conv DWConv Bottleneck BottleneckCSP C3 SPP SPPF Focus Concat Contract Expand Classify DetectMultiBackend AutoShape Proto C3TR C3SPP C3Ghost GhostConv GhostBottleneck TransformerBlock
`;

const parsed = new Map<string, ReadonlyMap<string, readonly Use[]>>();

/** What the tables allow for a canonical module and name, or undefined. A module's line is only split when it is asked for. */
export function allowedUses(module: string, name: string): readonly Use[] | undefined {
  return namesOf(module).get(name);
}

const TABLES: readonly string[] = [WRITTEN, GENERATED, LIBRARIES, FUNCTIONS, RAISED, STANDARD_LIBRARY];

/** The modules of the tables, some more than once, for tests. */
export function allowedModules(): string[] {
  return [...TABLES.join("").matchAll(/^([\w.]+):/gm)].map((match) => match[1] ?? "");
}

/** The allowed names of a module and their uses. */
export function namesOf(module: string): ReadonlyMap<string, readonly Use[]> {
  const known = parsed.get(module);
  if (known) return known;
  const names = new Map<string, readonly Use[]>();
  // A line end would match across the tables' lines.
  if (!module.includes("\n")) {
    for (const table of TABLES) {
      const start = `\n${module}: `;
      for (let at = table.indexOf(start); at >= 0; at = table.indexOf(start, at + 1)) {
        const end = table.indexOf("\n", at + 1);
        for (const entry of table.slice(at + start.length, end).split(" ")) addEntry(names, entry);
      }
    }
  }
  parsed.set(module, names);
  return names;
}

function addEntry(names: Map<string, readonly Use[]>, entry: string): void {
  if (entry.endsWith("()")) names.set(entry.slice(0, -2), ["built", "called", "referenced"]);
  else if (entry.endsWith("*")) merge(names, entry.slice(0, -1), ["referenced"]);
  else if (entry) merge(names, entry, ["built", "referenced"]);
}

/** A name listed twice keeps the wider use. */
function merge(names: Map<string, readonly Use[]>, name: string, uses: readonly Use[]): void {
  if ((names.get(name)?.length ?? 0) < uses.length) names.set(name, uses);
}
