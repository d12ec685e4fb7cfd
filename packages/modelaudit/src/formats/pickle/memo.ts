import { LimitExceeded } from "../../engine/errors.js";
import { NO_ITEMS } from "./containers.js";
import type { Container, Value } from "./values.js";

/** Keys up to this are kept in an array whatever their order; above, only while they are dense. */
const DENSE = 65_536;
/** Entries of one memo: 32 million are 256 MB of table. Larger honest pickles hold their data in arrays. */
const MOST = 32 * 2 ** 20;

/** What can be a record: tuples stay, since they may be the arguments of a call. */
const RECORDS: readonly Container["type"][] = ["list", "dict", "set", "frozenset"];
/** Values in one record; a number that holds this and the type is a small one. */
const LARGEST_RECORD = 2 ** 24;

/** The memo of one stream: integer keys, mostly dense. A key of two thousand million costs one entry, not two thousand million. */
export class Memo {
  /** Number of keys that are set, which is what MEMOIZE counts. */
  count = 0;
  /** Texts, by far the most entries, as such; records of a table, let go by the list they are in, as a number: what they are and how large. */
  private readonly dense: (Value | string | number | undefined)[] = [];
  private sparse: Map<number, Value> | undefined;

  get(key: number): Value | undefined {
    const held = this.dense[key];
    if (typeof held === "string") return { kind: "constant", value: held };
    if (typeof held !== "number") return held ?? this.sparse?.get(key);
    const nodes = Math.floor(held / RECORDS.length);
    const type = RECORDS[held % RECORDS.length] as Container["type"];
    const record: Container = { kind: "container", type, items: NO_ITEMS, dropped: nodes - 1, nodes, depth: 1, plain: true, memoKey: key };
    this.dense[key] = record;
    return record;
  }

  /** A plain container whose items are not kept any more: the entry, if it still is one, shrinks to its size. */
  release(container: Container): void {
    const { memoKey, nodes, type, depth } = container;
    if (depth === 1 && nodes < LARGEST_RECORD && this.dense[memoKey] === container)
      this.dense[memoKey] = nodes * RECORDS.length + RECORDS.indexOf(type);
  }

  private has(key: number): boolean {
    return this.dense[key] !== undefined || (this.sparse?.has(key) ?? false);
  }

  put(key: number, value: Value): void {
    // Keys come in order from nearly every writer.
    const isNew = (key === this.dense.length && !this.sparse) || !this.has(key);
    if (isNew && ++this.count > MOST) throw new LimitExceeded("memo", this.count);
    if (value.kind === "container" && value.type !== "tuple") value.memoKey = key;
    const held = value.kind === "constant" && typeof value.value === "string" && !value.cut ? value.value : value;
    if (key === this.dense.length) this.dense.push(held);
    else if (key < this.dense.length) this.dense[key] = held;
    else if (key < DENSE) {
      while (this.dense.length < key) this.dense.push(undefined);
      this.dense.push(held);
    } else {
      this.sparse ??= new Map();
      this.sparse.set(key, value);
    }
    // A key that was sparse before the array grew up to it must not show its old value.
    if (this.sparse && key < this.dense.length) this.sparse.delete(key);
  }

  /** At most `most` entries with their keys. */
  entries(most: number): [number, Value][] {
    const found: [number, Value][] = [];
    for (let key = 0; key < this.dense.length && found.length < most; key++) {
      const value = this.get(key);
      if (value) found.push([key, value]);
    }
    for (const entry of this.sparse ?? []) if (found.length < most) found.push(entry);
    return found;
  }
}
