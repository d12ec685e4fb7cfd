import { expect, test } from "vitest";
import { buildTar } from "../../../test/build-tar.js";
import { bytesOf, scanBytes } from "../../../test/scan-bytes.js";

const HOSTILE = "\x80\x02cos\nsystem\nU\x04trueq\0\x85R.";
const PLAIN = "\x80\x02}.";
const i64 = (value: number) => bytesOf(value, "\0\0\0\0\0\0\0");
const described = "\x80\x02(K\0X\x03\0\0\0cpuctorch\nFloatStorage\nt.";
const storages = bytesOf("\x80\x02K\x01.", described, i64(2), new Uint8Array(8), "\x80\x02].");
const tensors = bytesOf("\x80\x02K\x01.", "\x80\x02(K\x01K\0ctorch\nFloatTensor\nt.", 1, "\0\0\0\0\0\0\0", i64(2), i64(1), i64(0));
const file = (parts: Partial<Record<"pickle" | "storages" | "tensors" | "sys_info", string | Uint8Array>>) =>
  buildTar(Object.entries({ sys_info: PLAIN, pickle: PLAIN, storages, tensors, ...parts }).map(([name, data]) => ({ name, data })));

test("an honest file is clean", async () => {
  const scanned = await scanBytes("a.pt", file({}));
  expect([scanned.outcome, scanned.rules, scanned.records[0]?.scanners]).toEqual(["clean", [], ["pytorch_tar"]]);
});

test.each([
  ["the object", file({ pickle: HOSTILE })],
  ["the system information", file({ sys_info: HOSTILE })],
  ["the count of storages", file({ storages: HOSTILE })],
  ["a storage", file({ storages: bytesOf("\x80\x02K\x01.", HOSTILE) })],
  ["the list of views", file({ storages: bytesOf("\x80\x02K\x01.", described, i64(2), new Uint8Array(8), HOSTILE) })],
  ["a tensor", file({ tensors: bytesOf("\x80\x02K\x01.", HOSTILE) })],
  ["something behind the tensors", file({ tensors: bytesOf(tensors, HOSTILE) })],
])("34: %s", async (_, bytes) => {
  expect((await scanBytes("a.pt", bytes)).worst).toBe("critical");
});
