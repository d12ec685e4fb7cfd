import type { Format, Scanner } from "../../engine/format.js";
import { child } from "../../engine/work.js";
import { bytesReader, sliceReader } from "../../io/reader.js";
import { type Header, type Tensor, readHeader } from "./parser.js";

type Scan = ReturnType<Awaited<ReturnType<Format["load"]>>["scanner"]["scan"]>;

/** A problem list is shown up to this length: one broken writer breaks every tensor alike. */
const PROBLEMS_SHOWN = 20;
/** Starts of tensors tried for a hidden file, the largest first: a payload needs room. */
const STARTS_TRIED = 64;
/** Metadata values that are examined as templates or configs; a writer keeps them short. */
const VALUE_EXAMINED = 1024 * 1024;

export const scanner: Scanner = {
  version: 1,
  *scan(artifact, context) {
    const { reader } = artifact;
    const header = yield* readHeader(reader);
    yield { kind: "metadata", key: "tensors", value: header.tensors.length };
    yield { kind: "metadata", key: "parameters", value: header.tensors.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0) };
    yield { kind: "metadata", key: "dtypes", value: [...new Set(header.tensors.map((tensor) => tensor.dtype))].sort() };
    if (Object.keys(header.metadata).length) yield { kind: "metadata", key: "metadata", value: header.metadata };
    for (const problem of header.problems.slice(0, PROBLEMS_SHOWN)) {
      yield { kind: "finding", rule: "S902", args: { format: "safetensors", problem }, at: problem };
    }
    yield* checkLayout(header, reader.size);
    yield* checkNames(header.tensors);
    context.budget.checkTime();
    yield* handBackHidden(header, reader);
    yield* handBackMetadata(header.metadata);
  },
};

/** The data part must be covered from its start to the end of the file, without gap or overlap. */
function* checkLayout({ tensors, dataStart }: Header, size: number): Scan {
  const sorted = [...tensors].sort((a, b) => a.begin - b.begin || a.end - b.end);
  let expected = 0;
  for (const { name, begin, end } of sorted) {
    if (begin !== expected) {
      const problem =
        begin < expected ? `the tensor "${name}" overlaps the one before it` : `${begin - expected} bytes before the tensor "${name}" belong to none`;
      yield { kind: "finding", rule: "S902", args: { format: "safetensors", problem }, at: name, offset: dataStart + Math.min(begin, expected) };
    }
    expected = Math.max(expected, end);
  }
  const end = dataStart + expected;
  if (end > size) {
    yield {
      kind: "incomplete",
      reason: "truncated",
      message: `The file is cut short: its tensors end at byte ${end}, the file at ${size}. Download it again.`,
    };
  } else if (end < size) {
    yield {
      kind: "finding",
      rule: "S902",
      args: { format: "safetensors", problem: `${size - end} bytes follow the last tensor` },
      offset: end,
      length: size - end,
    };
  }
}

/** Names that a converter would turn into paths or attributes. */
function* checkNames(tensors: readonly Tensor[]): Scan {
  for (const { name } of tensors) {
    if (/^(?:\/|[A-Za-z]:[\\/])|(?:^|[\\/])\.\.(?:[\\/]|$)/.test(name)) {
      yield { kind: "finding", rule: "S405", severity: "warning", args: { what: "The tensor name", path: name }, at: name };
    } else if (/[\u0000-\u001f]|^__proto__$/.test(name)) {
      yield {
        kind: "finding",
        rule: "S902",
        args: { format: "safetensors", problem: `the tensor name ${JSON.stringify(name)} is no honest name` },
        at: name,
      };
    }
  }
}

/** Bytes that no tensor claims, and the starts of tensors, may hold another file. */
function* handBackHidden({ tensors, dataStart }: Header, reader: Parameters<typeof sliceReader>[0]): Scan {
  const sorted = [...tensors].sort((a, b) => a.begin - b.begin);
  let expected = 0;
  for (const { begin, end } of [...sorted, { begin: reader.size - dataStart, end: 0 }]) {
    if (begin > expected && dataStart + expected < reader.size) {
      const offset = dataStart + expected;
      yield* child({
        name: `bytes at ${offset}`,
        role: "probe",
        offset,
        reader: sliceReader(reader, offset, Math.min(dataStart + begin, reader.size)),
      });
    }
    expected = Math.max(expected, end);
  }
  const largest = [...tensors].sort((a, b) => b.end - b.begin - (a.end - a.begin)).slice(0, STARTS_TRIED);
  for (const { name, begin, end } of largest) {
    const offset = dataStart + begin;
    if (end - begin < 16 || dataStart + end > reader.size) continue;
    yield* child({ name, role: "probe", offset, reader: sliceReader(reader, offset, dataStart + end), hints: { tensor: true } });
  }
}

/** Some loaders instantiate configs or render templates out of the metadata. Values with that structure are scanned as such. */
function* handBackMetadata(metadata: Readonly<Record<string, string>>): Scan {
  for (const [key, value] of Object.entries(metadata)) {
    if (value.length > VALUE_EXAMINED) continue;
    const bytes = () => bytesReader(new TextEncoder().encode(value));
    if (/\{[{%#]/.test(value))
      yield* child({ name: `__metadata__.${key}`, formats: ["jinja2_template"], reader: bytes(), hints: { embedded: true } });
    else if (/^\s*[[{]/.test(value)) yield* child({ name: `__metadata__.${key}`, formats: ["manifest"], reader: bytes(), hints: { embedded: true } });
    else if (/(?:^|[\s"'])_target_["']?\s*:/.test(value)) yield* child({ name: `__metadata__.${key}.yaml`, formats: ["manifest"], reader: bytes() });
  }
}
