/** Custom operators that TFLite's own task libraries, MediaPipe, Coral and the micro runtimes register. */
const KNOWN: ReadonlySet<string> = new Set(
  (
    "TFLite_Detection_PostProcess edgetpu-custom-op TransposeConvBias Convolution2DTransposeBias MaxPoolingWithArgmax2D MaxUnpooling2D " +
    "AudioSpectrogram Mfcc RandomUniform ParallelInterleaveDataset Landmarks2TransformMatrix TransformLandmarks TransformTensorBilinear " +
    "Resampler KmeansEmbeddingLookup SentencepieceTokenize SentencepieceDetokenize TFSentencepieceTokenizeOp TFSentencepieceDetokenizeOp " +
    "TFText>WhitespaceTokenizeWithOffsetsV2 TFText>FastWordpieceTokenizeWithOffsets TFText>NgramsStringJoin TFText>RoundRobinTrim " +
    "ngrams whitespace_tokenizer RAGGED_TENSOR_TO_TENSOR RaggedTensorToTensor RaggedRange Normalize Predict ExtractFeatures " +
    "NumericVerify NUMERIC_VERIFY CausalConv Roll Irfft2d RFFT2D Complex RandomStandardNormal Multinomial Bucketize Real Imag Conj Angle " +
    "HashTable HashTableImport HashTableFind HashTableSize LookupTableFindV2 DynamicUpdateSlice Cumsum OneHot Atan2 Sign SIGNAL_Window " +
    "SignalFramer SignalWindow SignalRfft SignalEnergy SignalFilterBank SignalFilterBankSquareRoot SignalFilterBankSpectralSubtraction " +
    "SignalFilterBankLog SignalPcan SignalStacker SignalOverlapAdd SignalDelay SignalFftAutoScale SignalIrfft CIRCULAR_BUFFER " +
    "odml.rms_norm odml.scaled_dot_product_attention odml.update_kv_cache odml.update_external_kv_cache odml.cache_update " +
    "aeq.hadamard_rotation DISPATCH_OP FusedDetectionPostProcess YoloDetect BilinearResize ethos-u stablehlo.composite XNNPack"
  ).split(" "),
);

export function isKnownCustom(name: string): boolean {
  return KNOWN.has(name) || /^TFSentencepiece\w+$/.test(name);
}
