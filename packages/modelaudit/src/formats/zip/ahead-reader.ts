import { type Work, read } from "../../engine/work.js";
import type { Reader } from "../../io/reader.js";
import type { Listing } from "./directory.js";
import { u16 } from "../../io/little-endian.js";
import { LOCAL_HEADER, type LocalHeader, localHeader } from "./records.js";

/** Headers closer together than this are read in one go: a read costs about as much as copying so many bytes. */
const CLOSE = 4096;
/** Longest run read at once. */
const LONGEST_RUN = 64 * 1024;
/** Extra fields of local headers are rarely longer: PyTorch pads with up to 64 bytes, Info-ZIP writes 28. */
const USUAL_EXTRA = 96;
/** A data descriptor before the next header: signature, CRC, two 64-bit sizes. */
const DESCRIPTOR = 24;

/**
 * Reads the local headers of members in file order, many small neighbours in one read and nothing of large members.
 * Ranges start a little before the header, so that the descriptor of the member in front is seen too.
 */
export function aheadReader(reader: Reader, listed: Listing, limit: number) {
  let bytes: Uint8Array = new Uint8Array(0);
  let base = 0;

  /** The range in memory, or undefined when not all of it is held. */
  function held(offset: number, length: number): Uint8Array | undefined {
    const from = offset - base;
    return from >= 0 && from + length <= bytes.length ? bytes.subarray(from, from + length) : undefined;
  }

  function* load(offset: number, length: number): Work<Uint8Array> {
    const known = held(offset, length);
    if (known) return known;
    bytes = yield* read(reader, offset, length);
    base = offset;
    return bytes;
  }

  /** Where the header ends at the latest, as a rule: a character of a name takes up to three bytes. */
  function needed(index: number): number {
    return listed.headerOffset(index) + LOCAL_HEADER + 3 * listed.name(index).length + USUAL_EXTRA;
  }

  /** Where to begin reading for the header of a member: at the descriptor of the one before it, when that is near. */
  function begin(at: number, explained: number): number {
    return explained < at && at - explained <= DESCRIPTOR ? explained : at;
  }

  return {
    held,
    load,
    /** The header when it is in memory already, as that of a small neighbour. */
    headerAtHand(index: number, explained: number): LocalHeader | undefined {
      const at = listed.headerOffset(index);
      return begin(at, explained) >= base ? localHeader(bytes, at - base, listed.name(index)) : undefined;
    },
    /** The local header of the member at `index`; `explained` is where the member before it ends. */
    *header(index: number, explained: number): Work<LocalHeader | undefined> {
      const at = listed.headerOffset(index);
      const from = begin(at, explained);
      let end = needed(index);
      if (from < base || Math.min(end, reader.size) > base + bytes.length) {
        for (let next = index + 1; next < listed.count; next++) {
          const gap = listed.headerOffset(next) - end;
          if (gap > CLOSE || needed(next) - from > LONGEST_RUN) break;
          end = Math.max(end, needed(next));
        }
        // The last member of a run is often followed by the directory: nothing of that is wanted here.
        const to = Math.min(Math.max(end, at + LOCAL_HEADER), at < limit ? Math.max(limit, at + LOCAL_HEADER) : reader.size, reader.size);
        yield* load(from, to - from);
      }
      const header = localHeader(bytes, at - base, listed.name(index));
      if (header) return header;
      const start = held(at, LOCAL_HEADER);
      if (!start) return undefined;
      // A longer extra field than usual, or no header at all.
      const whole = LOCAL_HEADER + u16(start, 26) + u16(start, 28);
      if (at + whole > reader.size) return undefined;
      return localHeader(yield* read(reader, at, whole), 0);
    },
  };
}
