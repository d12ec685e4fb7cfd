import type { Scanner } from "../../engine/format.js";
import { scanMembers } from "../zip/members.js";
import { readMember } from "../zip/open-member.js";
import { readZip } from "../zip/parser.js";
import { argumentFaults } from "./arguments.js";

/** Arguments are a few lines; a prompt among them may be some pages. */
const LONGEST_ARGUMENTS = 2 ** 20;
/** Modules for graphics cards that llamafile itself puts into its releases. */
const GPU_MODULE = /^(?:llama\.cpp\/|llamafile\/)?(?:lib)?ggml-(?:cuda|rocm|metal|vulkan)[\w.-]*\.(?:so|dll|dylib)$/;

/** The program's own code is not judged, whatever words are in it: it is a program and says so. Its members are. */
export const scanner: Scanner = {
  version: 1,
  *scan(artifact, context) {
    yield { kind: "finding", rule: artifact.depth > 0 ? "S502" : "S1324", args: {} };
    const archive = yield* readZip(artifact.reader, context);
    if (!archive.directory) {
      yield { kind: "incomplete", reason: "no-directory", message: "The program has no archive at its end, where its model should be." };
      return;
    }
    for (const entry of archive.entries) {
      if (entry.name !== ".args") continue;
      const text = new TextDecoder().decode(yield* readMember(archive, entry, context, LONGEST_ARGUMENTS));
      for (const { kind, argument } of argumentFaults(text.split(/\r?\n/).filter((line) => line !== ""))) {
        yield { kind: "finding", rule: kind === "shell" ? "S1325" : "S1326", args: { argument }, at: ".args" };
      }
    }
    // What is in front of the first member is the program.
    const members = { ...archive, strays: archive.strays.filter((stray) => stray.place !== "prefix") };
    yield* scanMembers(members, artifact, context, (entry) => {
      if (entry.name === ".args") return { formats: ["text"] };
      return GPU_MODULE.test(entry.name) ? { hints: { codeExpected: true } } : undefined;
    });
  },
};
