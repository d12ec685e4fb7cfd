import type { Format } from "../../engine/format.js";
import { knownFields } from "../../io/protobuf-wire.js";
import { readUpTo } from "../../engine/work.js";
import { firstName, kindOf, knownStart } from "./recognise.js";

const NAMES = ["saved_model.pb", "keras_metadata.pb", "fingerprint.pb"];

export const format: Format = {
  id: "tf_savedmodel",
  className: "TensorFlowSavedModelScanner",
  description: "TensorFlow SavedModels, frozen graphs and their Keras metadata, binary and text",
  extensions: [".pb", ".pbtxt"],
  names: NAMES,
  tags: ["graph"],
  sniff(look) {
    const kind = kindOf(look.head, look.size);
    if (kind === "fingerprint") return look.name.toLowerCase() === "fingerprint.pb" ? "likely" : undefined;
    if (kind && kind !== "meta-graph") return "certain";
    return look.extension.startsWith(".pb") && firstName(look.head) ? "likely" : undefined;
  },
  // A file that is called like one and at least is a message of these fields, in whatever order.
  *probe(reader, look) {
    const start = yield* knownStart(reader);
    // Behind fields that readers skip.
    if (start > 0) {
      const kind = kindOf(yield* readUpTo(reader, start, 4096), reader.size - start);
      if (kind === "saved-model" || kind === "graph" || kind === "keras-metadata") return "likely";
    }
    if (look.extension !== ".pb") return undefined;
    const known = yield* knownFields(reader, { 1: [0, 2], 2: [2], 3: [0], 4: [2], 5: [2] }, 1000);
    // Only what the loader finds by its name is taken for one whatever else it holds.
    if (known[0]?.tag !== 0 && !NAMES.includes(look.name.toLowerCase())) return undefined;
    return known.some((field) => field.wire === 2 && field.end > field.start) ? "likely" : undefined;
  },
  load: () => import("./scanner.js"),
};
