import { expect, test } from "vitest";
import { escapingPath } from "./escaping-path.js";

test.each([
  "/etc/shadow",
  "../weights.bin",
  "weights/../../x",
  "a\\..\\..\\x",
  "..",
  "a/ .. /b",
  "C:\\Windows\\x",
  "c:x",
  "\\\\host\\share\\x",
  "//host/share",
  "\\x",
  "http://host/x",
  "file:///etc/passwd",
  "file:/etc/passwd",
  "s3://bucket/key",
  "%2e%2e/x",
  "%2e%2e%2fx",
  "%252e%252e%252fx",
  "x%00.bin",
  "x\0.bin",
  "x\n.bin",
  "~/x",
  "~root/x",
])("%j leaves the folder", (path) => {
  expect(escapingPath(path)).toBeTypeOf("string");
});

test.each(["model.onnx.data", "weights/part-1.bin", "./x", "a..b", "...", "x%20y.bin", "100%", "~x", "layer:0", "é.bin", ""])(
  "%j stays inside",
  (path) => {
    expect(escapingPath(path)).toBeUndefined();
  },
);
