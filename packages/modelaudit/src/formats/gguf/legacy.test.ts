import { describe, expect, test } from "vitest";
import { bytesOf, scanBytes } from "../../../test/scan-bytes.js";

const u32 = (value: number) => Uint8Array.of(value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24);
const float = (value: number) => new Uint8Array(new Float32Array([value]).buffer);
const WORDS = ["<unk>", "eval", "os.system", "", "rm -rf /"];
const words = (score = false) => bytesOf(...WORDS.flatMap((word) => [u32(word.length), word, ...(score ? [float(-1)] : [])]));

interface Tensor {
  name: string;
  sides: number[];
  type?: number;
  bytes?: number;
  data?: string;
}

/** Tensors as the programs wrote them: entry, name, padding, data. `before` is how many bytes stand in front. */
function tensors(before: number, alignment: number, list: Tensor[]): Uint8Array {
  let out = bytesOf();
  for (const { name, sides, type = 0, bytes = sides.reduce((a, b) => a * b, 4), data = "" } of list) {
    out = bytesOf(out, u32(sides.length), u32(name.length), u32(type), ...sides.map(u32), name);
    out = bytesOf(out, "\0".repeat((alignment - ((before + out.length) % alignment)) % alignment), data, "\0".repeat(bytes - data.length));
  }
  return out;
}

const TENSORS: Tensor[] = [
  { name: "tok_embeddings.weight", sides: [8, 5] },
  { name: "norm.weight", sides: [8] },
  { name: "layers.0.attention.wq.weight", sides: [32, 2], type: 2, bytes: 40 },
];
const NEW_BLOCKS: Tensor[] = [{ name: "output.weight", sides: [32, 2], type: 2, bytes: 36 }];

function model(magic: string, numbers: (number | Uint8Array)[], vocabulary: Uint8Array, list: Tensor[] = TENSORS, alignment = 1): Uint8Array {
  const head = bytesOf(magic, ...numbers.map((one) => (typeof one === "number" ? u32(one) : one)), vocabulary);
  return bytesOf(head, tensors(head.length, alignment, list));
}

const LLAMA = [5, 8, 256, 2, 1, 4, 2];
const ARRANGEMENTS: [string, Uint8Array][] = [
  ["llama without version", model("lmgg", LLAMA, words())],
  ["llama with scores", model("fmgg", [1, ...LLAMA], words(true))],
  ["llama with alignment", model("tjgg", [1, ...LLAMA], words(true), TENSORS, 32)],
  ["llama with half-precision scales", model("tjgg", [3, ...LLAMA], words(true), [TENSORS[0] as Tensor, ...NEW_BLOCKS], 32)],
  ["gpt-2: the count stands twice", model("lmgg", [5, 16, 8, 2, 1, 1, 5], words())],
  ["gpt-j", model("lmgg", [5, 16, 8, 2, 1, 4, 1, 5], words())],
  ["gpt-neox, dolly", model("lmgg", [5, 16, 8, 2, 1, 4, 1, 1], words())],
  ["bloom", model("lmgg", [5, 8, 1, 2, 1, 1], words())],
  ["bert", model("lmgg", [5, 16, 8, 32, 2, 1, 1], words())],
  ["falcon", model("tjgg", [3, 5, 8, 2, 1, 1, 40, 2], words(true), TENSORS, 32)],
  ["mpt: floats among the numbers, the count in the middle", model("lmgg", [8, 16, 2, 1, 5, float(8), float(0), 1], words())],
  ["replit", model("lmgg", [8, 16, 2, 1, 5, 1], words(true))],
  ["rwkv: no words", model("fmgg", [101, 5, 8, 1, 0], bytesOf())],
  ["lora", model("algg", [1, 8, 16], bytesOf(), [{ name: "layers.0.loraA", sides: [8, 4] }], 32)],
  [
    "whisper: filters, and fewer words than the first number",
    model("lmgg", [7, 16, 8, 2, 1, 16, 8, 2, 1, 4, 1, 4, 3, ...Array.from({ length: 12 }, () => float(0.1)), 5], words()),
  ],
];

describe("honest files of the old programs are clean", () => {
  test.each(ARRANGEMENTS)("%s", async (_, bytes) => {
    const { outcome, rules, records } = await scanBytes("model.ggml", bytes);
    expect(records.flatMap(({ gaps }) => gaps)).toEqual([]);
    expect([outcome, rules]).toEqual(["clean", []]);
    expect(records[0]?.formats).toEqual(["gguf"]);
    expect(records[0]?.metadata["tensors"]).toBeGreaterThan(0);
  });

  test.each(ARRANGEMENTS)("cut short, %s is not", async (_, bytes) => {
    expect((await scanBytes("model.ggml", bytes.subarray(0, -5))).outcome).toBe("inconclusive");
  });

  test.each(ARRANGEMENTS)("with bytes behind the end, %s is not", async (_, bytes) => {
    expect((await scanBytes("model.ggml", bytesOf(bytes, "hidden"))).outcome).not.toBe("clean");
  });
});

describe("numbers that overflow old loaders", () => {
  test.each([
    ["words", model("tjgg", [3, 0x7fffffff, 8, 256, 2, 1, 4, 2], words(true), TENSORS, 32)],
    ["sides", bytesOf(model("tjgg", [3, ...LLAMA], words(true), TENSORS, 32), u32(0xffff), u32(4), u32(0), "x".repeat(64))],
    ["sides of the first tensor", bytesOf(model("lmgg", LLAMA, words(), []), u32(0x10000), u32(4), u32(0), "x".repeat(64))],
    ["a name", bytesOf(model("lmgg", LLAMA, words()), u32(1), u32(0x7fffffff), u32(0), "x".repeat(64))],
    ["a product", bytesOf(model("lmgg", LLAMA, words()), u32(3), u32(1), u32(0), u32(0x7fffffff), u32(0x7fffffff), u32(32), "x")],
    ["a type", bytesOf(model("lmgg", LLAMA, words()), u32(1), u32(1), u32(999), u32(4), "x", "\0".repeat(16))],
  ])("%s", async (_, bytes) => {
    const { rules, worst } = await scanBytes("model.ggml", bytes);
    expect([rules, worst]).toEqual([["S1500"], "critical"]);
  });
});

test("a pickle at the start of a tensor is found", async () => {
  const data = "cposix\nsystem\n(S'id'\ntR.";
  const { worst } = await scanBytes("model.ggml", model("lmgg", LLAMA, words(), [{ name: "x", sides: [64, 4], data }]));
  expect(worst).toBe("critical");
});

test.each([
  ["zeros", bytesOf("lmgg", "\0".repeat(1_000_000))],
  ["ones", bytesOf("tjgg", "\x01\0\0\0".repeat(100_000))],
  ["a magic alone", bytesOf("lmgg")],
  ["a session file", bytesOf("nsgg", "\0".repeat(100))],
])("what no program wrote is not vouched for: %s", async (_, bytes) => {
  expect((await scanBytes("model.ggml", bytes)).outcome).not.toBe("clean");
});
