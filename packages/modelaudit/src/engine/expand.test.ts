import { deflateRawSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { bytesReader } from "../io/reader.js";
import { memorySpool } from "../io/spool.js";
import { nodeCodecs } from "../node/codecs.js";
import { portableCodecs } from "../io/codecs/index.js";
import { Budget, DEFAULT_LIMITS } from "./budget.js";
import { DEFAULT_POLICY, type ScanContext } from "./context.js";
import { drive } from "./drive.js";
import { LimitExceeded } from "./errors.js";
import { expand } from "./expand.js";

const context = (codecs = nodeCodecs, expandedBytes = DEFAULT_LIMITS.expandedBytes): ScanContext => ({
  budget: new Budget({ ...DEFAULT_LIMITS, expandedBytes }),
  policy: DEFAULT_POLICY,
  codecs,
  spool: memorySpool,
});
/** Bytes that hardly compress, the same every time. */
const noise = (size: number) => Buffer.from(Uint8Array.from({ length: size }, (_, i) => (Math.imul(i + 1, 2654435761) >>> 13) & 255));

test.each([
  ["small", 1000],
  ["of several pieces", 700_000],
  ["larger than what is decoded at once", 3_000_000],
])("a stream %s, with bytes behind it that are not part of it", async (_, size) => {
  const plain = noise(size);
  const packed = gzipSync(plain);
  for (const codecs of [nodeCodecs, portableCodecs]) {
    for (const [expected, rest] of [
      [size, ""],
      [size, "behind"],
      [undefined, ""],
      [undefined, "behind"],
    ] as const) {
      const source = bytesReader(Buffer.concat([packed, Buffer.from(rest)]));
      const { reader, ...followed } = await drive(expand(context(codecs), "gzip", source, expected));
      expect(followed).toEqual({ consumed: packed.length, complete: true });
      expect(plain.equals(await reader.read(0, reader.size))).toBe(true);
    }
  }
});

test("a declared size that is wrong changes nothing in what comes out", async () => {
  const packed = deflateRawSync(noise(5000));
  for (const expected of [0, 4999, 5001]) expect((await drive(expand(context(), "deflate", bytesReader(packed), expected))).reader.size).toBe(5000);
});

test("what is cut short, damaged or left early says so and gives what there is", async () => {
  const packed = deflateRawSync(noise(400_000));
  const cut = await drive(expand(context(), "deflate", bytesReader(packed.subarray(0, packed.length - 100))));
  expect([cut.complete, cut.cutShort, cut.reader.size > 390_000]).toEqual([false, true, true]);
  const early = await drive(expand(context(), "deflate", bytesReader(deflateRawSync(noise(3_000_000))), 3_000_000, 1000));
  expect([early.complete, early.problem?.startsWith("more than 1000 bytes"), early.reader.size < 1_000_000]).toEqual([false, true, true]);
  const damaged = await drive(
    expand(context(), "deflate", bytesReader(Buffer.concat([deflateRawSync(noise(2000), { finishFlush: 2 }), Buffer.alloc(9, 0xff)]))),
  );
  expect([damaged.complete, damaged.cutShort, damaged.reader.size]).toEqual([false, undefined, 2000]);
});

test("the budget ends it", async () => {
  const bomb = gzipSync(Buffer.alloc(30 * 2 ** 20));
  await expect(drive(expand(context(nodeCodecs, 2 ** 20), "gzip", bytesReader(bomb)))).rejects.toThrow(LimitExceeded);
});
