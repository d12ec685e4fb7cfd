import type { Expression } from "./expression.js";

/** Parts looked at for a hint; an honest name is made of a handful. */
const MOST_PARTS = 1000;

/** The variable that a chain of attributes, items and calls begins with. */
export function rootOf(node: Expression): string | undefined {
  let root = node;
  while (root.kind === "attribute" || root.kind === "call" || root.kind === "item") root = root.of;
  return root.kind === "name" ? root.name : undefined;
}

/** Every expression inside of one, itself included, and of those that the variables in it were set to. */
export function* within(root: Expression, definitions: ReadonlyMap<string, readonly Expression[]> = new Map()): Generator<Expression> {
  const pending: Expression[] = [root];
  const seen = new Set<string>();
  let count = 0;
  for (let node = pending.pop(); node && ++count < MOST_PARTS; node = pending.pop()) {
    yield node;
    pending.push(...[...partsOf(node)].reverse());
    const name = variableOf(node);
    if (name === undefined || seen.has(name)) continue;
    seen.add(name);
    pending.push(...(definitions.get(name) ?? []));
  }
}

/** A variable, or a member of a namespace, as it is set: `name` or `name.member`. */
export function variableOf(node: Expression): string | undefined {
  if (node.kind === "name") return node.name;
  return node.kind === "attribute" && node.of.kind === "name" ? `${node.of.name}.${node.name}` : undefined;
}

/** The expressions directly inside of one. */
export function partsOf(node: Expression): Expression[] {
  switch (node.kind) {
    case "constant":
    case "name":
      return [];
    case "list":
      return node.items;
    case "dict":
      return node.entries.flat();
    case "attribute":
      return [node.of];
    case "item":
      return [node.of, node.index];
    case "slice":
      return [node.of, ...node.parts.filter((part) => part !== undefined)];
    case "call":
      return [node.of, ...node.args, ...node.named.values()];
    case "filter":
      return [...(node.of ? [node.of] : []), ...node.args, ...node.named.values()];
    case "test":
      return [node.of, ...node.args];
    case "unary":
      return [node.of];
    case "binary":
      return [node.left, node.right];
    case "choice":
      return [node.condition, node.yes, ...(node.no ? [node.no] : [])];
  }
}
