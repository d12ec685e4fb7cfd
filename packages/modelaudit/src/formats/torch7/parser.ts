import { sizesByName } from "../../detectors/bytes/sizes.js";
import type { ScanContext } from "../../engine/context.js";
import { Malformed } from "../../engine/errors.js";
import type { Work } from "../../engine/work.js";
import type { Source } from "./source.js";

/** A Lua function stored with its bytecode or source. */
export interface StoredFunction {
  offset: number;
  code: string;
}

export interface Torch7 {
  classes: Set<string>;
  tensors: number;
  functions: StoredFunction[];
  /** Text values that name something of {@link StoredFunction}'s interest; kept by the caller's filter. */
  texts: { offset: number; text: string }[];
  /** Where the object ends. */
  end: number;
}

const [NIL, NUMBER, TEXT, TABLE, OBJECT, BOOLEAN, FUNCTION, LEGACY_RECURSIVE_FUNCTION, RECURSIVE_FUNCTION] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const;

/** Bytes per item of a storage, by the name before `Storage`. */
const ITEM_BYTES = sizesByName({
  1: "Byte Char CudaByte CudaChar",
  2: "Short Half CudaShort CudaHalf",
  4: "Int Float Cuda CudaInt",
  8: "Long Double CudaLong CudaDouble",
});
/** More dimensions than any tensor has; a larger number means that the file was misread. */
const MOST_DIMENSIONS = 64;
/** Functions and texts kept: enough to judge by. */
const KEPT = 100;

/**
 * Layout: an object is a type tag and its parts. Tables, torch objects and recursive functions have an index first; an
 * index seen before stands for that object, and nothing follows. Parts stand in the order in which they are read, so a
 * count of objects still to come is all the nesting there is to remember.
 * `keep` says which text values are of interest.
 * What was read before an error stays in `file`.
 */
export function* readInto(file: Torch7, source: Source, context: ScanContext, keep: (text: string) => boolean): Work<void> {
  const seen = new Set<number>();
  let steps = 0;
  for (let pending = 1; pending > 0; pending--) {
    if ((++steps & 0xfff) === 0) context.budget.checkTime();
    const { offset } = source;
    const tag = yield* source.int();
    switch (tag) {
      case NIL:
        break;
      case NUMBER:
        yield* source.number();
        break;
      case BOOLEAN:
        yield* source.int();
        break;
      case TEXT: {
        const text = yield* source.text(yield* source.int());
        if (file.texts.length < KEPT && keep(text)) file.texts.push({ offset, text });
        break;
      }
      case TABLE: {
        if (!isNew(seen, yield* source.int())) break;
        const count = yield* source.int();
        if (count < 0) throw new Malformed(offset, "a count of pairs", String(count));
        pending += 2 * count;
        break;
      }
      case OBJECT:
        if (isNew(seen, yield* source.int())) pending += yield* readObject(file, source);
        break;
      case FUNCTION:
      case LEGACY_RECURSIVE_FUNCTION:
      case RECURSIVE_FUNCTION: {
        if (tag !== FUNCTION && !isNew(seen, yield* source.int())) break;
        const code = yield* source.text(yield* source.int());
        if (file.functions.length < KEPT) file.functions.push({ offset, code });
        pending += 1;
        break;
      }
      default:
        throw new Malformed(offset, "a type tag from 0 to 8", String(tag));
    }
  }
  file.end = source.offset;
}

function isNew(seen: Set<number>, index: number): boolean {
  if (seen.has(index)) return false;
  seen.add(index);
  return true;
}

/** Reads what belongs to a torch object by its class, and gives how many objects follow as its parts. */
function* readObject(file: Torch7, source: Source): Work<number> {
  let name = yield* source.text(yield* source.int());
  if (/^V -?\d+$/.test(name)) name = yield* source.text(yield* source.int());
  if (file.classes.size < KEPT) file.classes.add(name);
  if (/^torch\.\w*Tensor$/.test(name)) {
    const { offset } = source;
    const dimensions = yield* source.int();
    if (dimensions < 0 || dimensions > MOST_DIMENSIONS) throw new Malformed(offset, "a number of dimensions", String(dimensions));
    for (let side = 0; side < 2 * dimensions + 1; side++) yield* source.long();
    file.tensors++;
    return 1;
  }
  const storage = /^torch\.(\w*)Storage$/.exec(name);
  if (storage) {
    const { offset } = source;
    const itemBytes = ITEM_BYTES.get(storage[1] ?? "");
    const items = yield* source.long();
    if (itemBytes === undefined || items < 0) throw new Malformed(offset, "a known storage", `${items} items of ${name}`);
    yield* source.skip(items, itemBytes);
    return 0;
  }
  return 1;
}
