import type { Scanner } from "../../engine/format.js";
import { Malformed } from "../../engine/errors.js";
import { type Work, child } from "../../engine/work.js";
import { bytesReader } from "../../io/reader.js";
import { handBackOutside, walkHdf5 } from "../hdf5/check.js";
import { findSuperblock } from "../hdf5/signature.js";
import { openHdf5 } from "../hdf5/superblock.js";
import type { Attribute, Hdf5File } from "../hdf5/types.js";
import { textsOf } from "../hdf5/values.js";

/** Attributes in which Keras keeps JSON that it rebuilds objects from. */
const CONFIGS: ReadonlySet<string> = new Set(["model_config", "training_config", "layer_config"]);
/** Short facts for the metadata. */
const FACTS: ReadonlySet<string> = new Set(["keras_version", "backend"]);

export const scanner: Scanner = {
  version: 1,
  *scan({ reader }) {
    const start = yield* findSuperblock(reader);
    if (start === undefined) throw new Malformed(0, "an HDF5 signature", "none");
    const file = yield* openHdf5(reader, start);
    yield { kind: "metadata", key: "superblock", value: file.superblockVersion };
    const { attributes, datasets, elements, dtypes } = yield* walkHdf5(file, reader.size, ["", "/model_weights"]);
    yield { kind: "metadata", key: "datasets", value: datasets };
    yield { kind: "metadata", key: "parameters", value: elements };
    yield { kind: "metadata", key: "dtypes", value: [...dtypes].sort() };
    let configs = 0;
    for (const attribute of attributes) configs += yield* judgeAttribute(file, attribute);
    yield { kind: "metadata", key: "kind", value: configs ? "model" : "weights or data" };
    yield* handBackOutside(file, reader);
  },
};

/** Hands a config back to be judged; gives 1 when it was one. */
function* judgeAttribute(file: Hdf5File, attribute: Attribute): Work<number> {
  const { name, offset } = attribute;
  const isConfig = CONFIGS.has(name);
  // Configs above 64 KB are split by some writers into name0, name1…; each part then is no JSON and says so.
  if (!isConfig && !FACTS.has(name)) return 0;
  const texts = yield* textsOf(file, attribute);
  if (texts === undefined) {
    const message = `The attribute ${name} holds no text that this program can read.`;
    if (isConfig) yield { kind: "incomplete", reason: "unknown-attribute-type", message, offset };
    return 0;
  }
  const text = texts.join("");
  if (!isConfig) {
    yield { kind: "metadata", key: name, value: text };
    return 0;
  }
  const reader = bytesReader(new TextEncoder().encode(text));
  yield* child({ name, formats: ["keras_config"], reader, offset, hints: { kind: "keras-config" } });
  return 1;
}
