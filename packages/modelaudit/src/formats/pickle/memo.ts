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
  /** Short texts, by far the most entries, are kept as such and wrapped again when asked for. */
  private readonly dense: (Value | string | undefined)[] = [];
  private sparse: Map<number, Value> | undefined;

  get(key: number): Value | undefined {
    const held = this.dense[key];
    return typeof held === "string" ? { kind: "constant", value: held } : (held ?? this.sparse?.get(key));
  }

  private has(key: number): boolean {
    return this.dense[key] !== undefined || (this.sparse?.has(key) ?? false);
  }

  put(key: number, value: Value): void {
    if (!this.has(key) && ++this.count > MOST) throw new LimitExceeded("memo", this.count);
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
