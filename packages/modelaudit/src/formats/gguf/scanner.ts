import { probeStarts } from "../../detectors/payload-start/probe-range.js";
import { firstNonzero } from "../../detectors/trailing/first-nonzero.js";
import { probeBytes } from "../../detectors/trailing/scan-behind.js";
import { Malformed } from "../../engine/errors.js";
import type { Scanner } from "../../engine/format.js";
import { type Work, child, read } from "../../engine/work.js";
import type { Severity } from "../../findings/severity.js";
import { Cursor } from "../../io/cursor.js";
import { type Reader, bytesReader } from "../../io/reader.js";
import { Hostile } from "./hostile.js";
import { type Layout, checkLayout } from "./layout.js";
import { readLegacy } from "./legacy.js";
import { type Gguf, emptyGguf, readGguf } from "./parser.js";
import { wholeNumber } from "./tensor-table.js";
import { REMOVED_TYPES, TENSOR_TYPES } from "./types.js";

/** Findings of one kind shown for a file: one broken writer breaks every tensor alike. */
const PROBLEMS_SHOWN = 20;
const NAME_SHOWN = 100;
const NEWEST = 3;
/** Versions go up by one every year or two. */
const STRANGE = 100;

export const scanner: Scanner = {
  version: 1,
  *scan({ reader }) {
    const magic = String.fromCharCode(...(yield* read(reader, 0, Math.min(8, reader.size))));
    if (!magic.startsWith("GGUF")) return yield* scanLegacy(reader);
    const file = emptyGguf();
    const broken = yield* attempt(readGguf(reader, file));
    for (const { key, value, offset } of file.templates) {
      yield* child({ name: key, formats: ["jinja2_template"], reader: bytesReader(new TextEncoder().encode(value)), offset });
    }
    if (file.version > NEWEST && file.version < STRANGE) {
      yield { kind: "incomplete", reason: "unknown-version", message: `GGUF version ${file.version} is not known to this program; update it.` };
    } else if (reader.size >= 8 && (file.version === 0 || file.version >= STRANGE)) yield* malformed(`the version is ${file.version}`, 4);
    for (const key of file.duplicates.slice(0, PROBLEMS_SHOWN)) yield* malformed(`the key ${key} stands twice`);
    if (broken instanceof Malformed) yield* cutShort(broken.message, broken.offset);
    else if (broken?.overflow) yield { kind: "finding", rule: "S1500", args: { problem: broken.message }, offset: broken.offset };
    else if (broken) yield* malformed(broken.message, broken.offset);
    if (!broken) yield* judgeTensors(file, reader);
  },
};

/** What stopped the work, where that is the file's fault. */
function* attempt(work: Work<void>): Work<Hostile | Malformed | undefined> {
  try {
    yield* work;
  } catch (error) {
    if (error instanceof Hostile || error instanceof Malformed) return error;
    throw error;
  }
  return undefined;
}

function* malformed(problem: string, offset?: number, severity: Severity = "warning"): Work<void> {
  yield { kind: "finding", rule: "S902", severity, args: { format: "GGUF", problem }, at: problem, ...(offset === undefined ? {} : { offset }) };
}

function* cutShort(how: string, offset: number): Work<void> {
  yield { kind: "incomplete", reason: "truncated", message: `The file is cut short: ${how}. Download it again.`, offset };
}

function* judgeTensors(file: Gguf, reader: Reader): Work<void> {
  const { tensors } = file;
  const layout = checkLayout(file, reader.size);
  yield* describe(file, layout);
  for (const tensor of tensors.repeated(PROBLEMS_SHOWN))
    yield* malformed(`the tensor ${yield* nameAt(file, tensor, reader)} stands twice`, tensors.at[tensor]);
  for (const { problem, tensor, offset, overflow } of layout.problems) {
    const whole = tensor === undefined ? problem : `the tensor ${yield* nameAt(file, tensor, reader)} ${problem}`;
    if (overflow) yield { kind: "finding", rule: "S1500", args: { problem: whole }, offset };
    else yield* malformed(whole, offset);
  }
  if (layout.dataEnd > reader.size) yield* cutShort(`its tensors end at byte ${layout.dataEnd}, the file at ${reader.size}`, reader.size);
  for (const { start, end, padding } of layout.gaps) {
    if (padding && (yield* firstNonzero(reader, start, end)) === undefined) continue;
    const formats = yield* probeBytes(reader, start, end);
    yield* malformed(`${end - start} bytes at ${start} belong to no tensor`, start, formats.length ? "critical" : "warning");
  }
  yield* probeStarts(reader, layout.starts, layout.ends, (i) => `tensor at ${layout.starts[i]}`);
}

/** The name of an entry, which stands at its beginning. */
function* nameAt({ tensors, version, littleEndian }: Gguf, index: number, reader: Reader): Work<string> {
  const at = tensors.at[index] as number;
  const cursor = new Cursor(yield* read(reader, at, 8));
  const [length, start] = version === 1 ? [cursor.u32(littleEndian), at + 4] : [wholeNumber(cursor, littleEndian), at + 8];
  return new TextDecoder().decode(yield* read(reader, start, Math.min(length, NAME_SHOWN)));
}

/** A model from before GGUF: its tensors have no directory, so the file must be explained from its start to its last byte. */
function* scanLegacy(reader: Reader): Work<void> {
  const model = yield* readLegacy(reader);
  if (!("tensors" in model)) {
    const { kind, problem, offset } = model;
    if (kind === "hostile") yield { kind: "finding", rule: "S1500", args: { problem }, offset };
    else if (kind === "cut") yield* cutShort(problem, offset);
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
  const [starts, ends] = [tensors.map(({ begin }) => begin), tensors.map(({ end }) => end)];
  yield* probeStarts(reader, starts, ends, (i) => (tensors[i] as { name: string }).name);
}

function* describe(file: Gguf, layout: Layout): Work<void> {
  const text = (key: string) => file.metadata.get(key);
  yield { kind: "metadata", key: "version", value: file.version };
  yield { kind: "metadata", key: "tensors", value: file.tensors.count };
  yield { kind: "metadata", key: "parameters", value: layout.parameters };
  yield {
    kind: "metadata",
    key: "dtypes",
    value: [...layout.types].map((type) => (TENSOR_TYPES[type] ?? REMOVED_TYPES[type])?.[0] ?? `type ${type}`).sort(),
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
