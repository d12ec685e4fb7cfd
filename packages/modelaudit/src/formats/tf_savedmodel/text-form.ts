import type { Artifact } from "../../engine/artifact.js";
import type { ScanContext } from "../../engine/context.js";
import { LimitExceeded } from "../../engine/errors.js";
import { type Work, child, read } from "../../engine/work.js";
import { bytesReader } from "../../io/reader.js";
import { type TextSchema, encodeText } from "./encode-text.js";
import { firstName } from "./recognise.js";

/** TensorFlow's own exporters write small graphs as text only; a SavedModel of this size in text would be gigabytes in memory. */
const MAX_TEXT = 64 * 1024 * 1024;

/** The names that matter, with their numbers: s text, v a number or enum, or the message inside. What is left out says nothing of safety. */
const SCHEMA: TextSchema = {
  SavedModel: { saved_model_schema_version: [1, "v"], meta_graphs: [2, "MetaGraph"] },
  MetaGraph: {
    meta_info_def: [1, "MetaInfo"],
    graph_def: [2, "Graph"],
    saver_def: [3, "Saver"],
    collection_def: [4, "Collection"],
    signature_def: [5, "Keyed"],
    asset_file_def: [6, "Asset"],
    object_graph_def: [7, "Objects"],
  },
  MetaInfo: { tensorflow_version: [5, "s"] },
  Saver: { filename_tensor_name: [1, "s"], save_tensor_name: [2, "s"], restore_op_name: [3, "s"] },
  Collection: { key: [1, "s"], value: [2, "Lists"] },
  Lists: { node_list: [1, "Names"], any_list: [5, "AnyList"] },
  Names: { value: [1, "s"] },
  AnyList: { value: [1, "Any"] },
  Any: { "[type.googleapis.com/tensorflow.AssetFileDef]": [2, "Asset"] },
  Keyed: { key: [1, "s"] },
  Asset: { tensor_info: [1, "Named"], filename: [2, "s"] },
  Named: { name: [1, "s"] },
  Objects: { nodes: [1, "Object"] },
  Object: { user_object: [4, "UserObject"] },
  UserObject: { identifier: [1, "s"], metadata: [3, "s"] },
  Graph: { node: [1, "Node"], library: [2, "Library"] },
  Library: { function: [1, "Function"] },
  Function: { signature: [1, "Named"], node_def: [3, "Node"] },
  Node: { name: [1, "s"], op: [2, "s"], input: [3, "s"], device: [4, "s"], attr: [5, "Attribute"] },
  Attribute: { key: [1, "s"], value: [2, "Value"] },
  Value: { list: [1, "List"], s: [2, "s"], i: [3, "v"], b: [5, "v"], type: [6, "v"], tensor: [8, "Tensor"], func: [10, "Called"] },
  List: { s: [2, "s"], tensor: [8, "Tensor"], func: [9, "Called"] },
  Called: { name: [1, "s"], attr: [2, "Attribute"] },
  Tensor: { dtype: [1, "v"], tensor_shape: [2, "Shape"], tensor_content: [4, "s"], string_val: [8, "s"] },
  Shape: { dim: [2, "Dimension"] },
  Dimension: { size: [1, "v"] },
};

/** The text form is written again as the binary one, and that is handed back: one set of checks serves both. */
export function* scanTextForm(artifact: Artifact, context: ScanContext): Work<void> {
  const { reader } = artifact;
  if (reader.size > MAX_TEXT) throw new LimitExceeded("textGraph", reader.size);
  context.budget.hold(reader.size);
  const text = yield* read(reader, 0, reader.size);
  const name = firstName(text.subarray(0, 65_536)) ?? "node";
  const root = name in (SCHEMA["SavedModel"] as object) ? "SavedModel" : name in (SCHEMA["MetaGraph"] as object) ? "MetaGraph" : "Graph";
  const binary = encodeText(text, SCHEMA, root);
  yield { kind: "metadata", key: "format_variant", value: `${root} text` };
  if (!binary.length) return;
  yield* child({
    ...{ name: `${root}.pb`, reader: bytesReader(binary), formats: [root === "MetaGraph" ? "tf_metagraph" : "tf_savedmodel"] },
    ...(artifact.around ? { around: artifact.around } : {}),
  });
}
