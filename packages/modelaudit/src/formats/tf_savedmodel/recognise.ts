import { words } from "../../detectors/names/words.js";
import { type Shape, type WireField, fieldsInside, fitsShape, fittingFields, knownFields, leadingFields } from "../../io/protobuf-wire.js";
import type { Reader } from "../../io/reader.js";
import type { Waiting } from "../../io/waiting.js";

/** TensorFlow's messages have no magic numbers: they are told by their field numbers and wire types. */
const SAVED_MODEL: Shape = { 1: [0], 2: [2] };
const META_GRAPH: Shape = { 1: [2], 2: [2], 3: [2], 4: [2], 5: [2], 6: [2], 7: [2] };
const META_INFO: Shape = { 2: [2], 3: [2], 4: [2], 5: [2], 6: [2], 7: [0], 8: [2] };
const GRAPH: Shape = { 1: [2], 2: [2], 3: [0], 4: [2], 5: [2] };
const NODE: Shape = { 1: [2], 2: [2], 3: [2], 4: [2], 5: [2], 6: [2], 7: [2] };
const KERAS_OBJECT: Shape = { 2: [0], 3: [2], 4: [2], 5: [2], 6: [2] };
const FINGERPRINT: Shape = { 1: [0, 1], 2: [0, 1], 3: [0, 1], 4: [0, 1], 5: [0, 1], 6: [2], 7: [2] };

export type Kind = "saved-model" | "graph" | "meta-graph" | "keras-metadata" | "fingerprint";

/** What kind of message the head begins; `size` is the length of the file. Undefined when it is none, or cannot be told from the head. */
export function kindOf(head: Uint8Array, size: number): Kind | undefined {
  const fields = leadingFields(head, size);
  const first = fields[0];
  if (!first) return undefined;
  if (first.number === 1 && first.wire === 0 && first.value === 1) {
    const meta = fittingFields(fields, SAVED_MODEL).find((field) => field.number === 2);
    if (meta && isMetaGraph(head, meta)) return "saved-model";
  }
  if (first.number !== 1 || first.wire !== 2) return fitsShape(fields, FINGERPRINT) && size < 1024 && fields.length > 3 ? "fingerprint" : undefined;
  if (isNode(head, first)) return "graph";
  const inner = fieldsInside(head, first);
  if (fitsShape(inner, KERAS_OBJECT) && isKerasObject(head, first, inner)) return "keras-metadata";
  if (fittingFields(fields, META_GRAPH).length > 1 && isMetaInfo(head, first)) return "meta-graph";
  return undefined;
}

/** Fields of any of these messages. */
const ANY: Shape = { 1: [0, 1, 2], 2: [0, 1, 2], 3: [0, 1, 2], 4: [0, 1, 2], 5: [0, 1, 2], 6: [2], 7: [2] };
const MOST_FIELDS = 1000;

/** Offset of the first field that one of these messages may have. */
export function* knownStart(reader: Reader): Waiting<number> {
  return (yield* knownFields(reader, ANY, MOST_FIELDS))[0]?.tag ?? 0;
}

function isMetaGraph(head: Uint8Array, meta: WireField): boolean {
  const fields = fieldsInside(head, meta);
  const first = fields[0];
  if (!first || !fitsShape(fields, META_GRAPH)) return false;
  const inside = head.subarray(meta.start);
  return first.number === 1 ? isMetaInfo(inside, first) : first.number === 2 && fitsShape(fieldsInside(inside, first), GRAPH);
}

/**
 * A MetaInfoDef; its field 1 is never written, and would make it look like many another message. Its fields fill it, as
 * far as the head shows them: text that begins with a line break ("\n/****") would pass for its first fields.
 */
function isMetaInfo(head: Uint8Array, info: WireField): boolean {
  const fields = fieldsInside(head, info);
  const [last, length] = [fields.at(-1)?.end ?? 0, info.end - info.start];
  return fields.length > 0 && fitsShape(fields, META_INFO) && (info.end > head.length ? last <= length : last === length);
}

/** A SavedObject of Keras: its identifier says so. */
function isKerasObject(head: Uint8Array, object: WireField, inner: readonly WireField[]): boolean {
  const identifier = inner.find((field) => field.number === 4);
  const start = object.start + (identifier?.start ?? 0);
  return identifier !== undefined && String.fromCharCode(...head.subarray(start, start + 9)) === "_tf_keras";
}

/** A NodeDef: a name, then an operator, both of the characters TensorFlow allows. */
function isNode(head: Uint8Array, field: WireField): boolean {
  const [name, op, ...rest] = fieldsInside(head, field);
  if (name?.number !== 1 || op?.number !== 2 || !fitsShape([name, op, ...rest], NODE)) return false;
  const textOf = (inner: WireField) => String.fromCharCode(...head.subarray(field.start + inner.start, field.start + inner.end));
  return /^[\w.\\/>-]{1,1024}$/.test(textOf(name)) && /^[A-Za-z_][\w.>]{0,254}$/.test(textOf(op));
}

/** Fields of a graph, a meta graph and a SavedModel: numbers, then messages. */
const NUMBERS: ReadonlySet<string> = new Set(["saved_model_schema_version", "version"]);
const MESSAGES = words(
  "meta_graphs meta_info_def graph_def saver_def collection_def signature_def asset_file_def object_graph_def node library versions debug_info",
);

/** The text form begins with the name of one of these fields; gives that name, or undefined for anything else. */
export function firstName(head: Uint8Array): string | undefined {
  const [, name = "", mark = ""] = /^(?:\s|#[^\n]*\n)*(\w+)\s*(:\s*(?:[{<[]|\d)|[{<])/.exec(new TextDecoder().decode(head)) ?? [];
  return (/\d$/.test(mark) ? NUMBERS : MESSAGES).has(name) ? name : undefined;
}
