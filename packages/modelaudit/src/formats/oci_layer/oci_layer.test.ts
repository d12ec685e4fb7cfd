import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { buildTar } from "../../../test/build-tar.js";
import { bytesOf, scanBytes } from "../../../test/scan-bytes.js";
import type { Surroundings } from "../../engine/artifact.js";
import { bytesReader } from "../../io/reader.js";

const sha = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const around = (files: Record<string, Uint8Array>): Surroundings => ({
  look(path) {
    if (path.startsWith("../../..") || path.startsWith("/")) return { kind: "outside", target: path };
    const bytes = files[path];
    return bytes ? { kind: "file", size: bytes.length, open: () => bytesReader(bytes) } : { kind: "missing" };
  },
  names: () => Object.keys(files),
});

const layer = buildTar([{ name: "etc/awk", type: "2", link: "/usr/bin/mawk" }, { name: "bin/run", data: "#!/bin/sh\n" }, { name: "etc/.wh.motd" }]);
const packed = gzipSync(layer);
const manifest = (digest: string, size: number) =>
  bytesOf(JSON.stringify({ schemaVersion: 2, layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest, size }] }));

describe("a manifest is held against its blobs", () => {
  const honest = `sha256:${sha(packed)}`;
  test.each([
    ["honest", honest, packed.length, []],
    ["other bytes", `sha256:${"0".repeat(64)}`, packed.length, ["S1320"]],
    ["another size", honest, 5, ["S1321"]],
    ["no digest", "../../etc/passwd", 5, ["S1322"]],
  ])("%s", async (_, digest, size, rules) => {
    const blobs = around({ [`blobs/${digest.replace(":", "/")}`]: packed });
    const scanned = await scanBytes("index.json", manifest(digest, size), { around: blobs });
    expect(scanned.rules).toEqual(rules);
  });

  test("a layer outside", async () => {
    const scanned = await scanBytes("a.manifest", bytesOf(JSON.stringify({ layers: ["../../../x.tar.gz"] })), { around: around({}) });
    expect(scanned.rules).toEqual(["S405"]);
    expect(scanned.worst).toBe("critical");
  });

  test("a layer beside it is scanned", async () => {
    const bad = gzipSync(buildTar([{ name: "../../x", data: "x" }]));
    const scanned = await scanBytes("a.manifest", bytesOf(JSON.stringify({ layers: ["l.tar.gz"] })), { around: around({ "l.tar.gz": bad }) });
    expect(scanned.rules).toEqual(["S405"]);
  });
});

describe("layers", () => {
  test("in an image, absolute links and scripts are usual, compressed or not", async () => {
    for (const bytes of [layer, packed]) {
      const scanned = await scanBytes(`x/blobs/sha256/${sha(bytes)}`, bytes, { around: around({}) });
      expect(scanned.worst === undefined || scanned.worst === "info").toBe(true);
      expect(scanned.records.some((record) => record.path.endsWith("bin/run"))).toBe(true);
    }
  });

  test("in an image, names that climb are not", async () => {
    const bytes = gzipSync(buildTar([{ name: "../../x", data: "x" }]));
    expect((await scanBytes(`x/blobs/sha256/${sha(bytes)}`, bytes)).rules).toContain("S405");
  });

  test("a blob whose name is another digest", async () => {
    expect((await scanBytes(`x/blobs/sha256/${"a".repeat(64)}`, packed)).rules).toContain("S1320");
  });

  test("in a store of models, a blob of any format is held against its name", async () => {
    const model = Buffer.from("R0dVRgMAAAAAAAAAAAAAAAAAAAAAAAAA", "base64");
    expect((await scanBytes(`sha256-${sha(model)}`, model)).rules).toEqual([]);
    expect((await scanBytes(`sha256-${"a".repeat(64)}`, model)).rules).toEqual(["S1320"]);
  });

  test("docker-save", async () => {
    const save = (path: string) =>
      buildTar([
        { name: "manifest.json", data: JSON.stringify([{ Config: "c.json", Layers: [path] }]) },
        { name: "abc/json", data: "{}" },
        { name: "abc/layer.tar", data: layer },
      ]);
    expect((await scanBytes("i.tar", save("abc/layer.tar"))).worst ?? "info").toBe("info");
    expect((await scanBytes("i.tar", save("../../x.tar"))).rules).toContain("S405");
  });
});
