import { beginsWith } from "../../detectors/bytes/begins-with.js";
import type { Format } from "../../engine/format.js";
import { readUpTo } from "../../engine/work.js";

/** Last eight bytes of the sorted table that an index (or a checkpoint of the old kind) is. */
const TABLE_MAGIC = "\x57\xfb\x80\x8b\x24\x75\x47\xdb";
/** The smallest table is its 48-byte footer behind two blocks. */
const SMALLEST_TABLE = 64;

export const SHARD_NAME = /^(.+)\.data-(\d{5})-of-(\d{5})$/;

export const format: Format = {
  id: "tf_checkpoint",
  className: "TensorFlowCheckpointScanner",
  description: "TensorFlow checkpoints: the index of tensors, and the shards with their data",
  extensions: [".index"],
  tags: ["weights"],
  // A shard is tensor data from its first byte to its last: only its name and its index tell what it is.
  sniff: (look) => (SHARD_NAME.test(look.name) ? "likely" : undefined),
  *probe(reader, look) {
    // An index is small: a large compressed member, whose end costs all of its expansion, is none.
    if (look.hints.lazy === true || reader.size < SMALLEST_TABLE) return undefined;
    return beginsWith(yield* readUpTo(reader, reader.size - 8, 8), TABLE_MAGIC) ? "certain" : undefined;
  },
  load: () => import("./scanner.js"),
};
