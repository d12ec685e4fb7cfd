import { findTargets, judgePythonTags } from "../../detectors/hydra-target/find-targets.js";
import { parseYaml } from "../../detectors/yaml-document/parse.js";
import type { Scanner } from "../../engine/format.js";
import { LimitExceeded } from "../../engine/errors.js";
import { type Work, child, read } from "../../engine/work.js";
import { type Reader, bytesReader, sliceReader } from "../../io/reader.js";
import { decodeText } from "../../io/decode-text.js";
import { type ParsedJson, parseJson } from "../../io/json.js";
import { findObjects } from "./object-keys.js";
import { isKerasModel } from "./keras-model.js";
import { endOfJson } from "./end-of-json.js";
import { scanBehind } from "../../detectors/trailing/scan-behind.js";
import { findShards } from "./shard-index.js";
import { findLoaders } from "./loaders.js";
import { findTemplates } from "./templates.js";

/** Tokenizers with a vocabulary inside reach some 40 MB. */
const LONGEST = 128 * 2 ** 20;

export const scanner: Scanner = {
  version: 1,
  *scan({ reader, name, hints }) {
    if (reader.size > LONGEST) throw new LimitExceeded("config-length", reader.size);
    const bytes = yield* read(reader, 0, reader.size);
    const text = decodeText(bytes);
    const yaml = /\.ya?ml$/i.test(name) || !/^\ufeff?\s*[[{]/.test(text);
    const { value, first, problem }: Partial<ParsedJson> = yaml ? { problem: "YAML" } : parseJson(text);
    if (problem === undefined) {
      yield* judgeTree(value, name);
      if (first !== undefined) yield* judgeTree(first, name);
      if (isKerasModel(value)) yield* handBackKeras(sliceReader(reader, 0));
    } else if (yaml && hints["embedded"] !== true) {
      const { values, pythonTags, problem: broken } = yield* parseYaml(text);
      yield* judgePythonTags(pythonTags);
      yield* judgeTree(values, name);
      // Keras kept architectures as YAML too; aliases are written out, which `broken` bounds.
      if (broken === undefined) {
        for (const one of values) if (isKerasModel(one)) yield* handBackKeras(bytesReader(new TextEncoder().encode(JSON.stringify(one))));
      } else yield { kind: "incomplete", reason: "broken-yaml", message: `Part of the YAML was not understood: ${broken}. Read it yourself.` };
    }
    // JSON that does not parse is read by no loader: lines of JSON, templates of JSON, or plain text.
    if (problem !== undefined && !yaml) yield* scanBehind(reader, endOfJson(bytes), "JSON");
  },
};

function* handBackKeras(reader: Reader): Work<void> {
  yield* child({ name: "architecture", formats: ["keras_config"], reader, hints: { kind: "keras-config" } });
}

function* judgeTree(tree: unknown, name: string): Work<void> {
  yield* findTargets(tree);
  yield* findObjects(tree);
  yield* findShards(tree);
  yield* findLoaders(tree, name);
  for (const { at, text } of findTemplates(tree, name)) {
    yield* child({ name: at, formats: ["jinja2_template"], reader: bytesReader(new TextEncoder().encode(text)), hints: { field: at } });
  }
}
