import { Malformed } from "../../engine/errors.js";
import type { Work } from "../../engine/work.js";
import { isForged } from "../../io/flatbuffer.js";
import type { Reader } from "../../io/reader.js";
import type { Waiting } from "../../io/waiting.js";

/** Reads a FlatBuffer of `format`, and tells when that ends at a reference that no broken download explains. */
export function* readOrTell<T>(reader: Reader, format: string, work: Waiting<T>): Work<T> {
  try {
    return yield* work;
  } catch (error) {
    if (error instanceof Malformed && (yield* isForged(reader, error))) {
      yield { kind: "finding", rule: "S902", args: { format, problem: error.message }, offset: error.offset };
    }
    throw error;
  }
}
