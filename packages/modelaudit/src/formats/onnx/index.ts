import { beginsWith } from "../../detectors/bytes/begins-with.js";
import type { Confidence, Format, Glimpse } from "../../engine/format.js";
import { type Shape, type WireField, fieldsInside, fitsShape, fittingFields, knownFields, leadingFields, topFields } from "../../io/protobuf-wire.js";

/**
 * ONNX has no magic number: it is told by the field numbers of its messages and their wire types (0 varint, 1 and 5 fixed,
 * 2 length). ModelProto: 1 version, 7 graph, 8 operator sets. TensorProto: 1 dimensions, 2 element type, then data.
 */
const MODEL: Shape = { 1: [0], 2: [2], 3: [2], 4: [2], 5: [0], 6: [2], 7: [2], 8: [2], 14: [2], 20: [2], 25: [2], 26: [2] };
const GRAPH: Shape = { 1: [2], 2: [2], 5: [2], 10: [2], 11: [2], 12: [2], 13: [2], 14: [2], 15: [2], 16: [2] };
const TENSOR: Shape = {
  ...{ 1: [0, 2], 2: [0], 3: [2], 4: [2, 5], 5: [0, 2], 6: [2], 7: [0, 2], 8: [2] },
  ...{ 9: [2], 10: [1, 2], 11: [0, 2], 12: [2], 13: [2], 14: [0], 16: [2] },
};

/** Versions of the format so far are 1 to 13; far beyond is something else. */
const MAX_VERSION = 100;
/** Element types so far are 1 to 28. */
const MAX_ELEMENT_TYPE = 64;
/** A model has one graph and a few dozen other fields; functions and settings add hundreds. */
const FIELDS_PROBED = 10_000;

/** Exporters name the file with a model's tensors so; nothing inside tells what it is. */
export const DATA_NAME = /\.onnx[._](?:ext(?:ernal)?_)?data(?:[_.-]?\d+)?$/i;

function isOrt(look: Glimpse): boolean {
  return look.size > 16 && beginsWith(look.head, "ORTM", 4);
}

/** A model that gives its version, and whose graph begins inside the head with the fields of a graph. */
function judgeModel(look: Glimpse): Confidence | undefined {
  const fields = fittingFields(leadingFields(look.head, look.size), MODEL);
  const version = fields.find((field) => field.number === 1);
  const graph = fields.find((field) => field.number === 7);
  if (!version || version.value < 1 || version.value > MAX_VERSION || !graph) return undefined;
  const inner = fieldsInside(look.head, graph);
  if (!inner.length || !fitsShape(inner, GRAPH)) return undefined;
  return graph.end <= look.size ? "certain" : "likely";
}

/** Whether nothing unknown stands before a field. */
function isLeading(fields: readonly WireField[], last: WireField | undefined): boolean {
  return last !== undefined && fields.slice(0, fields.indexOf(last) + 1).every((field, index) => field.tag === (fields[index - 1]?.end ?? 0));
}

function isTensor(fields: readonly WireField[], size: number): boolean {
  const type = fields.find((field) => field.number === 2);
  if (!type || type.value < 1 || type.value > MAX_ELEMENT_TYPE || fields.length < 2) return false;
  return fitsShape(fields, TENSOR) && fields[fields.length - 1]?.end === size;
}

export const format: Format = {
  id: "onnx",
  className: "OnnxScanner",
  description: "ONNX models and tensors, and ONNX Runtime's own ORT files",
  extensions: [".onnx", ".ort", ".pb"],
  tags: ["graph"],
  sniff(look) {
    if (isOrt(look)) return "certain";
    if (DATA_NAME.test(look.name)) return "likely";
    return judgeModel(look);
  },
  // For a graph behind a long text, fields in another order, and tensors.
  *probe(reader, look) {
    const known = yield* knownFields(reader, MODEL, FIELDS_PROBED);
    const graph = known.find((field) => field.number === 7);
    const named = look.extension === ".pb" || look.extension === ".onnx";
    const versioned = known.some(({ number, value }) => number === 1 && value >= 1 && value <= MAX_VERSION);
    // Text may begin like a graph, but holds no version. With an operator set too, unknown fields may stand anywhere.
    const told = isLeading(known, graph) ? named || versioned : versioned && known.some(({ number }) => number === 8);
    if (graph && graph.start < reader.size && told) {
      const inner = yield* topFields(reader, { start: graph.start, end: Math.min(graph.end, reader.size) }, 8);
      if (inner.length && fitsShape(inner, GRAPH)) return "likely";
    }
    if (!named) return undefined;
    return isTensor(yield* topFields(reader, { start: 0, end: reader.size }, FIELDS_PROBED), reader.size) ? "likely" : undefined;
  },
  load: () => import("./scanner.js"),
  rules: () => import("./rules.js"),
};
