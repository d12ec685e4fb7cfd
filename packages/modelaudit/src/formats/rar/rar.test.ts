import { expect, test } from "vitest";
import { bytesOf, scanBytes } from "../../../test/scan-bytes.js";
import { crc32 } from "../../io/crc32.js";

// No tool here can write RAR: archives are built as the format's description says. The parsers were also held to the
// archives of the `rarfile` package, which the real program made.
const EVIL = bytesOf("cposix\nsystem\n(S'echo fixture'\ntR.");
const CONFIG = bytesOf('{"model_type": "bert", "hidden_size": 768}');

function vint(value: number): number[] {
  const out: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    out.push((rest % 128) | (rest >= 128 ? 0x80 : 0));
    if (rest < 128) return out;
  }
}

const u16 = (value: number) => [value & 255, (value >> 8) & 255];
const u32 = (value: number) => [...u16(value & 0xffff), ...u16(value >>> 16)];

/** A block of version 5. */
function block5(type: number, flags: number, fields: number[], data: Uint8Array = new Uint8Array(0), extra: number[] = []): Uint8Array {
  const all = flags | (extra.length ? 1 : 0) | (data.length ? 2 : 0);
  const body = [
    ...vint(type),
    ...vint(all),
    ...(extra.length ? vint(extra.length) : []),
    ...(data.length ? vint(data.length) : []),
    ...fields,
    ...extra,
  ];
  const header = Uint8Array.from([...vint(body.length), ...body]);
  return bytesOf(Uint8Array.from(u32(crc32(header))), header, data);
}

interface File {
  name: string;
  data?: Uint8Array;
  method?: number;
  flags?: number;
  extra?: number[];
  folder?: boolean;
  type?: number;
}

const text = (value: string) => [...new TextEncoder().encode(value)];
function file5({ name, data, method = 0, flags = 0, extra, folder, type = 2 }: File): Uint8Array {
  const bytes = text(name);
  const fields = [
    ...vint(folder ? 1 : 0),
    ...vint(data?.length ?? 0),
    ...vint(0o100644),
    ...vint(method << 7),
    ...vint(1),
    ...vint(bytes.length),
    ...bytes,
  ];
  return block5(type, flags, fields, data, extra);
}
const record = (type: number, ...fields: number[]) => [...vint(fields.length + 1), type, ...fields];
const link5 = (name: string, target: string, kind = 1) => file5({ name, extra: record(5, kind, 0, ...vint(target.length), ...text(target)) });
const MARK5 = bytesOf("Rar!\x1a\x07\x01\x00");
const END5 = block5(5, 0, [0]);
const rar5 = (...blocks: Uint8Array[]) => bytesOf(MARK5, block5(1, 0, [0]), ...blocks, END5);

/** A block of version 4. */
function block4(type: number, flags: number, fields: number[], data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const header = Uint8Array.from([type, ...u16(flags), ...u16(7 + fields.length), ...fields]);
  return bytesOf(Uint8Array.from(u16(crc32(header))), header, data);
}
function file4(name: string, data: Uint8Array, { method = 0x30, flags = 0x8000, mode = 0o100644 } = {}): Uint8Array {
  const bytes = [...Buffer.from(name, "latin1")];
  const fields = [...u32(data.length), ...u32(data.length), 3, ...u32(crc32(data)), ...u32(0), 29, method, ...u16(bytes.length), ...u32(mode)];
  return block4(0x74, flags, [...fields, ...bytes], data);
}
const rar4 = (...blocks: Uint8Array[]) => bytesOf("Rar!\x1a\x07\x00", block4(0x73, 0, [0, 0, 0, 0, 0, 0]), ...blocks, block4(0x7b, 0x4000, []));

test.each([
  ["5, stored", rar5(file5({ name: "config.json", data: CONFIG }))],
  [
    "5, a folder and a link inside",
    rar5(file5({ name: "model", folder: true }), file5({ name: "model/config.json", data: CONFIG }), link5("model/link", "../model/config.json")),
  ],
  ["4, stored", rar4(file4("config.json", CONFIG))],
  ["4, a link inside", rar4(file4("a/config.json", CONFIG), file4("a/link", bytesOf("config.json"), { mode: 0o120777 }))],
])("%s: clean", async (_, bytes) => {
  const scanned = await scanBytes("model.rar", bytes);
  expect([scanned.outcome, scanned.rules]).toEqual(["clean", []]);
});

test.each([
  ["5, a pickle", rar5(file5({ name: "m.pkl", data: EVIL })), "S101"],
  ["4, a pickle", rar4(file4("m.pkl", EVIL)), "S101"],
  [
    "4, a pickle behind 64-bit sizes",
    rar4(
      block4(
        0x74,
        0x8100,
        [...u32(EVIL.length), ...u32(EVIL.length), 3, ...u32(0), ...u32(0), 29, 0x30, 5, 0, ...u32(0), ...u32(0), ...u32(0), ...text("m.pkl")],
        EVIL,
      ),
    ),
    "S101",
  ],
  ["5, a name that climbs", rar5(file5({ name: "../../etc/cron.d/x", data: CONFIG })), "S405"],
  ["5, a Windows name that climbs", rar5(file5({ name: "..\\..\\x", data: CONFIG })), "S405"],
  ["5, an absolute name", rar5(file5({ name: "/etc/passwd", data: CONFIG })), "S405"],
  ["5, an alternate stream that climbs", rar5(file5({ name: "STM", type: 3, data: CONFIG, extra: record(7, ...text(":..\\..\\x.bat")) })), "S405"],
  ["4, a name that climbs", rar4(file4("../x", CONFIG)), "S405"],
  ["4, a Unicode name that climbs", rar4(file4("xxxx\0\0\0\x2e\x2e\x2f\x78", CONFIG, { flags: 0x8200 })), "S405"],
  ["5, a link that leads out", rar5(link5("l", "../../etc")), "S406"],
  ["5, a junction", rar5(link5("l", "\\??\\C:\\Users", 3)), "S406"],
  ["5, a hard link that leads out", rar5(link5("l", "../x", 4)), "S406"],
  ["4, a link that leads out", rar4(file4("l", bytesOf("/etc/passwd"), { mode: 0o120777 })), "S406"],
  ["5, a member through a link", rar5(link5("l", ".."), file5({ name: "l/x", data: CONFIG })), "S405"],
  ["5, the same name twice", rar5(file5({ name: "a.json", data: CONFIG }), file5({ name: "a.json", data: CONFIG })), "S1301"],
  ["5, a pickle behind the end", bytesOf(rar5(file5({ name: "config.json", data: CONFIG })), "\x80\x04", EVIL), "S1302"],
])("%s: found", async (_, bytes, rule) => {
  expect((await scanBytes("model.rar", bytes)).rules).toContain(rule);
});

test.each([
  ["5, compressed", rar5(file5({ name: "m.pkl", data: EVIL, method: 3 })), ["unsupported-compression"]],
  ["5, encrypted", rar5(file5({ name: "m.pkl", data: EVIL, extra: record(1, 0, 0) })), ["encrypted-member"]],
  ["5, all encrypted", bytesOf(MARK5, block5(4, 0, [0, 0, 15])), ["encrypted-member"]],
  ["4, compressed", rar4(file4("m.pkl", EVIL, { method: 0x33 })), ["unsupported-compression"]],
  ["4, encrypted", rar4(file4("m.pkl", EVIL, { flags: 0x8004 })), ["encrypted-member"]],
  ["4, all encrypted", bytesOf("Rar!\x1a\x07\x00", block4(0x73, 0x80, [0, 0, 0, 0, 0, 0]), "????"), ["encrypted-member"]],
])("%s: a warning, and not vouched for", async (_, bytes, reasons) => {
  const { rules, worst, records } = await scanBytes("model.rar", bytes);
  expect([rules, worst, records.flatMap((record) => record.gaps.map((gap) => gap.reason))]).toEqual([["S1330"], "warning", reasons]);
});

test.each([
  ["5", rar5(file5({ name: "config.json", data: CONFIG }))],
  ["4", rar4(file4("config.json", CONFIG))],
])("version %s cut anywhere is never clean, and never breaks the scanner", async (version, bytes) => {
  for (let length = 9; length < bytes.length; length++) {
    const { outcome, records } = await scanBytes("model.rar", bytes.subarray(0, length));
    expect(records.every((record) => record.failure === undefined)).toBe(true);
    // Version 4 has archives without an end block, so a cut between blocks cannot be seen.
    const between = version === "4" && [20, bytes.length - 7].includes(length);
    if (!between) expect([length, outcome === "clean"]).toEqual([length, false]);
  }
});

test("what lies in a block without a file, or behind a broken one, is scanned", async () => {
  const mark = bytesOf("Rar!\x1a\x07\x01\0", block5(1, 0, [0]));
  const comment = file5({ name: "CMT", data: EVIL, type: 3 });
  const end = block5(5, 0, [0]);
  for (const bytes of [bytesOf(mark, comment, end), bytesOf(mark, file5({ name: "a.txt", data: CONFIG }), EVIL, end)]) {
    const { rules, worst } = await scanBytes("a.rar", bytes);
    expect([rules.includes("S101"), worst]).toEqual([true, "critical"]);
  }
});
