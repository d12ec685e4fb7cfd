/** Every operator of any version of the main domain, from the registry of onnx 1.23. */
const STANDARD = new Set(
  (
    "Abs Acos Acosh Add AffineGrid And ArgMax ArgMin Asin Asinh Atan Atanh Attention AveragePool BatchNormalization Bernoulli BitCast " +
    "BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor BlackmanWindow Cast CastLike CausalConvWithState Ceil Celu CenterCropPad " +
    "Clip Col2Im Compress Concat ConcatFromSequence Constant ConstantOfShape Conv ConvInteger ConvTranspose Cos Cosh CumProd CumSum " +
    "DFT DeformConv DepthToSpace DequantizeLinear Det Div Dropout DynamicQuantizeLinear Einsum Elu Equal Erf Exp Expand EyeLike " +
    "Flatten Floor GRU Gather GatherElements GatherND Gelu Gemm GlobalAveragePool GlobalLpPool GlobalMaxPool Greater GreaterOrEqual " +
    "GridSample GroupNormalization HammingWindow HannWindow HardSigmoid HardSwish Hardmax Identity If ImageDecoder " +
    "InstanceNormalization IsInf IsNaN LRN LSTM LayerNormalization LeakyRelu Less LessOrEqual LinearAttention Log LogSoftmax Loop " +
    "LpNormalization LpPool MatMul MatMulInteger Max MaxPool MaxRoiPool MaxUnpool Mean MeanVarianceNormalization MelWeightMatrix Min " +
    "Mish Mod Mul Multinomial Neg NegativeLogLikelihoodLoss NonMaxSuppression NonZero Not OneHot Optional OptionalGetElement " +
    "OptionalHasElement Or PRelu Pad Pow QLinearConv QLinearMatMul QuantizeLinear RMSNormalization RNN RandomNormal RandomNormalLike " +
    "RandomUniform RandomUniformLike Range Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin " +
    "ReduceProd ReduceSum ReduceSumSquare RegexFullMatch Relu Reshape Resize ReverseSequence RoiAlign RotaryEmbedding Round STFT Scan " +
    "Scatter ScatterElements ScatterND Selu SequenceAt SequenceConstruct SequenceEmpty SequenceErase SequenceInsert SequenceLength " +
    "SequenceMap Shape Shrink Sigmoid Sign Sin Sinh Size Slice Softmax SoftmaxCrossEntropyLoss Softplus Softsign SpaceToDepth Split " +
    "SplitToSequence Sqrt Squeeze StringConcat StringNormalizer StringSplit Sub Sum SwiGLU Swish Tan Tanh TensorScatter " +
    "TfIdfVectorizer ThresholdedRelu Tile TopK Transpose Trilu Unique Unsqueeze Upsample Where Xor"
  ).split(" "),
);

/** Every operator of `ai.onnx.ml`. */
const STANDARD_ML = new Set(
  (
    "ArrayFeatureExtractor Binarizer CastMap CategoryMapper DictVectorizer FeatureVectorizer Imputer LabelEncoder LinearClassifier " +
    "LinearRegressor Normalizer OneHotEncoder SVMClassifier SVMRegressor Scaler TreeEnsemble TreeEnsembleClassifier " +
    "TreeEnsembleRegressor ZipMap"
  ).split(" "),
);

/** Domains of the standard itself. */
const STANDARD_DOMAINS = /^(?:ai\.onnx(?:\.ml|\.training|\.preview(?:\.training)?)?)?$/;

/** Domains whose operators are built into a runtime, a compiler or an exporter that is published by a known vendor. */
const VENDOR_DOMAINS = new RegExp(
  `^(?:${[
    // ONNX Runtime, its accelerators, its training and its extensions
    "com\\.microsoft(?:\\..+)?",
    "com\\.ms\\..+",
    "ai\\.onnx\\.contrib",
    // PyTorch's exporters: operators and functions kept under their own names
    "org\\.pytorch(?:\\..+)?",
    "(?:pkg\\.)?(?:torch|onnxscript|transformers)(?:[._].+)?",
    "aten|prim|quantized|torchvision",
    // Accelerators and their compilers
    "(?:TRT|trt)(?:\\..+)?",
    "com\\.nvidia(?:\\..+)?",
    "com\\.(?:amd|xilinx|intel|qti|qualcomm|arm|apple|huawei|hailo)(?:\\..+)?",
    "org\\.openvinotoolkit(?:\\..+)?",
    "org\\.tensorflow(?:\\..+)?",
    "ai\\.graphcore(?:\\..+)?",
    // Research quantisers and detection toolkits
    "(?:qonnx|finn|brevitas|onnx\\.brevitas)(?:\\..+)?",
    "mmdeploy|mmcv|mmdet",
  ].join("|")})$`,
);

/** Operators that call into a Python interpreter, under whatever domain. */
const PYTHON_OPERATOR = /^(?:Eager)?Py(?:thon)?_?(?:Op|OpGrad|Func|FuncStateless|Function|Call|Callback|Custom|CustomOp|Script|Eval|Exec|Module)$/i;

/** Operators of ONNX Runtime's extensions that call a server; `model_uri` names it. */
const REMOTE_OPERATOR = /^(?:Azure\w+|OpenAI\w+|\w*TritonInvoker)$/;

export function isStandardDomain(domain: string): boolean {
  return STANDARD_DOMAINS.test(domain);
}

/** Whether the standard has, or had, this operator. Unknown domains have none; preview and training ones are not listed. */
export function isStandardOperator(domain: string, type: string): boolean {
  if (domain === "" || domain === "ai.onnx") return STANDARD.has(type);
  if (domain === "ai.onnx.ml") return STANDARD_ML.has(type);
  return isStandardDomain(domain);
}

export function isVendorDomain(domain: string): boolean {
  return VENDOR_DOMAINS.test(domain);
}

export function callsPython(type: string): boolean {
  return PYTHON_OPERATOR.test(type);
}

export function callsServer(domain: string, type: string): boolean {
  return (domain === "ai.onnx.contrib" || domain.startsWith("com.microsoft")) && REMOTE_OPERATOR.test(type);
}
