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
matplotlib.patches: ArrowStyle ArrowStyle.Curve ArrowStyle.CurveA ArrowStyle.CurveB ArrowStyle.CurveAB ArrowStyle.CurveFilledA ArrowStyle.CurveFilledB ArrowStyle.CurveFilledAB ArrowStyle.BracketA ArrowStyle.BracketB ArrowStyle.BracketAB ArrowStyle.BarAB ArrowStyle.BracketCurve ArrowStyle.CurveBracket ArrowStyle.Simple ArrowStyle.Fancy ArrowStyle.Wedge BoxStyle BoxStyle.Square BoxStyle.Circle BoxStyle.Ellipse BoxStyle.RArrow BoxStyle.LArrow BoxStyle.DArrow BoxStyle.Round BoxStyle.Round4 BoxStyle.Sawtooth BoxStyle.Roundtooth ConnectionStyle ConnectionStyle.Arc3 ConnectionStyle.Angle3 ConnectionStyle.Angle ConnectionStyle.Arc ConnectionStyle.Bar
matplotlib.image: AxesImage BboxImage FigureImage NonUniformImage PcolorImage
matplotlib.artist: _stale_axes_callback*
matplotlib.figure: _stale_figure_callback*
matplotlib.colorbar: Colorbar _remove_cbar_axes*
matplotlib.legend: Legend
matplotlib.colors: _create_empty_object_of_class()
mpmath.ctx_mp_python: _make_mpf() _make_mpc()
mpmath.matrices.matrices: _make_matrix()
torch.ao.quantization.fx._lower_to_native_backend: _load_packed_weight* _save_packed_weight*
torch.distributed.algorithms.join: _JoinConfig
torch_geometric.data.batch: Batch DynamicInheritanceGetter DynamicInheritanceGetter.__call__()
rdkit.Chem.rdchem: Mol() RWMol()
rdkit.Chem.rdChemReactions: ChemicalReaction()
rdkit.DataStructs.cDataStructs: ExplicitBitVect() SparseBitVect() IntSparseIntVect() LongSparseIntVect() UIntSparseIntVect() ULongSparseIntVect()
scipy.spatial.transform._rigid_transform: RigidTransform RigidTransform.from_matrix()
sktime.datatypes._dtypekind: DtypeKind()
river.time_series.holt_winters: AdditiveLevel() MultiplicativeLevel() Trend() AdditiveSeason() MultiplicativeSeason()
gensim.utils: FakeDict
nltk.parse.chart: TreeEdge LeafEdge Chart FundamentalRule SingleEdgeFundamentalRule LeafInitRule TopDownInitRule TopDownPredictRule CachedTopDownPredictRule BottomUpPredictRule BottomUpPredictCombineRule EmptyPredictRule FilteredSingleEdgeFundamentalRule FilteredBottomUpPredictCombineRule ChartParser TopDownChartParser BottomUpChartParser BottomUpLeftCornerChartParser LeftCornerChartParser
sortedcontainers.sorteddict: SortedDict()
sortedcontainers.sortedlist: SortedList()
sortedcontainers.sortedset: SortedSet()
intervaltree.interval: Interval()
intervaltree.intervaltree: IntervalTree()
frozendict: frozendict()
bitarray: bitarray frozenbitarray
bitarray._bitarray: _bitarray_reconstructor()
pyrsistent._pmap: pmap()
pyrsistent._pset: pset()
pvectorc: pvector()
`;

/**
 * Public functions of NumPy, SciPy and pandas, as models keep them for their steps and metrics (`FunctionTransformer(numpy.fft.rfft)`). They
 * compute: none calls an argument, writes into one, reads a file or evaluates a text. Run over items while loading (`list(map(f, x))`) they are reported as any function is.
 */
export const FUNCTIONS = `
numpy: amax* amin* append* argpartition* argwhere* array_equiv* array_split* asanyarray* asarray_chkfinite* ascontiguousarray* asfortranarray* astype* atleast_1d* atleast_2d* atleast_3d* bartlett* binary_repr* blackman* broadcast_arrays* broadcast_shapes* broadcast_to* busday_count* busday_offset* can_cast* choose* column_stack* common_type* compress* copy* correlate* count_nonzero* cumulative_prod* cumulative_sum* datetime_as_string* datetime_data* delete* diag_indices* diag_indices_from* diagflat* diagonal* dsplit* dstack* ediff1d* einsum* einsum_path* empty_like* extract* fix* flatnonzero* fliplr* flipud* full_like* geomspace* gradient* hamming* hanning* histogram2d* histogram_bin_edges* histogramdd* hsplit* i0* insert* intersect1d* is_busday* iscomplex* iscomplexobj* isfortran* isin* isneginf* isposinf* isreal* isrealobj* isscalar* issubdtype* iterable* ix_* kaiser* lexsort* logspace* matrix_transpose* meshgrid* min_scalar_type* moveaxis* nanargmax* nanargmin* nancumprod* nancumsum* nanpercentile* nanprod* nanquantile* nanvar* ndim* nonzero* packbits* partition* poly* polyadd* polyder* polydiv* polyfit* polyint* polymul* polysub* polyval* promote_types* ravel_multi_index* real_if_close* resize* result_type* rollaxis* roots* rot90* row_stack* searchsorted* select* setdiff1d* setxor1d* shape* sinc* size* sort_complex* split* swapaxes* take* take_along_axis* tensordot* tril* tril_indices* tril_indices_from* trim_zeros* triu* triu_indices* triu_indices_from* union1d* unique_all* unique_counts* unique_inverse* unique_values* unpackbits* unravel_index* unstack* unwrap* vander* vdot* vsplit*
numpy.fft: fft* fft2* fftfreq* fftn* fftshift* hfft* ifft* ifft2* ifftn* ifftshift* ihfft* irfft* irfft2* irfftn* rfft* rfft2* rfftfreq* rfftn*
numpy.linalg: cholesky* cond* cross* diagonal* eig* eigh* eigvals* eigvalsh* lstsq* matmul* matrix_norm* matrix_power* matrix_rank* matrix_transpose* multi_dot* outer* pinv* qr* slogdet* solve* svd* svdvals* tensordot* tensorinv* tensorsolve* trace* vecdot* vector_norm*
pandas: array* bdate_range* concat* cut* date_range* factorize* from_dummies* get_dummies* infer_freq* interval_range* isna* lreshape* melt* merge* merge_asof* merge_ordered* notna* period_range* pivot* qcut* timedelta_range* to_datetime* to_numeric* to_timedelta* unique* wide_to_long*
scipy.linalg._basic: det* inv* lstsq* matmul_toeplitz* matrix_balance* pinv* pinvh* solve* solve_banded* solve_circulant* solve_toeplitz* solve_triangular* solveh_banded*
scipy.linalg._cythonized_array_utils: bandwidth* ishermitian* issymmetric*
scipy.linalg._decomp: cdf2rdf* eig* eig_banded* eigh* eigh_tridiagonal* eigvals* eigvals_banded* eigvalsh* eigvalsh_tridiagonal* hessenberg*
scipy.linalg._decomp_cholesky: cho_factor* cho_solve* cho_solve_banded* cholesky* cholesky_banded*
scipy.linalg._decomp_cossin: cossin*
scipy.linalg._decomp_ldl: ldl*
scipy.linalg._decomp_lu: lu* lu_factor* lu_solve*
scipy.linalg._decomp_polar: polar*
scipy.linalg._decomp_qr: qr* qr_multiply* rq*
scipy.linalg._decomp_schur: rsf2csf*
scipy.linalg._decomp_svd: diagsvd* null_space* orth* subspace_angles* svd* svdvals*
scipy.linalg._decomp_update: qr_delete* qr_insert* qr_update*
scipy.linalg._expm_frechet: expm_cond* expm_frechet*
scipy.linalg._matfuncs: coshm* cosm* expm* fractional_matrix_power* khatri_rao* logm* signm* sinhm* sinm* sqrtm* tanhm* tanm*
scipy.linalg._misc: norm*
scipy.linalg._procrustes: orthogonal_procrustes*
scipy.linalg._sketches: clarkson_woodruff_transform*
scipy.linalg._solvers: solve_continuous_are* solve_continuous_lyapunov* solve_discrete_are* solve_discrete_lyapunov* solve_sylvester*
scipy.linalg._special_matrices: block_diag* circulant* companion* convolution_matrix* dft* fiedler* fiedler_companion* hadamard* hankel* helmert* hilbert* invhilbert* invpascal* pascal* toeplitz*
scipy.ndimage._filters: convolve* convolve1d* correlate* correlate1d* gaussian_filter* gaussian_filter1d* gaussian_gradient_magnitude* gaussian_laplace* laplace* maximum_filter* maximum_filter1d* median_filter* minimum_filter* minimum_filter1d* percentile_filter* prewitt* rank_filter* sobel* uniform_filter* uniform_filter1d*
scipy.ndimage._fourier: fourier_ellipsoid* fourier_gaussian* fourier_shift* fourier_uniform*
scipy.ndimage._interpolation: affine_transform* map_coordinates* rotate* shift* spline_filter* spline_filter1d* zoom*
scipy.ndimage._measurements: center_of_mass* extrema* find_objects* histogram* label* maximum* maximum_position* mean* median* minimum* minimum_position* standard_deviation* sum* sum_labels* value_indices* variance* watershed_ift*
scipy.ndimage._morphology: binary_closing* binary_dilation* binary_erosion* binary_fill_holes* binary_hit_or_miss* binary_opening* binary_propagation* black_tophat* distance_transform_edt* generate_binary_structure* grey_closing* grey_dilation* grey_erosion* grey_opening* iterate_structure* morphological_gradient* morphological_laplace* white_tophat*
scipy.signal._czt: czt* czt_points*
scipy.signal._filter_design: band_stop_obj* bessel* besselap* bilinear* bilinear_zpk* buttap* butter* buttord* cheb1ap* cheb1ord* cheb2ap* cheb2ord* cheby1* cheby2* ellip* ellipap* ellipord* findfreqs* freqs_zpk* freqz_sos* freqz_zpk* gammatone* group_delay* iircomb* iirdesign* iirfilter* iirnotch* iirpeak* lp2bp* lp2bp_zpk* lp2bs* lp2bs_zpk* lp2hp* lp2hp_zpk* lp2lp* lp2lp_zpk* normalize* sos2tf* sos2zpk* sosfreqz* tf2sos* tf2zpk* zpk2sos* zpk2tf*
scipy.signal._fir_filter_design: firls* firwin* firwin2* firwin_2d* kaiser_atten* kaiser_beta* kaiserord* minimum_phase* remez*
scipy.signal._lti_conversion: abcd_normalize* ss2tf* ss2zpk* tf2ss* zpk2ss*
scipy.signal._ltisys: bode* dbode* dfreqresp* dimpulse* dlsim* dstep* freqresp* impulse* lsim* place_poles* step*
scipy.signal._max_len_seq: max_len_seq*
scipy.signal._peak_finding: argrelmax* argrelmin* find_peaks* find_peaks_cwt* peak_prominences* peak_widths*
scipy.signal._savitzky_golay: savgol_coeffs* savgol_filter*
scipy.signal._short_time_fft: closest_STFT_dual_window*
scipy.signal._signaltools: choose_conv_method* convolve* convolve2d* correlate* correlate2d* correlation_lags* decimate* deconvolve* detrend* envelope* fftconvolve* filtfilt* hilbert* hilbert2* invres* invresz* lfilter* lfilter_zi* lfiltic* medfilt* medfilt2d* oaconvolve* order_filter* resample_poly* residue* residuez* sosfilt* sosfilt_zi* sosfiltfilt* unique_roots* vectorstrength* wiener*
scipy.signal._spectral_py: check_COLA* check_NOLA* istft* lombscargle*
scipy.signal._spline: sepfir2d*
scipy.signal._spline_filters: cspline1d* cspline1d_eval* cspline2d* gauss_spline* qspline1d* qspline1d_eval* qspline2d* spline_filter* symiirorder1* symiirorder2*
scipy.signal._upfirdn: upfirdn*
scipy.signal._waveforms: chirp* gausspulse* sawtooth* square* sweep_poly* unit_impulse*
scipy.signal.windows._windows: get_window*
sklearn.utils.validation: check_array*
pandas.core.generic: NDFrame*
pandas: DataFrame.rename*
pandas.core.frame: DataFrame.rename*
scipy.sparse._compressed: _cs_matrix*
scipy.sparse._matrix: spmatrix*
scipy.sparse._base: _spbase*
scipy.sparse._coo: _coo_base*
`;

/** Exceptions with the constructor of Python's own: a call keeps the arguments. */
export const RAISED = `
networkx.algorithms.chordal: NetworkXTreewidthBoundExceeded()
networkx.algorithms.tree.coding: NotATree()
networkx.exception: AmbiguousSolution() ExceededMaxIterations() HasACycle() NetworkXAlgorithmError() NetworkXError() NetworkXException() NetworkXNoCycle() NetworkXNoPath() NetworkXNotImplemented() NetworkXPointlessConcept() NetworkXUnbounded() NetworkXUnfeasible() NodeNotFound()
numpy.exceptions: ComplexWarning() DTypePromotionError() ModuleDeprecationWarning() RankWarning() TooHardError() VisibleDeprecationWarning()
numpy.linalg: LinAlgError()
optuna.exceptions: CLIUsageError() DuplicatedStudyError() ExperimentalWarning() OptunaError() StorageInternalError() TrialPruned() UpdateFinishedTrialError()
pandas.errors: AttributeConflictWarning() CSSWarning() CategoricalConversionWarning() ChainedAssignmentError() ClosedFileError() DataError() DatabaseError() DtypeWarning() DuplicateLabelError() EmptyDataError() IncompatibilityWarning() IncompatibleFrequency() IndexingError() IntCastingNaNError() InvalidColumnName() InvalidComparison() InvalidIndexError() InvalidVersion() LossySetitemError() MergeError() NoBufferPresent() NullFrequencyError() NumExprClobberingError() NumbaUtilError() OptionError() OutOfBoundsDatetime() OutOfBoundsTimedelta() Pandas4Warning() Pandas5Warning() PandasChangeWarning() PandasDeprecationWarning() PandasFutureWarning() PandasPendingDeprecationWarning() ParserError() ParserWarning() PerformanceWarning() PossibleDataLossError() PossiblePrecisionLoss() PyperclipException() SpecificationError() UnsortedIndexError() UnsupportedFunctionCall() ValueLabelTypeMismatch()
polars.exceptions: ArgumentRemovedError() AttributeRemovedError() CategoricalRemappingWarning() ChronoFormatWarning() ColumnNotFoundError() ComputeError() CustomUFuncWarning() DataOrientationWarning() DuplicateError() InvalidOperationError() MapWithoutReturnDtypeWarning() ModuleUpgradeRequiredError() NoDataError() NoRowsReturnedError() OutOfBoundsError() ParameterCollisionError() PerformanceWarning() PolarsError() PolarsInefficientMapWarning() PolarsWarning() RowsError() SQLInterfaceError() SQLSyntaxError() SchemaError() SchemaFieldNotFoundError() ShapeError() StringCacheMismatchError() StructFieldNotFoundError() TooManyRowsReturnedError() UnstableWarning() UnsuitableSQLError()
pyarrow.lib: ArrowCapacityError() ArrowException() ArrowIndexError() ArrowInvalid() ArrowKeyError() ArrowMemoryError() ArrowNotImplementedError() ArrowSerializationError() ArrowTypeError()
scipy.integrate._odepack_py: ODEintWarning()
scipy.integrate._quadpack_py: IntegrationWarning()
scipy.io._fortran: FortranEOFError() FortranFormattingError()
scipy.linalg._misc: LinAlgWarning()
scipy.optimize._nonlin: NoConvergence()
scipy.optimize._optimize: OptimizeWarning()
scipy.signal._filter_design: BadCoefficients()
scipy.sparse._base: SparseEfficiencyWarning() SparseWarning()
scipy.spatial._qhull: QhullError()
scipy.special._sf_error: SpecialFunctionError() SpecialFunctionWarning()
sklearn.exceptions: ConvergenceWarning() DataConversionWarning() DataDimensionalityWarning() EfficiencyWarning() FitFailedWarning() NotFittedError() PositiveSpectrumWarning() SkipTestWarning() UndefinedMetricWarning()
xgboost.core: XGBoostError()
`;
