import { extensionOf } from "../../engine/identify.js";
import type { Artifact } from "../../engine/artifact.js";
import type { Scanner } from "../../engine/format.js";
import { child, readUpTo } from "../../engine/work.js";
import type { FindingEvent } from "../../findings/finding.js";
import { sliceReader } from "../../io/reader.js";
import { type ProgramKind, interpreterOf } from "./header.js";
import { format } from "./index.js";
import { readProgram } from "./parser.js";

const RULES: Readonly<Record<ProgramKind, string>> = { elf: "S502", pe: "S501", macho: "S503", "macho-fat": "S503", wasm: "S509", script: "S504" };

/**
 * A program. Named by the user it is what it says it is; inside of a model it has no business. Where its parent says that
 * code is expected (a wheel, an image), it is noted only. What is appended to it is handed back.
 */
export const scanner: Scanner = {
  version: 1,
  *scan(artifact) {
    const program = yield* readProgram(artifact.reader);
    if (!program) return;
    const interpreter = program.kind === "script" ? (interpreterOf(yield* readUpTo(artifact.reader, 0, 300)) ?? "") : undefined;
    if (artifact.depth === 0) yield topLevel(artifact, interpreter ?? program.kind);
    else {
      // A script that is named like one stands there for its reader; behind another name it waits for somebody to run it.
      const open = artifact.hints.codeExpected === true || (program.kind === "script" && isNamedAsScript(artifact));
      const known = open ? { severity: "info" as const } : {};
      yield { kind: "finding", rule: RULES[program.kind], args: interpreter === undefined ? {} : { interpreter }, offset: 0, ...known };
    }
    yield { kind: "metadata", key: "program", value: program.kind };
    if (program.end < artifact.reader.size) {
      yield* child({
        name: "appended",
        role: "probe",
        reader: sliceReader(artifact.reader, program.end),
        offset: program.end,
        hints: artifact.hints,
      });
    }
  },
};

/** A program behind the extension of a model or of data is disguised. */
function topLevel(artifact: Artifact, kind: string): FindingEvent {
  const honest = isNamedAsProgram(artifact.name) || artifact.hints.codeExpected === true;
  return { kind: "finding", rule: "S1327", args: { kind }, severity: honest ? "info" : "warning", offset: 0 };
}

function isNamedAsProgram(name: string): boolean {
  const extension = extensionOf(name);
  return extension === "" || format.extensions.includes(extension) || /\.so\.[\d.]+$/.test(name);
}

/** By its extension, or without one in a folder of commands. */
function isNamedAsScript({ name, hints }: Artifact): boolean {
  if (extensionOf(name) !== "") return isNamedAsProgram(name);
  return /(?:^|\/)(?:s?bin|scripts)\/[^/]+$/.test(String(hints.memberOf ?? ""));
}
