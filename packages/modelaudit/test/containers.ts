import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { Budget } from "../src/engine/budget.js";
import type { ScanContext } from "../src/engine/context.js";
import { nodeSetup } from "../src/node/platform.js";
import { type Scanned, bytesOf, scanBytes } from "./scan-bytes.js";

/** A small program header: recognised by certain magic, critical inside an archive. Not a program that could run. */
export const ELF = bytesOf(
  ...["\x7fELF", 2, 1, 1, new Uint8Array(9)],
  ...[2, 0, 0x3e, 0, 1, 0, 0, 0],
  ...[new Uint8Array(28), 64, 0, 56, 0, 1, 0, 64, 0, 0, 0, 0, 0],
  new Uint8Array(80),
);

/** A file of text to put into an archive. */
export const text = (name: string, data = "hello\n") => ({ name, data });

/** What parsers of containers need, with a fresh budget. */
export const newContext = (): ScanContext => ({ ...nodeSetup(), budget: new Budget() });

/** Reasons of everything that was not read or not understood. */
export const gapsOf = (scanned: Scanned): string[] => scanned.records.flatMap((record) => record.gaps).map((gap) => gap.reason);

/** Honest archives: nothing to say of any, and nothing left unread. */
export function expectHonest(name: string, cases: readonly (readonly [string, Uint8Array])[], also: (scanned: Scanned) => void = () => {}): void {
  test.each(cases)("%s", async (_, bytes) => {
    const scanned = await scanBytes(name, bytes);
    expect(scanned.rules).toEqual([]);
    expect(gapsOf(scanned)).toEqual([]);
    also(scanned);
  });
}

/** {@link expectHonest} for every file of a folder, under its own name; each has at least one member. */
export function expectHonestFiles(
  folder: string,
  also: (scanned: Scanned, bytes: Uint8Array, name: string) => void | Promise<void> = () => {},
): void {
  test.each(readdirSync(folder))("%s", async (name) => {
    const bytes = new Uint8Array(readFileSync(`${folder}/${name}`));
    const scanned = await scanBytes(name, bytes);
    expect(scanned.rules).toEqual([]);
    expect(gapsOf(scanned)).toEqual([]);
    expect(scanned.records.length).toBeGreaterThan(1);
    await also(scanned, bytes, name);
  });
}
