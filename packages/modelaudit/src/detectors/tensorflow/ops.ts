import { OP_NAMES } from "./op-names.generated.js";

/** What running an operator does beyond arithmetic. */
type Effect = "python" | "read" | "write" | "network" | "remote" | "configure" | "native" | "checkpoint-write" | "checkpoint-read" | "vocabulary";

export interface Policy {
  effect: Effect;
  /** Which of its inputs is the path or address; undefined when it comes some other way. */
  path?: number;
}

function table(effect: Effect, path: number | undefined, names: string): [string, Policy][] {
  return names.split(" ").map((name) => [name, path === undefined ? { effect } : { effect, path }]);
}

/** All names are operators of the real registry (a test says so); tools that list others guard doors that are not there. */
const POLICIES: ReadonlyMap<string, Policy> = new Map([
  ...table("python", undefined, "PyFunc PyFuncStateless EagerPyFunc"),
  ...table("read", undefined, "WholeFileReader WholeFileReaderV2 TextLineReader TextLineReaderV2 FixedLengthRecordReader FixedLengthRecordReaderV2"),
  ...table("read", undefined, "TFRecordReader TFRecordReaderV2 LMDBReader"),
  ...table(
    "read",
    0,
    "ReadFile MatchingFiles MatchingFilesDataset ExperimentalMatchingFilesDataset TextLineDataset TFRecordDataset TFRecordDatasetV2",
  ),
  ...table("read", 0, "FixedLengthRecordDataset FixedLengthRecordDatasetV2 CSVDataset CSVDatasetV2 ExperimentalCSVDataset LMDBDataset"),
  ...table("read", 0, "ExperimentalLMDBDataset LoadDataset ListSnapshotChunksDataset SnapshotChunkDataset SnapshotDatasetReader"),
  ...table("read", 0, "SnapshotNestedDatasetReader LoadAndRemapMatrix GenerateVocabRemapping"),
  ...table("read", 1, "SqlDataset ExperimentalSqlDataset"),
  ...table("write", 0, "WriteFile"),
  ...table("write", undefined, "DumpTensor CreateSummaryDbWriter"),
  ...table("write", 1, "SaveDataset SaveDatasetV2 DatasetToTFRecord ExperimentalDatasetToTFRecord CreateSummaryFileWriter DistributedSave"),
  ...table("write", 1, "SnapshotDataset SnapshotDatasetV2"),
  ...table("network", 0, "RpcClient RpcServer DataServiceDataset DataServiceDatasetV2 DataServiceDatasetV3 DataServiceDatasetV4"),
  ...table("network", undefined, "RpcCall RpcServerRegister RpcServerStart RegisterDataset RegisterDatasetV2"),
  ...table("remote", undefined, "RemoteCall"),
  ...table("configure", undefined, "FileSystemSetConfiguration"),
  ...table("native", undefined, "XlaCustomCall XlaCustomCallV2"),
  ...table("checkpoint-write", 0, "SaveV2 Save SaveSlices"),
  ...table("checkpoint-write", 1, "MergeV2Checkpoints"),
  ...table("checkpoint-read", 0, "RestoreV2 Restore RestoreSlice DTensorRestoreV2"),
  ...table("vocabulary", 1, "InitializeTableFromTextFile InitializeTableFromTextFileV2"),
]);

let registered: ReadonlySet<string> | undefined;

/** Whether TensorFlow itself has the operator. */
export function isRegistered(op: string): boolean {
  registered ??= new Set(OP_NAMES.split(" "));
  return registered.has(op);
}

export function policyOf(op: string): Policy | undefined {
  return POLICIES.get(op);
}

/** For the test that every name is real. */
export const POLICY_NAMES: readonly string[] = [...POLICIES.keys()];

/** Operators of libraries that Google publishes beside TensorFlow: they compute on their inputs, and no model brings them along. */
const PUBLISHED =
  /^(?:TFText>\w+|Addons>\w+|Sentencepiece\w*Op|SentencepieceOp|WordpieceTokenizeWithOffsets|RegexSplitWithOffsets|WhitespaceTokenizeWithOffsets|UnicodeScriptTokenizeWithOffsets|SplitMergeTokenizeWithOffsets|NormalizeUTF8(?:WithOffsetsMap)?|CaseFoldUTF8|ConstrainedSequence|NgramsStringJoin|RougeL|SentenceFragments(?:V2)?|MaxSpanningTree|SimpleML\w+|TRTEngineOp|GetCalibrationDataOp|YggdrasilDecisionForests\w*|_Fused\w+|_Mkl\w+)$/;

export function isPublished(op: string): boolean {
  return PUBLISHED.test(op);
}
