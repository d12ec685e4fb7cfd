import { probeRange } from "../../detectors/payload-start/probe-range.js";
import type { Scanner } from "../../engine/format.js";
import { type Work, child, read } from "../../engine/work.js";
import { type Reader, bytesReader, sliceReader } from "../../io/reader.js";
import { checkLayout, type Layout } from "./layout.js";
import { readLegacy } from "./legacy.js";
import { type Gguf, Hostile, readGguf } from "./parser.js";
import { REMOVED_TYPES, TENSOR_TYPES } from "./types.js";

/** Findings of one kind shown for a file: one broken writer breaks every tensor alike. */
const PROBLEMS_SHOWN = 20;
/** Starts of tensors tried for a hidden file, the largest first. */
const STARTS_TRIED = 64;
/** Zero bytes that may stand behind the header or the last tensor. */
const LAST_PADDING = 64 * 1024;
/** Versions whose layout is known. */
const VERSIONS: readonly number[] = [1, 2, 3];

export const scanner: Scanner = {
  version: 1,
  *scan(artifact) {
    const { reader } = artifact;
    const magic = String.fromCharCode(...(yield* read(reader, 0, Math.min(8, reader.size))));
    if (!magic.startsWith("GGUF")) return yield* scanLegacy(reader);
    let file: Gguf;
    try {
      file = yield* readGguf(reader);
    } catch (error) {
      if (!(error instanceof Hostile)) throw error;
      yield { kind: "finding", rule: "S1500", args: { problem: error.message }, offset: error.offset };
      return;
    }
    if (!VERSIONS.includes(file.version)) {
      yield { kind: "incomplete", reason: "unknown-version", message: `GGUF version ${file.version} is not known to this program; update it.` };
    }
    const layout = checkLayout(file, reader.size);
    yield* describe(file, layout);
    for (const name of file.duplicates.slice(0, PROBLEMS_SHOWN)) {
      yield { kind: "finding", rule: "S902", args: { format: "GGUF", problem: `the ${name} stands twice` }, at: name };
    }
    for (const { problem, offset, overflow } of layout.problems.slice(0, PROBLEMS_SHOWN)) {
      if (overflow) yield { kind: "finding", rule: "S1500", args: { problem }, offset };
      else yield { kind: "finding", rule: "S902", args: { format: "GGUF", problem }, offset };
    }
    if (layout.dataEnd > reader.size) {
      yield {
        kind: "incomplete",
        reason: "truncated",
        message: `The file is cut short: its tensors end at byte ${layout.dataEnd}, the file at ${reader.size}. Download it again.`,
      };
    }
    yield* handBackTemplates(file);
    yield* handBackHidden(file, layout, reader);
  },
};

/** A model from before GGUF: its tensors have no directory, so the file must be explained from its start to its last byte. */
function* scanLegacy(reader: Reader): Work<void> {
  const model = yield* readLegacy(reader);
  if (!("tensors" in model)) {
    const { kind, problem, offset } = model;
    if (kind === "hostile") yield { kind: "finding", rule: "S1500", args: { problem }, offset };
    else if (kind === "cut")
      yield { kind: "incomplete", reason: "truncated", message: `The file is cut short: ${problem}. Download it again.`, offset };
    else
      yield {
        kind: "incomplete",
        reason: "legacy-ggml",
        message: `A file of the GGML family from before GGUF that is arranged in a way this program does not know: ${problem}. Convert it to GGUF.`,
        offset,
      };
    return;
  }
  const { magic, version, words, tensors } = model;
  yield { kind: "metadata", key: "version", value: [...magic].reverse().join("") + (version === undefined ? "" : ` ${version}`) };
  yield { kind: "metadata", key: "words", value: words };
  yield { kind: "metadata", key: "tensors", value: tensors.length };
  yield { kind: "metadata", key: "parameters", value: tensors.reduce((sum, { elements }) => sum + elements, 0) };
  yield { kind: "metadata", key: "dtypes", value: [...new Set(tensors.map(({ type }) => type))].sort() };
  yield* probeStarts(tensors, reader);
}

function* describe(file: Gguf, layout: Layout): Work<void> {
  const text = (key: string) => file.metadata.get(key);
  yield { kind: "metadata", key: "version", value: file.version };
  yield { kind: "metadata", key: "tensors", value: file.tensors.length };
  yield { kind: "metadata", key: "parameters", value: layout.parameters };
  yield {
    kind: "metadata",
    key: "dtypes",
    value: [...new Set(file.tensors.map(({ type }) => (TENSOR_TYPES[type] ?? REMOVED_TYPES[type])?.[0] ?? `type ${type}`))].sort(),
  };
  for (const [key, name] of [
    ["general.architecture", "architecture"],
    ["general.name", "name"],
    ["general.license", "license"],
    ["general.author", "producer"],
  ] as const) {
    if (typeof text(key) === "string") yield { kind: "metadata", key: name, value: text(key) };
  }
}

function* handBackTemplates(file: Gguf): Work<void> {
  for (const { key, value, offset } of file.texts) {
    if (!key.startsWith("tokenizer.chat_template")) continue;
    yield* child({ name: key, formats: ["jinja2_template"], reader: bytesReader(new TextEncoder().encode(value)), offset });
  }
}

/** Gaps between tensors, what follows the last one, and the starts of tensors. Padding up to the alignment is no gap. */
function* handBackHidden(file: Gguf, { dataStart, ranges, alignment }: Layout, reader: Reader): Work<void> {
  let expected = file.headerEnd;
  for (const { begin, end } of [...ranges, { begin: reader.size, end: reader.size }]) {
    const gapEnd = Math.min(begin, reader.size);
    // Between tensors, less than the alignment is padding; behind the header and the last tensor some writers pad to a page.
    const outer = expected === file.headerEnd || begin === reader.size;
    const gap = gapEnd - expected;
    const padding = outer ? gap <= Math.max(LAST_PADDING, dataStart - file.headerEnd) && (yield* isZero(reader, expected, gapEnd)) : gap < alignment;
    if (gap > 0 && !padding) {
      yield* child({ name: `bytes at ${expected}`, role: "probe", offset: expected, reader: sliceReader(reader, expected, gapEnd) });
      const problem = `${gapEnd - expected} bytes at ${expected} belong to no tensor`;
      yield { kind: "finding", rule: "S902", args: { format: "GGUF", problem }, offset: expected, length: gapEnd - expected };
    }
    expected = Math.max(expected, end);
  }
  yield* probeStarts(ranges, reader);
}

/** The starts of the largest tensors, which may hold another file. */
function* probeStarts(ranges: readonly { name: string; begin: number; end: number }[], reader: Reader): Work<void> {
  const largest = ranges
    .filter(({ end }) => end <= reader.size)
    .sort((a, b) => b.end - b.begin - (a.end - a.begin))
    .slice(0, STARTS_TRIED);
  for (const { name, begin, end } of largest) yield* probeRange(reader, { start: begin, end }, name);
}

function* isZero(reader: Reader, begin: number, end: number): Work<boolean> {
  const bytes = yield* read(reader, begin, end - begin);
  return bytes.every((byte) => byte === 0);
}
