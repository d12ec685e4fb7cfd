import { describe, expect, test } from "vitest";
import { type ZipPart, buildZip } from "../../../test/build-zip.js";
import { ELF } from "../../../test/containers.js";
import { bytesOf, scanBytes } from "../../../test/scan-bytes.js";
import { argumentFaults } from "./arguments.js";

/** The start of an APE program, and of an ELF one. Neither could run. */
const APE = bytesOf("MZqFpD='\n", new Uint8Array(500));
const args = (...lines: string[]): ZipPart => ({ name: ".args", data: `${lines.join("\n")}\n` });
const file = (program: Uint8Array, ...parts: ZipPart[]) => buildZip(parts, { prefix: program, shifted: true });

describe("llamafiles", () => {
  test.each([
    ["APE", APE],
    ["ELF", ELF],
  ])("an honest one (%s) is a program, and nothing worse", async (_, program) => {
    const scanned = await scanBytes(
      "a.llamafile",
      file(program, args("-m", "m.gguf", "--host", "0.0.0.0"), { name: "llama.cpp/index.html", data: "<p>hello</p>" }),
    );
    expect([scanned.rules, scanned.worst]).toEqual([["S1324"], "info"]);
    expect(scanned.records[0]?.formats).toEqual(["llamafile"]);
  });

  test("its modules for graphics cards are its own", async () => {
    const scanned = await scanBytes("a.llamafile", file(APE, { name: "ggml-cuda.so", data: ELF }));
    expect(scanned.worst).toBe("info");
  });

  test("another program among its members is not", async () => {
    const scanned = await scanBytes("a.llamafile", file(APE, { name: "helper", data: ELF }));
    expect([scanned.rules, scanned.worst]).toEqual([["S1324", "S502"], "critical"]);
  });

  test("without an archive it is inconclusive", async () => {
    expect((await scanBytes("a.llamafile", APE)).outcome).toBe("inconclusive");
  });

  test("shell commands among its arguments", async () => {
    expect((await scanBytes("a.llamafile", file(ELF, args("-m", "m.gguf", "; wget x|sh")))).rules).toEqual(["S1324", "S1325"]);
  });
});

describe("arguments", () => {
  test.each([
    [["-m", "m.gguf", "--host", "0.0.0.0", "-ngl", "9999", "..."], []],
    [["-p", "Compare a && b; then `c` | d > /tmp/e $(f)"], []],
    [["-r", "<|im_end|>", "--chat-template", "{{ a | trim }}; {% if b %}"], []],
    [["-m", "/zip/m.gguf"], []],
    [["$(id)"], ["shell"]],
    [["--port", "80`id`"], ["shell"]],
    [["-p", "text", "x && curl y"], ["shell"]],
    [["-m", "https://x.example/m.gguf"], ["remote-model"]],
    [["-f", "/etc/passwd"], ["outside-file"]],
    [["--lora", "../x.gguf"], ["outside-file"]],
  ])("%j", (lines, kinds) => {
    expect(argumentFaults(lines).map((fault) => fault.kind)).toEqual(kinds);
  });
});
