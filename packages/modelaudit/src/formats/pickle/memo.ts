import { LimitExceeded } from "../../engine/errors.js";
import type { Value } from "./values.js";

/** Keys up to this are kept in an array whatever their order; above, only while they are dense. */
const DENSE = 65_536;
/** Entries of one memo: 32 million are 256 MB of table. Larger honest pickles hold their data in arrays. */
const MOST = 32 * 2 ** 20;

/** The memo of one stream: integer keys, mostly dense. A key of two thousand million costs one entry, not two thousand million. */
export class Memo {
  /** Number of keys that are set, which is what MEMOIZE counts. */
  count = 0;
  private readonly dense: (Value | undefined)[] = [];
  private sparse: Map<number, Value> | undefined;

  get(key: number): Value | undefined {
    return this.dense[key] ?? this.sparse?.get(key);
  }

  put(key: number, value: Value): void {
    if (this.get(key) === undefined && ++this.count > MOST) throw new LimitExceeded("memo", this.count);
    if (key === this.dense.length) this.dense.push(value);
    else if (key < this.dense.length) this.dense[key] = value;
    else if (key < DENSE) {
      while (this.dense.length < key) this.dense.push(undefined);
      this.dense.push(value);
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
      const value = this.dense[key];
      if (value) found.push([key, value]);
    }
    for (const entry of this.sparse ?? []) if (found.length < most) found.push(entry);
    return found;
  }
}
