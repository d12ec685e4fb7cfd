import { expect, it } from "vitest";
import { drive } from "../../engine/drive.js";
import { bytesReader } from "../../io/reader.js";
import { decodeDatatype } from "./decode.js";
import type { Hdf5File } from "./types.js";
import { textsOf } from "./values.js";

/** What h5py 3.14 gives for these seven bytes under each padding that the datatype message may say. */
it.each([
  ["a NUL and anything", 0, "ab\0cd\0\0", "ab"],
  ["NULs", 1, "ab\0cd\0\0", "ab\0cd"],
  ["spaces", 2, "ab\0cd  ", "ab\0cd"],
])("takes the padding from a text of fixed length: %s", async (_name, padding, stored, text) => {
  const datatype = decodeDatatype({ type: 3, flags: 0, offset: 0, data: new Uint8Array([0x13, padding, 0, 0, 7, 0, 0, 0]) });
  const data = new TextEncoder().encode(stored);
  const file: Hdf5File = {
    reader: bytesReader(data),
    start: 0,
    superblockVersion: 0,
    end: data.length,
    root: 0,
    extension: undefined,
    widths: { offset: 8, length: 8 },
    heaps: new Map(),
  };
  expect(await drive(textsOf(file, { name: "note", datatype, shape: [], data, offset: 0 }))).toEqual([text]);
});
