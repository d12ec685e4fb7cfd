import { tellTrailing } from "../../detectors/trailing/scan-behind.js";
import type { Scanner } from "../../engine/format.js";
import { read } from "../../engine/work.js";
import { type Torch7, readInto } from "./parser.js";
import { binarySource, textSource } from "./source.js";

/** Lua's ways to commands, files, further code and native libraries, as names stand in source and in bytecode. */
const DANGEROUS =
  /\b(?:os\W{1,12}(?:execute|remove|rename|exit|tmpname)|execute|popen|loadstring|loadfile|dofile|loadlib|require|package|ffi|setfenv|getfenv)\b/g;
/** Names shown of one function. */
const NAMES_SHOWN = 5;
/** Shortest text of interest: the shortest dangerous name. */
const SHORTEST = 3;

export const scanner: Scanner = {
  version: 1,
  *scan({ reader }, context) {
    const first = (yield* read(reader, 0, 1))[0] as number;
    const source = first <= 8 ? binarySource(reader) : yield* textSource(reader, context);
    const file: Torch7 = { classes: new Set(), tensors: 0, functions: [], texts: [], end: 0 };
    try {
      yield* readInto(file, source, context, (text) => text.length >= SHORTEST && dangers(text).length > 0);
    } finally {
      // What was found before the file breaks off counts as well.
      for (const event of findings(file)) yield event;
    }
    yield { kind: "metadata", key: "encoding", value: first <= 8 ? "binary" : "ascii" };
    yield { kind: "metadata", key: "tensors", value: file.tensors };
    yield { kind: "metadata", key: "classes", value: [...file.classes].sort() };
    yield* tellTrailing(reader, file.end, "Torch7", "the object");
  },
};

function dangers(text: string): string[] {
  return [...new Set(text.match(DANGEROUS))];
}

function* findings(file: Torch7) {
  const told = file.texts.flatMap(({ text }) => dangers(text));
  for (const { code, offset } of file.functions) {
    const names = [...new Set([...dangers(code), ...told])].map((name) => name.replace(/[^\w.]+/g, "."));
    if (names.length) yield { kind: "finding", rule: "S1256", args: { names: names.slice(0, NAMES_SHOWN).join(", ") }, offset } as const;
    else yield { kind: "finding", rule: "S1255", args: { size: code.length }, offset } as const;
  }
}
