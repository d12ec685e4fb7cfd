import { expect, test } from "vitest";
import { assemble, type Instruction, littleEndian, raw } from "../../../test/pickle-assembler.js";
import { drive } from "../../engine/drive.js";
import { bytesReader } from "../../io/reader.js";
import { readStream } from "./parser.js";
import { show } from "./questions.js";
import type { Stream } from "./values.js";

const PIECES: readonly (() => Instruction)[] = [
  () => "NONE",
  () => "NEWTRUE",
  () => "NEWFALSE",
  () => "MARK",
  () => "MEMOIZE",
  () => "TUPLE",
  () => "TUPLE1",
  () => "TUPLE2",
  () => "TUPLE3",
  () => "EMPTY_TUPLE",
  () => "EMPTY_LIST",
  () => "EMPTY_DICT",
  () => "REDUCE",
  () => "BINPERSID",
  () => "POP",
  () => "SETITEM",
  () => "GLOBAL torch Size",
  () => ["BINPUT", random(6)],
  () => ["LONG_BINPUT", random(6)],
  () => ["BINGET", random(6)],
  () => ["LONG_BINGET", random(6)],
  () => ["BININT", random(2) ? -random(70_000) : random(70_000)],
  () => ["BININT1", random(256)],
  () => ["BININT2", random(65_536)],
  () => ["BINUNICODE", "é".repeat(random(30))],
  () => ["SHORT_BINUNICODE", ["storage", "x".repeat(60), "cposix\nsystem\n(S'a'\ntR."][random(3)] as string],
];

let seed = 7;
function random(below: number): number {
  seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
  return (seed >>> 8) % below;
}

/** All there is to a stream but for the places of things. */
async function told(bytes: Uint8Array): Promise<unknown> {
  const stream: Stream = await drive(readStream(bytesReader(bytes), 0));
  const told = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value, (key, inner) => (["offset", "start", "end", "opcodes"].includes(key) ? undefined : inner)));
  return {
    complete: stream.complete,
    oddities: stream.oddities.map(({ code }) => code),
    effects: told(stream.effects),
    blobs: told(stream.blobs),
    result: stream.result && show(stream.result),
  };
}

test("the plain opcodes do the same one by one, each in a frame, as in a row", async () => {
  for (let run = 0; run < 1500; run++) {
    const opcodes = Array.from({ length: 3 + random(40) }, () => assemble((PIECES[random(PIECES.length)] as () => Instruction)()));
    const framed = opcodes.map((opcode) => raw(0x95, littleEndian(opcode.length, 8), opcode));
    const end = raw(".", "\0".repeat(16));
    expect(await told(raw(0x80, 4, ...opcodes, end))).toEqual(await told(raw(0x80, 4, ...framed, end)));
  }
});

test("opcodes over the end of a window or a frame, and of the file, are read whole", async () => {
  const numbers = Array.from({ length: 120_000 }, (_, index) => index * 17_001);
  const items = Buffer.concat(numbers.map((number) => assemble(["BININT", number])));
  const list = raw(0x80, 4, "(", items, "l.");
  const whole = await drive(readStream(bytesReader(list), 0, { kept: numbers.length }));
  expect([whole.complete, whole.oddities, whole.opcodes]).toEqual([true, [], numbers.length + 4]);
  expect(whole.result).toMatchObject({ items: numbers.map((value) => ({ value })) });

  const straddled = await drive(readStream(bytesReader(raw(0x80, 4, "(", 0x95, littleEndian(12, 8), items, "l.")), 0));
  expect([straddled.complete, straddled.oddities.map(({ code }) => code)]).toEqual([true, ["frame-straddled"]]);
  const cut = await drive(readStream(bytesReader(list.subarray(0, -4)), 0));
  expect([cut.complete, cut.oddities.map(({ code }) => code)]).toEqual([false, ["truncated"]]);
});
