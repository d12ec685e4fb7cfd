import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { buildTar } from "../../../test/build-tar.js";
import { buildZip } from "../../../test/build-zip.js";
import { bytesOf, scanBytes } from "../../../test/scan-bytes.js";
import { foreignRequirements, readManifest } from "./manifest.js";

const HOSTILE = "\x80\x02cos\nsystem\nU\x04trueq\0\x85R.";
const manifest = (model: object) => ({
  name: "MAR-INF/MANIFEST.json",
  data: JSON.stringify({ runtime: "python", model: { modelName: "m", handler: "handler.py", ...model } }),
});
const handler = (code: string) => ({ name: "handler.py", data: code });

test("an archive with an honest handler is clean", async () => {
  const scanned = await scanBytes("honest.mar", readFileSync(new URL("testdata/honest.mar", import.meta.url)));
  expect([scanned.outcome, scanned.rules, scanned.records[0]?.scanners]).toEqual(["clean", [], ["torchserve_mar"]]);
});

test.each([
  ["a handler that runs commands", [manifest({}), handler("import os\nos.system('x')")]],
  [
    "one that does so when it is set up",
    [manifest({}), handler("import subprocess\nclass H:\n  def initialize(self, c):\n    subprocess.run(['x'])")],
  ],
  ["one that opens a socket", [manifest({}), handler("import socket\ndef handle(d, c):\n  socket.socket().connect(d)")]],
  ["one that runs text", [manifest({}), handler("def handle(d, c):\n  exec(d)")]],
  ["a model file", [manifest({ modelFile: "net.py" }), { name: "net.py", data: "__import__('os').system('x')" }]],
  ["a helper beside them", [manifest({}), handler("import util"), { name: "util.py", data: "eval('x')" }]],
  ["a source in UTF-7", [manifest({}), handler("# coding: utf-7\n+AG8AcwA-")]],
  ["a serialized file of any name", [manifest({ serializedFile: "weights.dat" }), { name: "weights.dat", data: HOSTILE }]],
  ["a handler outside of the archive", [manifest({ handler: "../../x.py" })]],
])("38: %s", async (_, parts) => {
  expect((await scanBytes("a.mar", buildZip(parts))).worst).toBe("critical");
  expect((await scanBytes("a.mar", gzipSync(buildTar(parts)))).worst).toBe("critical");
});

test("compiled modules are judged by the commands they name", async () => {
  const golden = JSON.parse(readFileSync(new URL("../../detectors/python-bytecode/testdata/code.json", import.meta.url), "utf8"));
  const compiled = (name: string) => bytesOf(0xa7, 0x0d, "\r\n", new Uint8Array(12), Buffer.from(golden["3.11"][name], "base64"));
  const scan = (data: Uint8Array) => scanBytes("a.mar", buildZip([manifest({ handler: "handler" }), { name: "handler.pyc", data }]));
  expect((await scan(compiled("import"))).worst).toBe("warning");
  expect((await scan(compiled("compute"))).outcome).toBe("clean");
  expect((await scan(compiled("import").subarray(0, -1))).outcome).toBe("inconclusive");
});

test("a short option with its value counts as well", async () => {
  const bytes = buildZip([manifest({ requirementsFile: "needs.txt" }), { name: "needs.txt", data: "-ihttp://example.org/simple\ntorch\n" }]);
  expect((await scanBytes("a.mar", bytes)).rules).toContain("S1280");
});

test("requirements from elsewhere are a warning", async () => {
  const bytes = buildZip([manifest({ requirementsFile: "needs.txt" }), { name: "needs.txt", data: "torch==2.0\nx @ git+https://example.org/x\n" }]);
  expect(await scanBytes("a.mar", bytes)).toMatchObject({ rules: ["S1280"], worst: "warning" });
  expect(
    foreignRequirements("# https://a.b\ntorch>=2\n--index-url https://a.b\n-r more.txt\nx @ https://a.b/x.whl # y\n--extra-index-url=http://a\n"),
  ).toHaveLength(3);
});

test("a manifest names files, and handlers of TorchServe's own", () => {
  expect(readManifest('{"model":{"handler":"h.py:entry","extraFiles":"a,b"}}')).toMatchObject({ handlerFile: "h.py", extraFiles: ["a", "b"] });
  expect(readManifest('{"model":{"handler":"image_classifier"}}').handlerFile).toBeUndefined();
  expect(readManifest("{").problem).toBeDefined();
});

test("bytes in front of a ZIP are not taken for a broken TAR", async () => {
  const zip = buildZip([{ name: "archive/data.pkl", data: HOSTILE }]);
  for (const front of ["\n", "junk".repeat(200)]) {
    const scanned = await scanBytes("a.pt", Buffer.concat([Buffer.from(front), zip]));
    expect([scanned.worst, scanned.outcome]).toEqual(["critical", "findings"]);
  }
});
