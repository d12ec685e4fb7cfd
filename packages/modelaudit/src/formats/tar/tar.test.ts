import { describe, expect, test } from "vitest";
import { countingReader } from "../../io/counting-reader.js";
import { type TarPart, buildTar } from "../../../test/build-tar.js";
import { ELF, expectHonest, expectHonestFiles, newContext, text } from "../../../test/containers.js";
import { bytesOf, scanBytes } from "../../../test/scan-bytes.js";
import { drive } from "../../engine/drive.js";
import { bytesReader } from "../../io/reader.js";
import { openTarMember, readTar, tarNames } from "./parser.js";

const link = (name: string, target: string): TarPart => ({ name, type: "2", link: target });
const hard = (name: string, target: string): TarPart => ({ name, type: "1", link: target });
const base256 = (...high: number[]) => Uint8Array.from([...high, ...new Array(12 - high.length).fill(high[0] === 0xff ? 0xff : 0)]);
const long = `${"deep/".repeat(30)}model.txt`;

describe("honest archives", () => {
  const cases: [string, Uint8Array][] = [
    ["plain", buildTar([text("a.txt"), { name: "d/", type: "5" }, text("d/b.txt")])],
    ["dot prefixes", buildTar([{ name: "./", type: "5" }, text("./a.txt")])],
    ["a Hugging Face cache", buildTar([text("m/blobs/abc"), link("m/snapshots/1/config.txt", "../../blobs/abc")])],
    ["a link to a folder, and a member through it", buildTar([{ name: "real/", type: "5" }, link("l", "real"), text("l/a.txt")])],
    ["a hard link", buildTar([text("a.txt"), hard("b.txt", "a.txt")])],
    ["a pax long name", buildTar([{ ...text(long.slice(0, 100)), pax: { path: long, mtime: "1.5" } }])],
    ["a GNU long name", buildTar([{ ...text(long.slice(0, 100)), longName: long }])],
    ["a size above 8 GiB, where the plain field is 0", buildTar([{ name: "a", data: "", pax: { size: "0" } }])],
    ["no end mark", buildTar([text("a.txt")], { end: false })],
    ["more zeros than needed", buildTar([text("a.txt")], { tail: new Uint8Array(9000) })],
    ["a folder with a size and no data", buildTar([{ name: "d/", type: "5", size: 4096 }, text("d/a.txt")])],
  ];
  expectHonest("a.tar", cases);
});

describe("archives made by real tools", () => {
  expectHonestFiles(`${import.meta.dirname}/testdata`, async (_, bytes, name) => {
    if (!name.includes("sparse")) return;
    const archive = await drive(readTar(bytesReader(bytes), newContext()));
    const reader = openTarMember(archive, archive.entries[0]!);
    expect(reader.size).toBe(2 ** 20 + 3);
    expect(Buffer.from(await reader.read(0, 5)).toString()).toBe("start");
    expect(Buffer.from(await reader.read(2 ** 20 - 1, 4)).toString()).toBe("\0end");
  });
});

describe("members that leave", () => {
  const cases: [string, string[], TarPart[]][] = [
    ["traversal", ["S405"], [text("../../x")]],
    ["absolute", ["S405"], [text("/etc/cron.d/x")]],
    ["traversal by pax", ["S1313", "S405"], [{ ...text("ok.txt"), pax: { path: "../../x" } }]],
    ["traversal by GNU name", ["S405"], [{ ...text("ok.txt"), longName: "../../x" }]],
    ["link", ["S406"], [link("l", "/etc/passwd")]],
    ["relative link", ["S406"], [link("a/l", "../../x")]],
    ["link by pax", ["S406"], [{ ...link("l", "ok"), pax: { linkpath: "../x" } }]],
    ["hard link", ["S406"], [hard("h", "/etc/passwd")]],
    ["relative hard link", ["S406"], [hard("a/h", "../x")]],
    ["through a link", ["S405", "S406"], [link("l", ".."), text("l/x")]],
    ["by a link inside that another one bends", ["S406"], [link("a", "."), link("b", "a/a/.."), link("c", "b/../x")]],
    ["by a link through a folder that is a link", ["S406"], [{ name: "d/", type: "5" }, link("d/up", ".."), link("x", "d/up/../y")]],
    ["hard link through a link", ["S406"], [link("d", "."), hard("h", "d/../x")]],
    ["link with the other slash", ["S406"], [link("l", "..\\..\\x")]],
    ["hard link with the other slash", ["S406"], [hard("h", "..\\x")]],
    ["device", ["S1303"], [{ name: "d", type: "3" }]],
    ["pipe", ["S1303"], [{ name: "d", type: "6" }]],
    ["negative size", ["S1312"], [{ name: "a", size: base256(0xff) }]],
    ["size beyond any disk", ["S1312"], [{ name: "a", size: base256(0x80, 0x7f, 0xff, 0xff) }]],
  ];
  test.each(cases)("%s", async (_, rules, parts) => {
    const scanned = await scanBytes("a.tar", buildTar(parts));
    expect(scanned.rules).toEqual(rules);
    expect(scanned.worst).toBe("critical");
  });
});

describe("what readers disagree on", () => {
  const cases: [string, string[], Uint8Array][] = [
    ["duplicate", ["S1301"], buildTar([text("a.txt"), text("./a.txt", "other")])],
    ["duplicate spelt otherwise", ["S1301"], buildTar([text("d/a.txt"), text("d//./a.txt", "other")])],
    ["two sizes", ["S1313"], buildTar([{ name: "a.txt", data: new Uint8Array(1024), size: 0, pax: { size: "1024" } }])],
    ["set-id program", ["S1315"], buildTar([{ ...text("a.txt"), mode: 0o4755 }])],
    ["a second archive behind", ["S1314"], buildTar([text("a.txt")], { tail: buildTar([text("b.txt")]) })],
    ["other bytes behind", ["S1302"], buildTar([text("a.txt")], { tail: bytesOf("something") })],
    ["a bad checksum", ["S1302"], buildTar([text("a.txt"), { ...text("b.txt"), badChecksum: true }, text("c.txt")])],
  ];
  test.each(cases)("%s", async (_, rules, bytes) => {
    const scanned = await scanBytes("a.tar", bytes);
    expect(scanned.rules).toEqual(rules);
    expect(scanned.worst).toBe("warning");
  });
});

describe("content is found wherever it is", () => {
  const data = ELF;
  const cases: [string, Uint8Array][] = [
    ["member", buildTar([{ name: "a", data }])],
    ["unknown type", buildTar([{ name: "a", type: "Q", data }])],
    ["contiguous", buildTar([{ name: "a", type: "7", data }])],
    ["folder with data", buildTar([{ name: "a", type: "5", data }])],
    ["link with data", buildTar([{ name: "a", type: "2", link: "b", data }])],
    ["behind the end", buildTar([text("a.txt")], { tail: buildTar([{ name: "b", data }]) })],
    ["behind the end, no TAR", buildTar([text("a.txt")], { tail: ELF })],
    ["behind a bad checksum", buildTar([text("a.txt"), { ...text("b"), badChecksum: true }, { name: "c", data }])],
    ["member behind a bad checksum", buildTar([text("a.txt"), { name: "b", data, badChecksum: true }])],
    ["rest of the last block", Buffer.from(buildTar([text("a.txt")])).fill(ELF, 512 + 6, 512 + 6 + ELF.length)],
    ["value of a pax record", buildTar([{ ...text("a.txt"), pax: { comment: Buffer.from(ELF).toString("latin1") } }])],
    ["member without a name", buildTar([{ name: "", data }])],
    [
      "bytes that a sparse map leaves out",
      buildTar([{ name: "s", data: bytesOf("AB", new Uint8Array(40), ELF), pax: { "GNU.sparse.map": "0,2", "GNU.sparse.size": "2" } }]),
    ],
    ["with a size only pax knows", buildTar([{ name: "a", data, size: 0, pax: { size: String(ELF.length) } }])],
  ];
  test.each(cases)("%s", async (_, bytes) => {
    const scanned = await scanBytes("a.tar", bytes);
    expect(scanned.rules).toContain("S502");
    expect(scanned.worst).toBe("critical");
  });
});

test("an archive that ends inside a member is inconclusive", async () => {
  const scanned = await scanBytes("a.tar", buildTar([text("a.txt", "x".repeat(3000))]).subarray(0, 2000));
  expect(scanned.records[0]?.gaps.map((gap) => gap.reason)).toEqual(["cut-short"]);
});

test("in an image, absolute links and set-id programs are usual", async () => {
  const layer = buildTar([
    link("etc/awk", "/usr/bin/mawk"),
    link("bin", "usr/bin"),
    { ...text("bin/su"), mode: 0o4755 },
    { name: "dev/null", type: "3" },
  ]);
  const name = `blobs/sha256/${"a".repeat(64)}`;
  const scanned = await scanBytes("image.tar", buildTar([text("oci-layout", '{"imageLayoutVersion":"1.0.0"}'), { name, data: layer }]));
  expect(scanned.rules).toEqual(["S1320"]);
  expect(scanned.records.find((record) => record.path.endsWith("bin/su"))).toBeDefined();
});

test("headers are read, large members are not", async () => {
  const reader = countingReader(bytesReader(buildTar([{ name: "a", data: new Uint8Array(5_000_000) }, text("b")])));
  expect(await drive(tarNames(reader, newContext()))).toEqual(["a", "b"]);
  expect(reader.count).toBeLessThan(10_000);
});

describe("sparse files", () => {
  test.each([
    ["0.1", { "GNU.sparse.map": "4,2,10,1", "GNU.sparse.size": "12", "GNU.sparse.name": "s" }, "ABC"],
    [
      "1.0",
      { "GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "12", "GNU.sparse.name": "s" },
      `${"2\n4\n2\n10\n1\n".padEnd(512, "\0")}ABC`,
    ],
  ])("pax %s", async (_, pax, data) => {
    const archive = await drive(
      readTar(bytesReader(buildTar([{ name: "GNUSparseFile.1/s", data, pax: pax as unknown as Record<string, string> }])), newContext()),
    );
    const [entry] = archive.entries;
    expect(entry?.name).toBe("s");
    const reader = openTarMember(archive, entry!);
    expect(Buffer.from(await reader.read(0, reader.size)).toString("latin1")).toBe("\0\0\0\0AB\0\0\0\0C\0");
  });
});
