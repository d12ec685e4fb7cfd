import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sparseReader } from "../../../test/sparse-reader.js";
import { buildZip, type ZipPart } from "../../../test/build-zip.js";
import { bytesOf, scanBytes } from "../../../test/scan-bytes.js";
import { layoutOf, memberKind } from "./layout.js";

const golden = (name: string) => readFileSync(new URL(`testdata/${name}`, import.meta.url));
const HOSTILE = "\x80\x02cos\nsystem\nU\x04trueq\0\x85R.";
const PLAIN = "\x80\x02}q\0.";
/** A pickle of one storage of `items` floats under `key`, as `torch.save(tensor)` refers to it. */
const storage = (items: number, key = "0") =>
  `\x80\x02(X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\0${key}X\x03\0\0\0cpuK${String.fromCharCode(items)}tQ0N.`;
const archive = (...parts: (ZipPart | [string, string])[]) =>
  buildZip([
    ...parts.map((part) => (Array.isArray(part) ? { name: part[0], data: part[1], streamed: true } : part)),
    { name: "m/version", data: "3\n" },
  ]);

test.each(["state_dict.pt", "module.pt", "views.pt", "script.pt", "trace.pt", "lite.ptl", "package.pt", "export.pt2"])(
  "%s, saved by PyTorch, is clean under any name",
  async (name) => {
    for (const file of [name, "model", "weights.bin"]) {
      const scanned = await scanBytes(file, golden(name));
      expect([scanned.outcome, scanned.rules]).toEqual(["clean", []]);
      expect(scanned.records[0]?.scanners).toEqual(["pytorch_zip"]);
    }
  },
);

test.each([".metadata", "__0_0.distcp"])("the %s of a distributed checkpoint is clean", async (name) => {
  expect(await scanBytes(name, golden(`distributed/${name}`))).toMatchObject({ outcome: "clean", rules: [] });
});

test.each([
  ["a hostile pickle", archive(["m/data.pkl", HOSTILE])],
  ["one under another case", archive(["m/DATA.PKL", HOSTILE])],
  ["a deflated one", archive({ name: "m/data.pkl", data: HOSTILE, method: 8 })],
  ["the first of two", archive(["m/data.pkl", HOSTILE], ["m/data.pkl", PLAIN])],
  ["the last of two", archive(["m/data.pkl", PLAIN], ["m/data.pkl", HOSTILE])],
  ["two that differ in case", archive(["m/data.pkl", PLAIN], ["m/Data.pkl", HOSTILE])],
  ["one whose local name differs", archive({ name: "m/data.pkl", data: HOSTILE, local: { name: "m/readme" } })],
  ["one with a wrong checksum", archive({ name: "m/data.pkl", data: HOSTILE, central: { crc: 1 } })],
  ["one whose local flags lie", archive({ name: "m/data.pkl", data: HOSTILE, local: { flags: 0x41 } })],
  ["one that is not in the directory", archive(["m/data.pkl", PLAIN], { name: "m/hidden.pkl", data: HOSTILE, listed: false })],
  ["one outside of the root", archive(["m/data.pkl", PLAIN], ["n/data.pkl", HOSTILE])],
  [
    "one in front of the archive",
    buildZip(
      [
        { name: "m/data.pkl", data: PLAIN },
        { name: "m/version", data: "3\n" },
      ],
      { prefix: bytesOf(HOSTILE) },
    ),
  ],
  ["TorchScript constants", archive(["m/data.pkl", PLAIN], ["m/constants.pkl", HOSTILE])],
  ["bytecode", archive(["m/data.pkl", PLAIN], ["m/bytecode.pkl", HOSTILE])],
  ["debug information", archive(["m/data.pkl", PLAIN], ["m/constants.pkl", PLAIN], ["m/code/a.py.debug_pkl", HOSTILE])],
  ["an extra file", archive(["m/data.pkl", PLAIN], ["m/extra/notes", HOSTILE])],
  ["a storage that nothing names", archive(["m/data.pkl", PLAIN], ["m/data/7", HOSTILE])],
  ["a note that is none", archive(["m/data.pkl", PLAIN], ["m/byteorder", HOSTILE])],
])("30: %s is found", async (_, bytes) => {
  for (const name of ["model.pt", "model"]) expect((await scanBytes(name, bytes)).worst).toBe("critical");
});

test("tensor bytes that spell a pickle are numbers", async () => {
  const data = HOSTILE.padEnd(32, "\0");
  expect(await scanBytes("a.pt", archive(["m/data.pkl", storage(8)], ["m/data/0", data]))).toMatchObject({ outcome: "clean", rules: [] });
});

test.each([
  ["37: larger than its member", 9, "critical"],
  ["smaller than its member", 7, "warning"],
])("a storage that claims to be %s is reported", async (_, items, worst) => {
  const scanned = await scanBytes("a.pt", archive(["m/data.pkl", storage(items)], ["m/data/0", "\0".repeat(32)]));
  expect([scanned.rules, scanned.worst]).toEqual([["S1270"], worst]);
});

test("archives that share their pickle are judged each by itself", async () => {
  const whole: [string, string] = ["m/data/0", "\0".repeat(32)];
  const rules = async (...rest: [string, string][]) => (await scanBytes("a.pt", archive(["m/data.pkl", storage(8)], ...rest))).rules;
  expect(await rules(whole)).toEqual([]);
  expect(await rules()).toEqual(["S1271"]);
  expect(await rules(["m/data/0", "\0".repeat(28)])).toEqual(["S1270"]);
  expect(await rules(whole)).toEqual([]);

  const own = archive(["m/data.pkl", "\x80\x02cmine\nload\n)Rq\0."]);
  const trusting = async (trust: string[]) => (await scanBytes("a.pt", own, { policy: { trust } })).worst;
  expect([await trusting([]), await trusting(["mine"]), await trusting([])]).toEqual(["warning", undefined, "warning"]);
});

test("a storage that is missing is reported", async () => {
  expect((await scanBytes("a.pt", archive(["m/data.pkl", storage(8)]))).rules).toEqual(["S1271"]);
});

test.each([
  ["38: an operator that writes a file", "def forward(self, x):\n  torch.save(x, 'a')", "critical"],
  ["38: an operator of an unknown library", "def forward(self, x):\n  return ops.mine.run(x)", "warning"],
  ["38: a Python import", "import os\nos.system('x')", "critical"],
])("TorchScript with %s", async (_, code, worst) => {
  const bytes = archive(["m/data.pkl", PLAIN], ["m/constants.pkl", PLAIN], { name: "m/code/__torch__.py", data: code, method: 8 });
  expect((await scanBytes("a.pt", bytes)).worst).toBe(worst);
});

test.each([
  ["38: hostile sources", ["m/my/code.py", "import os\nos.system('x')"], "critical"],
  ["a hostile pickle", ["m/model/model.pkl", HOSTILE], "critical"],
  ["a module it has no business with", ["m/.data/extern_modules", "torch\nsubprocess\n"], "warning"],
] as const)("a package with %s", async (_, part, worst) => {
  expect((await scanBytes("a.pt", archive(["m/.data/python_version", "3.11"], [part[0], part[1]]))).worst).toBe(worst);
});

test.each([
  ["Symbol('s0', positive=True, integer=True)", undefined],
  ["Mul(Integer(2), Symbol('s0'))", undefined],
  ["2*s0 + Min(1, s1)", undefined],
  ["__import__('os').system('x')", "critical"],
  ["eval(s0)", "critical"],
  ["Symbol('s0').func.mro()", "critical"],
])("38: a symbolic size %s", async (text, worst) => {
  const model = JSON.stringify({ graph_module: { graph: { sym_int_values: { s: { as_expr: { expr_str: text, hint: null } } } } } });
  const bytes = archive(["m/archive_format", "pt2"], ["m/archive_version", "0"], ["m/models/model.json", model]);
  expect((await scanBytes("a.pt2", bytes)).worst).toBe(worst);
});

test("a state dict of 512 MB is not read", async () => {
  const numbers = 128 * 2 ** 20;
  const count = `J${String.fromCharCode(0, 0, 0, numbers >> 24)}`;
  const pickle = storage(0).replace("K\0", count);
  const parts = [
    { name: "m/data.pkl", data: pickle },
    { name: "m/data/0", data: "", central: { packed: numbers * 4, size: numbers * 4 }, local: { packed: numbers * 4, size: numbers * 4 } },
  ];
  const head = buildZip([...parts, { name: "m/version", data: "3\n" }]);
  // The storage's bytes are put in as a hole: the archive is built without them, and everything behind them is moved.
  const cut = Buffer.from(head).indexOf("m/data/0") + "m/data/0".length;
  const moved = Buffer.from(head);
  const directory = moved.lastIndexOf("PK\x05\x06");
  const hole = numbers * 4;
  moved.writeUInt32LE(moved.readUInt32LE(directory + 16) + hole, directory + 16);
  const version = moved.lastIndexOf("PK\x01\x02");
  moved.writeUInt32LE(moved.readUInt32LE(version + 42) + hole, version + 42);
  const pieces = [
    [0, moved.subarray(0, cut)],
    [cut + hole, moved.subarray(cut)],
  ] as const;
  const scanned = await scanBytes("a.pt", sparseReader(moved.length + hole, pieces));
  expect([scanned.outcome, scanned.rules]).toEqual(["clean", []]);
  expect(scanned.bytesRead).toBeLessThan(2 ** 20);
});

test.each([
  [["m/data.pkl", "m/version"], "checkpoint"],
  [["m/data.pkl", "m/constants.pkl", "m/version"], "torchscript"],
  [["m/.data/version", "m/.data/extern_modules", "m/x.pkl"], "package"],
  [["m/archive_format", "m/archive_version"], "export"],
  [["data.pkl", "version"], undefined],
  [["m/readme.txt", "m/data.csv"], undefined],
  [["m/data.pkl"], undefined],
])("%j is a %s", (names, kind) => {
  expect(layoutOf(names)?.kind).toBe(kind);
});

test("members are told by their place", () => {
  const script = { kind: "torchscript", root: "m/" } as const;
  expect(["data.pkl", "code/a.py", "data/0", "version", "extra/a.py", "constants/3", "data/0.bin"].map((part) => memberKind(part, script))).toEqual([
    "pickle",
    "code",
    "storage",
    "note",
    "other",
    "storage",
    "other",
  ]);
});

test.each([-1, 4])("25: a tensor that begins at item %d of four", async (place) => {
  const offset = `J${String.fromCharCode(...[0, 8, 16, 24].map((bits) => (place >> bits) & 255))}`;
  const pickle = `${storage(4).slice(0, -3)}`.replace("\x80\x02", `\x80\x02ctorch._utils\n_rebuild_tensor_v2\n(`);
  const bytes = archive(["m/data.pkl", `${pickle}${offset}K\x01\x85K\x01\x85\x89}tR.`], ["m/data/0", "0123456789abcdef"]);
  expect((await scanBytes("a.pt", bytes)).worst).toBe("warning");
});
