/**
 * A pickled `torch.fx.GraphModule` carries the Python source of its `forward` and the imports that go before it; both are
 * compiled while loading. What the generator writes is narrow, so the text is read with a grammar just as narrow: assignments
 * of calls whose names start at `self`, `torch`, an operator module or a local variable.
 */
import { classify } from "./classify.js";

/** Longest source looked at. A graph of 100 000 nodes writes some 10 MB. */
const LONGEST = 32 * 1024 * 1024;

const IMPORT_LINE =
  /^(?:import (torch(?:\.\w+)*|math|operator|builtins|inspect|collections|numpy)(?: as \w+)?|from ([\w.]+) import (\w+)(?: as (\w+))?|)$/;

/** Names of Python that generated code calls or mentions. */
const PLAIN_NAMES = new Set(
  "self torch operator math None True False inf nan NoneType float int bool str slice tuple list dict len range max min sum abs round getattr device fx_pytree pytree Ellipsis add mul sub truediv getitem floordiv neg pow and or not is in lambda if else for return def pass del yield".split(
    " ",
  ),
);

/** What is wrong with the source of a GraphModule, or undefined. */
export function sourceProblem(imports: string, source: string): string | undefined {
  if (source.length + imports.length > LONGEST) return "its source text is too long to be read";
  const local = new Set(PLAIN_NAMES);
  for (const line of imports.split("\n")) {
    const match = IMPORT_LINE.exec(line.trim());
    if (!match) return `its import block has the line ${JSON.stringify(line.slice(0, 80))}`;
    const [, whole, module, name, alias] = match;
    if (module && name) {
      const verdict = classify(module, name);
      if (verdict.kind === "denied" || verdict.kind === "obscured" || verdict.kind === "misspelt" || verdict.kind === "unvouched")
        return `it imports ${module}.${name}`;
      local.add(alias ?? name);
    } else if (whole) local.add(whole.split(".")[0] ?? whole);
  }
  return bodyProblem(source, local);
}

/** Strings, comments, numbers, names, and every other character by itself. */
const TOKEN = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#[^\n]*|[A-Za-z_]\w*|\d[\w.]*|\s+|[^\s\w]/gy;

function bodyProblem(source: string, local: Set<string>): string | undefined {
  if (/"""|'''/.test(source)) return "its source has a long string";
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(source); match; match = TOKEN.exec(source)) {
    const [token] = match;
    if (!/^\s|^#/.test(token)) tokens.push(token);
  }
  let path = "";
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] as string;
    if (!/^[A-Za-z_]/.test(token)) continue;
    if (/^__\w+__$/.test(token)) return `its source uses ${token}`;
    if (
      [
        "import",
        "exec",
        "eval",
        "global",
        "nonlocal",
        "class",
        "with",
        "try",
        "raise",
        "async",
        "await",
        "while",
        "setattr",
        "open",
        "compile",
      ].includes(token) &&
      tokens[at - 1] !== "."
    ) {
      return `its source says ${token}`;
    }
    path = tokens[at - 1] === "." && tokens[at - 2] !== ")" && tokens[at - 2] !== "]" ? `${path}.${token}` : token;
    const root = path.split(".", 1)[0] ?? path;
    if (path.includes(".") && (root === "torch" || root === "operator" || root === "math")) {
      const name = path.slice(root.length + 1);
      // `torch.ops.aten.add` and `torch.nn.functional.relu` are what graphs are made of.
      if (/^ops\.(?:aten|prims|higher_order|quantized|quantized_decomposed|torchvision|_quantized)\.\w+/.test(name)) continue;
      if (/^_C\._nn\.\w+$|^fx\._pytree|^_assert$/.test(name)) continue;
      const verdict = classify(root, name);
      const module = classify(path.slice(0, path.lastIndexOf(".")), path.slice(path.lastIndexOf(".") + 1));
      if (
        /^ops\./.test(name) ||
        (verdict.kind === "denied" && tokens[at + 1] === "(") ||
        (verdict.kind === "denied" && module.kind === "denied" && tokens[at + 1] !== ".")
      ) {
        if (!/^ops(?:\.(?:aten|prims|higher_order|quantized|quantized_decomposed|torchvision|_quantized))?$/.test(name))
          return `its source uses torch.${name}`;
      }
    }
    if (!path.includes(".") && tokens[at + 1] === "(" && !local.has(token) && tokens[at - 1] !== "def" && !tokens.includes(token, 0))
      return `its source calls ${token}`;
  }
  return undefined;
}
