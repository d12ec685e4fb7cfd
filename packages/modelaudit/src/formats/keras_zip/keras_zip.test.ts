import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sparseReader } from "../../../test/sparse-reader.js";
import { buildZip, type ZipPart } from "../../../test/build-zip.js";
import { bytesOf, scanBytes } from "../../../test/scan-bytes.js";
import type { Reader } from "../../io/reader.js";

/** Written by Keras, see scripts/fixtures/keras_archives.py. */
const folder = new URL("testdata/", import.meta.url);
const golden = (name: string) => new Uint8Array(readFileSync(new URL(`${name}.keras`, folder)));
const facts = JSON.parse(readFileSync(new URL("facts.json", folder), "utf8")) as Record<string, { keras_version: string; parameters: number }>;
const bytecode = JSON.parse(readFileSync(new URL("../../detectors/python-bytecode/testdata/code.json", import.meta.url), "utf8"))["3.11"].import;

const layer = (class_name: string, config: object, more: object = {}) => ({
  module: "keras.layers",
  class_name,
  config,
  registered_name: null,
  ...more,
});
const lambda = layer("Lambda", { function: { class_name: "__lambda__", config: { code: bytecode, defaults: null, closure: null } } });
const config = (...layers: object[]): ZipPart => ({
  name: "config.json",
  data: JSON.stringify({ module: "keras", class_name: "Sequential", config: { name: "s", layers }, registered_name: null }),
});
const honest = config(layer("Dense", { units: 3 }));
const hostile = config(lambda);
const metadata: ZipPart = { name: "metadata.json", data: '{"keras_version": "3.15.1", "date_saved": "2026-01-01"}' };
const weights: ZipPart = {
  name: "model.weights.h5",
  data: readFileSync(new URL("../keras_h5/testdata/honest-config-fixed-latest.h5", import.meta.url)),
};
const bomb: ZipPart = { name: "model.weights.h5", data: readFileSync(new URL("../keras_h5/testdata/hostile-bomb-latest.h5", import.meta.url)) };
const PICKLE = "cposix\nsystem\n(S'true'\ntR.";
const scan = (bytes: Uint8Array | Reader) => scanBytes("model.keras", bytes);

describe("archives that Keras wrote", () => {
  test.each(Object.keys(facts))("%s is clean", async (name) => {
    const { outcome, rules, records } = await scan(golden(name));
    expect([outcome, rules]).toEqual(["clean", []]);
    expect(records[0]).toMatchObject({ formats: ["keras_zip"], metadata: { keras_version: facts[name]?.keras_version } });
    expect(records.find((record) => record.formats.includes("keras_h5"))?.metadata).toMatchObject({ parameters: facts[name]?.parameters });
  });
  test("what the loader must bring along is told", async () => {
    const { records } = await scan(golden("custom"));
    expect(records.find((record) => record.formats.includes("keras_config"))?.metadata).toMatchObject({ custom_objects: ["Fixtures>Own"] });
  });
  test("one cut short is inconclusive", async () => {
    const whole = golden("dense");
    for (const part of [0.4, 0.7, 0.95]) expect((await scan(whole.subarray(0, Math.floor(whole.length * part)))).outcome).toBe("inconclusive");
  });
});

describe("hostile archives", () => {
  test.each<[string, ZipPart[], string, string]>([
    ["Lambda code", [hostile, metadata, weights], "S1103", "critical"],
    ["without metadata", [hostile, weights], "S1103", "critical"],
    ["without weights", [hostile, metadata], "S1103", "critical"],
    ["weights in several files", [hostile, { name: "model.weights.json", data: "{}" }], "S1103", "critical"],
    ["a second config", [honest, hostile, metadata, weights], "S1103", "critical"],
    ["a first config", [hostile, honest, metadata, weights], "S1103", "critical"],
    ["a config that no directory lists", [honest, { ...hostile, listed: false }, metadata, weights], "S1103", "critical"],
    ["a config of another name in its own header", [{ ...hostile, local: { name: "notes.txt" } }, metadata, weights], "S1103", "critical"],
    ["a config behind ./", [{ ...hostile, name: "./config.json" }, metadata, weights], "S1103", "critical"],
    ["a config in capitals", [{ ...hostile, name: "Config.JSON" }, metadata, weights], "S1103", "critical"],
    ["a compressed config", [{ ...hostile, method: 8 }, metadata, weights], "S1103", "critical"],
    ["a shape bomb in the weights", [honest, metadata, bomb], "S1404", "warning"],
    ["a bomb in one of several files", [honest, metadata, { ...bomb, name: "model_00001.weights.h5" }], "S1404", "warning"],
    ["a pickle among the assets", [honest, metadata, weights, { name: "assets/vocabulary.txt", data: PICKLE }], "S101", "critical"],
    ["a member outside", [honest, metadata, weights, { name: "../../evil.txt", data: "x" }], "S405", "critical"],
  ])("%s", async (_, parts, rule, severity) => {
    const { rules, worst } = await scan(buildZip(parts));
    expect(rules).toContain(rule);
    expect(worst).toBe(severity);
  });
  test("a pickle behind the archive", async () => {
    expect((await scan(bytesOf(golden("dense"), PICKLE))).worst).toBe("critical");
  });
  test("a config that is no JSON is an alarm", async () => {
    expect((await scan(buildZip([{ ...honest, data: "{" }, metadata, weights]))).rules).toContain("S902");
  });
});

test("weights are skipped, not read", async () => {
  const size = 200 * 2 ** 20;
  // One stored member of zeros between the others, which are read at their own places.
  const head = buildZip([honest, metadata, { name: "model.weights.h5", data: "", local: { packed: size, size }, central: { packed: size, size } }]);
  const at = head.length - directoryLength(head);
  const tail = Uint8Array.from(head.subarray(at));
  new DataView(tail.buffer).setUint32(tail.length - 6, at + size, true);
  const reader = sparseReader(head.length + size, [
    [0, head.subarray(0, at)],
    [at + size, tail],
  ]);
  expect((await scan(reader)).bytesRead).toBeLessThan(2 ** 20);
});

/** Bytes of the directory and the end record. */
function directoryLength(archive: Uint8Array): number {
  return archive.length - new DataView(archive.buffer, archive.byteOffset).getUint32(archive.length - 6, true);
}
