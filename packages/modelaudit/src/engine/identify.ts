import type { Reader } from "../io/reader.js";
import type { ScanContext } from "./context.js";
import { Malformed, Unsupported } from "./errors.js";
import type { Confidence, Format, Glimpse } from "./format.js";
import { type Work, readUpTo } from "./work.js";

/** The first look: enough for every magic number, one disk block. */
export const GLIMPSE_BYTES = 4096;

/** What the first bytes, the name and the hints of an artifact show. */
export function* glimpse(reader: Reader, name: string, hints: Readonly<Record<string, unknown>>): Work<Glimpse> {
  const head = yield* readUpTo(reader, 0, GLIMPSE_BYTES);
  return { name, extension: extensionOf(name), size: reader.size, head, hints };
}

/** Last suffix in lower case with the dot; empty for none and for dot files. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(dot).toLowerCase() : "";
}

type Probe = NonNullable<Format["probe"]>;

/**
 * All formats an artifact may be read as, surest first. Every certain one counts (a polyglot is several at once);
 * likely ones count only when nothing is certain, possible ones only when nothing else is there. A container is left out
 * where a special case of it (see `Format.refines`) answers. With `onlyCertain`, for bytes that may be nothing, only
 * formats certain from the head count, and those that are read from the end.
 */
export function* identify(formats: readonly Format[], reader: Reader, look: Glimpse, context: ScanContext, onlyCertain = false): Work<Format[]> {
  const found: Record<Confidence, Format[]> = { certain: [], likely: [], possible: [] };
  const undecided: Format[] = [];
  for (const format of orderOf(formats).bySurest) {
    if (format.surest && (onlyCertain || found.certain.length)) continue;
    const answer = format.sniff(look);
    if (answer) found[answer].push(format);
    if (format.probe && !format.refines && (!answer || answer === "possible") && (!onlyCertain || format.readFromEnd)) undecided.push(format);
  }
  if (onlyCertain) found.likely = found.possible = [];
  let chosen = found.certain;
  if (!chosen.length) {
    for (const format of undecided) {
      const answer = yield* (format.probe as Probe)(reader, look, context);
      if (answer && !found[answer].includes(format)) found[answer].push(format);
    }
    if (found.certain.length) chosen = [...found.certain, ...(onlyCertain ? [] : found.likely)];
    else if (onlyCertain) return [];
    else chosen = found.likely.length ? found.likely : found.possible.slice(0, 1);
  }
  return yield* refine(formats, chosen, reader, look, context);
}

/** The formats in the order they are asked in. */
interface Order {
  /** Those that may be certain first: the others then need not be asked. */
  bySurest: readonly Format[];
  /** Special cases of containers. */
  refining: readonly Format[];
}

const ORDERS = new WeakMap<readonly Format[], Order>();

function orderOf(formats: readonly Format[]): Order {
  let order = ORDERS.get(formats);
  if (!order) {
    const bySurest = [...formats.filter((format) => !format.surest), ...formats.filter((format) => format.surest)];
    order = { bySurest, refining: formats.filter((format) => format.probe && format.refines) };
    ORDERS.set(formats, order);
  }
  return order;
}

/** A container too broken to tell what it is for is left to its own scanner, which says so and reads what it can. */
function* isSpecial(probe: Probe, reader: Reader, look: Glimpse, context: ScanContext): Work<boolean> {
  try {
    return (yield* probe(reader, look, context)) !== undefined;
  } catch (error) {
    if (error instanceof Malformed || error instanceof Unsupported) return false;
    throw error;
  }
}

/** Puts special cases in the place of the containers they are made of. */
function* refine(formats: readonly Format[], chosen: Format[], reader: Reader, look: Glimpse, context: ScanContext): Work<Format[]> {
  const special: Format[] = [];
  for (const format of orderOf(formats).refining) {
    if (chosen.includes(format) || !chosen.some((container) => format.refines?.includes(container.id))) continue;
    if (yield* isSpecial(format.probe as Probe, reader, look, context)) special.push(format);
  }
  if (!special.length) return chosen;
  return [...special, ...chosen.filter((container) => !special.some((format) => format.refines?.includes(container.id)))];
}

/** Whether the extension is one that models have, not only texts, configs and images. */
export function namedLikeModel(formats: readonly Format[], name: string): boolean {
  const extension = extensionOf(name);
  const isModel = (format: Format) => !format.tags.some((tag) => tag === "data" || tag === "text" || tag === "config");
  return formats.some((format) => format.extensions.includes(extension) && isModel(format));
}
