import { expect, test } from "vitest";
import { bytesOf } from "../../../test/scan-bytes.js";
import { mayBePayload } from "./payload-start.js";

test.each([
  "\x80\x04\x95",
  "\x80\x02",
  "cos\nsystem\n(",
  "(cposix\nsystem",
  "(ios\nsystem",
  "cbuiltins_long_module_name",
  "MZ\x90\0",
  "\x7fELF\x02",
  "PK\x03\x04",
  "#!/bin/sh",
  "\x1f\x8b\x08",
])("%j is worth a look", (start) => {
  expect(mayBePayload(bytesOf(start))).toBe(true);
});

test.each(["", "\0\0\0\0", "\x80\x3f\0\0", "\x80\x06", "M", "PK\0\0", "c\0\x80\x3f", "class labels", "(a, b)"])("%j is not", (start) => {
  expect(mayBePayload(bytesOf(start))).toBe(false);
});
