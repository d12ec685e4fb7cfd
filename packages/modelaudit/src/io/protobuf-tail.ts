import { Malformed } from "../engine/errors.js";
import type { Protobuf } from "./protobuf.js";
import { MAX_HEADER, type WireField, topFields } from "./protobuf-wire.js";
import type { Reader } from "./reader.js";
import { type Waiting, fetch } from "./waiting.js";

/** The bytes behind the last field that the top message knows. */
export interface Tail {
  start: number;
  /** Set when they are no fields at all, so that loaders refuse the file: why. */
  problem?: string;
}

/**
 * Visits the fields of a file that is one message, and gives what follows the last known one. Throws `Malformed` when a
 * field in `messages` is longer than the file (a broken download), and when nothing known comes first.
 */
export function* visitFile(
  file: Protobuf,
  messages: readonly number[],
  visit: (field: WireField) => Waiting<void> | boolean,
): Waiting<Tail | undefined> {
  const { reader } = file;
  let start = 0;
  let problem: string | undefined;
  try {
    yield* file.visit({ start: 0, end: reader.size }, (field) => {
      const work = visit(field);
      if (work) start = field.end;
      return work;
    });
  } catch (error) {
    if (!(error instanceof Malformed) || error.offset < start || start === 0) throw error;
    const [field] = yield* topFields(reader, { start, end: reader.size }, 1);
    if (field && field.wire === 2 && field.end > reader.size && messages.includes(field.number)) throw error;
    if (!field && messages.includes(yield* cutTag(reader, start))) throw error;
    problem = error.message;
  }
  if (start >= reader.size) return undefined;
  return problem === undefined ? { start } : { start, problem };
}

/** The field number when nothing but a tag, and perhaps part of a length, is left of the file; else 0. */
function* cutTag(reader: Reader, start: number): Waiting<number> {
  const rest = yield* fetch(reader, start, Math.min(reader.size - start, MAX_HEADER));
  const [tag = 0, ...length] = rest;
  return rest.length < MAX_HEADER && tag % 8 === 2 && length.every((byte) => byte >= 0x80) ? tag >> 3 : 0;
}
