import { FlatBuffer, type Table, type Vector } from "../../io/flatbuffer.js";
import type { Reader } from "../../io/reader.js";
import type { Range, Waiting } from "../../io/waiting.js";

/**
 * A TFLite file as plain data. Slots as in the schema:
 * https://github.com/tensorflow/tensorflow/blob/master/tensorflow/compiler/mlir/lite/schema/schema.fbs
 */
export interface Model {
  version: number;
  description: string;
  operators: OperatorCode[];
  subgraphs: Subgraph[];
  buffers: DataBuffer[];
  metadata: { name: string; buffer: number }[];
  signatures: { key: string; subgraph: number; tensors: number[] }[];
  /** Names of files with further tensor data. */
  externalGroups: string[];
  /** Where the last known part ends. */
  end: number;
}

interface OperatorCode {
  builtin: number;
  custom: string;
}

interface Subgraph {
  name: string;
  tensors: Tensor[];
  inputs: number[];
  outputs: number[];
  operators: Operator[];
}

export interface Tensor {
  name: string;
  shape: number[];
  type: number;
  buffer: number;
  /** Sparse tensors hold less data than their shape says. */
  sparse: boolean;
  /** The side along which it has a scale each, when it has several. */
  scaledSide: number | undefined;
  offset: number;
}

export interface Operator {
  code: number;
  inputs: number[];
  outputs: number[];
  /** Tensors that are neither inputs nor outputs. */
  intermediates: number[];
  /** Indices of the subgraphs that control-flow operators call. */
  subgraphs: number[];
  /** Native code that a StableHLO custom call asks for by its name. */
  target: string | undefined;
  /** Private data of a custom operator. */
  options: Range | undefined;
  offset: number;
}

/** Tensor data: inside the FlatBuffer, or behind it when the model is above 2 GB. */
export interface DataBuffer {
  data?: Vector;
  behind?: { offset: number; size: number };
}

/** Builtin operators that call subgraphs, with the slots of the indices in their options. */
const CALLS: Readonly<Record<number, number[]>> = { 31: [0], 118: [0, 1], 119: [0, 1], 129: [0] };
/** The same for operators with the second kind of options, and in 209 a vector of indices in slot 0. */
const CALLS_2: Readonly<Record<number, number[]>> = { 174: [1], 190: [6], 198: [5], 199: [2], 200: [0, 1], 206: [1] };
const STABLEHLO_CASE = 209;
const STABLEHLO_CUSTOM_CALL = 173;
const PLACEHOLDER_FOR_GREATER = 127;

/** Reads all tables of a model; tensor data is not touched. Throws `Malformed` for a reference that leads nowhere. */
export function* readTflite(reader: Reader): Waiting<Model> {
  const file = new FlatBuffer(reader);
  const root = yield* file.root();
  const operators = yield* root.map(1, readOperatorCode);
  const subgraphs = yield* root.map(2, (graph) => readSubgraph(graph, operators));
  const buffers = yield* root.map(4, readBuffer);
  const metadata = yield* root.map(6, readMetadata);
  const signatures = yield* root.map(7, readSignature);
  const externalGroups = yield* root.map(8, (group) => group.text(0));
  for (const external of yield* root.tables(9)) yield* external.text(4);
  yield* root.numbers(5, "i32");
  const version = yield* root.number(0, "u32");
  const description = yield* root.text(3);
  const behind = buffers.map(({ behind }) => (behind ? behind.offset + behind.size : 0)).filter((end) => end <= reader.size);
  const end = behind.reduce((most, one) => Math.max(most, one), file.reach);
  return { version, description, operators, subgraphs, buffers, metadata, signatures, externalGroups, end };
}

function* readMetadata(table: Table): Waiting<Model["metadata"][number]> {
  return { name: yield* table.text(0), buffer: yield* table.number(1, "u32") };
}

/** Codes above 127 did not fit the first field, so the larger of the two counts. */
function* readOperatorCode(table: Table): Waiting<OperatorCode> {
  const old = yield* table.number(0, "i8");
  const builtin = yield* table.number(3, "i32");
  return { builtin: old === PLACEHOLDER_FOR_GREATER ? builtin : Math.max(old, builtin), custom: yield* table.text(1) };
}

function* readSubgraph(table: Table, codes: OperatorCode[]): Waiting<Subgraph> {
  const tensors = yield* table.map(0, readTensor);
  const operators = yield* table.map(3, (operator) => readOperator(operator, codes));
  return { tensors, operators, inputs: yield* table.numbers(1, "i32"), outputs: yield* table.numbers(2, "i32"), name: yield* table.text(4) };
}

function* readTensor(table: Table): Waiting<Tensor> {
  const quantization = yield* table.table(4);
  let scaledSide: number | undefined;
  if (quantization) {
    for (const slot of [0, 1]) yield* quantization.vector(slot, 4);
    const scales = yield* quantization.vector(2, 4);
    yield* quantization.vector(3, 8);
    if ((scales?.count ?? 0) > 1) scaledSide = yield* quantization.number(6, "i32");
  }
  yield* table.vector(7, 4);
  return {
    ...{ shape: yield* table.numbers(0, "i32"), type: yield* table.number(1, "i8"), buffer: yield* table.number(2, "u32") },
    ...{ name: yield* table.text(3), sparse: table.at(6) !== undefined, scaledSide, offset: table.position },
  };
}

function* readOperator(table: Table, codes: OperatorCode[]): Waiting<Operator> {
  const code = yield* table.number(0, "u32");
  const data = yield* table.vector(5);
  const large = yield* table.number(9, "u64");
  const options = data ?? (large > 1 ? { start: large, end: large + (yield* table.number(10, "u64")) } : undefined);
  const subgraphs: number[] = [];
  const builtin = codes[code]?.builtin ?? -1;
  const [first, second] = [yield* table.table(4), yield* table.table(12)];
  for (const slot of CALLS[builtin] ?? []) if (first) subgraphs.push(yield* first.number(slot, "i32"));
  for (const slot of CALLS_2[builtin] ?? []) if (second) subgraphs.push(yield* second.number(slot, "i32"));
  if (builtin === STABLEHLO_CASE && second) subgraphs.push(...(yield* second.numbers(0, "i32")));
  const target = builtin === STABLEHLO_CUSTOM_CALL && second?.at(0) !== undefined ? yield* second.text(0) : undefined;
  return {
    ...{ code, subgraphs, inputs: yield* table.numbers(1, "i32"), outputs: yield* table.numbers(2, "i32"), offset: table.position },
    ...{ intermediates: yield* table.numbers(8, "i32"), target, options },
  };
}

/** An offset of 1 or less means that the data is inside. */
function* readBuffer(table: Table): Waiting<DataBuffer> {
  const data = yield* table.vector(0);
  const offset = yield* table.number(1, "u64");
  if (data?.count) return { data };
  return offset > 1 ? { behind: { offset, size: yield* table.number(2, "u64") } } : {};
}

function* readSignature(table: Table): Waiting<Model["signatures"][number]> {
  const tensors: number[] = [];
  for (const slot of [0, 1]) {
    for (const map of yield* table.tables(slot)) {
      yield* map.text(0);
      tensors.push(yield* map.number(1, "u32"));
    }
  }
  return { key: yield* table.text(2), subgraph: yield* table.number(4, "u32"), tensors };
}
