import type { Expression } from "./expression.js";
import type { Possible } from "./fold.js";

/** The variable that a chain of attributes, items and calls begins with. */
export function rootOf(node: Expression): string | undefined {
  let root = node;
  while (root.kind === "attribute" || root.kind === "call" || root.kind === "item") root = root.of;
  return root.kind === "name" ? root.name : undefined;
}

/** Whether the variable `name` stands anywhere in the expression. */
export function mentions(root: Expression, name: string): boolean {
  return partsKnown(root, new Map()).names.includes(name);
}

/** Texts and names that stand in an expression, in order; a name that is known also gives its texts. */
export function partsKnown(root: Expression, scope: ReadonlyMap<string, Possible>): { texts: string[]; names: string[] } {
  const [texts, names]: [string[], string[]] = [[], []];
  const pending: Expression[] = [root];
  for (let node = pending.pop(); node && texts.length + names.length < 1000; node = pending.pop()) {
    if (node.kind === "constant" && typeof node.value === "string") texts.push(node.value);
    if (node.kind === "attribute" && node.of.kind === "name") names.push(`${node.of.name}.${node.name}`);
    if (node.kind === "call" || node.kind === "filter") texts.push(...node.named.keys());
    if (node.kind === "name") {
      names.push(node.name);
      for (const one of scope.get(node.name) ?? []) if (typeof one === "string") texts.push(one);
    }
    pending.push(...partsOf(node).reverse());
  }
  return { texts, names };
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
