/** What a pickle would build, without building it. Values are shared like the objects they stand for: the graph may be a DAG or cyclic. */
export type Value = Constant | Global | Built | Container | Persistent | Extension | Unknown;

/** A plain value. Text is a JavaScript string (lone surrogates kept), bytes a view or a copy cut at a limit. */
export interface Constant {
  kind: "constant";
  value: string | Uint8Array | number | bigint | boolean | null;
  /** Set when `value` was too long to keep and holds only its beginning. */
  cut?: { length: number };
  /** Offset of the opcode, for text and bytes. */
  offset?: number;
}

/** A name the loader imports: `module` and `name` exactly as written in the stream, aliases not yet resolved. */
export interface Global {
  kind: "global";
  module: string;
  name: string;
  offset: number;
  /** Protocol in force: below 3 Python 2 names are mapped, from 4 on the name is split at dots. */
  protocol: number;
  /** The names were not literals in the stream but computed by calls; holds how (`str.join`, `codecs.decode`). */
  computed?: string;
}

/** How a callable was called. */
export type Route = "REDUCE" | "INST" | "OBJ" | "NEWOBJ" | "NEWOBJ_EX" | "APPEND" | "APPENDS" | "ADDITEMS";

/** The result of calling something. Later BUILD and SETITEM opcodes on it are kept in order. */
export interface Built {
  kind: "built";
  callee: Value;
  /** Positional arguments. `undefined` when the operand was not a tuple (the Python unpickler takes any iterable). */
  args: Value[] | undefined;
  /** The operand itself when it was not a plain tuple. */
  argsValue?: Value;
  kwargs?: Value;
  route: Route;
  offset: number;
  /** States given by BUILD, in order. */
  states: Value[];
  /** Keys and values (flat) or appended items given by SETITEM(S), APPEND(S), ADDITEMS. May be cut at a limit. */
  items: Value[];
}

/** A fresh list, tuple, dict, set or frozenset. A dict's items are key, value, key, value... May be cut at a limit (see `dropped`). */
export interface Container {
  kind: "container";
  type: "list" | "tuple" | "dict" | "set" | "frozenset";
  items: Value[];
  /** Plain items (numbers, None, short data) that were counted but not kept. */
  dropped: number;
  /** Values a walk through it would visit: more than there are objects where parts are shared. May be Infinity. */
  nodes: number;
  /** Containers inside each other, this one counted. */
  depth: number;
  /** Nothing but constants inside, at any depth, as far as was seen when they were put in. */
  plain: boolean;
  /** Where the memo holds it, -1 for nowhere. */
  memoKey: number;
}

export interface Persistent {
  kind: "persistent";
  id: Value;
  offset: number;
}

export interface Extension {
  kind: "extension";
  code: number;
  offset: number;
}

/** Nothing is known: a stack underflow, a missing memo entry, an operand of the wrong type. */
export interface Unknown {
  kind: "unknown";
  why: string;
}

/** What happens while the stream is read, in order. Nothing that comes later (an error, a POP) takes an effect back. */
export type Effect =
  | { kind: "import"; global: Global; offset: number }
  | { kind: "call"; built: Built; offset: number }
  /** BUILD: `__setstate__`, or entries written into `__dict__` and by setattr. */
  | { kind: "build"; target: Value; state: Value; offset: number }
  /** SETITEM, SETITEMS, APPEND, APPENDS, ADDITEMS on something that is not a fresh container: calls its methods. */
  | { kind: "mutate"; target: Value; opcode: string; items: Value[]; offset: number }
  | { kind: "persistent"; value: Persistent; offset: number }
  | { kind: "extension"; value: Extension; offset: number }
  /** STACK_GLOBAL whose operands are no known text. */
  | { kind: "unresolved-import"; module: Value; name: Value; offset: number }
  /** A value used as a dict key or set member whose hash walks a graph that is exponentially larger than its bytes. */
  | { kind: "hash-bomb"; nodes: number; offset: number };

/** A place where the bytes are not what the grammar demands, or readers disagree about them. */
export interface Oddity {
  /** Stable code: `limit-stack` and the like, `unknown-opcode`, `truncated`, `missing-memo`, `stack-underflow`, `frame-straddled`, `frame-nested`, `frame-overlong`, `bad-literal`... */
  code: string;
  offset: number;
  detail: string;
  /** The stream cannot be read past here. */
  fatal: boolean;
}

/** One pickle stream, from its first opcode to STOP (or to where it broke off). */
export interface Stream {
  start: number;
  /** Offset behind STOP, or where reading stopped. */
  end: number;
  complete: boolean;
  protocol: number;
  opcodes: number;
  effects: Effect[];
  oddities: Oddity[];
  /** What the loader would return. */
  result: Value | undefined;
  /** Literals whose beginning may be a pickle, plain or encoded, for the search of streams inside. Offsets, not copies. */
  blobs: Literal[];
  /** Places where a reader that does not follow this stream's frames or arrays would go on, see {@link Reading}. */
  readings: Reading[];
}

export function emptyStream(start: number): Stream {
  return { start, end: start, complete: false, protocol: 0, opcodes: 0, effects: [], oddities: [], result: undefined, blobs: [], readings: [] };
}

/** A text or bytes literal: `offset` and `length` are those of its content as written, `form` says how that is to be read. */
export interface Literal {
  offset: number;
  length: number;
  form: LiteralForm;
}

export type LiteralForm = "bytes" | "utf-8" | "raw-unicode-escape" | "quoted";

/**
 * Bytes that another reader takes as opcodes where this one takes them as data: a literal that runs over the end of its
 * frame (found anywhere in it), or the array behind a joblib wrapper (only at its start).
 */
export interface Reading {
  start: number;
  end: number;
  why: "frame" | "array";
  /** The memo at that place, since the other reader has it too. */
  memo: readonly (readonly [key: number, value: Value])[];
}
