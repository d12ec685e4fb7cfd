import { type Kind, type Schema, bytes, int, message, messages, parts, skipped, text, texts } from "../../io/protobuf.js";
import type { Range } from "../../io/waiting.js";

/** The parts of TensorFlow's graph messages that matter here; https://github.com/tensorflow/tensorflow/tree/master/tensorflow/core/framework */
const FUNCTION_NAME = { name: text(1), attributes: parts(2) };
const LIST = {
  texts: parts(2),
  ...{ integers: skipped(3), floats: skipped(4), flags: skipped(5), types: skipped(6), shapes: skipped(7) },
  tensors: parts(8),
  functions: messages(9, () => FUNCTION_NAME),
};
const VALUE = {
  list: message(1, () => LIST),
  text: bytes(2),
  integer: int(3),
  float: skipped(4),
  flag: int(5),
  type: int(6),
  shape: skipped(7),
  tensor: parts(8),
  placeholder: skipped(9),
  function: message(10, () => FUNCTION_NAME),
};
export const ATTRIBUTE = { key: text(1), value: message(2, () => VALUE) };
export const NODE = {
  name: text(1),
  op: text(2),
  inputs: texts(3),
  device: text(4),
  attributes: messages(5, () => ATTRIBUTE),
  debug: skipped(6),
  fullType: skipped(7),
};
export const SIGNATURE_NAME = { name: text(1) };
export const TENSOR = {
  type: int(1),
  shape: message(2, () => ({ dims: messages(2, () => ({ size: int(1), name: skipped(2) })), unknownRank: skipped(3) })),
  version: skipped(3),
  content: bytes(4),
  strings: parts(8),
  ...Object.fromEntries([5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18].map((number) => [`values${number}`, skipped(number)])),
} as {
  type: Kind<number>;
  shape: Kind<{ dims: { size: number }[] } | undefined>;
  content: Kind<Range | undefined>;
  strings: Kind<Range[]>;
} & Schema;
