import { type BranchFilter, arm64Filter, armFilter, armThumbFilter, itaniumFilter, powerPcFilter, sparcFilter, x86Filter } from "./branch-filters.js";
import type { Decoder } from "../codec.js";
import { concatBytes } from "../reader.js";
import { available, decoderOf } from "./decoding.js";

/** Changes plain bytes on their way out. `last` gives what was held back. */
export interface Filter {
  next(piece: Uint8Array): Uint8Array;
  last(): Uint8Array;
}

/** Filters by their number in xz; 7z has other numbers for the same. */
export const BRANCH_FILTERS: Readonly<Record<number, () => BranchFilter>> = {
  4: x86Filter,
  5: powerPcFilter,
  6: itaniumFilter,
  7: armFilter,
  8: armThumbFilter,
  9: sparcFilter,
  10: arm64Filter,
};

/** A branch filter over a stream that begins at `start` (nearly always 0). */
export function branchFilter(make: () => BranchFilter, start = 0): Filter {
  const filter = make();
  let rest = new Uint8Array(0);
  let position = start;
  return {
    next(piece) {
      // A copy: pieces may be shared, and filters work in place.
      const bytes = concatBytes([rest, piece]).slice();
      const done = filter(bytes, bytes.length, position);
      position += done;
      rest = bytes.slice(done);
      return bytes.subarray(0, done);
    },
    last: () => rest,
  };
}

/** Each byte is the difference to the one `distance` (1 to 256) before it. */
export function deltaFilter(distance: number): Filter {
  const before = new Uint8Array(256);
  let at = 0;
  return {
    next(piece) {
      const out = piece.slice();
      for (let i = 0; i < out.length; i++, at++) before[at & 0xff] = out[i] = (out[i]! + before[(at - distance) & 0xff]!) & 0xff;
      return out;
    },
    last: () => new Uint8Array(0),
  };
}

/** A filter by itself as a decoder, for chains of them as in 7z. It is finished when its input is. */
export function filterDecoder(filter: Filter): Decoder {
  return decoderOf(function* (intake) {
    while (yield* available(intake, 1)) {
      const piece = filter.next(intake.take(intake.left));
      if (piece.length) yield piece;
    }
    const rest = filter.last();
    if (rest.length) yield rest;
  });
}
