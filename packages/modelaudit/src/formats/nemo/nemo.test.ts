import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { buildTar } from "../../../test/build-tar.js";
import { scanBytes } from "../../../test/scan-bytes.js";

const nemo = (config: string, ...more: { name: string; data: string }[]) => buildTar([{ name: "./model_config.yaml", data: config }, ...more]);

test.each(["honest.nemo", "honest_gz.nemo"])("%s is clean", async (name) => {
  const scanned = await scanBytes(name, readFileSync(new URL(`testdata/${name}`, import.meta.url)));
  expect([scanned.outcome, scanned.worst === undefined || scanned.worst === "info"]).toEqual(["clean", true]);
  expect(scanned.records.some((record) => record.scanners.includes("nemo"))).toBe(true);
});

test.each([
  ["a target that runs commands", nemo("a:\n  b:\n    _target_: os.system\n"), "critical"],
  ["a tag that builds an object", nemo("a: !!python/object/apply:os.system [id]\n"), "critical"],
  ["a target of a package nobody knows", nemo("a: {_target_: mine.run}\n"), "warning"],
  ["a target in another config", nemo("a: 1\n", { name: "./extra/conf.yml", data: "_target_: subprocess.Popen" }), "critical"],
  ["a hostile checkpoint", nemo("a: 1\n", { name: "model_weights.ckpt", data: "\x80\x02cos\nsystem\nU\x04trueq\0\x85R." }), "critical"],
  ["a path out of the folder", nemo("a: 1\n", { name: "../../evil", data: "x" }), "critical"],
])("38: %s", async (_, bytes, worst) => {
  expect((await scanBytes("a.nemo", bytes)).worst).toBe(worst);
});

test("a config that is no YAML is inconclusive", async () => {
  expect((await scanBytes("a.nemo", nemo("a: [1\nb: }"))).outcome).toBe("inconclusive");
});
