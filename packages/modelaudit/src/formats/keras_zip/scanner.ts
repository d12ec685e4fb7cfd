import type { Scanner } from "../../engine/format.js";
import { scanMembers } from "../zip/members.js";
import { readMember } from "../zip/open-member.js";
import { readZip } from "../zip/parser.js";
import { parseJson } from "../../io/json.js";
import { lookUpName } from "./index.js";

/** Longest metadata.json read for its facts. */
const LONGEST_FACTS = 64 * 1024;

export const scanner: Scanner = {
  version: 1,
  *scan(artifact, context) {
    const archive = yield* readZip(artifact.reader, context);
    const facts = archive.entries.find((entry) => lookUpName(entry.name) === "metadata.json" && entry.size <= LONGEST_FACTS);
    if (facts) {
      const { value } = parseJson(new TextDecoder().decode(yield* readMember(archive, facts, context)));
      const version = (value as Record<string, unknown> | undefined)?.["keras_version"];
      if (typeof version === "string") yield { kind: "metadata", key: "keras_version", value: version };
    }
    // Every config.json is judged, listed or hidden, first or second: readers differ in which of them they take.
    yield* scanMembers(archive, artifact, context, (entry) =>
      lookUpName(entry.name) === "config.json" ? { formats: ["keras_config"], hints: { kind: "keras-config" } } : undefined,
    );
  },
};
