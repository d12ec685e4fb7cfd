import { findTargets, judgePythonTags } from "../../detectors/hydra-target/find-targets.js";
import { parseYaml } from "../../detectors/yaml-document/parse.js";
import type { Scanner } from "../../engine/format.js";
import { read } from "../../engine/work.js";
import { scanTarMembers } from "../tar/members.js";
import { openTarMember, readTar } from "../tar/parser.js";

/** A model's config is some KB; text beyond this is left unread. */
const LONGEST_CONFIG = 16 * 1024 * 1024;

export const scanner: Scanner = {
  version: 1,
  *scan(artifact, context) {
    const archive = yield* readTar(artifact.reader, context);
    const configs = new Set(archive.entries.filter(({ name, type, stored }) => /\.ya?ml$/i.test(name) && type !== "5" && stored > 0));
    for (const entry of configs) {
      const reader = openTarMember(archive, entry);
      const place = { offset: entry.dataOffset };
      if (reader.size > LONGEST_CONFIG) {
        yield {
          kind: "incomplete",
          reason: "large-config",
          message: `The config ${entry.name} is ${reader.size} bytes long and was not read.`,
          ...place,
        };
        continue;
      }
      const { values, pythonTags, problem } = yield* parseYaml(new TextDecoder().decode(yield* read(reader, 0, reader.size)));
      for (const event of [...findTargets(values, { unknown: "warning" }), ...judgePythonTags(pythonTags)]) {
        yield { ...event, ...place, at: `${entry.name}: ${event.at}` };
      }
      if (problem) yield { kind: "incomplete", reason: "yaml-syntax", message: `The config ${entry.name} was not understood: ${problem}.`, ...place };
    }
    yield* scanTarMembers(archive, artifact, context, (entry) => {
      if (configs.has(entry)) return { skip: true };
      return /\.py$/i.test(entry.name) ? { formats: ["python_source"] } : undefined;
    });
  },
};
