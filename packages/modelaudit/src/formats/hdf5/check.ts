import { probeBytes } from "../../detectors/trailing/scan-behind.js";
import { probeRange } from "../../detectors/payload-start/probe-range.js";
import { escapingPath } from "../../detectors/escaping-path/escaping-path.js";
import { LimitExceeded } from "../../engine/errors.js";
import { type Work, child } from "../../engine/work.js";
import type { FindingEvent } from "../../findings/finding.js";
import { type Reader, bytesReader, sliceReader } from "../../io/reader.js";
import { dataStart, readDataset } from "./dataset.js";
import { textOf } from "./decode.js";
import { eachHeapObject, globalObject } from "./global-heap.js";
import { readAttributes, readLinks } from "./members.js";
import { readMessages } from "./object-header.js";
import type { Attribute, Dataset, Hdf5File } from "./types.js";
import { countOf } from "./values.js";
import { virtualFiles } from "./virtual.js";

/** Objects in one file; the largest checkpoints have some 50,000. */
const MOST_OBJECTS = 200_000;
/** Below this a wrong size costs nobody anything. */
const SMALL_DATASET = 2 ** 30;
/** Deflate cannot do better; a dataset beyond it holds nothing. */
const BEST_RATIO = 1100;

/** Last opcode of a pickle. */
const STOP = 0x2e;

/** What a walk over all objects of a file gives its scanner. */
export interface Hdf5Contents {
  /** Of the objects whose attributes were asked for. */
  attributes: Attribute[];
  datasets: number;
  elements: number;
  dtypes: Set<string>;
  /** Bytes of all datasets in memory. */
  bytes: number;
  bombs: number;
}

/**
 * Walks every object once, reports what leads out of the file or is out of proportion, and gives the attributes of those
 * at the paths `wanted`; that of the root is empty. Links are never followed out of the file.
 */
export function* walkHdf5(file: Hdf5File, size: number, wanted: readonly string[]): Work<Hdf5Contents> {
  const contents: Hdf5Contents = { attributes: [], datasets: 0, elements: 0, dtypes: new Set(), bytes: 0, bombs: 0 };
  const pending = [{ address: file.root, path: "" }];
  const seen = new Set<number>([file.root]);
  let pickled = false;
  for (let next = pending.pop(); next; next = pending.pop()) {
    const messages = yield* readMessages(file, next.address);
    if (seen.size > MOST_OBJECTS) throw new LimitExceeded("hdf5-objects", seen.size);
    const attributes = yield* readAttributes(file, messages);
    if (wanted.includes(next.path)) contents.attributes.push(...attributes);
    pickled ||= yield* handBackPickles(attributes, next.path);
    const dataset = yield* readDataset(file, messages);
    if (dataset) {
      contents.datasets++;
      if (dataset.datatype) contents.dtypes.add(dataset.datatype.name);
      contents.elements += countOf(dataset.shape ?? []);
      yield* checkDataset(file, dataset, next.path, size, contents);
      continue;
    }
    for (const link of yield* readLinks(file, messages)) {
      const path = `${next.path}/${link.name}`;
      if (link.kind === "external") {
        yield outsideFile(`The link ${path}`, link.file, path);
      } else if (link.kind === "user") {
        const problem = `the link ${path} is of a kind of its own (${link.type})`;
        yield { kind: "finding", rule: "S902", args: { format: "HDF5", problem }, at: path };
      } else if (link.kind === "hard" && !seen.has(link.address)) {
        seen.add(link.address);
        pending.push({ address: link.address, path });
      }
    }
  }
  if (pickled) {
    yield* eachHeapObject(file, function* (offset, reader) {
      yield* child({ name: `value at ${offset}`, role: "probe", reader, offset });
    });
  }
  // Many datasets that each stay below the limit take as much memory as one above it.
  if (!contents.bombs && contents.bytes > Math.max(SMALL_DATASET, size * BEST_RATIO)) {
    const shape = `${contents.elements} elements`;
    yield { kind: "finding", rule: "S1404", args: { path: `all ${contents.datasets} datasets`, shape, bytes: contents.bytes, size } };
  }
  return contents;
}

/**
 * PyTables, and pandas through it, unpickle each attribute of fixed text that ends with a full stop, and each value of an
 * array that says it holds objects. Gives true for the latter: its values are in the global heaps.
 */
function* handBackPickles(attributes: readonly Attribute[], path: string): Work<boolean> {
  let objects = false;
  for (const { name, datatype, shape, data, offset } of attributes) {
    if (datatype.class !== 3 || shape?.length !== 0) continue;
    const end = data.subarray(0, datatype.size).findLastIndex((byte) => byte !== 0) + 1;
    if (name === "PSEUDOATOM") objects = textOf(data) === "object";
    if (data[end - 1] === STOP) yield* child({ name: `${path}/@${name}`, role: "probe", reader: bytesReader(data.subarray(0, end)), offset });
  }
  return objects;
}

function* checkDataset(file: Hdf5File, dataset: Dataset, path: string, size: number, contents: Hdf5Contents): Work<void> {
  const { shape, datatype, layout, filters, externalFiles } = dataset;
  for (const target of externalFiles) yield outsideFile(`The data of ${path}`, target, path);
  if (layout?.kind === "virtual") {
    for (const target of virtualFiles(yield* globalObject(file, layout.heap, layout.index), file.widths)) {
      if (target !== ".") yield outsideFile(`The virtual dataset ${path}`, target, path);
    }
  }
  if (!shape || !datatype || externalFiles.length) return;
  const bytes = countOf(shape) * Math.max(1, datatype.size);
  const most = layout?.kind === "chunked" && filters.length ? size * BEST_RATIO : Math.max(size, SMALL_DATASET);
  contents.bytes += bytes;
  const start = yield* dataStart(file, dataset, bytes);
  if (start) yield* probeRange(file.reader, { start: Math.min(start.start, file.reader.size), end: Math.min(start.end, file.reader.size) }, path);
  if (bytes > SMALL_DATASET && bytes > most) {
    contents.bombs++;
    yield { kind: "finding", rule: "S1404", args: { path, shape: shape.join("×"), bytes, size }, at: path };
  }
}

function outsideFile(what: string, target: string, at: string): FindingEvent {
  return { kind: "finding", rule: "S1403", severity: escapingPath(target) === undefined ? "warning" : "critical", args: { what, target }, at };
}

/** Bytes that are not part of the file: what stands before the superblock and behind its end. */
export function* handBackOutside(file: Hdf5File, reader: Reader): Work<void> {
  if (file.start > 0) yield* child({ name: "user block", role: "probe", reader: sliceReader(reader, 0, file.start), offset: 0 });
  if (file.end > reader.size) {
    const message = `The file is cut short: it should end at byte ${file.end}, and ends at ${reader.size}. Download it again.`;
    yield { kind: "incomplete", reason: "truncated", message };
  } else if (file.end < reader.size) {
    yield* probeBytes(reader, file.end);
  }
}
