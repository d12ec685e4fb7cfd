import { expect, test } from "vitest";
import { assemble, CALL, HOSTILE, type Instruction, raw } from "../../../test/pickle-assembler.js";
import { bytesOf, scanBytes } from "../../../test/scan-bytes.js";

const formats = async (name: string, bytes: Uint8Array) => (await scanBytes(name, bytes)).records[0]?.formats;

const TEXT_STREAM = assemble(...CALL, "STOP");
const MANY: Instruction[] = Array.from({ length: 3000 }, (): Instruction[] => ["INT 1; POP"]).flat();

test.each<[string, string, Uint8Array]>([
  ["33: no extension", "weights", HOSTILE],
  ["33: .txt", "notes.txt", TEXT_STREAM],
  ["33: .json", "config.json", TEXT_STREAM],
  ["33: .onnx", "a.onnx", HOSTILE],
  ["33: .safetensors", "a.safetensors", HOSTILE],
  ["a text stream behind a mark", "x", assemble("MARK", ["UNICODE", "echo hi"], "INST posix system; STOP")],
  ["an import that is never called", "x", assemble("GLOBAL evil x; STOP")],
  ["a call before an error", "x", bytesOf(assemble(...CALL), 0xff, "junk")],
  ["harmless streams in front", "x.txt", assemble("NONE; STOP; NONE; STOP", ...CALL, "STOP")],
  ["escaped names", "x", assemble(["UNICODE", "p\\u006fsix"], "UNICODE system; STACK_GLOBAL; UNICODE x; TUPLE1; REDUCE; STOP")],
  ["24: thousands of opcodes in front", "x.txt", assemble(...MANY, ...CALL, "STOP")],
  ["24: a text of 8 KiB in front", "x.txt", assemble(["UNICODE", "word ".repeat(1600)], "POP", ...CALL, "STOP")],
  ["24: a binary text of 8 KiB in front", "x", assemble(["BINUNICODE", "word ".repeat(1600)], "POP", ...CALL, "STOP")],
  ["behind a line of text", "model.dat", bytesOf("My model, version 2\n", HOSTILE)],
  ["behind a config", "a.yaml.bak", bytesOf("size: 3\n", HOSTILE)],
  ["without a header behind text, by its name", "model.pkl", bytesOf("My model\n", TEXT_STREAM)],
  ["a plain object of protocol 4", "x", assemble("PROTO 4; NONE; STOP")],
  ["a plain object of protocol 0", "x.pkl", assemble("MARK; DICT; PUT 0; STOP")],
])("%s is a pickle", async (_, name, bytes) => {
  expect(await formats(name, bytes)).toEqual(["pickle"]);
});

const repeat = (text: string) => text.repeat(Math.ceil(6000 / text.length));

test.each<[string, string, Uint8Array]>([
  ["English", "a.txt", bytesOf(repeat("Verily I say, the quick (brown) fox. I do not lie.\n"))],
  ["a licence", "LICENSE", bytesOf("MIT License\n\nCopyright (c) 2024\n\nPermission is hereby granted...")],
  ["JSON", "a.txt", bytesOf('{"cos": ["system", "os.system"], "N.": 1}')],
  ["CSV", "a.csv", bytesOf(repeat("I,N,V\n1,2,3\n"))],
  ["requirements", "requirements.txt", bytesOf("cython\nclick\ncertifi\ncoverage\n")],
  ["a word list", "vocab.txt", bytesOf(repeat("cat\ncar\ncos\nsystem\ncup\ncot\n"))],
  ["source code", "a.py", bytesOf("import os\nos.system('ls')\n")],
  ["labels", "labels.txt", bytesOf("I\nN\nV\nX\n")],
  ["a documented attack", "README", bytesOf("The payload cos\nsystem\n(S'ls'\ntR. calls a shell.\n")],
  ["one line", "a", bytesOf("N.")],
  ["base64", "a", bytesOf(repeat("gASVIAAAAAAAAACMBXBvc2l4"))],
  ["zeros", "a.bin", new Uint8Array(5000)],
  ["numbers", "a.dat", new Uint8Array(new Float32Array(2000).map((_, index) => Math.sin(index)).buffer)],
])("%s is no pickle", async (_, name, bytes) => {
  expect(await formats(name, bytes)).not.toContain("pickle");
});

test("random bytes are no pickle", async () => {
  let state = 12345;
  const random = () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state >>> 16;
  };
  for (let round = 0; round < 200; round++) {
    const bytes = Uint8Array.from({ length: 512 }, random);
    expect(await formats("a.dat", round % 2 ? bytes : raw(0x80, random() % 6, bytes))).not.toContain("pickle");
  }
});
