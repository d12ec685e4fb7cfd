import { Malformed } from "../../engine/errors.js";
import { type Work, read } from "../../engine/work.js";
import { Cursor } from "../../io/cursor.js";
import { address, number } from "./decode.js";
import { readLocalHeap } from "./local-heap.js";
import type { Hdf5File, Link } from "./types.js";

/** Nodes of one tree; a group with as many members is no model. */
const MOST_NODES = 100_000;

/** Old-style group: a B-tree of symbol-table nodes, names in a local heap. */
export function* readSymbolTable(file: Hdf5File, tree: number, heap: number): Work<Link[]> {
  const { reader } = file;
  const { offset: O, length: L } = file.widths;
  const nameAt = yield* readLocalHeap(file, heap);
  const links: Link[] = [];
  const pending = [tree];
  const seen = new Set<number>();
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    if (seen.has(at) || seen.size > MOST_NODES) throw new Malformed(at, "a tree", "a node that stands in it twice");
    seen.add(at);
    const head = new Cursor(yield* read(reader, at, 8), at);
    const signature = head.text(4);
    if (signature === "SNOD") {
      head.skip(2);
      const count = head.u16();
      const size = 2 * O + 24;
      const entries = new Cursor(yield* read(reader, at + 8, count * size), at + 8);
      for (let i = 0; i < count; i++) {
        const name = nameAt(number(entries, O));
        const target = number(entries, O);
        const cacheType = entries.u32();
        entries.skip(20);
        links.push(cacheType === 2 ? { kind: "soft", name } : { kind: "hard", name, address: target });
      }
    } else if (signature === "TREE") {
      head.skip(2);
      const used = head.u16();
      const body = new Cursor(yield* read(reader, at + 8 + 2 * O, used * (L + O) + L), at + 8 + 2 * O);
      const children: number[] = [];
      for (let i = 0; i < used; i++) {
        body.skip(L);
        children.push(number(body, O));
      }
      pending.push(...children.reverse());
    } else throw new Malformed(at, "a node of a group", "other bytes");
  }
  return links;
}

/** Records of a version-2 B-tree, whatever their kind. Used for the name indices of dense groups and attributes. */
export function* readTreeRecords({ reader, widths }: Hdf5File, at: number): Work<Uint8Array[]> {
  const { offset: O, length: L } = widths;
  const cursor = new Cursor(yield* read(reader, at, 4 + 1 + 1 + 4 + 2 + 2 + 1 + 1 + O + 2 + L), at);
  if (cursor.text(4) !== "BTHD") throw new Malformed(at, "a B-tree of version 2", "other bytes");
  cursor.skip(2);
  const nodeSize = cursor.u32();
  const recordSize = cursor.u16();
  const depth = cursor.u16();
  cursor.skip(2);
  const root = address(cursor, O);
  const rootRecords = cursor.u16();
  if (root === undefined) return [];
  if (recordSize === 0) throw new Malformed(at, "records with a size", "none");
  // How many bytes a child's record counts take depends on how many records fit into the nodes below.
  const bytesFor = (value: number) => Math.max(1, Math.ceil(Math.log2(value + 1) / 8));
  const leafMost = Math.floor((nodeSize - 10) / recordSize);
  const most = [leafMost];
  const totals = [leafMost];
  for (let level = 1; level <= depth; level++) {
    const pointer = O + bytesFor(leafMost) + (level > 1 ? bytesFor(totals[level - 1] as number) : 0);
    const fit = Math.floor((nodeSize - 10 - pointer) / (recordSize + pointer));
    most.push(fit);
    totals.push((fit + 1) * (totals[level - 1] as number) + fit);
  }
  const records: Uint8Array[] = [];
  const pending = [{ at: root, level: depth, count: rootRecords }];
  let nodes = 0;
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (++nodes > MOST_NODES) throw new Malformed(node.at, "a tree of bounded size", "more nodes");
    const pointerCount = node.level > 0 ? node.count + 1 : 0;
    const pointer = O + bytesFor(leafMost) + (node.level > 1 ? bytesFor(totals[node.level - 1] as number) : 0);
    const body = new Cursor(yield* read(reader, node.at + 6, node.count * recordSize + pointerCount * pointer), node.at + 6);
    for (let i = 0; i < node.count; i++) records.push(body.raw(recordSize));
    for (let i = 0; i < pointerCount; i++) {
      const child = number(body, O);
      const count = number(body, bytesFor(leafMost));
      if (node.level > 1) body.skip(bytesFor(totals[node.level - 1] as number));
      pending.push({ at: child, level: node.level - 1, count });
    }
  }
  return records;
}
