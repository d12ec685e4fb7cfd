import { bytes, int, ints, messages, parts, skipped, text, texts } from "../../io/protobuf.js";

/** The parts of onnx.proto that matter here; https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
export const ENTRY = { key: text(1), value: text(2) };
export const OPSET = { domain: text(1), version: int(2) };

export const TENSOR = {
  dims: ints(1),
  type: int(2),
  segment: skipped(3),
  floats: parts(4),
  int32s: parts(5),
  strings: parts(6),
  int64s: parts(7),
  name: text(8),
  raw: bytes(9),
  doubles: parts(10),
  uint64s: parts(11),
  description: skipped(12),
  external: messages(13, () => ENTRY),
  location: int(14),
  properties: messages(16, () => ENTRY),
};

export const SPARSE = { values: parts(1), indices: parts(2), dims: ints(3) };

export const ATTRIBUTE = {
  name: text(1),
  float: skipped(2),
  integer: int(3),
  text: bytes(4),
  tensor: parts(5),
  graph: parts(6),
  floats: skipped(7),
  integers: skipped(8),
  texts: parts(9),
  tensors: parts(10),
  graphs: parts(11),
  description: skipped(13),
  valueType: skipped(14),
  valueTypes: skipped(15),
  type: skipped(20),
  reference: skipped(21),
  sparse: parts(22),
  sparses: parts(23),
};

export const NODE = {
  inputs: texts(1),
  outputs: texts(2),
  name: text(3),
  type: text(4),
  attributes: messages(5, () => ATTRIBUTE),
  description: skipped(6),
  domain: text(7),
  overload: skipped(8),
  properties: skipped(9),
  devices: skipped(10),
};

export const FUNCTION_HEAD = { name: text(1), domain: text(10) };
export const TRAINING = { initialization: parts(1), algorithm: parts(2), initializationBinding: skipped(3), updateBinding: skipped(4) };
