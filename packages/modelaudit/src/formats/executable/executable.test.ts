import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { buildZip } from "../../../test/build-zip.js";
import { ELF } from "../../../test/containers.js";
import { bytesOf, scanBytes } from "../../../test/scan-bytes.js";
import { drive } from "../../engine/drive.js";
import { bytesReader } from "../../io/reader.js";
import { interpreterOf, programKind } from "./header.js";
import { readProgram } from "./parser.js";

const pe = new Uint8Array(512);
pe.set(bytesOf("MZ"));
pe[60] = 128;
pe.set(bytesOf("PE\0\0", 0x64, 0x86, 1, 0, new Uint8Array(12), 240, 0, 0, 0, 0x0b, 0x02), 128);
const MACHO = bytesOf(0xcf, 0xfa, 0xed, 0xfe, 7, 0, 0, 1, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0, new Uint8Array(40));
const FAT = bytesOf(0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 1, 1, 0, 0, 7, 0, 0, 0, 3, 0, 0, 0, 64, 0, 0, 0, 8, 0, 0, 0, 12, new Uint8Array(60));
const WASM = bytesOf("\0asm", 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0);
const SHELL = bytesOf("#!/bin/sh\necho hello\n");

describe("programs are known by their whole header", () => {
  test.each([
    ["ELF", ELF, "elf"],
    ["PE", pe, "pe"],
    ["Mach-O", MACHO, "macho"],
    ["fat Mach-O", FAT, "macho-fat"],
    ["WebAssembly", WASM, "wasm"],
    ["shell script", SHELL, "script"],
    ["env script", bytesOf("#!/usr/bin/env -S perl -w\n"), "script"],
    ["Python script, judged elsewhere", bytesOf("#!/usr/bin/env python3\n"), undefined],
    ["two letters", bytesOf("MZ", new Uint8Array(200)), undefined],
    ["four bytes", bytesOf("\x7fELF", new Uint8Array(200).fill(7)), undefined],
    ["a Java class", bytesOf(0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 52, 0, 20, new Uint8Array(60)), undefined],
    ["a comment", bytesOf("#! not a path\n"), undefined],
    ["text", bytesOf("# heading\n"), undefined],
  ])("%s", (_, bytes, kind) => {
    expect(programKind(bytes, bytes.length)).toBe(kind);
  });

  test("random bytes behind each magic are no program", () => {
    let seed = 1;
    const random = () => {
      seed = (seed * 48271) % 2147483647;
      return seed & 0xff;
    };
    for (const magic of ["\x7fELF", "MZ", "\xcf\xfa\xed\xfe", "\xca\xfe\xba\xbe", "\0asm"]) {
      for (let i = 0; i < 2000; i++) expect(programKind(bytesOf(magic, Uint8Array.from({ length: 252 }, random)), 1e6)).toBeUndefined();
    }
  });

  test("the running program itself, and where it ends", async () => {
    const node = readFileSync("/bin/ls");
    const program = await drive(readProgram(bytesReader(node)));
    expect(program?.end).toBe(node.length);
  });

  test("interpreters", () => {
    expect(interpreterOf(bytesOf("#!/usr/bin/env A=1 bash\n"))).toBe("bash");
    expect(interpreterOf(bytesOf("#! /bin/zsh -e\n"))).toBe("zsh");
  });
});

describe("where it stands decides", () => {
  test.each([
    ["a.so", ELF, "info"],
    ["tool", ELF, "info"],
    ["model.pt", ELF, "warning"],
    ["run.sh", SHELL, "info"],
  ])("alone as %s: %s", async (name, bytes, worst) => {
    const scanned = await scanBytes(name, bytes);
    expect([scanned.records[0]?.findings.filter((one) => one.rule === "S1327").map((one) => one.severity)]).toEqual([[worst]]);
  });

  test.each([
    ["ELF", ELF, ["S502"], "critical"],
    ["PE", pe, ["S501"], "critical"],
    ["Mach-O", MACHO, ["S503"], "critical"],
    ["WebAssembly", WASM, ["S509"], "warning"],
    ["shell script", SHELL, ["S504"], "warning"],
  ])("%s inside an archive", async (_, data, rules, worst) => {
    const scanned = await scanBytes("a.zip", buildZip([{ name: "x", data }]));
    expect([scanned.rules, scanned.worst]).toEqual([rules, worst]);
  });

  test.each(["run.sh", "node_modules/x/cli.js", "package/bin/tool"])("a script that is named like one is noted: %s", async (name) => {
    const scanned = await scanBytes("a.zip", buildZip([{ name, data: SHELL }]));
    expect([scanned.rules, scanned.worst]).toEqual([["S504"], "info"]);
    expect((await scanBytes("a.zip", buildZip([{ name: "bin/weights.dat", data: SHELL }]))).worst).toBe("warning");
  });

  test("in a wheel it is usual", async () => {
    const wheel = buildZip([
      { name: "p/x.so", data: ELF },
      { name: "p-1.dist-info/WHEEL", data: "Wheel-Version: 1.0\n" },
    ]);
    expect((await scanBytes("p-1-py3-none-any.whl", wheel)).worst).toBe("info");
    expect((await scanBytes("p-1.zip", wheel)).worst).toBe("critical");
  });

  test("an archive behind a program is scanned", async () => {
    const scanned = await scanBytes("setup", bytesOf(ELF, buildZip([{ name: "x", data: MACHO }])));
    expect(scanned.rules).toEqual(["S1327", "S503"]);
  });
});
