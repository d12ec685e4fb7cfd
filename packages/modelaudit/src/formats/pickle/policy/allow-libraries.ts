/**
 * Names of further libraries that people save models of, in the form of allow.ts: what scripts/fixtures/collect-libraries.py
 * found called or referenced in their pickles. Classes that are only built need no line, since an unknown one is a note; they
 * stand here where deny.ts covers their module. Each function was read: it gives an object made of its arguments, and opens,
 * imports and calls nothing; calls.ts holds the rule where an argument is called.
 */

export const LIBRARIES = `
PIL.Image: Dither() Palette() Quantize() Resampling() Transform() Transpose()
PIL.ExifTags: Base() GPS() IFD() Interop() LightSource()
attr._make: _Nothing()
numpy: _CopyMode()
pandas._libs.lib: _NoDefault()
pandas._libs.tslibs.dtypes: FreqGroup() NpyDatetimeUnit() Resolution()
sklearn.ensemble._hist_gradient_boosting.common: MonotonicConstraint()
torch.distributed.fsdp.api: BackwardPrefetch() ShardingStrategy() StateDictType() CPUOffload FullOptimStateDictConfig FullStateDictConfig LocalOptimStateDictConfig LocalStateDictConfig MixedPrecision OptimStateDictConfig ShardedOptimStateDictConfig ShardedStateDictConfig StateDictConfig StateDictSettings
torch.distributed.fsdp.fully_sharded_data_parallel: BackwardPrefetch() ShardingStrategy() StateDictType() CPUOffload FullStateDictConfig LocalStateDictConfig MixedPrecision ShardedStateDictConfig StateDictConfig
torch.distributed.algorithms._checkpoint.checkpoint_wrapper: CheckpointImpl()
torch.nn.parallel.distributed: _BufferCommHookLocation()
torch.nn.utils.parametrizations: _OrthMaps()
torch.utils._pytree: treespec_leaf()
tokenizers: OffsetReferential() SplitDelimiterBehavior()
transformers.image_utils: ChannelDimension()
transformers.utils.quantization_config: ExllamaVersion()
transformers.optimization: _get_constant_lambda* _get_constant_schedule_with_warmup_lr_lambda* _get_cosine_schedule_with_warmup_lr_lambda* _get_cosine_with_hard_restarts_schedule_with_warmup_lr_lambda* _get_cosine_with_min_lr_schedule_with_warmup_lr_lambda* _get_cosine_with_min_lr_schedule_with_warmup_lr_rate_lambda* _get_inverse_sqrt_schedule_lr_lambda* _get_linear_schedule_with_warmup_lr_lambda* _get_polynomial_decay_schedule_with_warmup_lr_lambda* _get_wsd_scheduler_lambda*
transformers.cache_utils: Cache DynamicCache DynamicLayer DynamicSlidingWindowLayer EncoderDecoderCache StaticCache StaticLayer StaticSlidingWindowLayer SlidingWindowCache
pyarrow.lib: _restore_array() _reconstruct_table() _reconstruct_record_batch() py_buffer() chunked_array() scalar() field() schema() KeyValueMetadata() type_for_alias() binary() binary_view() string_view() bool8() decimal32() decimal64() decimal128() decimal256() dictionary() list_() large_list() list_view() large_list_view() map_() struct() union() sparse_union() dense_union() timestamp() time32() time64() duration() run_end_encoded() fixed_shape_tensor() uuid() json_() opaque() DataType* Array* ChunkedArray* Table* Schema* Field* Buffer*
joblib.memory: Memory
matplotlib.image: AxesImage BboxImage FigureImage NonUniformImage PcolorImage
matplotlib.colors: _create_empty_object_of_class() _picklable_norm_constructor()
matplotlib.cbook: _picklable_class_constructor()
matplotlib.axes._subplots: _picklable_subplot_class_constructor()
sympy.core.function: _rebuild_undef()
sympy.polys.matrices.domainmatrix: DomainMatrix()
regex._regex: compile()
regex._regex_core: RegexFlag()
_regex: compile()
_regex_core: RegexFlag()
shapely.io: from_wkb()
shapely.lib: from_wkb()
shapely.strtree: STRtree()
shapely.geometry.point: Point()
shapely.geometry.linestring: LineString()
shapely.geometry.polygon: Polygon() LinearRing() _unpickle_linearring()
shapely.geometry.multipoint: MultiPoint()
shapely.geometry.multilinestring: MultiLineString()
shapely.geometry.multipolygon: MultiPolygon()
shapely.geometry.collection: GeometryCollection()
astropy.units.core: _recreate_irreducible_unit() IrreducibleUnit Unit CompositeUnit PrefixUnit
pendulum.date: Date()
pendulum.datetime: DateTime()
pendulum.time: Time()
pendulum.duration: Duration()
pendulum.interval: Interval()
pendulum.day: WeekDay()
pendulum.tz.timezone: FixedTimezone() Timezone() Timezone._unpickle()
polars.schema: Schema()
polars.datatypes.classes: DataType() Boolean() Int8() Int16() Int32() Int64() Int128() UInt8() UInt16() UInt32() UInt64() UInt128() Float16() Float32() Float64() Decimal() String() Binary() Date() Time() Datetime() Duration() Categorical() Enum() Object() Null() Unknown() List() Array() Struct()
statsmodels.iolib.summary: Summary
statsmodels.iolib.summary2: Summary
statsmodels.iolib.table: SimpleTable Row Cell
statsmodels.tsa.statespace._initialization: sInitialization() dInitialization() cInitialization() zInitialization()
statsmodels.tsa.statespace._representation: sStatespace() dStatespace() cStatespace() zStatespace()
statsmodels.tsa.statespace._kalman_filter: sKalmanFilter() dKalmanFilter() cKalmanFilter() zKalmanFilter()
statsmodels.tsa.statespace._kalman_smoother: sKalmanSmoother() dKalmanSmoother() cKalmanSmoother() zKalmanSmoother()
statsmodels.tsa.statespace._simulation_smoother: sSimulationSmoother() dSimulationSmoother() cSimulationSmoother() zSimulationSmoother()
statsmodels.tsa.statespace._cfa_simulation_smoother: sCFASimulationSmoother() dCFASimulationSmoother() cCFASimulationSmoother() zCFASimulationSmoother()
lifelines.utils: CensoringType()
formulaic.formula: OrderingMethod()
formulaic.model_matrix: ModelMatrix()
formulaic.materializers.types.enums: ClusterBy() NAAction()
formulaic.parser.parser: DefaultFormulaParser.FeatureFlags()
formulaic.parser.types.factor: Factor.EvalMethod() Factor.Kind()
formulaic.parser.types.formula_parser: FormulaParser.Target()
formulaic.parser.types.operator: Operator.Associativity() Operator.Fixity()
formulaic.parser.types.token: Token.Kind()
formulaic.transforms.basis_spline: SplineExtrapolation()
formulaic.utils.sentinels: Sentinel()
formulaic.utils.variables: Variable.Role()
optuna.study._study_direction: StudyDirection()
optuna.trial._state: TrialState()
hdbscan.dist_metrics: newObj()
river._river_rust.vectordict: VectorDict()
cmdstanpy.cmdstan_args: Method()
stanio.reshape: VariableType()
nltk.probability: FreqDist() ConditionalFreqDist()
nltk.tree.tree: Tree()
nltk.tag.sequential: DefaultTagger NgramTagger UnigramTagger BigramTagger TrigramTagger AffixTagger RegexpTagger ClassifierBasedTagger ClassifierBasedPOSTagger
nltk.tag.perceptron: AveragedPerceptron PerceptronTagger
nltk.tag.hmm: HiddenMarkovModelTagger
nltk.tag.brill: BrillTagger Word Pos
nltk.tag.tnt: TnT
gensim.utils: call_on_class_only* identity*
sentence_transformers.base.sampler: BatchSamplers() MultiDatasetBatchSamplers()
sentence_transformers.training_args: BatchSamplers() MultiDatasetBatchSamplers()
sentence_transformers.util.similarity: SimilarityFunction() cos_sim* pairwise_cos_sim* dot_score* pairwise_dot_score* euclidean_sim* pairwise_euclidean_sim* manhattan_sim* pairwise_manhattan_sim*
sentence_transformers.similarity_functions: SimilarityFunction()
sentence_transformers.util: cos_sim* pairwise_cos_sim* dot_score* pairwise_dot_score* euclidean_sim* pairwise_euclidean_sim* manhattan_sim* pairwise_manhattan_sim*
timm.layers.format: Format()
pyro.nn.module: _PyroModuleMeta* _PyroModuleMeta._New()
fastai.learner: Learner Recorder AvgMetric AvgLoss AvgSmoothLoss ValueMetric CastToTensor _ConstantFunc Metric SkipToEpoch
fastai.layers: NormType()
fastai.callback.fp16: AMPMode()
stable_baselines3.common.type_aliases: TrainFrequencyUnit()
stable_baselines3.her.goal_selection_strategy: GoalSelectionStrategy()
stable_baselines3.common.policies: BasePolicy BasePolicy._dummy_schedule* ActorCriticPolicy ActorCriticCnnPolicy MultiInputActorCriticPolicy
stable_baselines3.common.torch_layers: FlattenExtractor NatureCNN CombinedExtractor MlpExtractor
diffusers.configuration_utils: FrozenDict()
flax.core.frozen_dict: FrozenDict()
jax._src.array: _reconstruct_array()
networkx.classes.filters: no_filter*
networkx.classes.function: frozen*
networkx.algorithms.planarity: PlanarEmbedding._forbidden*
ruamel.yaml.comments: Comment Format LineCol CommentedSeq CommentedKeySeq CommentedMap() CommentedKeyMap CommentedOrderedMap() CommentedSet TaggedScalar
ruamel.yaml.scalarstring: ScalarString LiteralScalarString FoldedScalarString SingleQuotedScalarString DoubleQuotedScalarString PlainScalarString
ruamel.yaml.scalarint: ScalarInt BinaryInt OctalInt HexInt HexCapsInt DecimalInt
ruamel.yaml.scalarfloat: ScalarFloat ExponentialFloat ExponentialCapsFloat
ruamel.yaml.scalarbool: ScalarBoolean
ruamel.yaml.timestamp: TimeStamp()
ruamel.yaml.tag: Tag
ruamel.yaml.anchor: Anchor
ruamel.yaml.tokens: CommentToken
ruamel.yaml.error: StringMark FileMark CommentMark
`;
