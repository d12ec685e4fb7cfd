import { textOfUnits } from "../../io/text-of-units.js";
import { Malformed } from "../../engine/errors.js";
import { Cursor } from "../../io/cursor.js";

/** What a function's bytecode refers to: names it loads, texts it holds, functions inside it. */
export interface Code {
  name: string;
  /** Globals, attributes and imports, in the order of `co_names`. */
  names: string[];
  /** Text constants. */
  texts: string[];
  /** Number of functions and classes inside, at all depths. */
  inner: Code[];
}

/** Code, tuples and dicts inside one another; the interpreter's own limit is 2,000, honest code stays below 20. */
const DEEPEST = 100;
/** Objects in one stream; a large honest function has some hundreds. */
const MOST_OBJECTS = 200_000;

/** Number of i32 fields before the bytecode, and the kinds of objects behind it. */
interface CodeLayout {
  counts: number;
  fields: readonly string[];
  interned?: boolean;
}

const LAYOUTS: readonly CodeLayout[] = [
  // 3.11 to 3.14: argument counts, stack size, flags; one table for all variables; a qualified name; exception table.
  { counts: 5, fields: ["bytecode", "consts", "names", "variables", "kinds", "file", "name", "qualname", "line", "lines", "exceptions"] },
  // 3.8 to 3.10: with positional-only arguments and the number of variables.
  { counts: 6, fields: ["bytecode", "consts", "names", "variables", "free", "cells", "file", "name", "line", "lines"] },
  // 3.0 to 3.7.
  { counts: 5, fields: ["bytecode", "consts", "names", "variables", "free", "cells", "file", "name", "line", "lines"] },
  // 2.x, where text that was marked as interned is numbered for later references.
  { counts: 4, interned: true, fields: ["bytecode", "consts", "names", "variables", "free", "cells", "file", "name", "line", "lines"] },
];

/** A marshalled value, as far as it matters: text, code, or a group of values. Everything else is null. */
type Value = string | Code | Value[] | null;

/**
 * Reads a marshal stream that holds one code object (`marshal.dumps(function.__code__)`), of any Python version.
 * Gives undefined when no version's layout explains all bytes. https://github.com/python/cpython/blob/main/Python/marshal.c
 */
export function readCode(bytes: Uint8Array): Code | undefined {
  for (const layout of LAYOUTS) {
    try {
      const reader = new MarshalReader(bytes, layout);
      const value = reader.object(0);
      if (value && typeof value === "object" && !Array.isArray(value) && reader.done) return value;
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
    }
  }
  return undefined;
}

/** A code object with all that is nested in it, outermost first, each once: one function may stand in many places. */
export function allCode(code: Code): Code[] {
  const found = new Set([code]);
  for (const one of found) for (const inner of one.inner) found.add(inner);
  return [...found];
}

class MarshalReader {
  private readonly cursor: Cursor;
  private readonly layout: CodeLayout;
  private readonly references: Value[] = [];
  private objects = 0;

  constructor(bytes: Uint8Array, layout: CodeLayout) {
    this.cursor = new Cursor(bytes);
    this.layout = layout;
  }

  get done(): boolean {
    return this.cursor.left === 0;
  }

  object(depth: number): Value {
    const { cursor } = this;
    if (depth > DEEPEST || ++this.objects > MOST_OBJECTS) throw new Malformed(cursor.offset, "a value of bounded size", "more");
    const first = cursor.u8();
    const type = String.fromCharCode(first & 0x7f);
    // A value that is referred to later takes its number before its parts are read.
    const slot = first & 0x80 ? this.references.push(null) - 1 : -1;
    const value = this.body(type, depth);
    if (slot >= 0) this.references[slot] = value;
    else if (type === "t" && this.layout.interned) this.references.push(value);
    return value;
  }

  private body(type: string, depth: number): Value {
    const { cursor } = this;
    switch (type) {
      case "0":
      case "N":
      case "F":
      case "T":
      case "S":
      case ".":
        return null;
      case "i":
        return this.skip(4);
      case "I":
      case "g":
        return this.skip(8);
      case "y":
        return this.skip(16);
      case "f":
        return this.skip(cursor.u8());
      case "x":
        this.skip(cursor.u8());
        return this.skip(cursor.u8());
      case "l":
        return this.skip(2 * Math.abs(cursor.i32()));
      case "s":
        // Bytes, and the names of Python 2: the letters of either are worth knowing.
        return textOfUnits(cursor.raw(cursor.u32()));
      case "u":
      case "t":
        return new TextDecoder().decode(cursor.raw(cursor.u32()));
      case "a":
      case "A":
        return textOfUnits(cursor.raw(cursor.u32()));
      case "z":
      case "Z":
        return textOfUnits(cursor.raw(cursor.u8()));
      case "r":
      case "R":
        return this.reference(cursor.u32());
      case ")":
        return this.group(cursor.u8(), depth);
      case "(":
      case "[":
      case "<":
      case ">":
        return this.group(cursor.u32(), depth);
      case ":":
        return this.group(3, depth);
      case "{":
        return this.dict(depth);
      case "c":
        return this.code(depth);
      default:
        throw new Malformed(cursor.offset - 1, "a marshal type", `"${type}"`);
    }
  }

  private skip(length: number): null {
    this.cursor.skip(length);
    return null;
  }

  private reference(index: number): Value {
    if (index >= this.references.length) throw new Malformed(this.cursor.offset - 4, "a reference to a value before", `${index}`);
    return this.references[index] as Value;
  }

  private group(count: number, depth: number): Value[] {
    if (count > this.cursor.left) throw new Malformed(this.cursor.offset, `${count} values`, `${this.cursor.left} bytes left`);
    return Array.from({ length: count }, () => this.object(depth + 1));
  }

  private dict(depth: number): Value[] {
    const values: Value[] = [];
    while (this.cursor.bytes[this.cursor.position] !== 0x30) values.push(this.object(depth + 1), this.object(depth + 1));
    this.cursor.skip(1);
    return values;
  }

  private code(depth: number): Code {
    for (let i = 0; i < this.layout.counts; i++) this.cursor.i32();
    const code: Code = { name: "", names: [], texts: [], inner: [] };
    for (const field of this.layout.fields) {
      if (field === "line") {
        this.cursor.i32();
        continue;
      }
      const value = this.object(depth + 1);
      if (field === "name" && typeof value === "string") code.name = value;
      else if (field === "names") {
        if (!Array.isArray(value)) throw new Malformed(this.cursor.offset, "a tuple of names", "another value");
        code.names = value.filter((one) => typeof one === "string");
      } else if (field === "consts") {
        if (!Array.isArray(value)) throw new Malformed(this.cursor.offset, "a tuple of constants", "another value");
        collect(value, code);
      }
    }
    return code;
  }
}

/** Texts and code among constants, at any depth of tuples. A value may stand in several places; each is taken once. */
function collect(values: readonly Value[], into: Code): void {
  const pending: Value[] = [...values];
  const seen = new Set<Value>();
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value === "string") into.texts.push(value);
    else if (value && !seen.has(value)) {
      seen.add(value);
      if (Array.isArray(value)) pending.push(...value);
      else into.inner.push(value);
    }
  }
}
