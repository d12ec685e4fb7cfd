import { lookBeside } from "../archive/look-beside.js";
import { escapingPath } from "../escaping-path/escaping-path.js";
import type { Artifact } from "../../engine/artifact.js";
import { type Work, child } from "../../engine/work.js";
import type { Protobuf } from "../../io/protobuf.js";
import { sliceReader } from "../../io/reader.js";
import { nodeName } from "./constants.js";
import { judgeGraph } from "./judge-graph.js";
import { type MetaGraph, saverFunctions } from "./meta-graph.js";

/** More assets than any model has; each costs a look at the disk. */
const ASSETS_LOOKED_UP = 1000;

/** Judges a meta graph: its graph, the assets it names, and the layers Keras would rebuild from it. */
export function* judgeMetaGraph(artifact: Artifact, file: Protobuf, meta: MetaGraph, inSavedModel: boolean): Work<void> {
  const fed = meta.assets.map((asset) => nodeName(asset.tensor));
  if (meta.saver) fed.push(nodeName(meta.saver.filename));
  const served = inSavedModel || meta.signatures.length > 0;
  yield* judgeGraph(file, meta.graph, {
    served,
    // Without a saver, no function has a reason to save.
    saverFunctions: saverFunctions(meta) ?? new Set(),
    fedNodes: new Set(fed),
    assetNodes: new Set(meta.assetNodes.map(nodeName)),
  });
  for (const [index, { filename }] of meta.assets.entries()) yield* judgeAsset(artifact, filename, index < ASSETS_LOOKED_UP);
  for (const { identifier, json } of meta.kerasMetadata) {
    if (!identifier.startsWith("_tf_keras")) continue;
    const reader = sliceReader(file.reader, json.start, json.end);
    const name = `${identifier} at ${json.start}.json`;
    yield* child({ name, reader, formats: ["keras_config"], hints: { kind: "keras-config" }, offset: json.start });
  }
}

/** An asset is a file directly in `assets/`: the loader joins its name to that folder, and the exporter copies by it. */
function* judgeAsset(artifact: Artifact, filename: string, lookUp: boolean): Work<void> {
  if (escapingPath(filename) !== undefined || /[/\\]/.test(filename)) {
    yield { kind: "finding", rule: "S405", args: { what: "The asset", path: filename } };
    return;
  }
  const neighbour = lookUp ? yield* lookBeside(artifact, `assets/${filename}`) : undefined;
  if (neighbour?.kind === "outside") yield { kind: "finding", rule: "S406", args: { kind: "asset", path: filename, target: neighbour.target } };
}
