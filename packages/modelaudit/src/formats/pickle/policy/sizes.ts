/** Rules on calls that take memory or time by a number alone: a writer stores data, it does not ask for empty memory. */
import type { Built, Value } from "../values.js";
import { type CallRule, OK, type Problem, wrong } from "./call-rule.js";
import { canonical } from "./names.js";
import type { Targets } from "./target.js";
import { argumentsOf, entry, isNumber, isText, isTuple } from "../questions.js";

/** Bytes that one call may allocate. */
const LARGEST = 256 * 1024 * 1024;
/** Items that one call may collect: each is a reference. */
const MOST_ITEMS = LARGEST / 8;
/** Iterators inside iterators whose length is counted. */
const DEEPEST = 16;
/** Iterators that are followed; each is one call of the stream, and one is inside the other. */
const MOST_ITERATORS = 1000;
/** Text codecs of `bytes(text, codec)`; see `_codecs.encode`. */
export const TEXT_CODECS =
  /^(?:latin[-_ ]?1|iso[-_]?8859[-_]1|utf[-_]?8|utf[-_]?16(?:[-_](?:le|be))?|utf[-_]?32(?:[-_](?:le|be))?|ascii|us-ascii|raw[-_]unicode[-_]escape|unicode[-_]escape|cp1252)$/i;

/** list(x), set(x), OrderedDict(x): run x when it is an iterator or an object. Functions in iterators are judged where those are made. */
export const collects: CallRule = ({ judge, args, built }) => {
  const [first = built?.argsValue] = args;
  if (first?.kind !== "built") return OK;
  const runs = whatRuns(judge.targets, first, new Set());
  if (runs) return wrong(runs);
  const length = lengthOf(judge.targets, first, 0, new Map());
  if (length <= MOST_ITEMS) return OK;
  return [{ kind: "allocation", amount: length === Number.POSITIVE_INFINITY ? "for ever" : `${length} items in memory` }];
};

/** Iterators that call a function for every item. */
const CALLING = /^(?:builtins\.(?:map|filter)|itertools\.(?:starmap|filterfalse|takewhile|dropwhile|accumulate|groupby))$/;
/** What gives its items without asking anybody's code. */
const PLAIN_ITEMS = /^(?:builtins|collections|itertools|_?codecs|array|numpy|pandas|torch\._utils|torch\.Size)(?:\.|$)/;

/** What runs while the items are collected: writers collect from lists and tuples alone, so that any object or function here is strange. */
function whatRuns(targets: Targets, built: Built, seen: Set<Built>): string | undefined {
  if (seen.has(built)) return undefined;
  if (seen.size > MOST_ITERATORS) return "it runs over too many iterators";
  seen.add(built);
  const cls = targets.classOf(built);
  if (cls.kind === "code") return "it runs over an object whose class the file carries";
  if (cls.kind !== "name") return undefined;
  const { module, name } = canonical(cls.module, cls.name);
  const path = `${module}.${name}`;
  const args = argumentsOf(built) ?? [];
  if (CALLING.test(path) || (path === "builtins.iter" && args.length > 1)) return "it calls a function for every item";
  if (!PLAIN_ITEMS.test(path)) return `it runs over an object of ${path}`;
  if (!ITERATORS.test(path)) return undefined;
  for (const value of args) {
    const runs = value.kind === "built" ? whatRuns(targets, value, seen) : undefined;
    if (runs) return runs;
  }
  return undefined;
}

/** bytes(text, codec), bytearray(text, codec), bytes(number), bytes(list). */
export const bytesLike: CallRule = (call) => {
  const [first, codec] = call.args;
  if (isText(first) && !(isText(codec) && TEXT_CODECS.test(codec.value))) return wrong("the codec is not one for text");
  if (!isNumber(first)) return collects(call);
  return Number(first.value) > LARGEST ? [{ kind: "allocation", amount: `${first.value} bytes of memory` }] : OK;
};

/** Items an iterator gives, as far as that is written in its arguments. */
function lengthOf(targets: Targets, built: Built, depth: number, known: Map<Built, number>): number {
  const before = known.get(built);
  if (before !== undefined) return before;
  known.set(built, 0);
  const length = countItems(targets, built, depth, known);
  known.set(built, length);
  return length;
}

function countItems(targets: Targets, built: Built, depth: number, known: Map<Built, number>): number {
  const cls = targets.classOf(built);
  if (cls.kind !== "name" || depth > DEEPEST) return 0;
  const { module, name } = canonical(cls.module, cls.name);
  const args = argumentsOf(built) ?? [];
  const numbers = args.filter(isNumber).map((item) => Number(item.value));
  const inner = args.map((item) => (item.kind === "built" ? lengthOf(targets, item, depth + 1, known) : item.kind === "container" ? item.nodes : 0));
  switch (`${module}.${name}`) {
    case "builtins.range": {
      const [start, stop, step] = numbers.length === 1 ? [0, numbers[0] ?? 0, 1] : [numbers[0] ?? 0, numbers[1] ?? 0, numbers[2] ?? 1];
      return step === 0 ? 0 : Math.max(0, Math.ceil((stop - start) / step));
    }
    case "itertools.count":
    case "itertools.cycle":
    case "itertools.permutations":
    case "itertools.combinations":
    case "itertools.combinations_with_replacement":
      // n! items from n: no writer counts them out.
      return Number.POSITIVE_INFINITY;
    case "itertools.repeat":
      return args.length < 2 ? Number.POSITIVE_INFINITY : (numbers[numbers.length - 1] ?? 0);
    case "itertools.product":
      return inner.reduce((count, length) => count * Math.max(1, length), args.length > 6 ? Number.POSITIVE_INFINITY : 1);
    case "itertools.islice":
      return Math.min(inner[0] ?? 0, numbers[numbers.length > 1 ? 1 : 0] ?? Number.POSITIVE_INFINITY);
    case "builtins.zip":
      return Math.min(...inner, Number.POSITIVE_INFINITY);
    default:
      return ITERATORS.test(`${module}.${name}`) ? Math.max(0, ...inner) : 0;
  }
}

/** Iterators that give about as many items as the longest they run over. */
export const ITERATORS = /^(?:itertools\.\w+|builtins\.(?:map|filter|zip|enumerate|iter|reversed))$/;

/** A shape of more items than fit in memory. */
export function tooLarge(shape: Value | undefined): readonly Problem[] {
  return tooMany(isTuple(shape) ? shape.items : shape ? [shape] : []);
}

function tooMany(sides: readonly Value[]): readonly Problem[] {
  const size = sides.reduce((product, side) => product * (isNumber(side) ? Number(side.value) : 1), 1);
  return sides.length && size > LARGEST ? [{ kind: "allocation", amount: `an array of ${size} items` }] : OK;
}

/** numpy.ndarray(shape, ...): uninitialised memory of that shape. */
export const arrayOf: CallRule = ({ args, kwargs }) => tooLarge(args[0] ?? entry(kwargs, "shape"));

/** Storages and tensors take sizes: `torch.FloatStorage(10**12)`, `torch.Tensor(10**6, 10**6)`. */
export const sizes: CallRule = ({ args }) => tooMany(args.flatMap((side) => (isTuple(side) ? side.items : [side])));
