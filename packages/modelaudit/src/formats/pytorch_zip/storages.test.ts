import { expect, test } from "vitest";
import { Tape } from "../../../test/pickle-tape.js";
import { emptyStream } from "../pickle/values.js";
import { storagesOf } from "./storages.js";

test("claims that could not be read to the end are read again", () => {
  const tape = new Tape();
  for (const key of ["0", "1"]) tape.persistent(["storage", tape.global("torch", "FloatStorage"), key, "cpu", 4]);
  const stream = { ...emptyStream(0), effects: tape.effects };
  const last = tape.effects.pop();
  let ended = false;
  // What a watchdog does in the middle of the loop.
  Object.defineProperty(tape.effects, tape.effects.length, {
    get() {
      if (ended) return last;
      ended = true;
      throw new Error("ended");
    },
  });
  expect(() => storagesOf(stream)).toThrow("ended");
  expect([...storagesOf(stream).claims.keys()]).toEqual(["0", "1"]);
});
