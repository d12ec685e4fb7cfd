import { type Work, read } from "../../engine/work.js";
import { Cursor } from "../../io/cursor.js";
import type { Range } from "../../io/waiting.js";
import { address, decodeDataspace, decodeDatatype, decodeFilters, decodeLayout, number } from "./decode.js";
import { readLocalHeap } from "./local-heap.js";
import { type Dataset, type Hdf5File, type Message, MessageType } from "./types.js";

/** Levels of a tree of chunks; each holds some hundred times as many as the one below. */
const DEEPEST_TREE = 16;

/** What is known of a dataset, without its data; undefined for a group. */
export function* readDataset(file: Hdf5File, messages: readonly Message[]): Work<Dataset | undefined> {
  if (!messages.some(({ type }) => type === MessageType.layout)) return undefined;
  const dataset: Dataset = { shape: undefined, datatype: undefined, layout: undefined, filters: [], externalFiles: [] };
  for (const message of messages) {
    if (message.type === MessageType.dataspace) dataset.shape = decodeDataspace(message, file.widths);
    else if (message.type === MessageType.datatype) dataset.datatype = decodeDatatype(message);
    else if (message.type === MessageType.layout) dataset.layout = decodeLayout(message, file.widths);
    else if (message.type === MessageType.filters) dataset.filters = decodeFilters(message);
    else if (message.type === MessageType.externalFiles) dataset.externalFiles.push(...(yield* externalFiles(file, message)));
  }
  return dataset;
}

/** Names of the outside files that hold a dataset's data. Layout: version, counts, address of their names, then three lengths per file. */
function* externalFiles(file: Hdf5File, { data, offset }: Message): Work<string[]> {
  const { offset: O, length: L } = file.widths;
  const cursor = new Cursor(data, offset);
  cursor.skip(6);
  const used = cursor.u16();
  const nameAt = yield* readLocalHeap(file, number(cursor, O));
  const files: string[] = [];
  for (let i = 0; i < used; i++) {
    files.push(nameAt(number(cursor, L)));
    cursor.skip(2 * L);
  }
  return files;
}

/** Where the data of a dataset begins, as far as it stands in the file as it is: `bytes` of it, or its first chunk. */
export function* dataStart({ reader, widths }: Hdf5File, { layout, filters }: Dataset, bytes: number): Work<Range | undefined> {
  if (layout?.kind === "compact") return { start: layout.offset, end: layout.offset + layout.size };
  if (layout?.kind === "contiguous") return layout.address === undefined ? undefined : { start: layout.address, end: layout.address + bytes };
  if (layout?.kind !== "chunked" || layout.tree === undefined || filters.length) return undefined;
  const { offset: O } = widths;
  // Key: u32 size, u32 filters left out, u64 per side; then the address of what is below.
  const key = 8 + 8 * (layout.sides ?? 0);
  for (let at: number | undefined = layout.tree, depth = 0; at !== undefined && depth < DEEPEST_TREE; depth++) {
    const node = new Cursor(yield* read(reader, at, 8 + 2 * O + key + O), at);
    if (node.text(4) !== "TREE") return undefined;
    node.skip(1);
    const level = node.u8();
    node.skip(2 + 2 * O);
    const size = node.u32();
    node.skip(key - 4);
    at = address(node, O);
    if (level === 0) return at === undefined ? undefined : { start: at, end: at + size };
  }
  return undefined;
}
