import { describe, expect, test } from "vitest";
import { bytesOf, scanBytes } from "../../test/scan-bytes.js";

describe("outcomes", () => {
  test("text is data, random bytes are unknown", async () => {
    expect((await scanBytes("a.md", bytesOf("# hello\n"))).outcome).toBe("data");
    expect((await scanBytes("a.xyz", bytesOf(0xfe, 0x01, 0x9c, 0xff, 0, 1, 2, 3))).outcome).toBe("unknown");
  });
});
