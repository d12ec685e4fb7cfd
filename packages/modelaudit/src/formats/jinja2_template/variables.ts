import type { Call, Expression } from "./expression.js";
import type { Folder } from "./fold.js";
import { variableOf, within } from "./parts.js";
import { type Plain, type Possible, UNKNOWN, combine, each, isObject, itemsOf, known, lookUp } from "./values.js";

/** Letters that are put together one by one in a loop. */
const LONGEST_GATHERED = 256;
/** Items a list is known to hold. */
const LONGEST_LIST = 64;

/** A loop that is open: its variables, with all they go through. */
export interface Loop {
  names: string[];
  /** How often it runs, with the loops around it. */
  times: number;
  items: readonly Plain[];
}

/** What the variables of a template can hold: all that is set, passed to a macro, or put into a list or object. */
export class Variables {
  /** Parameters of the macros seen so far; those of `{% call(x) %}` are the caller's. */
  readonly macros = new Map<string, string[]>();
  private readonly definitions: Map<string, Expression[]>;
  private readonly folder: Folder;

  constructor(definitions: Map<string, Expression[]>, folder: Folder) {
    this.definitions = definitions;
    this.folder = folder;
  }

  define(name: string, value: Expression, possible: Possible = this.folder.fold(value)): void {
    const before = this.definitions.get(name) ?? [];
    if (before.length < LONGEST_LIST && !before.includes(value)) this.definitions.set(name, [...before, value]);
    this.folder.bind(name, possible);
  }

  namespace(name: string, call: Call): void {
    for (const [member, value] of call.named) this.define(`${name}.${member}`, value);
    for (const one of call.args.flatMap((arg) => this.folder.fold(arg).values))
      if (isObject(one)) for (const [member, value] of Object.entries(one)) this.folder.bind(`${name}.${member}`, known(value));
  }

  /** `set name = name ~ letter` in a loop over known letters: the loop is gone through, to see what stands in the name at the end. */
  gathered(name: string, value: Expression, loops: readonly Loop[]): Possible | undefined {
    const used = new Set([...within(value)].map(variableOf));
    const loop = loops.findLast(({ names, items }) => items.length && names.some((one) => used.has(one)));
    if (!loop || !used.has(name)) return undefined;
    const [before, variables] = [this.folder.get(name), loop.names.map((one) => [one, this.folder.get(one)] as const)];
    let whole: Plain | undefined = before.values[0];
    for (const item of loop.items.slice(0, LONGEST_GATHERED)) {
      if (whole === undefined || (typeof whole === "string" && whole.length > LONGEST_GATHERED)) return undefined;
      this.folder.set(name, known(whole));
      for (const [index, one] of loop.names.entries()) this.folder.set(one, partOf(known(item), index, loop.names.length));
      whole = this.folder.fold(value).values[0];
    }
    for (const [one, possible] of [[name, before] as const, ...variables]) this.folder.set(one, possible);
    return whole === undefined ? undefined : known(whole);
  }

  /** What a macro is called with, and what is put into a list or object, is remembered for where it is used. */
  remember({ of, args, named }: Call): void {
    const parameters = of.kind === "name" ? this.macros.get(of.name) : undefined;
    if (parameters) {
      for (const [index, arg] of args.entries()) {
        const parameter = parameters[index];
        const list = combine([this.folder.fold(arg)], (items) => items);
        if (parameter === undefined) this.define("varargs", arg, list);
        else this.define(parameter, arg);
      }
      for (const [parameter, value] of named) this.define(parameters.includes(parameter) ? parameter : `kwargs.${parameter}`, value);
    }
    if (of.kind !== "attribute" || !/^(?:append|extend|insert|update|setdefault|add)$/.test(of.name)) return;
    const name = variableOf(of.of);
    if (name === undefined) return;
    const given = args.at(-1);
    const added = given ? this.folder.fold(given) : UNKNOWN;
    const before = this.folder.get(name).values.at(-1);
    if (Array.isArray(before) && before.length < LONGEST_LIST) {
      const more = each(added, (one) => [
        of.name === "extend" ? [...before, ...(itemsOf(one) ?? [])] : of.name === "insert" ? [one, ...before] : [...before, one],
      ]);
      this.folder.bind(name, more);
    } else if (isObject(before) && Object.keys(before).length < LONGEST_LIST) {
      const key = of.name === "setdefault" && args[0] ? String(this.folder.fold(args[0]).values[0]) : undefined;
      const own = [...named].map(([one, value]) => [one, this.folder.fold(value).values[0] ?? null] as const);
      const more = key === undefined ? (added.values.find(isObject) ?? {}) : { [key]: added.values[0] ?? null };
      this.folder.bind(name, { values: [{ ...before, ...more, ...Object.fromEntries(own) }], open: args.length > 0 && added.open });
    } else this.folder.bind(name, UNKNOWN);
  }
}

/** What the name at a place takes of a value, or of each item: one of several names its part, a single one the whole. */
export function partOf(of: Possible, index: number, names: number): Possible {
  return names === 1 ? of : combine([of], ([one]) => (Array.isArray(one) ? lookUp(one, index) : undefined));
}
