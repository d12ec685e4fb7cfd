import { LimitExceeded } from "../../engine/errors.js";
import { emptyContainer, KEPT_ITEMS, NO_ITEMS } from "./containers.js";
import type { Decoder } from "./decoder.js";
import type { Extensions } from "./extensions.js";
import { fold } from "./fold.js";
import { Memo } from "./memo.js";
import type { Inflate } from "./pure-functions.js";
import { isText } from "./questions.js";
import { type Built, type Constant, type Effect, emptyStream, type Global, type Route, type Stream, type Value } from "./values.js";

/** Values on the stack of one stream: a tuple or list of 16 million is 128 MB of references. */
const DEEPEST_STACK = 16 * 2 ** 20;
/** Marks open at once: one for each level of nesting, which Python's recursion limit keeps to some thousands. */
const MOST_MARKS = 2 ** 20;
/** Effects of one stream. Two million calls take some 600 MB; honest pickles of that size hold arrays, not objects. */
const MOST_EFFECTS = 2_000_000;
/** Oddities kept of one stream: after this many it is clear what the file is. */
const MOST_ODDITIES = 200;
/** Literals kept for the search of streams inside; replay buffers hold some hundred thousand compressed images. */
const MOST_BLOBS = 1_000_000;
/** A hash that visits more values than this takes seconds; tuples that honest writers use as keys hold a handful. */
const HASH_NODES = 10_000_000;
/** Python writes no deeper object unless its recursion limit is raised tenfold, and printing or comparing this one ends the process. */
const DEEPEST_NESTING = 10_000;
/** A graph expanded to this size fits in no memory: it was built by doubling. */
const EXPANDED_NODES = 1e15;

export const NONE: Constant = { kind: "constant", value: null };
export const TRUE: Constant = { kind: "constant", value: true };
export const FALSE: Constant = { kind: "constant", value: false };
const SMALL: readonly Constant[] = Array.from({ length: 256 }, (_, value) => ({ kind: "constant", value }));
export const EMPTY_TUPLE = emptyContainer("tuple");

export function numberConstant(value: number): Constant {
  return SMALL[value] ?? { kind: "constant", value };
}

export interface MachineOptions {
  /** Plain items kept of each container (see containers.ts); raised by those who read the result. */
  kept?: number;
  /** Extension codes registered so far by the process that would load the file. */
  extensions: Extensions;
  /** Decompresses a short text, for names that are computed by decompression. */
  inflate?: Inflate;
}

/** A stream that was interrupted by a complete one in its middle. */
type Outer = Pick<Machine, "stack" | "marks" | "floor" | "memo" | "protocol">;

/**
 * The pickle machine over symbolic values: stack, marks and memo are exact, and nothing is imported or called. Where a
 * real one would stop (an empty stack, a missing memo entry) it notes the oddity, takes an {@link Unknown} and goes on,
 * since the point is to see everything that may happen.
 */
export class Machine {
  readonly stream: Stream;
  readonly options: MachineOptions;
  readonly kept: number;
  stack: Value[] = [];
  /** Heights of the stack at each MARK. */
  marks: number[] = [];
  /** The topmost of them: values below it are out of reach. */
  floor = 0;
  memo = new Memo();
  protocol = 0;
  /** End of the frame being read; Infinity outside of one. */
  frameEnd = Number.POSITIVE_INFINITY;
  private readonly outer: Outer[] = [];

  constructor(start: number, options: MachineOptions) {
    this.options = options;
    this.kept = options.kept ?? KEPT_ITEMS;
    this.stream = emptyStream(start);
  }

  push(value: Value): undefined {
    this.stack.push(value);
  }

  /** Called once per window, which adds no more values than it has bytes. */
  checkStack(): void {
    if (this.stack.length >= DEEPEST_STACK) throw new LimitExceeded("stack", this.stack.length);
  }

  pop(offset: number): Value {
    if (this.stack.length > this.floor) return this.stack.pop() as Value;
    this.odd("stack-underflow", offset, "the stack is empty where a value is needed");
    return { kind: "unknown", why: "empty stack" };
  }

  top(offset: number): Value {
    if (this.stack.length > this.floor) return this.stack[this.stack.length - 1] as Value;
    const value = this.pop(offset);
    this.stack.push(value);
    return value;
  }

  mark(): undefined {
    if (this.marks.length >= MOST_MARKS) throw new LimitExceeded("marks", this.marks.length);
    this.floor = this.stack.length;
    this.marks.push(this.floor);
  }

  /** Height of the topmost mark, which is taken off; the values above it stay for the caller to cut. */
  popMark(offset: number): number | undefined {
    const mark = this.dropMark();
    if (mark !== undefined) return mark;
    this.odd("stack-underflow", offset, "no mark is set where one is needed");
    return undefined;
  }

  dropMark(): number | undefined {
    const mark = this.marks.pop();
    this.floor = this.marks.length ? (this.marks[this.marks.length - 1] as number) : 0;
    return mark;
  }

  odd(code: string, offset: number, detail: string, fatal = false): void {
    if (this.stream.oddities.length < MOST_ODDITIES || fatal) this.stream.oddities.push({ code, offset, detail, fatal });
  }

  effect(effect: Effect): void {
    if (this.stream.effects.length >= MOST_EFFECTS) throw new LimitExceeded("effects", this.stream.effects.length);
    this.stream.effects.push(effect);
  }

  noteBlob(decoder: Decoder): void {
    if (!decoder.blob) return;
    if (this.stream.blobs.length >= MOST_BLOBS) throw new LimitExceeded("embedded", this.stream.blobs.length);
    this.stream.blobs.push(decoder.blob);
  }

  /** find_class with literal names. */
  import(module: string, name: string, offset: number, computed?: string): Global {
    const global: Global = { kind: "global", module, name, offset, protocol: this.protocol, ...(computed === undefined ? {} : { computed }) };
    this.effect({ kind: "import", global, offset });
    return global;
  }

  /** STACK_GLOBAL: operands that are no literal text are folded when only pure functions made them. */
  importFromStack(offset: number): undefined {
    const name = this.pop(offset);
    const module = this.pop(offset);
    if (isText(module) && isText(name)) {
      this.push(this.import(module.value, name.value, offset));
      return;
    }
    const moduleText = fold(module, this.options.inflate);
    const nameText = fold(name, this.options.inflate);
    if (typeof moduleText?.value === "string" && typeof nameText?.value === "string") {
      const how = [...new Set([...moduleText.how, ...nameText.how])].join(", ");
      this.push(this.import(moduleText.value, nameText.value, offset, how || "a cut literal"));
      return;
    }
    this.effect({ kind: "unresolved-import", module, name, offset });
    this.push({ kind: "unknown", why: "import of a computed name" });
  }

  call(callee: Value, operand: Value | Value[], route: Route, offset: number, kwargs?: Value): Built {
    const list = Array.isArray(operand);
    const tuple = !list && operand.kind === "container" && operand.type === "tuple" && operand.dropped === 0;
    const args = list ? operand : tuple ? operand.items : undefined;
    const built: Built = { kind: "built", callee, args, route, offset, states: NO_ITEMS, items: NO_ITEMS };
    if (!list && !tuple) built.argsValue = operand;
    if (kwargs) built.kwargs = kwargs;
    this.effect({ kind: "call", built, offset });
    this.options.extensions.noteCall(built);
    return built;
  }

  /** A value becomes a dict key or a member of a set. */
  hash(key: Value, offset: number): void {
    if (key.kind === "container" && key.nodes > HASH_NODES) this.effect({ kind: "hash-bomb", nodes: key.nodes, offset });
  }

  /** Begins a complete stream in the middle of this one; its STOP goes on behind it. */
  nest(): void {
    if (this.outer.length >= 64) throw new LimitExceeded("nesting", this.outer.length);
    this.outer.push({ stack: this.stack, marks: this.marks, floor: this.floor, memo: this.memo, protocol: this.protocol });
    this.stack = [];
    this.marks = [];
    this.floor = 0;
    this.memo = new Memo();
    this.protocol = 0;
  }

  /** STOP: true when the stream is over. */
  stop(offset: number): boolean {
    this.marks.length = 0;
    this.floor = 0;
    const result = this.pop(offset);
    const outer = this.outer.pop();
    if (outer) {
      Object.assign(this, outer);
      this.pop(offset);
      this.push(result);
      return false;
    }
    if (result.kind === "container" && result.nodes > EXPANDED_NODES) {
      this.odd("expansion", offset, `the object would expand to ${result.nodes.toExponential(0)} parts`);
    }
    if (result.kind === "container" && result.depth > DEEPEST_NESTING) {
      this.odd("nesting", offset, `the object is ${result.depth} containers deep, and Python walks over it by recursion`);
    }
    this.stream.result = result;
    this.stream.complete = true;
    this.stream.protocol = Math.max(this.stream.protocol, this.protocol);
    return true;
  }
}
