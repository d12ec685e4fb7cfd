import type { SyntaxNode } from "@lezer/common";
import { NotLiteral, parseLiteral } from "../../io/python-literal.js";
import { childrenOf } from "./tree.js";

/** Deepest expression that is folded: people who hide a name nest a few calls. */
const DEEPEST = 24;
/** Longest text that folding makes. */
const LONGEST = 64 * 1024;

/** The text an expression always gives, or undefined: literals and the calls by which names are hidden from a reader (`chr`, base64, `join`). */
export function foldText(node: SyntaxNode, source: string, depth = 0): string | undefined {
  if (depth > DEEPEST) return undefined;
  const again = (inner: SyntaxNode | null | undefined) => (inner ? foldText(inner, source, depth + 1) : undefined);
  const parts = childrenOf(node);
  switch (node.name) {
    case "String":
    case "ContinuedString":
      return literal(source.slice(node.from, node.to));
    case "ParenthesizedExpression":
      return parts.length === 3 ? again(parts[1]) : undefined;
    case "BinaryExpression": {
      const [left, operator, right] = parts;
      if (!operator || source.slice(operator.from, operator.to) !== "+") return undefined;
      const [a, b] = [again(left), again(right)];
      return a !== undefined && b !== undefined && a.length + b.length <= LONGEST ? a + b : undefined;
    }
    case "MemberExpression":
      return /\[\s*:\s*:\s*-1\s*\]$/.test(source.slice(parts[0]?.to ?? node.from, node.to)) ? reversed(again(parts[0])) : undefined;
    case "CallExpression":
      return call(node, source, again);
    default:
      return undefined;
  }
}

function literal(text: string): string | undefined {
  try {
    const value = parseLiteral(text);
    return value.kind === "text" || value.kind === "bytes" ? value.value : undefined;
  } catch (error) {
    if (error instanceof NotLiteral) return undefined;
    throw error;
  }
}

function reversed(text: string | undefined): string | undefined {
  return text === undefined ? undefined : [...text].reverse().join("");
}

function call(node: SyntaxNode, source: string, again: (inner: SyntaxNode | undefined) => string | undefined): string | undefined {
  const [callee, list] = childrenOf(node);
  if (!callee || !list) return undefined;
  const args = argumentsOf(list);
  const name = source.slice(callee.from, callee.to);
  const first = args[0];
  if (name === "chr" && first?.name === "Number") return safely(() => String.fromCodePoint(Number(source.slice(first.from, first.to))));
  const text = again(first);
  if (/(?:^|\.)(?:b64decode|urlsafe_b64decode|decodebytes)$/.test(name))
    return text === undefined ? undefined : safely(() => atob(text.replace(/-/g, "+").replace(/_/g, "/")));
  if (/(?:^|\.)(?:fromhex|unhexlify)$/.test(name)) {
    return text && /^(?:[0-9a-fA-F]{2}\s*)+$/.test(text)
      ? text.replace(/\s/g, "").replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)))
      : undefined;
  }
  if (callee.name !== "MemberExpression") return undefined;
  const target = childrenOf(callee)[0];
  switch (name.slice(name.lastIndexOf(".") + 1)) {
    case "decode":
    case "encode":
    case "strip":
      return name.startsWith("codecs.") ? undefined : again(target);
    case "lower":
      return again(target)?.toLowerCase();
    case "replace": {
      const [whole, from, to] = [again(target), text, again(args[1])];
      return whole !== undefined && from && to !== undefined && whole.length < 1024 ? whole.replaceAll(from, to) : undefined;
    }
    case "join": {
      const glue = again(target);
      if (glue === undefined || !first || !/^(?:Array|Tuple)Expression$/.test(first.name)) return undefined;
      const items = argumentsOf(first).map(again);
      return items.every((item) => item !== undefined) ? items.join(glue).slice(0, LONGEST) : undefined;
    }
    default:
      return undefined;
  }
}

function safely(make: () => string): string | undefined {
  try {
    return make();
  } catch {
    // Not valid base64 or no code point: the expression raises instead of giving text.
    return undefined;
  }
}

/** The expressions between the brackets of an argument list, array or tuple; keyword names are left out. */
export function argumentsOf(list: SyntaxNode): SyntaxNode[] {
  return childrenOf(list).filter((part) => /^[A-Z]/.test(part.name) && part.name !== "AssignOp" && part.nextSibling?.name !== "AssignOp");
}
