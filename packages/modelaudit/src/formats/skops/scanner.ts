import type { Scanner } from "../../engine/format.js";
import { parseJson } from "../../io/json.js";
import { scanMembers } from "../zip/members.js";
import { readMember } from "../zip/open-member.js";
import { readZip } from "../zip/parser.js";
import { judgeSchema } from "./judge-schema.js";

/** The schema of a forest with thousands of trees; skops itself holds it in memory as well. */
const LONGEST_SCHEMA = 256 * 1024 * 1024;

export const scanner: Scanner = {
  version: 1,
  *scan(artifact, context) {
    const archive = yield* readZip(artifact.reader, context);
    // Whichever of several members of this name a reader takes, each is judged.
    const schemas = new Set(archive.entries.filter(({ name }) => name === "schema.json"));
    for (const entry of schemas) {
      const place = { offset: entry.headerOffset };
      const { value, problem, duplicates } = parseJson(new TextDecoder().decode(yield* readMember(archive, entry, context, LONGEST_SCHEMA)));
      if (problem !== undefined) {
        yield { kind: "finding", rule: "S902", args: { format: "skops", problem: `the schema is no JSON: ${problem}` }, ...place };
        continue;
      }
      const structural = duplicates.filter((key) => /^__(?:class|module|loader)__$|^content$/.test(key));
      for (const key of structural)
        yield { kind: "finding", rule: "S902", args: { format: "skops", problem: `the key "${key}" stands twice in one node` }, ...place, at: key };
      for (const event of judgeSchema(value, context.policy.trust)) yield { ...place, ...event };
      yield { kind: "metadata", key: "skops_version", value: (value as Record<string, unknown>)._skops_version };
    }
    yield* scanMembers(archive, artifact, context, (entry) => (schemas.has(entry) ? { skip: true } : undefined));
  },
};
