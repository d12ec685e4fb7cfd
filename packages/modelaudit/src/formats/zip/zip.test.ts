import { describe, expect, test } from "vitest";
import { countingReader } from "../../io/counting-reader.js";
import { deflateRawSync } from "node:zlib";
import { type ZipFields, type ZipPart, buildZip } from "../../../test/build-zip.js";
import { ELF, expectHonest, expectHonestFiles, gapsOf, newContext, text } from "../../../test/containers.js";
import { bytesOf, scanBytes } from "../../../test/scan-bytes.js";
import { crc32 } from "../../io/crc32.js";
import { drive } from "../../engine/drive.js";
import { bytesReader } from "../../io/reader.js";
import { readMember } from "./open-member.js";
import { readZip, zipNames } from "./parser.js";

describe("honest archives", () => {
  const cases: [string, Uint8Array][] = [
    ["stored", buildZip([text("a.txt"), text("folder/b.txt")])],
    ["deflated", buildZip([{ name: "a.txt", data: "text ".repeat(100), method: 8 }])],
    [
      "PyTorch's style",
      buildZip([
        { ...text("r/data.txt"), streamed: true },
        { ...text("r/version", "3\n"), streamed: true },
      ]),
    ],
    ["empty", buildZip([])],
    ["a comment", buildZip([text("a.txt")], { comment: "made by hand" })],
    ["a folder and a link inside", buildZip([{ name: "d/" }, { name: "d/link", data: "../a.txt", mode: 0o120777 }, text("a.txt")])],
    ["checksums left 0", buildZip([{ ...text("a.txt"), central: { crc: 0 }, local: { crc: 0 } }])],
    ["a line end behind", buildZip([text("a.txt")], { tail: bytesOf("\r\n") })],
    ["zeros between members", buildZip([text("a.txt"), { ...text("b.txt"), before: new Uint8Array(40) }])],
    ["the marks of a spanned archive", buildZip([text("a.txt")], { prefix: bytesOf("PK00"), shifted: true })],
    ["dots in names", buildZip([text("a/./b..txt"), text("c/../d.txt"), text("100%.txt"), text("x:0.txt")])],
  ];
  expectHonest("a.zip", cases);
});

describe("archives made by real tools", () => {
  expectHonestFiles(`${import.meta.dirname}/testdata`, ({ records }) => {
    for (const member of records.slice(1)) expect([member.path, member.formats]).toEqual([member.path, ["text"]]);
  });
});

describe("what readers disagree on", () => {
  const cases: [string, string[], Uint8Array][] = [
    ["hidden member", ["S1305"], buildZip([text("a.txt"), { ...text("b.txt"), listed: false }])],
    ["hidden streamed member", ["S1305"], buildZip([text("a.txt"), { ...text("b.txt"), listed: false, streamed: true }])],
    ["another name", ["S1310"], buildZip([{ ...text("a.txt"), local: { name: "b.txt" } }])],
    ["another method", ["S1310"], buildZip([{ ...text("a.txt"), local: { method: 8 } }])],
    ["another size", ["S1310"], buildZip([{ ...text("a.txt"), local: { size: 5 } }])],
    ["flags in the local header", ["S1310"], buildZip([{ ...text("a.txt"), local: { flags: 1 } }])],
    ["duplicate", ["S1301"], buildZip([text("a.txt"), text("a.txt", "other")])],
    ["wrong checksum", ["S1306"], buildZip([{ ...text("a.txt"), central: { crc: 1 }, local: { crc: 1 } }])],
    ["false encryption", ["S1307", "S1310"], buildZip([{ ...text("a.txt"), central: { flags: 1 } }])],
    ["something in front", ["S1302"], buildZip([text("a.txt")], { prefix: bytesOf(0xee, 2, 3, 4, 5), shifted: true })],
    ["something behind", ["S1302"], buildZip([text("a.txt")], { tail: bytesOf("\x01\x02\x03\x04") })],
    ["a second end", ["S1305", "S1308", "S902", "S908"], buildZip([text("a.txt")], { tail: buildZip([]) })],
    [
      "an archive in the comment",
      ["S1302", "S1305", "S1308", "S902"],
      buildZip([text("a.txt")], { comment: Buffer.from(buildZip([text("b.txt")])).toString("latin1") }),
    ],
    ["a count that lies", ["S902"], buildZip([text("a.txt"), text("b.txt")], { count: 1 })],
    ["a directory that points nowhere", ["S1302", "S902"], buildZip([text("a.txt")]).map((byte, at) => (at === 0 ? 0xee : byte))],
  ];
  test.each(cases)("%s", async (name, rules, bytes) => {
    const scanned = await scanBytes("a.zip", bytes);
    expect(scanned.rules).toEqual(rules.toSorted());
    expect(scanned.worst).toBe(/^another/.test(name) ? "critical" : "warning");
  });

  test("names that differ in case are noted only", async () => {
    const scanned = await scanBytes("a.zip", buildZip([text("W.txt"), text("w.txt", "other")]));
    expect([scanned.rules, scanned.worst]).toEqual([["S1311"], "info"]);
  });
});

describe("names and links that leave", () => {
  const names = [
    "../x",
    "a/../../x",
    "/etc/x",
    "..\\x",
    "C:\\x",
    "\\\\server\\x",
    "a\0b",
    "%2e%2e/x",
    "..%2fx",
    "\uff0e\uff0e\uff0fx",
    "a/.. /.. /x",
    "%c0%ae%c0%ae%c0%afx",
  ];
  test.each(names)("%j", async (name) => {
    const scanned = await scanBytes("a.zip", buildZip([text(name)]));
    expect(scanned.rules).toEqual(["S405"]);
    expect(scanned.worst).toBe("critical");
  });

  test("in the local header only", async () => {
    expect((await scanBytes("a.zip", buildZip([{ ...text("a.txt"), local: { name: "../a.txt" } }]))).rules).toEqual(["S1310", "S405"]);
  });

  test.each([
    ["/etc/passwd", ["S406"]],
    ["../../x", ["S406"]],
    ["../x", []],
  ])("a link to %s", async (target, rules) => {
    expect((await scanBytes("a.zip", buildZip([{ name: "d/link", data: target, mode: 0o120777 }]))).rules).toEqual(rules);
  });

  const L = 0o120777;
  test.each([
    [
      "from link to link",
      [
        { name: "a", data: ".", mode: L },
        { name: "a/b", data: "..", mode: L },
      ],
      ["S406"],
    ],
    ["by a member behind a link", [{ name: "d/l", data: "..", mode: L }, text("d/l/../x.txt")], ["S405"]],
    ["never", [{ name: "d/l", data: "..", mode: L }, text("d/l/x.txt")], []],
  ] as [string, ZipPart[], string[]][])("%s", async (_, parts, rules) => {
    expect((await scanBytes("a.zip", buildZip(parts))).rules).toEqual(rules);
  });

  test.each(["extra", "local"])("in the Unicode path of the %s", async (where) => {
    const path = bytesOf(0x75, 0x70, 9, 0, 1, 0, 0, 0, 0, "../x");
    const fields = { extra: path };
    expect(
      (await scanBytes("a.zip", buildZip([{ ...text("a.txt"), ...(where === "local" ? { local: fields } : { central: fields }) }]))).rules,
    ).toEqual(["S405"]);
  });

  test("what Info-ZIP read from a pipe is a file, a pipe is none", async () => {
    expect((await scanBytes("a.zip", buildZip([{ ...text("-"), mode: 0o010600 }]))).rules).toEqual([]);
    expect((await scanBytes("a.zip", buildZip([{ name: "p", mode: 0o010600 }]))).rules).toEqual(["S1303"]);
  });

  test("a device", async () => {
    expect((await scanBytes("a.zip", buildZip([{ name: "d", mode: 0o060644 }]))).rules).toEqual(["S1303"]);
  });
});

/** An extra field of a number that nobody uses. */
const field = (data: Uint8Array) => bytesOf(0x77, 0x77, data.length, 0, data);
const both = (fields: Partial<ZipFields>) => ({ local: fields, central: fields });
/** `hello` and a line end, by bzip2. */
const BZIP2 = Buffer.from("QlpoOTFBWSZTWcHAgOIAAAFBAAAQAkSgADDNAMNGKZcXckU4UJDBwIDi", "base64");

describe("hidden content is found wherever it is", () => {
  const deflated = { method: 8, size: 5, crc: 0x3610a686 };
  const inside: [string, Uint8Array][] = [
    ["member", buildZip([{ name: "a", data: ELF }])],
    ["deflated member", buildZip([{ name: "a", data: ELF, method: 8 }])],
    ["unlisted member", buildZip([text("a.txt"), { name: "b", data: ELF, listed: false }])],
    ["unlisted deflated streamed member", buildZip([text("a.txt"), { name: "b", data: ELF, method: 8, listed: false, streamed: true }])],
    ["first of two duplicates", buildZip([{ name: "a", data: ELF }, text("a")])],
    ["second of two duplicates", buildZip([text("a"), { name: "a", data: ELF }])],
    ["falsely encrypted member", buildZip([{ name: "a", data: ELF, central: { flags: 1 }, local: { flags: 1 } }])],
    ["falsely encrypted deflated member", buildZip([{ name: "a", data: ELF, method: 8, central: { flags: 1 }, local: { flags: 1 } }])],
    ["member with a wrong checksum", buildZip([{ name: "a", data: ELF, central: { crc: 7 }, local: { crc: 7 } }])],
    ["gap", buildZip([text("a.txt"), { ...text("b.txt"), before: ELF }])],
    ["tail", buildZip([text("a.txt")], { tail: ELF })],
    [
      "archive in an archive",
      buildZip([{ name: "a.zip", data: buildZip([{ name: "b.zip", data: buildZip([{ name: "c", data: ELF }]), method: 8 }]) }]),
    ],
    ["archive without a directory", buildZip([{ name: "a", data: ELF }]).subarray(0, 31 + ELF.length)],
    [
      "archive whose directory was cut off, streamed",
      buildZip([
        { name: "a", data: ELF, streamed: true },
        { ...text("b"), streamed: true },
      ]).subarray(0, -80),
    ],
    ["rest of a compressed member", buildZip([{ name: "a", data: bytesOf(deflateRawSync("hello"), ELF), local: deflated, central: deflated }])],
    ["folder with bytes", buildZip([{ name: "a/", data: ELF }])],
    ["comment of a member", buildZip([{ ...text("a.txt"), central: { note: ELF } }])],
    ["extra field of the directory", buildZip([{ ...text("a.txt"), central: { extra: field(ELF) } }])],
    ["extra field of a member", buildZip([{ ...text("a.txt"), local: { extra: field(ELF) } }])],
    ["member as its local header has it", buildZip([{ name: "a", data: deflateRawSync(ELF), local: { method: 8, size: ELF.length } }])],
    [
      "rest of a bzip2 member",
      buildZip([{ name: "a", data: bytesOf(BZIP2, ELF), ...both({ method: 12, size: 6, crc: crc32(bytesOf("hello\n")) }) }]),
    ],
    [
      "falsely encrypted member of a false size",
      buildZip([{ name: "a", data: deflateRawSync(ELF), ...both({ method: 8, flags: 1, size: 7, crc: crc32(ELF) }) }]),
    ],
    ["archive behind other bytes", bytesOf("junk that is nothing\x01\x02", buildZip([{ name: "a", data: ELF }]))],
  ];
  test.each(inside)("%s", async (_, bytes) => {
    const scanned = await scanBytes("a.zip", bytes);
    expect(scanned.rules).toContain("S502");
    expect(scanned.worst).toBe("critical");
  });
});

test("the last part of a split archive says so, and nothing else", async () => {
  const bytes = Buffer.from(buildZip([text("a.txt"), { ...text("b.txt"), before: new Uint8Array(9) }]).subarray(36));
  bytes.writeUInt16LE(1, bytes.length - 18);
  const scanned = await scanBytes("a.zip", bytes);
  expect(scanned.rules).toEqual([]);
  expect(gapsOf(scanned)).toContain("split-archive");
});

describe("what cannot be read is not clean", () => {
  const cases: [string, string, Uint8Array][] = [
    ["encrypted", "encrypted-member", buildZip([{ ...text("a.txt"), central: { flags: 1, crc: 5 }, local: { flags: 1, crc: 5 } }])],
    ["unknown method", "unsupported-compression", buildZip([{ ...text("a.txt"), method: 97 }])],
    [
      "damaged",
      "damaged-member",
      buildZip([{ name: "a.txt", data: bytesOf(0xff, 0xff, 0xff), method: 0, central: { method: 8 }, local: { method: 8 } }]),
    ],
    ["cut off", "no-directory", buildZip([text("a.txt", "hello\n".repeat(50))]).subarray(0, 100)],
  ];
  test.each(cases)("%s", async (_, reason, bytes) => {
    const scanned = await scanBytes("a.zip", bytes);
    expect(scanned.records[0]?.gaps.map((gap) => gap.reason)).toContain(reason);
    expect(scanned.outcome).toBe("inconclusive");
  });

  test("a stream longer than its member says is reported, and what is too much is not kept", async () => {
    const data = deflateRawSync(Buffer.alloc(50_000_000));
    const lying = { method: 8, size: 10 };
    const scanned = await scanBytes("a.zip", buildZip([{ name: "a", data, local: lying, central: lying }]));
    expect(scanned.records[0]?.gaps[0]?.message).toMatch(/where 10 are declared|more than/);
    expect(scanned.records[1]?.size).toBeLessThan(2_000_000);
  });
});

describe("bombs", () => {
  test("two members over the same bytes overlap", async () => {
    const inner = buildZip([text("x.txt")]).subarray(0, 30 + 5 + 6);
    // The first member's data holds the second's local header: the directory lists both.
    const bytes = buildZip([
      { name: "a.txt", data: inner },
      { ...text("x.txt"), sameAs: 0 },
    ]);
    const view = Buffer.from(bytes);
    const second = view.lastIndexOf("PK\x01\x02");
    view.writeUInt32LE(35, second + 42);
    const scanned = await scanBytes("a.zip", view);
    expect(scanned.rules).toContain("S1309");
    expect(scanned.worst).toBe("critical");
  });

  test("one member of zeros is no bomb, and is not expanded to look at it", async () => {
    const scanned = await scanBytes("a.zip", buildZip([{ name: "zeros.bin", data: new Uint8Array(200_000_000), method: 8 }]));
    expect(scanned.rules).toEqual([]);
    expect(gapsOf(scanned)).toEqual([]);
    expect(scanned.records[1]?.size).toBe(200_000_000);
  });

  test("zeros in an archive in an archive are one", async () => {
    const inner = buildZip([{ name: "zeros.bin", data: new Uint8Array(200_000_000), method: 8 }]);
    const scanned = await scanBytes("a.zip", buildZip([{ name: "inner.zip", data: inner, method: 8 }]));
    expect(scanned.rules).toEqual(["S410"]);
  });

  test("a nest deeper than any honest one ends with a finding", async () => {
    let bytes: Uint8Array = buildZip([text("a.txt")]);
    for (let level = 0; level < 1000; level++) bytes = buildZip([{ name: "n.zip", data: bytes }]);
    const scanned = await scanBytes("a.zip", bytes);
    expect(scanned.rules).toEqual(["S1304"]);
    expect(gapsOf(scanned)).toEqual(["limit-depth"]);
  });
});

describe("reading", () => {
  test("a program that holds the signature of an end record is no archive", async () => {
    const program = new Uint8Array([...bytesOf("\xcb\x0d\x0d\x0a"), ...new Uint8Array(40), ...buildZip([]), ...bytesOf("code ".repeat(20))]);
    expect((await scanBytes("zipimport.pyc", program)).records[0]?.formats).toEqual([]);
  });

  const context = newContext();
  const whole = buildZip([
    { name: "config.json", data: '{"a":1}', method: 8 },
    { name: "big", data: new Uint8Array(3_000_000) },
  ]);

  test("only headers are read of large members", async () => {
    const reader = countingReader(bytesReader(whole));
    const archive = await drive(readZip(reader, context));
    expect(archive.entries.map((entry) => entry.name)).toEqual(["config.json", "big"]);
    expect(reader.count).toBeLessThan(1000);
    expect(await drive(zipNames(reader, context))).toEqual(["config.json", "big"]);
    expect(new TextDecoder().decode(await drive(readMember(archive, archive.entries[0]!, context)))).toBe('{"a":1}');
  });

  test("a slice whose offsets count from the start of the outer file is read", async () => {
    const outer = buildZip([text("a.txt")], { prefix: new Uint8Array(100), shifted: true });
    expect(await drive(zipNames(bytesReader(outer.subarray(100)), context))).toEqual(["a.txt"]);
  });

  test("siblings are found by path, and never outside", async () => {
    const archive = buildZip([text("m/a.json"), text("m/sub/b.bin")]);
    const scanned = await scanBytes("a.zip", archive);
    expect(scanned.records.map((record) => record.path)).toEqual(["a.zip", "a.zip!/m/a.json", "a.zip!/m/sub/b.bin"]);
  });
});
