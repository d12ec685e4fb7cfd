import type { Call, Expression, Filter } from "./expression.js";
import { formatPercent, type Named } from "./formatting.js";
import { applyFilter, callMethod } from "./functions.js";
import { OWN_GLOBALS } from "./names.js";
import { OWN, type Plain, type Possible, UNKNOWN, combine, cut, each, either, isObject, itemsOf, known, lookUp, operate } from "./values.js";

/** Calls inside one another; only what was not folded from its parts up comes near. */
const DEEPEST = 500;
/** Numbers of a `range` that are kept: enough to index the letters of a name. */
const LONGEST_RANGE = 256;
/** Filters that choose by a test: any of the items may be left. */
const CHOOSING: ReadonlySet<string> = new Set(["select", "reject", "selectattr", "rejectattr"]);

/** Computes expressions over the literals of a template, with what its variables were set to. */
export class Folder {
  /** Variables, `name.member` for those of namespaces, and `name()` for what a macro gives. */
  private readonly scope = new Map<string, Possible>();
  private memo = new Map<Expression, Possible>();
  private depth = 0;

  fold(expression: Expression): Possible {
    const before = this.memo.get(expression);
    if (before) return before;
    if (this.depth === DEEPEST) return UNKNOWN;
    this.depth++;
    const value = this.compute(expression);
    this.depth--;
    this.memo.set(expression, value);
    return value;
  }

  /** Folds expressions that stand behind those they are parts of, so that long chains cost no stack. */
  foldAll(nodes: readonly Expression[]): void {
    for (let i = nodes.length - 1; i >= 0; i--) this.fold(nodes[i] as Expression);
  }

  get(name: string): Possible {
    return this.scope.get(name) ?? (OWN_GLOBALS.has(name) ? OWN : UNKNOWN);
  }

  set(name: string, value: Possible): void {
    this.scope.set(name, value);
    this.memo = new Map();
  }

  /** A name set in several places may hold any of the values, depending on the way taken. */
  bind(name: string, value: Possible): void {
    const before = this.scope.get(name);
    if (!before || before.open !== value.open || value.values.some((one) => !before.values.includes(one))) {
      this.set(name, before ? either([before, value]) : value);
    }
  }

  private compute(node: Expression): Possible {
    switch (node.kind) {
      case "constant":
        return known(node.value);
      case "name":
        return this.get(node.name);
      case "list":
        return combine(this.all(node.items), (items) => items);
      case "dict": {
        const { length } = node.entries;
        return combine(this.all([...node.entries.map(([key]) => key), ...node.entries.map(([, value]) => value)]), (all) =>
          Object.fromEntries(all.slice(0, length).map((key, i) => [String(key), all[length + i] as Plain])),
        );
      }
      case "attribute":
        return this.attribute(node);
      case "item":
        return combine([this.fold(node.of), this.fold(node.index)], ([of, index]) => lookUp(of as Plain, index as Plain));
      case "slice": {
        const parts = node.parts.map((part) => (part ? this.fold(part) : known(null)));
        return combine([this.fold(node.of), ...parts], ([of, ...bounds]) => cut(of as Plain, bounds));
      }
      case "call":
        return this.call(node);
      case "filter":
        return this.filter(node);
      case "test":
        return UNKNOWN;
      case "unary":
        return combine([this.fold(node.of)], ([of]) =>
          node.sign === "not" ? !of : typeof of === "number" ? (node.sign === "-" ? -of : of) : undefined,
        );
      case "binary":
        return this.binary(node);
      case "choice":
        return either([this.fold(node.yes), node.no ? this.fold(node.no) : known("")]);
    }
  }

  private all(nodes: readonly Expression[]): Possible[] {
    return nodes.map((one) => this.fold(one));
  }

  private attribute(node: Extract<Expression, { kind: "attribute" }>): Possible {
    if (node.of.kind === "name") {
      const member = this.scope.get(`${node.of.name}.${node.name}`);
      if (member) return member;
    }
    const of = this.fold(node.of);
    // A cycler shows what it was made of, and a pair of `groupby` what it was grouped by.
    if (node.name === "current" || node.name === "items") return each(of, (one) => (Array.isArray(one) ? (node.name === "items" ? [one] : one) : []));
    if (node.name === "grouper" || node.name === "list") return combine([of], ([pair]) => lookUp(pair as Plain, node.name === "list" ? 1 : 0));
    return combine([of], ([one]) => lookUp(one as Plain, node.name));
  }

  private binary(node: Extract<Expression, { kind: "binary" }>): Possible {
    const [left, right] = [this.fold(node.left), this.fold(node.right)];
    // Which of the two it is depends on the conversation, and either may be a hidden name.
    if (node.sign === "or" || node.sign === "and") return either([left, right]);
    return combine([left, right], ([a, b]) => {
      if (node.sign === "%" && typeof a === "string") return formatPercent(a, Array.isArray(b) ? b : [b as Plain], isObject(b) ? b : {});
      return operate(node.sign, a as Plain, b as Plain);
    });
  }

  /** Applies to a value, arguments by place and arguments by name. */
  private applied(
    of: readonly Possible[],
    node: Call | Filter,
    apply: (values: Plain[], args: Plain[], named: Named) => Plain | undefined,
  ): Possible {
    const names = [...node.named.keys()];
    const [first, second] = [of.length, of.length + node.args.length];
    return combine([...of, ...this.all(node.args), ...this.all([...node.named.values()])], (all) =>
      apply(all.slice(0, first), all.slice(first, second), Object.fromEntries(names.map((name, i) => [name, all[second + i] as Plain]))),
    );
  }

  private filter(node: Filter): Possible {
    const of = node.of ? this.fold(node.of) : UNKNOWN;
    if (node.name === "default" || node.name === "d") return either([of, ...this.all(node.args.slice(0, 1))]);
    if (node.name === "random") return each(of, (one) => itemsOf(one) ?? []);
    if (CHOOSING.has(node.name)) return each(of, (one) => [itemsOf(one) ?? [], ...(itemsOf(one) ?? []).map((item) => [item])]);
    return this.applied([of], node, ([value], args, named) => applyFilter(node.name, value as Plain, args, named));
  }

  private call(node: Call): Possible {
    const { of } = node;
    if (of.kind === "attribute") {
      const self = this.fold(of.of);
      if (of.name === "next" || of.name === "cycle")
        return of.name === "next" ? each(self, (one) => itemsOf(one) ?? []) : either(this.all(node.args));
      return this.applied([self], node, ([value], args, named) => callMethod(of.name, value as Plain, args, named));
    }
    if (of.kind !== "name") return each(this.fold(of), (one) => itemsOf(one) ?? []);
    switch (of.name) {
      case "dict": {
        // What only names the key of an object need not have a known value.
        const own = combine(this.all(node.args.slice(0, 1)), ([first]) =>
          isObject(first) ? first : Array.isArray(first) ? Object.fromEntries(first as [string, Plain][]) : {},
        );
        const given = Object.fromEntries([...node.named].map(([name, value]) => [name, this.fold(value).values[0] ?? null]));
        return { values: own.values.map((one) => ({ ...(one as object), ...given })), open: own.open };
      }
      case "range":
        return this.applied([], node, (_, numbers) => rangeOf(numbers));
      case "cycler":
      case "joiner":
        return combine(this.all(node.args), (items) => items);
      case "namespace":
        return UNKNOWN;
    }
    const given = this.scope.get(`${of.name}()`);
    if (given) return given;
    // A joiner gives its text when it is called.
    return this.scope.has(of.name) ? each(this.get(of.name), (one) => (Array.isArray(one) ? one : [])) : this.get(of.name);
  }
}

function rangeOf(numbers: readonly Plain[]): number[] | undefined {
  if (!numbers.length || numbers.some((one) => typeof one !== "number")) return undefined;
  const [start, end, step] = (numbers.length === 1 ? [0, numbers[0], 1] : [numbers[0], numbers[1], numbers[2] ?? 1]) as [number, number, number];
  const count = Math.ceil((end - start) / (step || 1));
  return count <= LONGEST_RANGE ? Array.from({ length: Math.max(0, count) }, (_, i) => start + i * step) : undefined;
}
