import { lookBeside } from "../../detectors/archive/look-beside.js";
import { escapingPath } from "../../detectors/escaping-path/escaping-path.js";
import { probeRange } from "../../detectors/payload-start/probe-range.js";
import type { Artifact, Neighbour } from "../../engine/artifact.js";
import { type Work, read, wait } from "../../engine/work.js";
import type { Reader } from "../../io/reader.js";
import { type Tensor, placeOf } from "./model.js";
import { bytesOfShape } from "./tensors.js";

/** ONNX Runtime's own mark for "the data is at this address of this process". */
const MEMORY_MARK = /_ORT_MEM_ADDR_/;
/** Decimal, as all writers do; more digits than this are no offset in any file. */
const DECIMAL = /^\d{1,15}$/;

/** Larger files are not read whole for a checksum, which loaders do not check either. */
const LARGEST_SUMMED = 64 * 2 ** 20;

/** One data file that tensors point to. */
interface DataFile {
  neighbour: Neighbour | undefined;
  reader?: Reader;
  checksum?: string;
}

function* sha1(reader: Reader): Work<string> {
  const bytes = yield* read(reader, 0, reader.size);
  const digest = yield* wait(crypto.subtle.digest("SHA-1", new Uint8Array(bytes)));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Judges all tensors whose data lies in other files, and looks at their first bytes there. Gives the files' names. */
export function* judgeExternal(artifact: Artifact, tensors: readonly Tensor[]): Work<string[]> {
  const files = new Map<string, DataFile>();
  try {
    for (const tensor of tensors) {
      if (tensor.location === 1 || tensor.external.length) yield* judgeOne(artifact, tensor, files);
    }
  } finally {
    for (const file of files.values()) file.reader?.close?.();
  }
  return [...files.keys()];
}

function* judgeOne(artifact: Artifact, tensor: Tensor, files: Map<string, DataFile>): Work<void> {
  const at = { at: placeOf(tensor), offset: tensor.offset };
  const mismatch = (problem: string) => ({ kind: "finding" as const, rule: "S1451", args: { tensor: placeOf(tensor), problem }, ...at });
  // Readers disagree on which of two entries of one key counts, so each location is judged.
  const locations = [...new Set(tensor.external.filter((entry) => entry.key === "location").map((entry) => entry.value))];
  if (!locations.some((location) => location)) {
    yield mismatch("no file is named");
    return;
  }
  for (const location of locations) {
    if (MEMORY_MARK.test(location)) {
      yield { kind: "finding", rule: "S1450", args: { tensor: placeOf(tensor), location }, ...at };
    } else if (escapingPath(location) !== undefined) {
      yield { kind: "finding", rule: "S405", args: { what: `The data file of tensor ${placeOf(tensor)},`, path: location }, ...at };
    } else {
      const file = yield* lookUp(artifact, location, files);
      const problem = yield* rangeProblem(tensor, file);
      if (problem) yield mismatch(problem);
    }
  }
}

/** Finds the data file, once for all tensors in it, and says when it is absent or a link out of the folder. */
function* lookUp(artifact: Artifact, location: string, files: Map<string, DataFile>): Work<DataFile> {
  const known = files.get(location);
  if (known) return known;
  const neighbour = yield* lookBeside(artifact, location);
  const file: DataFile = { neighbour };
  files.set(location, file);
  if (neighbour?.kind === "outside") {
    yield { kind: "finding", rule: "S406", args: { kind: "data file", path: location, target: neighbour.target } };
  } else if (neighbour && neighbour.kind !== "file") {
    yield { kind: "finding", rule: "S1452", args: { location } };
  } else if (neighbour) {
    file.reader = yield* wait(neighbour.open());
  }
  return file;
}

function* rangeProblem(tensor: Tensor, file: DataFile): Work<string | undefined> {
  const entry = (key: string) => tensor.external.findLast((one) => one.key === key)?.value;
  const [offset, length] = [entry("offset"), entry("length")];
  for (const [what, value] of [
    ["offset", offset],
    ["length", length],
  ] as const) {
    if (value !== undefined && !DECIMAL.test(value)) return `its ${what} is ${JSON.stringify(value.slice(0, 40))}`;
  }
  const expected = bytesOfShape(tensor);
  if (length !== undefined && expected !== undefined && Number(length) !== expected && Number(length) !== 0) {
    return `its length is ${length} bytes where its shape says ${expected}`;
  }
  if (!file.reader) return undefined;
  const checksum = entry("checksum");
  if (checksum && file.reader.size <= LARGEST_SUMMED) {
    file.checksum ??= yield* sha1(file.reader);
    if (checksum.toLowerCase() !== file.checksum) return `the file's checksum is ${file.checksum} where the model says ${checksum.slice(0, 40)}`;
  }
  const start = Number(offset ?? 0);
  const end = start + (Number(length ?? 0) || (expected ?? 0));
  if (end > file.reader.size) return `it ends at byte ${end} of a file of ${file.reader.size}`;
  yield* probeRange(file.reader, { start, end }, placeOf(tensor));
  return undefined;
}
