import type { SyntaxNode } from "@lezer/common";

/** Direct children in order. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const parts: SyntaxNode[] = [];
  for (let part = node.firstChild; part; part = part.nextSibling) if (part.name !== "Comment") parts.push(part);
  return parts;
}

/** Where code of a module stands: run on import, run when something calls it, or only when the file is the program. */
export type Scope = "import" | "call" | "main";

/** The scope of a node, by the nearest function around it and the guard around that. */
export function scopeOf(node: SyntaxNode, source: string): Scope {
  let scope: Scope = "import";
  let inner = node;
  for (let outer = node.parent; outer; inner = outer, outer = outer.parent) {
    // Decorators, default values and annotations of a function are evaluated when it is defined.
    if (outer.name === "FunctionDefinition" && inner.name === "Body") scope = "call";
    else if (outer.name === "LambdaExpression" && inner.name !== "ParamList") scope = "call";
    else if (outer.name === "IfStatement" && inner.name === "Body" && isMainGuard(outer, inner, source)) return "main";
  }
  return scope;
}

function isMainGuard(statement: SyntaxNode, body: SyntaxNode, source: string): boolean {
  const test = statement.getChild("BinaryExpression");
  const first = statement.getChild("Body");
  return first?.from === body.from && test !== null && /^__name__\s*==\s*(?:'__main__'|"__main__")$/.test(source.slice(test.from, test.to));
}
