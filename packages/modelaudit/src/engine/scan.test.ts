import { describe, expect, test } from "vitest";
import { bytesOf, scanBytes } from "../../test/scan-bytes.js";
import { bytesReader, sliceReader } from "../io/reader.js";
import { memorySpool } from "../io/spool.js";
import { nodeCodecs } from "../node/codecs.js";
import { DEFAULT_LIMITS } from "./budget.js";
import { DEFAULT_POLICY } from "./context.js";
import { drive } from "./drive.js";
import { LimitExceeded, Malformed, SourceError, Unsupported } from "./errors.js";
import type { Format } from "./format.js";
import { outcomeOf } from "./record.js";
import { type ScanSetup, scanTarget } from "./scan.js";
import { child } from "./work.js";

/** A format that matches everything whose first byte is its letter, and does what the test says. */
function fake(letter: string, scan: NonNullable<Awaited<ReturnType<Format["load"]>>["scanner"]>["scan"]): Format {
  return {
    id: `fake-${letter}`,
    className: "FakeScanner",
    description: "",
    extensions: [],
    tags: [],
    sniff: (look) => (look.head[0] === letter.charCodeAt(0) ? "certain" : undefined),
    load: async () => ({ scanner: { version: 1, scan } }),
  };
}

async function scanWith(formats: Format[], text: string, limits: Partial<typeof DEFAULT_LIMITS> = {}) {
  const setup: ScanSetup = {
    formats,
    selected: () => true,
    policy: DEFAULT_POLICY,
    limits: { ...DEFAULT_LIMITS, ...limits },
    codecs: nodeCodecs,
    spool: memorySpool,
  };
  return drive(scanTarget({ path: "t", name: "t", reader: bytesReader(bytesOf(text)) }, setup));
}

describe("outcomes", () => {
  test("text is data, random bytes are unknown", async () => {
    expect((await scanBytes("a.md", bytesOf("# hello\n"))).outcome).toBe("data");
    expect((await scanBytes("a.xyz", bytesOf(0xfe, 0x01, 0x9c, 0xff, 0, 1, 2, 3))).outcome).toBe("unknown");
  });

  test.each([
    ["malformed", () => new Malformed(3, "a count", "nothing"), "inconclusive", "malformed"],
    ["unsupported", () => new Unsupported("a new codec"), "inconclusive", "unsupported"],
    ["limit", () => new LimitExceeded("members", 7), "inconclusive", "limit-members"],
    ["source", () => new SourceError("gone"), "failed", undefined],
    ["a bug", () => new TypeError("x is undefined"), "failed", undefined],
  ] as const)("%s: an error is never clean and hides no finding", async (_, make, outcome, reason) => {
    const broken = fake("a", function* () {
      throw make();
    });
    const [record] = await scanWith([broken], "a");
    expect(outcomeOf(record!)).toBe(outcome);
    expect(record!.gaps[0]?.reason).toBe(reason);
    const both = fake("a", function* () {
      yield { kind: "finding", rule: "S902", args: { format: "x", problem: "y" } };
      throw make();
    });
    expect(outcomeOf((await scanWith([both], "a"))[0]!)).toBe("findings");
  });

  test("one format's error does not keep another from the file", async () => {
    const broken = fake("a", function* () {
      throw new TypeError("bug");
    });
    const other = {
      ...fake("a", function* () {
        yield { kind: "finding", rule: "S902", args: { format: "x", problem: "y" } };
      }),
      id: "other",
    };
    const [record] = await scanWith([broken, other], "a");
    expect(record!.findings).toHaveLength(1);
    expect(record!.failure).toMatch(/bug/);
  });
});

describe("children", () => {
  /** Each level hands back what is behind its first byte. */
  const nest = fake("n", function* (artifact) {
    yield* child({ name: "in", reader: sliceReader(artifact.reader, 1) });
  });

  test("are scanned by the same engine and keep their path", async () => {
    const leaf = fake("l", function* () {
      yield { kind: "finding", rule: "S902", args: { format: "x", problem: "y" } };
    });
    const records = await scanWith([nest, leaf], "nnl");
    expect(records.map((record) => record.path)).toEqual(["t", "t!/in", "t!/in!/in"]);
    expect(records[2]!.findings[0]!.path).toBe("t!/in!/in");
  });

  test("nesting ends at the depth limit, which is not clean", async () => {
    const records = await scanWith([nest], "n".repeat(1000));
    expect(records.length).toBeLessThan(DEFAULT_LIMITS.depth + 3);
    expect(records.at(-1)!.gaps[0]!.reason).toBe("limit-depth");
  });

  test("the member limit ends a container, which is not clean", async () => {
    const wide = fake("w", function* (artifact) {
      for (let i = 0; i < 100; i++) yield* child({ name: `m${i}`, reader: sliceReader(artifact.reader, 1) });
    });
    const records = await scanWith([wide], "wx", { members: 10 });
    expect(records[0]!.gaps[0]!.reason).toBe("limit-members");
  });

  test("very many quiet parts are counted, not listed, and a finding among them is kept", async () => {
    const wide = fake("w", function* () {
      for (let i = 0; i < 12_000; i++) yield* child({ name: `m${i}`, reader: bytesReader(bytesOf(i === 11_000 ? "l" : "?")) });
    });
    const leaf = fake("l", function* () {
      yield { kind: "finding", rule: "S902", args: { format: "x", problem: "y" } };
    });
    const records = await scanWith([wide, leaf], "w");
    expect(records.length).toBeLessThan(1010);
    expect(records.length + (records[0]!.unlisted ?? 0)).toBe(12_001);
    expect(records.at(-1)!.findings).toHaveLength(1);
  });

  test("a probe that is nothing leaves no trace, a probe that is something does", async () => {
    const prober = fake("p", function* (artifact) {
      yield* child({ name: "tail", role: "probe", reader: sliceReader(artifact.reader, 1) });
    });
    const leaf = fake("l", function* () {});
    expect(await scanWith([prober, leaf], "pl")).toHaveLength(2);
    expect(await scanWith([prober, leaf], "p?")).toHaveLength(1);
  });

  test("are closed after their scan", async () => {
    let closed = 0;
    const opener = fake("o", function* () {
      yield* child({ name: "x", reader: { size: 0, read: () => new Uint8Array(0), close: () => void closed++ } });
    });
    await scanWith([opener], "o");
    expect(closed).toBe(1);
  });
});

test("findings are redacted when they are made", async () => {
  const leaky = fake("a", function* () {
    yield {
      kind: "finding",
      rule: "S902",
      args: { format: "x", problem: "token hf_abcdefghijklmnopqrstuvwxyzabcdefgh" },
      details: { deep: ["ghp_abcdefghijklmnopqrstuvwxyzabcdefghij"] },
    };
  });
  const text = JSON.stringify(await scanWith([leaky], "a"));
  expect(text).not.toMatch(/qrstuvwxyz/);
  expect(text).toMatch(/\[redacted\]/);
});
