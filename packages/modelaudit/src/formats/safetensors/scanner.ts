import { escapingPath } from "../../detectors/escaping-path/escaping-path.js";
import { probeStarts } from "../../detectors/payload-start/probe-range.js";
import { probeBytes } from "../../detectors/trailing/scan-behind.js";
import { Malformed } from "../../engine/errors.js";
import type { Scanner } from "../../engine/format.js";
import { type Work, child } from "../../engine/work.js";
import type { FindingEvent } from "../../findings/finding.js";
import { type Reader, bytesReader } from "../../io/reader.js";
import { type Header, type Tensor, readHeader } from "./parser.js";

/** A problem list is shown up to this length: one broken writer breaks every tensor alike. */
const PROBLEMS_SHOWN = 20;
/** Every gap is looked into; a file with more of them has been refused long before. */
const GAPS_LOOKED_INTO = 1000;
/** Metadata values that are examined as templates or configs; a writer keeps them short. */
const VALUE_EXAMINED = 1024 * 1024;
/** The largest published models take 3 TB; an offset beyond is no sign of a download that broke off. */
const FARTHEST = 2 ** 44;

export const scanner: Scanner = {
  version: 1,
  *scan({ reader }, context) {
    let header: Header;
    try {
      header = yield* readHeader(reader);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      return yield* cutShort(error.message);
    }
    const { tensors, metadata } = header;
    yield { kind: "metadata", key: "tensors", value: tensors.length };
    yield { kind: "metadata", key: "parameters", value: tensors.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0) };
    yield { kind: "metadata", key: "dtypes", value: [...new Set(tensors.map((tensor) => tensor.dtype))].sort() };
    if (Object.keys(metadata).length) yield { kind: "metadata", key: "metadata", value: metadata };
    for (const problem of header.problems.slice(0, PROBLEMS_SHOWN)) yield* malformed(problem);
    yield* checkNames(tensors);
    context.budget.checkTime();
    tensors.sort((a, b) => a.begin - b.begin || a.end - b.end);
    yield* checkLayout(header, reader);
    const from = ({ begin }: Tensor) => header.dataStart + begin;
    const to = ({ end }: Tensor) => header.dataStart + end;
    yield* probeStarts(reader, tensors.map(from), tensors.map(to), (index) => (tensors[index] as Tensor).name);
    yield* handBackMetadata(metadata);
  },
};

function* malformed(problem: string, more: Partial<FindingEvent> = {}): Work<void> {
  yield { kind: "finding", rule: "S902", args: { format: "safetensors", problem }, at: problem, ...more };
}

function* cutShort(how: string): Work<void> {
  yield { kind: "incomplete", reason: "truncated", message: `The file is cut short: ${how}. Download it again.` };
}

/** The data part must be covered from its start to the end of the file, without gap or overlap. What no tensor claims may hold another file. */
function* checkLayout({ tensors, dataStart }: Header, reader: Reader): Work<void> {
  let expected = dataStart;
  let gaps = 0;
  for (const { name, begin, end } of tensors) {
    const start = dataStart + begin;
    if (start < expected) yield* malformed(`the tensor "${name}" overlaps the one before it`, { at: name, offset: start });
    else if (start > expected && gaps++ < GAPS_LOOKED_INTO) {
      const formats = yield* lookInto(reader, expected, start);
      const problem = `${start - expected} bytes before the tensor "${name}" belong to none`;
      yield* malformed(problem, { at: name, offset: expected, severity: formats.length ? "critical" : "warning" });
    }
    expected = Math.max(expected, dataStart + end);
  }
  const { size } = reader;
  if (expected > FARTHEST) yield* malformed(`its tensors end at byte ${expected}, which no file reaches`);
  else if (expected > size) yield* cutShort(`its tensors end at byte ${expected}, the file at ${size}`);
  else if (expected < size) {
    const formats = yield* lookInto(reader, expected, size);
    const severity = formats.length ? "critical" : "warning";
    yield* malformed(`${size - expected} bytes follow the last tensor`, { offset: expected, length: size - expected, severity });
  }
}

/** The formats that are surely hidden in a range that should hold nothing. */
function* lookInto(reader: Reader, start: number, end: number): Work<readonly string[]> {
  return start < reader.size ? yield* probeBytes(reader, start, Math.min(end, reader.size)) : [];
}

/** Names that a converter would turn into paths or attributes. */
function* checkNames(tensors: readonly Tensor[]): Work<void> {
  for (const { name } of tensors) {
    if (name === "__proto__" || /[\0-\x1f]/.test(name)) yield* malformed(`the tensor name ${JSON.stringify(name)} is no honest name`, { at: name });
    // Without a separator it is no path: `w:0` is a name of TensorFlow's, not a drive.
    else if (/[\\/%]/.test(name) && escapingPath(name) !== undefined)
      yield { kind: "finding", rule: "S405", severity: "warning", args: { what: "The tensor name", path: name }, at: name };
  }
}

/** Some loaders instantiate configs or render templates out of the metadata. Values with that structure are scanned as such. */
function* handBackMetadata(metadata: Readonly<Record<string, string>>): Work<void> {
  for (const [key, value] of Object.entries(metadata)) {
    if (value.length > VALUE_EXAMINED) continue;
    const bytes = () => bytesReader(new TextEncoder().encode(value));
    if (/\{[{%#]/.test(value))
      yield* child({ name: `__metadata__.${key}`, formats: ["jinja2_template"], reader: bytes(), hints: { embedded: true } });
    else if (/^\s*[[{]/.test(value)) yield* child({ name: `__metadata__.${key}`, formats: ["manifest"], reader: bytes(), hints: { embedded: true } });
    else if (/(?:^|[\s"'])_target_["']?\s*:|(?:^|[\s:[{,-])!!?python\//.test(value))
      yield* child({ name: `__metadata__.${key}.yaml`, formats: ["manifest"], reader: bytes() });
  }
}
